"""What of a shape or layer becomes which words in Nuke, and what words become of the model."""

from dataclasses import replace

import pytest
from nuke_reading import part, tree

from roto_formats.nuke.script import node_name, nuke_curves, nuke_script, read_nuke
from roto_formats.settings import FormatSettings
from roto_shared.errors import FormatError
from roto_shared.shapes import (
    Blend,
    Foreign,
    KeyedShape,
    Knot,
    Layer,
    Lifetime,
    MotionBlur,
    Native,
    ShapeDocument,
    ShapeKey,
    Transform,
    TransformKey,
)
from roto_shared.timeline import Interpolation, Key

SQUARE = (Knot(10, 10), Knot(90, 10), Knot(90, 90), Knot(10, 90))
KEY = ShapeKey(1001.0, SQUARE)


def document(*children, **fields) -> ShapeDocument:
    return ShapeDocument(200, 100, tuple(children), 1001, 1010, **fields)


def attributes(shape: KeyedShape) -> dict[str, object]:
    group = part(part(part(tree(nuke_curves(document(shape))[0]), "n"), "layer"), "curvegroup")
    pairs = part(group, "a")[1:]
    return dict(zip(pairs[0::2], pairs[1::2], strict=True))


def read_back(shape: KeyedShape) -> KeyedShape:
    (again,) = read_nuke(nuke_curves(document(shape))[0]).shapes()
    return replace(again, native=None)


def test_a_new_shape_carries_what_nuke_writes_for_a_plain_bezier():
    assert attributes(KeyedShape("a", (KEY,))) == {
        "osw": "x41200000",
        "osf": "0",
        "str": "1",
        "spx": "x42c80000",
        "spy": "x42480000",
        "sb": "1",
        "ltn": "x447a4000",
        "ltm": "x447a4000",
        "tt": "x40800000",
    }


@pytest.mark.parametrize("field", ["keys", "transform", "opacity"])
def test_frames_that_nuke_would_move_are_refused(field):
    frames = (20000000.0, 20000001.0)
    moved = {
        "keys": tuple(ShapeKey(frame, SQUARE) for frame in frames),
        "transform": tuple(TransformKey(frame, Transform(rotate=frame)) for frame in frames),
        "opacity": tuple(Key(frame, (0.5,)) for frame in frames),
    }
    shape = replace(KeyedShape("a", (KEY,)), **{field: moved[field]})
    with pytest.raises(FormatError, match="no frame 20000001"):
        nuke_curves(document(shape))


def test_a_hole_subtracts_and_is_listed_before_what_it_cuts():
    hole = KeyedShape("hole", (KEY,), blend=Blend.SUBTRACT)
    text = nuke_curves(document(hole, KeyedShape("body", (KEY,))))[0]
    assert attributes(hole)["bm"] == "x41400000"
    assert text.index("curvegroup hole") < text.index("curvegroup body")


@pytest.mark.parametrize(
    ("lifetime", "words"),
    [
        (Lifetime(1003, 1007), ("x40800000", "x447ac000", "x447bc000")),
        (Lifetime(1003, 1003), ("x40000000", "x447ac000", "x447ac000")),
        (Lifetime(1003, None), ("x40400000", "x447ac000", "x447ac000")),
        (Lifetime(None, 1007), ("1", "x447bc000", "x447bc000")),
    ],
)
def test_a_lifetime_is_a_type_and_its_frames(lifetime, words):
    shape = KeyedShape("a", (KEY,), lifetime=lifetime)
    found = attributes(shape)
    assert (found["ltt"], found["ltn"], found["ltm"]) == words
    assert read_back(shape).lifetime == lifetime


@pytest.mark.parametrize(
    "shape",
    [
        KeyedShape("a", (KEY,), opacity=(Key(1001.0, (1.0,)), Key(1004.0, (0.25,)))),
        KeyedShape("a", (KEY,), opacity=(Key(1001.0, (0.5,)),)),
        KeyedShape("a", (KEY,), inverted=True),
        KeyedShape("a", (KEY,), visible=False, locked=True),
        KeyedShape("a", (KEY,), colour=(0.25, 0.5, 1.0)),
        KeyedShape("a", (KEY,), feather_px=12.0),
        KeyedShape("a", (KEY,), closed=False, width_px=3.0),
        KeyedShape("a", (KEY,), motion_blur=MotionBlur(4.0, 0.5, -0.25)),
        KeyedShape('odd {name} "with" blanks', (KEY,)),
        KeyedShape("a", (replace(KEY, feather=tuple(Knot(3.0, -4.0, 1.0, 2.0) for _ in SQUARE)),)),
        KeyedShape("a", (KEY, ShapeKey(1010.0, SQUARE))),
        *(KeyedShape("a", (KEY,), blend=blend) for blend in Blend),
    ],
)
def test_everything_the_model_says_of_a_shape_comes_back(shape):
    assert read_back(shape) == shape


def test_layers_nest_and_keep_their_placement():
    keys = (
        TransformKey(1001.0, Transform((5.0, 6.0), 30.0, (2.0, 1.0), 0.5, (100.0, 50.0))),
        TransformKey(1005.0, Transform((8.0, 6.0), 60.0, (2.0, 1.0), 0.5, (100.0, 50.0))),
    )
    inner = Layer("inner", (KeyedShape("a", (KEY,)),), keys)
    outer = Layer("outer", (inner,), visible=False, locked=True)
    (again,) = read_nuke(nuke_curves(document(outer))[0]).children
    assert isinstance(again, Layer)
    assert not again.visible
    (nested,) = again.children
    assert isinstance(nested, Layer)
    assert nested.transform == keys


def test_moving_pins_are_reported_as_baked():
    pins = ((0.0, 0.0), (200.0, 0.0), (200.0, 100.0), (0.0, 100.0))
    shifted = tuple((x + 10, y) for x, y in pins)
    keys = (TransformKey(1001.0, Transform(pins=pins)), TransformKey(1004.0, Transform(pins=shifted)))
    _, notes = nuke_curves(document(Layer("pinned", (KeyedShape("a", (KEY,)),), keys)))
    assert [str(note) for note in notes] == ["pinned: baked: moving corner pins became a matrix key on every frame"]


def test_a_shape_without_knots_is_written_and_kept_as_something_empty():
    (again,) = read_nuke(nuke_curves(document(KeyedShape("none", (ShapeKey(1.0, ()),))))[0]).children
    assert isinstance(again, Foreign)
    assert (again.name, again.kind) == ("none", "empty shape")


def test_something_of_another_host_is_reported_as_lost():
    _, notes = nuke_curves(document(Foreign("x", "Xspline", Native("silhouette", "<Object/>"))))
    assert [str(note) for note in notes] == ["x: lost: a Xspline of silhouette has no counterpart in Nuke"]


def test_a_script_is_one_roto_node_that_touches_nothing_else():
    text = nuke_script(document(KeyedShape("a", (KEY,)), name="left arm", fps=25.0))[0]
    assert text.startswith(
        "# roto width=200 height=100 first_frame=1001 last_frame=1010 fps=25 pixel_aspect=1\nRoto {\n inputs 0\n"
    )
    assert " output alpha\n curves {{{v x3f99999a}\n" in text
    assert text.endswith("\n name left_arm\n selected true\n}\n")
    assert "Root {" not in text


@pytest.mark.parametrize(
    ("name", "node"), [("left arm", "left_arm"), ("2nd", "Roto_2nd"), ("é—", "Roto_"), ("a.b", "a_b")]
)
def test_node_names_have_only_what_nuke_takes(name, node):
    assert node_name(name) == node


def test_a_script_with_several_nodes_gives_a_layer_for_each_and_the_projects_format():
    curves = nuke_curves(document(KeyedShape("a", (KEY,))))[0]
    script = (
        'Root {\n inputs 0\n name /tmp/"x".nk\n format "400 300 0 0 400 300 2 odd"\n'
        " first_frame 7\n last_frame 9\n fps 25\n}\n"
        f"RotoPaint {{\n inputs 0\n curves {{{curves}}}\n name Left\n}}\n"
        f"Group {{\n name G\n}}\n Roto {{\n  curves {{AddMode 0 0 0 0 {curves}}}\n  name Right\n }}\nend_group\n"
        "Roto {\n name Empty\n}\n"
    )
    found = read_nuke(script)
    assert [child.name for child in found.children] == ["Left", "Right"]
    assert (found.width, found.height, found.pixel_aspect, found.fps) == (400, 300, 2.0, 25.0)
    assert (found.first_frame, found.last_frame) == (7, 9)
    assert next(found.shapes()).keys[0].knots[0] == Knot(10.0, 210.0)


@pytest.mark.parametrize(
    ("said", "frames"),
    [(" last_frame 150\n", (1, 150)), (" first_frame 10\n", (10, 100)), ("", (1001, 1001))],
)
def test_a_project_leaves_out_the_end_of_its_range_that_is_nukes_own(said, frames):
    script = f"Root {{\n inputs 0\n{said} fps 25\n}}\n{roto_node('Left')}"
    found = read_nuke(script)
    assert (found.first_frame, found.last_frame) == frames


def roto_node(name: str, knobs: str = "", begins: str = "Roto") -> str:
    return f"{begins} {{\n curves {{{nuke_curves(document(KeyedShape('a', (KEY,))))[0]}}}\n{knobs} name {name}\n}}\n"


def test_what_a_disabled_node_holds_is_hidden_and_stays_hidden():
    one = read_nuke(roto_node("Off", " disable true\n"))
    two = read_nuke(roto_node("Off", " disable true\n") + roto_node("On", " disable false\n"))
    assert [(child.name, child.visible) for child in one.children] == [("Root", False)]
    assert [(child.name, child.visible) for child in two.children] == [("Off", False), ("On", True)]
    for read in (one, two):
        again = read_nuke(nuke_script(read)[0])
        assert [child.visible for child in again.children] == [child.visible for child in read.children]


def test_a_node_that_was_cloned_is_read_like_any_other():
    script = roto_node("First", begins="clone node7f5c|Roto|304 Roto") + "clone $C7f5c {\n xpos 9\n}\n"
    assert [child.name for child in read_nuke(script + roto_node("Second")).children] == ["First", "Second"]


def test_a_comment_of_somebody_elses_says_nothing_of_the_project():
    root = 'Root {\n format "400 300 0 0 400 300 1 odd"\n}\n'
    read = read_nuke(f"# roto for shot 10\n{root}{roto_node('Left')}")
    assert (read.width, read.height) == (400, 300)


def test_a_size_that_is_told_counts_more_than_the_texts():
    text = nuke_curves(document(KeyedShape("a", (KEY,))))[0]
    (shape,) = read_nuke(text, FormatSettings(size=(200, 300))).shapes()
    assert shape.keys[0].knots[0] == Knot(10.0, 210.0)


def test_a_moved_root_layer_stays_a_layer_and_goes_back_as_the_root():
    text = nuke_curves(document(KeyedShape("a", (KEY,))))[0].replace(
        "{t x42c80000 x42480000}", "{t x42c80000 x42480000 0 1}"
    )
    moved = read_nuke(text)
    (root,) = moved.children
    assert isinstance(root, Layer)
    assert root.transform[0].transform.translate == (1.0, 0.0)
    assert nuke_curves(moved)[0] == text


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("{t x42c80000 x42480000}", "{t x42c80000 x42480000 0 1}"),
        ("{a}", "{a vis 0}"),
        ("{f 2097152}", "{f 2098176}"),
    ],
    ids=["moved", "hidden", "locked"],
)
def test_what_joins_a_root_layer_that_an_artist_changed_is_not_changed_with_it(was, now):
    own = read_nuke(nuke_curves(document(KeyedShape("a", (KEY,))))[0].replace(was, now, 1))
    joined = replace(own, children=(Layer("new", (KeyedShape("b", (KEY,)),)), *own.children))
    for _ in range(2):
        joined = read_nuke(nuke_curves(joined)[0])
        new, root = joined.children
        assert (new.name, new.transform, new.visible, new.locked) == ("new", (), True, False)
        assert (root.name, root.transform) == ("Root", own.children[0].transform)
        assert [child.name for child in root.children] == ["a"]


def test_an_element_nobody_knows_is_kept():
    text = nuke_curves(document(KeyedShape("a", (KEY,))))[0].replace("{curvegroup", "{newthing {x 1}}{curvegroup", 1)
    read = read_nuke(text)
    assert [child.name for child in read.children] == ["newthing", "a"]
    assert "{newthing {x 1}}" in nuke_curves(read)[0]


def test_damage_deep_inside_is_told_once_with_the_innermost_place():
    shape = KeyedShape("a", (KEY,))
    text = nuke_curves(document(Layer("outer", (Layer("inner", (shape,)),))))[0].replace("x41200000 ", "broken ", 1)
    with pytest.raises(FormatError) as caught:
        read_nuke(text)
    assert caught.value.message == "Line 16: “a” cannot be read: “broken” is not a number."


def test_changing_only_the_opacity_keeps_the_points_and_unknown_attributes():
    text = nuke_curves(document(KeyedShape("a", (KEY,))))[0].replace("{a osw", "{a zz x41200000 r 0 osw")
    text = text.replace("{px x447a4000", "{p").replace("{x41200000 x42b40000}", "{{=knob.x x41200000} x42b40000}")
    read = read_nuke(text)
    (shape,) = read.shapes()
    faded = replace(shape, opacity=(Key(0.0, (0.5,)),))
    changed = nuke_curves(replace(read, children=(faded,)))[0]
    assert "{{=knob.x x41200000} x42b40000}" in changed
    assert "{a zz x41200000 r 0 osw" in changed
    assert "opc x3f000000" in changed


def test_coordinates_keyed_on_their_own_frames_join_on_all_of_them_exactly():
    text = (
        "{{v x3f99999a} {f 0} {n {layer Root {f 0} {t x42c80000 x42480000} {a}"
        " {curvegroup a 512 bspline {{cc {f 8192} {p"
        " {{{0 0 0 1 1 1} {x41000000 x41000000 1 1 0 1}} {{x40800000 x41200000 -}}}"
        " {{{0 0 0 1 x40000000 1} {x40800000 x40800000 0 1 0 1}} 0}}} idem} {t} {a}}}}}"
    )
    (shape,) = read_nuke(text).shapes()
    assert [key.frame for key in shape.keys] == [0.0, 4.0, 8.0]
    middle = shape.keys[1].knots
    assert middle[0] == Knot(4.0, 90.0)
    assert middle[1] == Knot(4.0, 100.0)
    assert shape.keys[0].interpolation is Interpolation.SMOOTH
    assert shape.keys[1].interpolation is Interpolation.LINEAR


def test_run_lengths_and_bare_keys_are_understood():
    text = (
        "{{v x3f99999a} {n {layer Root {f 0} {t x42c80000 x42480000} {a opc {r {{{0 1 -} 2} {{x40a00000 0 -} 1}}}}"
        " {curvegroup a 512 bspline {{cc {f 8192} {px {0 1 x40000000}"
        " {{{x 2 {x41e00000 -}} {0 -}} {0 1 x40000000}}}} idem} {t} {a}}}}}"
    )
    (shape,) = read_nuke(text).shapes()
    assert [key.knots[0].x for key in shape.keys] == [28.0, 28.0, 0.0]
    assert [key.knots[0].y for key in shape.keys] == [100.0, 99.0, 98.0]


SHAPE = "{{v x3f99999a} {n {layer Root {f 0} {t 1} {a}\n{curvegroup a 512 KIND {{cc {f 0} POINTS} idem} {t} {a}}}}}"
ONE_POINT = SHAPE.replace("KIND", "bezier").replace("POINTS", "{px 1 {1 1}}")
BAD_NUMBER = SHAPE.replace("KIND", "bspline").replace("POINTS", "{px 1 {1 zz}}")
KEYED_TWICE = SHAPE.replace("KIND", "bspline").replace("POINTS", "{px {1 1} {{0 1} 0}}")
KEYED_BACKWARDS = SHAPE.replace("KIND", "bspline").replace("POINTS", "{p {{{x40a00000 0 -} {1 1 -}} 0}}")
TOO_FEW_KEYS = SHAPE.replace("KIND", "bspline").replace("POINTS", "{px {0 1 x40000000} {{{1 -} {0 -}} 0}}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{v x3f99999a}\n{f 0}\n{n", "braces are still open"),
        ("AnimTree: { }", "Nuke 6"),
        ("Roto {\n name a\n}\n", "No Roto node"),
        ("hello {there}", "no list of Roto shapes"),
        ("{{v x3f99999a} {f 0}}", "no root layer"),
        (ONE_POINT, "Line 2: “a” cannot be read: 1 points"),
        (BAD_NUMBER, "“zz” is not a number"),
        (KEYED_TWICE, "A key on frame 1 comes after one on 1"),
        (KEYED_BACKWARDS, "A key on frame 1 comes after one on 5"),
        (TOO_FEW_KEYS, "needs 3 keys or one, but here are 2"),
    ],
)
def test_damage_is_told_with_its_place(text, sentence):
    with pytest.raises(FormatError) as caught:
        read_nuke(text)
    assert sentence in caught.value.message
    assert caught.value.remedy

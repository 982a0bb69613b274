"""What of a document becomes which XML for Silhouette, what is baked for it, and what is said of that."""

from dataclasses import replace

import pytest
from random_documents import distance_px

from roto_formats.settings import FormatSettings
from roto_formats.silhouette.read import read_silhouette
from roto_formats.silhouette.write import write_silhouette
from roto_formats.xml_tree import parse_xml
from roto_shared.errors import FormatError
from roto_shared.placement import placed_knots_at, placed_shapes
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
    ShapeKind,
    Transform,
    TransformKey,
    opacity_at,
)
from roto_shared.timeline import Interpolation, Key

SQUARE = (Knot(100, 50, -10, 0, 10, 5), Knot(150, 50), Knot(150, 75), Knot(100, 75))
KEY = ShapeKey(1001.0, SQUARE)
SHAPE = KeyedShape("a", (KEY,))
CENTRE = (100.0, 50.0)


def document(*children, **fields) -> ShapeDocument:
    return ShapeDocument(200, 100, tuple(children), 1001, 1010, **fields)


def found(text: str, name: str) -> list[str]:
    """Every value of a property, a key as ``frame interp value``."""
    told = []
    for element in parse_xml(text).iter("Property"):
        if element.get("id") == name:
            told += [value.text for value in element.iterfind("Value")]
            told += [f"{key.get('frame')} {key.get('interp')} {key.text}" for key in element.iterfind("Key")]
    return told


def written(*children, **fields) -> str:
    return write_silhouette(document(*children, **fields))[0]


def reasons(*children) -> list[str]:
    return [str(note) for note in write_silhouette(document(*children))[1]]


def test_a_layer_that_came_hidden_goes_back_so_and_its_shapes_as_they_were():
    text = written(Layer("new", (SHAPE,)), Layer("old", (SHAPE,))).replace('label="old"', 'label="old" hidden="True"')
    back, notes = write_silhouette(read_silhouette(text))
    assert [shape.visible for shape in read_silhouette(back).shapes()] == [True, True]
    assert [child.visible for child in read_silhouette(back).children] == [True, False]
    assert notes == []


def test_a_layer_locked_by_another_program_locks_its_shapes_and_that_is_told():
    locked = Layer("old", (SHAPE,), locked=True)
    assert [shape.locked for shape in read_silhouette(written(Layer("o", (locked, SHAPE)))).shapes()] == [True, False]
    assert reasons(locked) == ["old: lost: the file locks shapes, not layers [?]; its shapes are locked instead"]


def test_a_layer_that_came_locked_goes_back_so_and_its_shapes_as_they_were():
    text = written(Layer("old", (SHAPE,))).replace('label="old"', 'label="old" locked="True"')
    back, notes = write_silhouette(read_silhouette(text))
    assert [child.locked for child in read_silhouette(back).children] == [True]
    assert [shape.locked for shape in read_silhouette(back).shapes()] == [False]
    assert notes == []


def test_a_layer_around_everything_that_says_something_is_kept():
    text = written(SHAPE, replace(SHAPE, name="b"))
    assert [child.name for child in read_silhouette(text).children] == ["a", "b"]
    faded = text.replace(
        '<Property id="objects"', '<Property id="opacity"><Value>50</Value></Property><Property id="objects"'
    )
    (root,) = read_silhouette(faded).children
    assert [child.name for child in root.children] == ["a", "b"]
    assert found(write_silhouette(read_silhouette(faded))[0], "opacity")[0] == "50"


def test_a_declared_encoding_does_not_garble_names():
    text = written(replace(SHAPE, name="Zoë"))
    declared = f'<?xml version="1.0" encoding="ISO-8859-1"?>\n{text}'
    assert [shape.name for shape in read_silhouette(declared).shapes()] == ["Zoë"]


def test_pieces_of_one_shape_keep_its_own_words_but_only_the_first_its_number():
    text = written(SHAPE).replace('<Object type="Shape"', '<Object type="Shape" id="7" uuid="A-1" lane="left"')
    (shape,) = read_silhouette(text).shapes()
    pieces = (replace(shape, lifetime=Lifetime(None, 1003.0)), replace(shape, name="b", lifetime=Lifetime(1006.0)))
    back = [dict(element.attrib) for element in parse_xml(written(*pieces)).iter("Object")]
    assert [element["lane"] for element in back] == ["left", "left"]
    assert [(element.get("id"), element.get("uuid")) for element in back].count(("7", "A-1")) == 1
    assert [(element.get("id"), element.get("uuid")) for element in back].count((None, None)) == 1


def test_a_layer_hidden_by_another_program_hides_its_shapes_and_that_is_told():
    hidden = Layer("old", (SHAPE,), visible=False)
    assert [shape.visible for shape in read_silhouette(written(hidden)).shapes()] == [False]
    assert "its shapes are hidden instead" in reasons(hidden)[0]


def test_a_point_is_its_centre_then_both_handles_in_heights_from_the_centre():
    assert "<Point>(0.00000000,0.00000000),(-0.10000000,0.00000000),(0.10000000,0.05000000)</Point>" in written(SHAPE)


def test_the_pixel_aspect_widens_x():
    text = written(SHAPE, pixel_aspect=2.0)
    assert 'pixelAspect="2"' in text
    assert "<Point>(1.00000000,0.00000000),(1.00000000,0.00000000),(1.00000000,0.00000000)</Point>" in text


def test_frames_count_from_the_session_start_and_the_offset_moves_them():
    assert '<Key frame="0" interp="linear">' in written(SHAPE)
    shifted = write_silhouette(document(SHAPE), FormatSettings(frame_offset=1))[0]
    assert '<Key frame="1" interp="linear">' in shifted
    (again,) = read_silhouette(shifted, FormatSettings(frame_offset=1)).shapes()
    assert again.keys[0].frame == 1001.0


@pytest.mark.parametrize("frames", [(-12, 9), (-12, -3), (0, 5), (1, 1), (1001, 1100)])
def test_the_frame_range_comes_back(frames):
    first, last = frames
    again = read_silhouette(write_silhouette(ShapeDocument(200, 100, (SHAPE,), first, last))[0])
    assert (again.first_frame, again.last_frame) == frames


@pytest.mark.parametrize(
    ("told", "frames"),
    [
        ('workRangeStart="0" workRangeEnd="47" sessionStartFrame="1001"', (1001, 1048)),
        ('workRangeStart="1001" workRangeEnd="1010" sessionStartFrame="1001"', (1001, 1010)),
        ('workRangeStart="0" workRangeEnd="4" sessionStartFrame="1"', (1, 5)),
    ],
)
def test_both_numberings_of_the_work_range_are_understood(told, frames):
    found = read_silhouette(f'<Silhouette width="10" height="10" {told}/>')
    assert (found.first_frame, found.last_frame) == frames


def test_there_is_one_top_layer_and_objects_below_it():
    root = parse_xml(written(SHAPE, Layer("inner", (SHAPE,))))
    assert [child.tag for child in root] == ["Layer"]
    assert [element.get("type") for element in root.iter("Object")] == ["Layer", "Shape", "Shape"]


def test_the_list_is_turned_over_since_files_start_at_the_bottom():
    root = parse_xml(written(KeyedShape("top", (KEY,)), KeyedShape("bottom", (KEY,))))
    assert [element.get("label") for element in root.iter("Object")] == ["bottom", "top"]
    assert [shape.name for shape in read_silhouette(written(KeyedShape("top", (KEY,)), SHAPE)).shapes()] == ["top", "a"]


def test_labels_are_unique_among_siblings():
    root = parse_xml(written(SHAPE, SHAPE, Layer("a", (SHAPE,))))
    assert sorted(str(element.get("label")) for element in root.iter("Object")) == ["a", "a", "a 2", "a 3"]


def test_a_lifetime_is_hold_keys_on_opacity():
    text = written(replace(SHAPE, lifetime=Lifetime(1003, 1006)))
    assert found(text, "opacity") == ["1 hold 0", "2 linear 100", "5 hold 100", "6 hold 0"]


@pytest.mark.parametrize("lifetime", [Lifetime(1006, 1003), Lifetime(1003.25, 1003.75)])
def test_a_lifetime_without_a_frame_draws_nothing(lifetime):
    (again,) = read_silhouette(written(replace(SHAPE, lifetime=lifetime))).shapes()
    assert [opacity_at(again, frame) for frame in range(1000, 1010)] == [0.0] * 10


@pytest.mark.parametrize("inside", ["", "<Properties/>"])
def test_a_layer_that_never_held_anything_takes_shapes(inside):
    empty = read_silhouette(
        f'<Silhouette width="200" height="100"><Layer type="Layer" label="l">{inside}</Layer></Silhouette>'
    )
    (layer,) = empty.children
    assert isinstance(layer, Layer)
    assert [shape.name for shape in read_silhouette(write_silhouette(empty)[0]).shapes()] == []
    filled = replace(empty, children=(replace(layer, children=(SHAPE,)),))
    assert [shape.name for shape in read_silhouette(write_silhouette(filled)[0]).shapes()] == ["a"]


def test_a_fade_inside_a_lifetime_keeps_its_values():
    fade = (Key(1001.0, (0.0,)), Key(1011.0, (1.0,)))
    text = written(replace(SHAPE, lifetime=Lifetime(1003, 1006), opacity=fade))
    assert found(text, "opacity") == ["1 hold 0", "2 linear 20", "5 hold 50", "6 hold 0"]


def test_colours_blends_and_flags_use_the_known_words():
    text = written(
        replace(
            SHAPE, blend=Blend.SUBTRACT, inverted=True, colour=(1.0, 0.5, 0.0), motion_blur=MotionBlur(), locked=True
        )
    )
    assert found(text, "mode") == ["Subtract"]
    assert found(text, "invert") == ["true"]
    assert found(text, "motionBlur") == ["true"]
    assert found(text, "outlineColor") == ["(1.000000,0.500000,0.000000)"]
    assert 'hidden="False" locked="True"' in text


def moving(**parts) -> tuple[TransformKey, ...]:
    return (
        TransformKey(1001.0, Transform(pivot=CENTRE)),
        TransformKey(1005.0, replace(Transform(pivot=CENTRE), **parts)),
    )


def test_moves_turns_and_pins_stay_on_the_layer():
    text, notes = write_silhouette(document(Layer("l", (SHAPE,), moving(translate=(20.0, 10.0), rotate=90.0))))
    assert notes == []
    assert found(text, "transform.position") == [
        "0 linear (0.000000000,0.000000000)",
        "4 linear (0.200000000,0.100000000)",
    ]
    assert found(text, "transform.rotate") == ["0 linear 0", "4 linear 90"]
    assert text.count("<Path ") == 1


def test_a_turn_under_a_pixel_aspect_is_a_turn_of_the_squeezed_picture():
    """The file turns in square pixels: a quarter turn takes 20 px to the right, seen 40 wide, to 40 px down."""
    text = written(Layer("l", (KeyedShape("a", (ShapeKey(1001.0, (Knot(120.0, 50.0), Knot(100.0, 50.0))),)),)))
    text = text.replace('pixelAspect="1"', 'pixelAspect="2"').replace("(0.20000000,", "(0.40000000,")
    turn = '<Property id="transform.rotate" constant="True"><Value>90</Value></Property><Property id="objects"'
    start = text.index('label="l"')
    read = read_silhouette(text[:start] + text[start:].replace('<Property id="objects"', turn, 1))
    ((shape, matrix),) = placed_shapes(read, 1001.0)
    assert placed_knots_at(shape, matrix, 1001.0)[0][:2] == pytest.approx((100.0, 90.0), abs=1e-5)


def test_what_a_layer_cannot_hold_goes_into_the_points_and_is_said():
    perspective = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.001, 0.0, 1.0)
    assert reasons(Layer("l", (SHAPE,), moving(matrix=perspective))) == [
        "l: baked: a transform that Silhouette's layers cannot hold went into its points",
        "a: baked: it has a key on every frame where smooth keys or transforms move it",
    ]


def test_scale_and_skew_stay_on_the_layer_as_pins():
    keys = [TransformKey(1001.0 + i, Transform(rotate=3.0 * i, scale=(1 + 0.1 * i, 1.0), skew_x=0.1)) for i in range(5)]
    before = document(Layer("l", (SHAPE,), tuple(keys)))
    text, notes = write_silhouette(before)
    assert notes == []
    assert len(found(text, "transform.pin_lr")) == 5
    assert text.count("<Path ") == 1
    assert max(distance_px(before, read_silhouette(text), key.frame) for key in keys) < 1e-4


def test_a_smooth_layer_gets_a_key_on_every_frame_and_stays_a_layer():
    smooth = tuple(replace(key, interpolation=Interpolation.SMOOTH) for key in moving(translate=(20.0, 0.0)))
    layer = Layer("l", (SHAPE,), smooth)
    assert len(found(written(layer), "transform.position")) == 5
    assert reasons(layer) == ["l: baked: a smooth, scaling or off-centre turning transform has a key on every frame"]


def test_a_smooth_last_key_needs_no_baking():
    smooth = replace(SHAPE, keys=(KEY, ShapeKey(1003.0, SQUARE, Interpolation.SMOOTH)))
    text, notes = write_silhouette(document(smooth))
    assert notes == []
    assert text.count('interp="linear"') == 2


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (replace(SHAPE, feather_px=3.0), "a: lost: feather: the file has no known words for it"),
        (
            replace(SHAPE, motion_blur=MotionBlur(4.0, 0.5)),
            "a: lost: samples and shutter of the motion blur: the file has no known words for it",
        ),
        (replace(SHAPE, blend=Blend.MULTIPLY), "a: lost: multiply became Inside"),
        (KeyedShape("dot", (ShapeKey(1.0, SQUARE[:1]),)), "dot: lost: Silhouette takes no shape of a single point"),
        (
            Foreign("brush", "cubiccurve", Native("nuke", "{}")),
            "brush: lost: a cubiccurve of nuke has no counterpart in Silhouette",
        ),
        (replace(SHAPE, closed=False, width_px=2.0), "a: baked: a stroke became the closed outline that it draws"),
        (
            replace(SHAPE, closed=False, width_px=2.0, kind=ShapeKind.BSPLINE),
            "a: lost: stroke width [?]: the file has no known words for it",
        ),
    ],
)
def test_what_is_lost_is_said(shape, reason):
    assert reasons(shape) == [reason]


def test_a_frame_rate_that_the_file_cannot_say_is_reported():
    _, notes = write_silhouette(document(SHAPE, fps=25.0, name="shot"))
    assert [str(note) for note in notes] == ["shot: lost: 25 frames a second: the file says no rate"]


def test_a_changed_shape_keeps_what_is_not_ours():
    text = written(SHAPE).replace('type="Shape"', 'type="Shape" uuid="U1"')
    text = text.replace(
        '<Property id="mode"', '<Property id="blur" constant="True"><Value>2.0</Value></Property><Property id="mode"'
    )
    read = read_silhouette(text)
    (shape,) = read.shapes()
    changed = write_silhouette(replace(read, children=(replace(shape, inverted=True),)))[0]
    assert 'uuid="U1"' in changed
    assert found(changed, "blur") == ["2.0"]
    assert found(changed, "invert") == ["true"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><Silhouette width="1" height="1">&a;</Silhouette>', "document type"),
        ("<svg/>", "holds <svg>"),
        ('<Silhouette width="10"/>', "lacks “height”"),
        ('<Silhouette width="10" height="0"/>', "cannot be"),
        ('<Silhouette width="10" height="ten"/>', "“height” of the first line: “ten” is not a number"),
        ('<Silhouette width="10" height="10">\n<Layer>', "Line 2"),
    ],
)
def test_damage_is_told_with_its_place(text, sentence):
    with pytest.raises(FormatError) as caught:
        read_silhouette(text)
    assert sentence in caught.value.message
    assert caught.value.remedy


def test_a_point_with_too_few_numbers_is_told_by_its_line():
    text = written(SHAPE).replace("(-0.10000000,0.00000000),", "", 1)
    with pytest.raises(FormatError, match=r"Line \d+: a point needs 6 numbers"):
        read_silhouette(text)


def test_keys_with_different_numbers_of_points_are_refused():
    other = replace(SHAPE, keys=(KEY, ShapeKey(1002.0, SQUARE)))
    text = written(other)
    cut = text.rindex("<Point>")
    text = text[:cut] + text[text.index("</Point>", cut) + len("</Point>") :]
    with pytest.raises(FormatError, match="changes its number of knots"):
        read_silhouette(text)

"""Files in and out by their ending: whole or not at all, and one clear sentence for whatever is wrong."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from roto_formats.bake import baked_document
from roto_formats.nuke.script import nuke_script
from roto_formats.registry import (
    FORMATS,
    document_of_text,
    document_text,
    read_document,
    readable_endings,
    writable_endings,
    write_document,
)
from roto_formats.silhouette.write import write_silhouette
from roto_shared.errors import FormatError, StorageError
from roto_shared.shapes import (
    KeyedShape,
    Knot,
    Layer,
    ShapeDocument,
    ShapeKey,
    Transform,
    TransformKey,
    without_natives,
)
from roto_shared.timeline import Interpolation

SHAPE = KeyedShape("a", (ShapeKey(1.0, (Knot(1, 2), Knot(3, 4, 1, 0, -1, 0))), ShapeKey(5.0, (Knot(2, 2), Knot(9, 4)))))
DOCUMENT = ShapeDocument(64, 48, (Layer("l", (SHAPE,)),), 1, 5)


@pytest.mark.parametrize("ending", [".nk", ".fxs", ".json"])
def test_a_document_goes_through_a_file(tmp_path: Path, ending):
    path = tmp_path / f"shapes{ending.upper()}"
    assert list(write_document(DOCUMENT, path)) == []
    (layer,) = read_document(str(path)).children
    (again,) = (without_natives(child) for child in layer.children)
    assert [key.frame for key in again.keys] == [1.0, 5.0]
    assert again.keys[1].knots == SHAPE.keys[1].knots or ending == ".fxs"


def test_every_format_that_is_written_is_plain_text_with_a_last_line_end(tmp_path):
    for ending in writable_endings():
        write_document(DOCUMENT, tmp_path / f"a{ending}")
        assert ending == ".curves" or (tmp_path / f"a{ending}").read_bytes().endswith(b"\n")


@pytest.mark.parametrize(
    ("where", "attributes", "word"),
    [
        ("layer l", "inv 1", "l: lost: that it is inverted"),
        ("layer l", "bm x40000000", "l: lost: its blend mode 2"),
        ("curvegroup a", "vis {{x41200000 1} {x41300000 0}}", "a: lost: that it is hidden on some frames"),
        ("curvegroup a", "bm x40400000", "a: lost: blend mode 3"),
        ("curvegroup a", "a 0", "a: lost: the alpha of its fill"),
        ("curvegroup a", "inv {{x41200000 0} {x41300000 1}}", "a: lost: that its inversion changes: it stays as it"),
        ("curvegroup a", "bm {{1 0} {x41300000 x41400000}}", "a: lost: that its blend mode changes"),
        ("curvegroup a", "fx {{1 0} {x41300000 x41400000}}", "a: lost: that its feather changes"),
        ("layer l", "inv {{1 0} {x41300000 1}}", "l: lost: that it is inverted"),
        ("layer l", "bm {{1 0} {x41300000 x41400000}}", "l: lost: its blend mode 0"),
        ("curvegroup a", "nv 1", "a: lost: that Nuke draws it in view 1 only [?]"),
        ("layer l", "nv 1 view1 x40000000", "l: lost: that Nuke draws it in view 2 only [?]"),
        ("curvegroup a", 'mbs {"=frame * 2" x3f000000}', "a: lost: its expressions"),
        ("layer Root", "fx {=knob.x 0}", "Root: lost: its expressions"),
    ],
)
def test_what_only_nuke_can_say_is_told_to_nobody_else_without_a_note(where, attributes, word):
    text = document_text(DOCUMENT, ".curves")[0]
    place = text.index("{a", text.index("{" + where)) + 2
    read = document_of_text(f"{text[:place]} {attributes}{text[place:]}", ".curves")
    for ending in writable_endings():
        told = [str(note) for note in document_text(read, ending)[1]]
        assert [note for note in told if note.startswith(word)] == told or ending == ".svg"
        assert bool(told) == (ending in (".fxs", ".svg"))


@pytest.mark.parametrize(
    ("before", "said", "word"),
    [
        ("shape", '<Property id="blur"><Value>2.0</Value></Property>', "a: lost: its blur"),
        ("shape", '<Property id="transform.position"><Value>(0.1,0)</Value></Property>', "a: lost: its transform.pos"),
        ("shape", '<Property id="transform.scale"><Value>(1.0,1.0)</Value></Property>', ""),
        ("shape", '<Property id="blur"><Key frame="0">0</Key><Key frame="9">3</Key></Property>', "a: lost: its blur"),
        ("shape", '<Property id="mode"><Value>Screen</Value></Property>', "a: lost: mode Screen: it is added"),
        (
            "shape",
            '<Property id="invert"><Key frame="0">false</Key><Key frame="9">true</Key></Property>',
            "a: lost: that its invert changes",
        ),
        ("layer", '<Property id="invert"><Value>true</Value></Property>', "l: lost: its invert"),
        ("layer", '<Property id="opacity"><Value>50</Value></Property>', "l: lost: its opacity"),
        ("layer", '<Property id="mode"><Value>Subtract</Value></Property>', "l: lost: its mode Subtract"),
        ("layer", '<Property id="transform.surface_ul"><Value>(0.1,0)</Value></Property>', "l: lost: its transform.s"),
        ("layer", '<Property id="opacity"><Value>100</Value></Property>', ""),
        ("layer", '<Property id="transform.surface_ur"><Value>(1.000,0.000)</Value></Property>', ""),
        ("layer", '<Property id="stereoOffset"><Value>(0.0,0.0,0.0)</Value></Property>', ""),
    ],
)
def test_what_only_silhouette_can_say_is_told_to_nobody_else_without_a_note(before, said, word):
    text = document_text(DOCUMENT, ".fxs")[0]
    name = "mode" if 'id="mode"' in said else "invert"
    text = re.sub(rf'<Property id="{name}".*?</Property>', "", text, flags=re.DOTALL)
    place = text.index('<Property id="path"' if before == "shape" else '<Property id="objects"')
    read = document_of_text(text[:place] + said + text[place:], ".fxs")
    for ending in writable_endings():
        told = [str(note) for note in document_text(read, ending)[1]]
        silent = ending in (".fxs", ".json") or not word
        assert told == [] if silent else [note for note in told if note.startswith(word)] == told != []


def test_keys_that_run_in_ways_nobody_knows_are_told_to_run_straight():
    text = document_text(DOCUMENT, ".fxs")[0].replace('interp="linear"', 'interp="ease"', 1)
    assert [str(note) for note in document_text(document_of_text(text, ".fxs"), ".nk")[1]] == [
        "a: lost: how its keys run (ease): they run straight [?]"
    ]


def test_a_stroke_whose_width_changes_is_told_to_keep_its_first():
    line = replace(SHAPE, closed=False, width_px=4.0)
    text = document_text(replace(DOCUMENT, children=(line,)), ".curves")[0]
    read = document_of_text(text.replace("osw x40800000", "osw {{1 x40800000} {x41300000 x41400000}}"), ".curves")
    assert "a: lost: that its stroke width changes: it stays as it begins" in map(str, document_text(read, ".fxs")[1])


def test_a_skew_that_nobody_here_knows_is_told():
    curves = document_text(DOCUMENT, ".curves")[0]
    layer = curves.index("{layer l")
    skewed = curves[layer:].replace("41c00000}", "41c00000 0 0 0 0 0 0 0 1 1 1 0 x3f000000}", 1)
    read = document_of_text(curves[:layer] + skewed, ".curves")
    assert [str(note) for note in document_text(read, ".fxs")[1]] == ["l: lost: number 13 of its transform [?]"]
    assert document_text(read, ".curves")[0] == curves[:layer] + skewed


def test_a_shape_in_all_views_is_written_without_a_note():
    text = document_text(DOCUMENT, ".curves")[0].replace("{a osw", "{a nv x40000000 view2 x40000000 osw")
    assert "nv x40000000" in text
    assert document_text(document_of_text(text, ".curves"), ".fxs")[1] == []


def test_a_layer_that_follows_a_tracker_by_expression_is_told_to_stand_still():
    text = document_text(DOCUMENT, ".curves")[0].replace(
        "{t x42000000 x41c00000}", "{t x42000000 x41c00000 0 {=Tracker1.translate.x x40a00000}}"
    )
    read = document_of_text(text, ".curves")
    assert "l: lost: its expressions: the values that Nuke last had for them stay" in map(
        str, document_text(read, ".fxs")[1]
    )
    assert document_text(read, ".curves") == (text, [])


def test_expressions_that_a_change_takes_the_place_of_are_told_to_their_own_host_too():
    text = document_text(DOCUMENT, ".curves")[0]
    linked = text.replace("{t x42000000 x41c00000}", "{t x42000000 x41c00000 0 {=Tracker1.translate.x x40a00000}}")
    start = linked.index("{px")
    linked = linked[:start] + linked[start:].replace("{{0 -}}", "{=frame 0}", 1)
    baked = baked_document(document_of_text(linked, ".curves"))
    told = [str(note) for note in document_text(baked, ".nk")[1]]
    reason = "its expressions: the values that Nuke last had for them stay"
    assert told == [f"{name}: lost: {reason}" for name in ("a", "l", "Root")]


def test_a_text_for_a_host_is_what_a_file_would_hold(tmp_path):
    for ending in writable_endings():
        write_document(DOCUMENT, tmp_path / f"a{ending}")
        assert document_text(DOCUMENT, ending)[0] == (tmp_path / f"a{ending}").read_text()


def test_the_curves_text_is_what_the_script_holds_without_its_quoting_braces():
    assert f" curves {{{document_text(DOCUMENT, '.curves')[0]}}}\n" in document_text(DOCUMENT, ".nk")[0]


def test_nothing_but_the_file_is_left_in_the_folder(tmp_path):
    write_document(DOCUMENT, tmp_path / "new" / "a.nk")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.nk"]


def test_a_shape_that_cannot_be_written_leaves_the_old_file_whole(tmp_path):
    path = tmp_path / "a.nk"
    path.write_text("precious")
    broken = replace(SHAPE, keys=(ShapeKey(1.0, (Knot(float("nan"), 0.0),)),))
    with pytest.raises(FormatError, match="nan"):
        write_document(replace(DOCUMENT, children=(broken,)), path)
    assert path.read_text() == "precious"


@pytest.mark.parametrize("ending", [".fxs", ".svg"])
def test_keys_too_far_apart_to_be_filled_with_keys_are_told(tmp_path, ending):
    far = replace(SHAPE.keys[1], frame=1e30)
    smooth = replace(SHAPE, keys=(replace(SHAPE.keys[0], interpolation=Interpolation.SMOOTH), far))
    with pytest.raises(FormatError, match="too many"):
        write_document(replace(DOCUMENT, children=(smooth,), last_frame=10**30), tmp_path / f"a{ending}")


def test_pins_that_move_for_longer_than_any_shot_are_told(tmp_path):
    corners = ((0.0, 0.0), (64.0, 0.0), (64.0, 48.0), (0.0, 48.0))
    moved = tuple((x + 1, y) for x, y in corners)
    keys = (TransformKey(1.0, Transform(pins=corners)), TransformKey(1e30, Transform(pins=moved)))
    with pytest.raises(FormatError, match="too many"):
        write_document(replace(DOCUMENT, children=(replace(SHAPE, transform=keys),)), tmp_path / "a.nk")


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="file"):
        write_document(DOCUMENT, tmp_path / "file" / "a.nk")


@pytest.mark.parametrize("name", ["a.txt", "a", "a.nk~"])
def test_an_unknown_ending_lists_the_known_ones(tmp_path, name):
    for ask in (lambda: read_document(tmp_path / name), lambda: write_document(DOCUMENT, tmp_path / name)):
        with pytest.raises(FormatError, match=r"\.nk.*\.fxs.*\.json"):
            ask()


def test_svg_is_written_but_not_read(tmp_path):
    assert ".svg" in writable_endings()
    assert ".svg" not in readable_endings()
    assert set(FORMATS) == {*readable_endings(), *writable_endings()}


@pytest.mark.parametrize("ending", [".nk", ".fxs", ".json", ".curves"])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\x89PNG\0\0", "is a binary file"),
        (b"ok\n\xff\xfe bad", "line 2: bytes that are not UTF-8"),
        (b"\xef\xbb\xbfhello", "a"),
    ],
)
def test_other_content_is_told_with_the_file(tmp_path, ending, content, sentence):
    path = tmp_path / f"a{ending}"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=sentence) as caught:
        read_document(path)
    assert caught.value.message.count(str(path)) == 1
    assert caught.value.remedy


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(FormatError, match="cannot be read: No such file"):
        read_document(tmp_path / "a.nk")


def test_a_newer_schema_is_told(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"schema": "roto.shapes/99"}')
    with pytest.raises(FormatError, match=r"newer release .*Update"):
        read_document(path)


def test_another_wrong_field_is_named(tmp_path):
    path = tmp_path / "a.json"
    write_document(DOCUMENT, path)
    plain = json.loads(path.read_text())
    plain["children"][0]["children"][0]["keys"][1]["frame"] = "five"
    path.write_text(json.dumps(plain))
    with pytest.raises(FormatError, match=r"children\[0\]\.children\[0\]\.keys\[1\]\.frame is a str"):
        read_document(path)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-1e999", "1" + 5000 * "0"])
def test_numbers_that_are_none_are_refused(tmp_path, word):
    path = tmp_path / "a.json"
    path.write_text(f'{{"schema": "roto.shapes/1", "width": {word}, "height": 4}}')
    with pytest.raises(FormatError, match="finite"):
        read_document(path)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("keys", None, "keys is a NoneType"),
        ("name", None, "name is a NoneType"),
        ("keys", [{"frame": 1, "knots": [0, 0, 0, 0, 0, "x"]}], "knots holds something that is no number"),
        ("keys", [{"frame": 1, "knots": 12 * [0], "slope_out": 6 * [0]}], "slopes or a feather for other knots"),
        ("keys", [{"frame": 1, "knots": 12 * [0], "feather": 6 * [0]}], "slopes or a feather for other knots"),
        ("opacity", [{"frame": 1, "values": []}], "not one number"),
        ("opacity", [{"frame": 2, "values": [1]}, {"frame": 2, "values": [0]}], "keys that do not ascend"),
        ("transform", [{"frame": 2, "transform": {}}, {"frame": 1, "transform": {}}], "keys that do not ascend"),
    ],
)
def test_a_shape_that_makes_no_sense_is_named(field, value, sentence):
    plain = json.loads(document_text(DOCUMENT, ".json")[0])
    plain["children"][0]["children"][0][field] = value
    with pytest.raises(FormatError, match=sentence) as caught:
        document_of_text(json.dumps(plain), ".json")
    assert "“a”" in caught.value.message or "children[0].children[0]" in caught.value.message


@pytest.mark.parametrize(
    "words",
    ["{curvegroup a 512}}\n}\nNoOp {\n name evil\n}\n{", '{curvegroup "}" 512} NoOp {', "no list", "", " {a}", "{a"],
)
def test_words_that_would_end_more_than_themselves_in_a_script_are_told(words):
    plain = json.loads(document_text(DOCUMENT, ".json")[0])
    plain["children"][0]["children"].append(
        {"type": "Foreign", "name": "x", "kind": "stroke", "native": {"host": "nuke", "text": words}}
    )
    with pytest.raises(FormatError, match="“x” keeps of Nuke's own text is damaged"):
        document_of_text(json.dumps(plain), ".json")


@pytest.mark.parametrize("schema", ["roto.shapes/0", "roto.shapes/²"])
def test_a_version_that_never_was_is_told(schema):
    with pytest.raises(FormatError, match="its schema is"):
        document_of_text(f'{{"schema": "{schema}"}}', ".json")


@pytest.mark.parametrize(
    "said",
    [{"width": 0}, {"width": 10**20}, {"height": -1}, {"fps": 0}, {"pixel_aspect": 0}, {"first_frame": 9}],
    ids=str,
)
def test_a_picture_that_cannot_be_is_told(said):
    plain = {**json.loads(document_text(DOCUMENT, ".json")[0]), **said}
    with pytest.raises(FormatError, match=r"cannot be|before it begins"):
        document_of_text(json.dumps(plain), ".json")


def test_a_script_without_a_rate_is_told_before_anything_is_made_of_it():
    script = document_text(DOCUMENT, ".nk")[0].replace("fps=24", "fps=0")
    with pytest.raises(FormatError, match="0 frames a second, cannot be"):
        document_of_text(script, ".nk")


@pytest.mark.parametrize("ending", [".nk", ".svg"])
def test_pins_on_one_spot_are_told(ending):
    keys = (TransformKey(1.0, Transform(pins=4 * ((1.0, 1.0),))),)
    document = replace(DOCUMENT, children=(Layer("l", (SHAPE,), keys),))
    with pytest.raises(FormatError, match="The pins, scale or matrix of a layer draw its picture flat"):
        document_text(document, ending)


def test_a_shape_without_knots_is_written_as_nothing_anywhere():
    empty = replace(SHAPE, keys=(ShapeKey(1.0, ()),))
    for ending in writable_endings():
        assert document_text(replace(DOCUMENT, children=(empty,)), ending)[0]


def texts() -> dict[str, str]:
    return {".nk": nuke_script(DOCUMENT)[0], ".fxs": write_silhouette(DOCUMENT)[0], ".json": _json()}


def _json() -> str:
    from roto_formats.settings import DEFAULT_SETTINGS
    from roto_formats.stored_json import write_json

    return write_json(DOCUMENT, DEFAULT_SETTINGS)[0]


@pytest.mark.parametrize("ending", [".nk", ".fxs", ".json"])
def test_a_file_cut_off_anywhere_is_told_or_still_whole(tmp_path, ending):
    text, path = texts()[ending], tmp_path / f"cut{ending}"
    whole = text.rstrip()
    for length in range(1, len(whole) - 1, 7):
        path.write_text(text[:length])
        with pytest.raises(FormatError):
            read_document(path)


@pytest.mark.parametrize("ending", [".nk", ".fxs", ".json"])
def test_a_file_with_any_words_changed_reads_or_is_told(tmp_path, ending):
    """Nothing but FormatError ever comes out of a damaged file."""
    text, path, chance = texts()[ending], tmp_path / f"damaged{ending}", random.Random(7)
    for _ in range(400):
        place, length = chance.randrange(len(text)), chance.randrange(1, 6)
        put = "".join(chance.choice('{}"\\=x0197-.,()<>/& \nabr[]:é') for _ in range(chance.randrange(4)))
        path.write_text(text[:place] + put + text[place + length :])
        try:
            read_document(path)
        except FormatError as error:
            assert str(path) in error.message


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (".nk", "{" * 100_000 + "}" * 100_000),
        (".json", "[" * 100_000 + "]" * 100_000),
        (".fxs", '<Silhouette width="1" height="1">' + "<Layer>" * 5000 + "</Layer>" * 5000 + "</Silhouette>"),
    ],
)
def test_bottomless_nesting_is_told(tmp_path, ending, text):
    path = tmp_path / f"deep{ending}"
    path.write_text(text)
    with pytest.raises(FormatError):
        read_document(path)


def test_an_external_entity_is_never_opened(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    path = tmp_path / "a.fxs"
    path.write_text(
        f'<!DOCTYPE s [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        '<Silhouette width="10" height="10"><Layer type="Layer" label="&e;"/></Silhouette>'
    )
    with pytest.raises(FormatError, match="document type or entities"):
        read_document(path)

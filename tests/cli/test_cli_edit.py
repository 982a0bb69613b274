"""``roto edit``: an artist's files in, and out again with what was asked for."""

import json
import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from roto_formats.registry import read_document, write_document
from roto_geometry.measure.raster import rasterise
from roto_seg.exits import Exit
from roto_shared.shapes import KeyedShape, Layer, ShapeDocument

COMMANDS = ("refit", "carry", "add-knot", "remove-knot", "add-part", "extend")
FLATNESS_PX = 0.02
"""The rasteriser flattens curves to within this."""


@pytest.fixture
def shapes(roto, clip) -> Path:
    """The disc's shapes as ``roto curves`` fits them, keyed on every third frame as an artist may have them."""
    assert roto("curves", clip.masks, "--no-track", "--key-density", "8", "--out", "was.nk").exit_code == 0
    return Path("was.nk")


def pulled(document: ShapeDocument, px: float = 4.0) -> ShapeDocument:
    """The document with the first knot of the first key moved."""
    (layer,) = document.children
    (shape,) = layer.children
    key = shape.keys[0]
    knots = (key.knots[0]._replace(x=key.knots[0].x + px), *key.knots[1:])
    keys = (replace(key, knots=knots), *shape.keys[1:])
    return replace(document, children=(replace(layer, children=(replace(shape, keys=keys),)),))


def moved(layer: Layer, px: float) -> Layer:
    """The layer with all knots of its one shape moved to the right."""
    (shape,) = layer.children
    keys = [replace(key, knots=tuple(knot._replace(x=knot.x + px) for knot in key.knots)) for key in shape.keys]
    return replace(layer, children=(replace(shape, keys=tuple(keys), native=None),))


def only_shape(path: str) -> KeyedShape:
    (shape,) = read_document(path).shapes()
    return shape


@pytest.fixture
def changed(shapes) -> Path:
    write_document(pulled(read_document(shapes)), "now.nk")
    return Path("now.nk")


def test_a_changed_key_is_found_and_held_and_the_rest_fitted(roto, clip, shapes, changed):
    told = roto("edit", "refit", changed, "--masks", clip.masks, "--was", shapes, "--out", "done.nk", "--json")
    assert told.exit_code == 0
    assert "fitted anew around 1001" in json.loads(told.stdout)["notes"][0]
    assert only_shape("done.nk").keys[0].knots == only_shape("now.nk").keys[0].knots


def test_frames_of_changed_keys_may_be_told(roto, clip, changed):
    told = roto("edit", "refit", changed, "--masks", clip.masks, "--frame", 1001, "--fade", 0, "--out", "done.json")
    assert told.exit_code == 0
    assert only_shape("done.json").edited == (1001,)
    again = roto("edit", "refit", "done.json", "--masks", clip.masks, "--out", "again.json")
    assert again.exit_code == 0


def test_a_refit_without_a_known_change_says_what_to_give(roto, clip, shapes):
    told = roto("edit", "refit", shapes, "--masks", clip.masks, "--out", "done.nk")
    assert told.exit_code == Exit.INPUT
    assert "as they were before" in told.stderr
    assert not Path("done.nk").exists()


def test_a_correction_is_carried_on(roto, shapes, changed):
    assert roto("edit", "carry", changed, "--was", shapes, "--out", "done.nk").exit_code == 0
    was, done = only_shape("was.nk"), only_shape("done.nk")
    moved = [after.knots[0].x - before.knots[0].x for before, after in zip(was.keys, done.keys, strict=True)]
    assert moved == pytest.approx([4.0] * len(moved), abs=0.5)


def test_a_knot_is_added_without_a_trace_on_the_matte_and_taken_out_again(roto, clip, shapes):
    x, y = clip.centre(1001)
    at = ("--shape", "shape 1", "--frame", 1001, "--point", f"{x + 10},{y + 10}")
    assert roto("edit", "add-knot", shapes, *at, "--out", "more.json").exit_code == 0
    assert roto("edit", "remove-knot", "more.json", *at, "--out", "less.json").exit_code == 0
    was, more, less = map(read_document, (shapes, "more.json", "less.json"))
    assert next(more.shapes()).knot_count == next(was.shapes()).knot_count + 1
    for frame in range(1001, 1013):
        assert np.abs(rasterise(was, frame) - rasterise(more, frame)).max() < FLATNESS_PX
        assert np.abs(rasterise(was, frame) - rasterise(less, frame)).max() < 0.1


def test_of_what_is_covered_an_extended_shot_says_nothing(roto, clip, tmp_path):
    for frame in range(1001, 1007):
        (tmp_path / f"some.{frame}.png").write_bytes(clip.mask(frame).read_bytes())
    assert roto("curves", tmp_path / "some.####.png", "--out", "some.nk").exit_code == 0
    told = roto("edit", "extend", "some.nk", "--masks", clip.masks, "--out", "longer.nk")
    assert told.exit_code == 0
    assert "goes on to frame 1012." in told.stdout
    assert "nothing" not in told.stdout


@pytest.mark.parametrize("command", ["add-knot", "remove-knot"])
def test_a_knot_is_asked_for_where_the_shape_is(roto, shapes, command):
    asked = ["edit", command, shapes, "--shape", only_shape(shapes).name, "--out", "more.json"]
    never = roto(*asked, "--frame", 5000, "--point", "30,40")
    assert never.exit_code == Exit.INPUT
    assert "does not live on frame 5000. It lives from 1001 to 1012." in never.stderr
    off = roto(*asked, "--frame", 1001, "--point", "9000,40")
    assert off.exit_code == Exit.INPUT
    assert "The point (9000, 40) lies outside the picture of 128×96 px." in off.stderr
    assert not Path("more.json").exists()


def test_a_knot_may_lie_on_an_edge_outside_of_the_picture(roto, shapes):
    asked = ["--shape", only_shape(shapes).name, "--frame", 1001, "--point", "-3,38"]
    was = read_document(shapes)
    write_document(replace(was, children=(moved(was.children[0], -20.0),)), "left.json")
    assert roto("edit", "add-knot", "left.json", *asked, "--out", "more.json").exit_code == 0


def test_a_part_is_added_and_a_shot_extended(roto, clip, tmp_path):
    folder = tmp_path / "some"
    folder.mkdir()
    for frame in range(1001, 1007):
        (folder / f"mask.{frame}.png").write_bytes(clip.mask(frame).read_bytes())
    assert roto("curves", folder, "--out", "short.json").exit_code == 0
    assert roto("edit", "extend", "short.json", "--masks", clip.masks, "--out", "long.fxs").exit_code == 0
    assert read_document("long.fxs").last_frame == 1012

    square = np.zeros((96, 128), np.uint8)
    square[60:90, 90:120] = 255
    (tmp_path / "part").mkdir()
    cv2.imwrite(str(tmp_path / "part" / "p.1001.png"), square)
    told = roto("edit", "add-part", "short.json", "--masks", tmp_path / "part", "--name", "sign", "--out", "two.json")
    assert told.exit_code == 0
    assert [layer.name for layer in read_document("two.json").children] == ["sign", "object"]


@pytest.mark.parametrize("command", ["refit", "add-part", "extend"])
def test_masks_that_reach_nowhere_near_full_are_refused(roto, clip, shapes, tmp_path, command):
    for frame in range(1001, 1013):
        assert cv2.imwrite(str(tmp_path / f"labels.{frame}.png"), clip.truth(frame).astype(np.uint8))
    told = roto("edit", command, shapes, "--masks", tmp_path / "labels.####.png", "--out", "done.nk")
    assert told.exit_code == Exit.INPUT
    assert "reaches 0.39 % of full" in told.stderr
    assert not Path("done.nk").exists()


def test_a_shot_goes_on_over_frames_on_which_the_masks_are_black(roto, clip, shapes, tmp_path):
    for frame in (1013, 1014):
        assert cv2.imwrite(str(tmp_path / f"black.{frame}.png"), np.zeros((96, 128), np.uint8))
    told = roto("edit", "extend", shapes, "--masks", tmp_path / "black.####.png", "--out", "done.nk")
    assert told.exit_code == 0
    assert only_shape("done.nk").lifetime.last == 1012


@pytest.mark.parametrize("ending", [".nk", ".fxs"])
@pytest.mark.parametrize("edit", ["refit", "carry", "add-knot", "remove-knot", "extend"])
def test_what_only_the_host_knows_of_an_edited_shape_is_kept(roto, clip, shapes, changed, tmp_path, edit, ending):
    was, now, done, new = f"was{ending}", f"now{ending}", f"done{ending}", tmp_path / "new.1013.png"
    for source, target in ((shapes, was), (changed, now)):
        assert roto("convert", source, target).exit_code == 0
    place, words = {
        ".nk": (" sb 1", " bm x40400000 ff x40000000"),
        ".fxs": ('<Property id="opacity"', '<Property id="blur"><Value>2.0</Value></Property>'),
    }[ending]
    Path(now).write_text(Path(now).read_text().replace(place, words + place))
    assert cv2.imwrite(str(new), clip.truth(1013).astype(np.uint8) * 255)
    x, y = clip.centre(1001)
    knot = ["--shape", only_shape(now).name, "--frame", 1001, "--point", f"{x + 10},{y + 10}"]
    options = {
        "refit": ["--was", was, "--masks", clip.masks],
        "carry": ["--was", was, "--frames", "4"],
        "extend": ["--masks", tmp_path / "new.####.png"],
    }.get(edit, knot)
    assert roto("edit", edit, now, *options, "--out", done).exit_code == 0
    assert only_shape(done).keys != only_shape(now).keys
    assert words in re.sub(r">\s+<", "><", Path(done).read_text())


def test_an_edit_may_be_limited_to_one_layer(roto, clip, changed):
    document = read_document(changed)
    other = Layer("other", (next(document.shapes()),))
    write_document(replace(document, children=(other, *document.children)), "both.json")
    arguments = ("edit", "refit", "both.json", "--masks", clip.masks, "--frame", 1001, "--out", "done.json")
    assert roto(*arguments, "--layer", "object").exit_code == 0
    first, second = read_document("done.json").shapes()
    assert (first.edited, second.edited) == ((), (1001,))
    told = roto(*arguments, "--layer", "tree")
    assert told.exit_code == Exit.INPUT
    assert "“other”, “object”" in told.stderr


def nested(document: ShapeDocument) -> ShapeDocument:
    """A group that holds the document's layer twice, and a moved copy of it within one more group."""
    (layer,) = document.children
    deeper = Layer("deeper", (moved(layer, 40.0),))
    return replace(document, children=(Layer("group", (replace(layer, name="other"), deeper, layer)),))


@pytest.mark.parametrize("name", ["group/object", "other"])
def test_an_edit_reaches_a_layer_inside_of_others(roto, clip, changed, name):
    document = nested(read_document(changed))
    write_document(document, "nested.json")
    arguments = ("edit", "refit", "nested.json", "--masks", clip.masks, "--frame", 1001, "--out", "done.json")
    assert roto(*arguments, "--layer", name).exit_code == 0
    (group,) = read_document("done.json").children
    assert [child.name for child in group.children] == ["other", "deeper", "object"]
    edited = {child.name for child in group.children if child.name != "deeper" and child.children[0].edited}
    assert edited == {name.split("/")[-1]}
    assert group.children[1] == read_document("nested.json").children[0].children[1]


def test_a_part_for_a_layer_inside_of_others_lies_above_the_outermost(roto, clip, changed):
    document = nested(read_document(changed))
    write_document(document, "nested.json")
    arguments = ("edit", "add-part", "nested.json", "--masks", clip.masks, "--out", "done.json")
    assert roto(*arguments, "--layer", "deeper").exit_code == 0
    part, group = read_document("done.json").children
    assert part.name == "part"
    assert group == read_document("nested.json").children[0]


def test_a_name_of_several_layers_is_refused(roto, clip, changed):
    write_document(nested(read_document(changed)), "nested.json")
    told = roto("edit", "add-part", "nested.json", "--masks", clip.masks, "--layer", "object", "--out", "done.json")
    assert told.exit_code == Exit.INPUT
    assert "Several layers are called “object”: “group/deeper/object”, “group/object”." in told.stderr


def test_a_locked_shape_keeps_its_knots(roto, shapes):
    document = read_document(shapes)
    (layer,) = document.children
    write_document(replace(document, children=(replace(layer, locked=True),)), "locked.json")
    at = ("--shape", "shape 1", "--frame", 1001, "--point", "40,40", "--out", "more.json")
    told = roto("edit", "add-knot", "locked.json", *at)
    assert told.exit_code == Exit.INPUT
    assert "Unlock it" in told.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_every_edit_is_documented(roto, command):
    page = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.split("\n## roto edit\n")[1].split("\n## ")[0]
    options = set(re.findall(r"^  (--[a-z-]+)", roto("edit", command, "--help").output, re.M)) - {"--json"}
    assert [option for option in sorted(options) if option not in section] == []

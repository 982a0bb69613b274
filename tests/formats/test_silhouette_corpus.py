"""Every sample of Silhouette's shape files reads to the pixels it should, and goes back as it came."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from random_documents import distance_px

from roto_formats.registry import read_document
from roto_formats.settings import FormatSettings
from roto_formats.silhouette.read import read_silhouette
from roto_formats.silhouette.write import write_silhouette
from roto_formats.xml_tree import parse_xml
from roto_shared.placement import placed_knots_at, placed_shapes
from roto_shared.shapes import Blend, Foreign, Layer, ShapeKind, without_natives


@pytest.fixture(scope="session")
def folder(shared_folder: Path) -> Path:
    return shared_folder / "corpus" / "silhouette"


def named(folder: Path, ending: str) -> list[Path]:
    found = sorted(folder.glob(f"*{ending}"))
    assert found, f"no sample ends with {ending}"
    return found


def session_start(path: Path) -> int:
    return int(parse_xml(path.read_text()).get("sessionStartFrame", "0"))


def test_expected_pixels_are_met_on_every_frame(folder):
    for told in named(folder, ".expected.json"):
        path = told.with_name(told.name.replace(".expected.json", ".fxs"))
        document, start = read_document(path), session_start(path)
        for frame, points in json.loads(told.read_text())["frames"].items():
            ((shape, matrix),) = placed_shapes(document, int(frame) + start)
            knots = placed_knots_at(shape, matrix, int(frame) + start)
            for knot, point in zip(knots, points, strict=True):
                wanted = point if isinstance(point[0], list) else [point]
                x, y, in_x, in_y, out_x, out_y = knot
                found = ((x, y), (x + in_x, y + in_y), (x + out_x, y + out_y))
                for ours, theirs in zip(found, wanted, strict=False):
                    assert math.dist(ours, theirs) <= 0.01, (path.name, frame)


def test_real_body_splines_lie_where_their_source_has_them(folder):
    """The same splines, flat and through camera, person and part layers, are one shape on every frame."""
    flat = read_document(folder / "rotobot_real_flat_bezier.fxs")
    deep = read_document(folder / "rotobot_real_camera_hierarchy_bspline.fxs")
    for frame in range(flat.first_frame, flat.last_frame + 1):
        shapes = {shape.name: placed_knots_at(shape, m, frame) for shape, m in placed_shapes(flat, frame)}
        for shape, matrix in placed_shapes(deep, frame):
            middles = [(knot.x, knot.y) for knot in placed_knots_at(shape, matrix, frame)]
            other = [(knot.x, knot.y) for name, knots in shapes.items() if name.endswith(shape.name) for knot in knots]
            other = other or [(knot.x, knot.y) for knots in shapes.values() for knot in knots]
            assert max(min(math.dist(p, q) for q in other) for p in middles) < 1.0, frame


def test_a_moving_matrix_is_the_motion_that_its_twin_has_in_its_points(folder):
    matrix, points = (read_document(folder / f"nukefxs_layer_{name}.fxs") for name in ("matrix_anim", "baked"))
    ((shape, placed),) = [pair for pair in placed_shapes(matrix, 1010) if pair[0].name == "Bezier1"]
    ((twin, unmoved),) = placed_shapes(points, 1010)
    for knot, other in zip(placed_knots_at(shape, placed, 1010), placed_knots_at(twin, unmoved, 1010), strict=True):
        assert math.dist(knot, other) <= 0.01


def test_handles_that_a_known_bug_put_outside_are_read_as_they_stand(folder):
    (shape,) = read_document(folder / "nukefxs_cusp_rect_known_bug.fxs").shapes()
    corners = [(knot.x, knot.y) for knot in shape.keys[0].knots]
    ends = [(knot.x + knot.in_x, knot.y + knot.in_y) for knot in shape.keys[0].knots]
    assert any(min(x for x, _ in corners) - end[0] > 100 for end in ends)


def test_an_x_spline_is_kept_but_not_guessed_at(folder):
    document = read_document(folder / "synth_xspline_GUESS.fxs")
    (element,) = document.children
    assert isinstance(element, Foreign)
    assert element.kind == "Xspline"
    text, notes = write_silhouette(document)
    assert "<Point>(-0.518519,-0.314815)</Point>" in text
    assert 'uuid="9DD4E461-268C-8034-F5C8-564E155C67A6"' in text
    assert notes == []


def test_odd_files_keep_their_names_flags_and_keys(folder):
    cusp, stroke = read_document(folder / "synth_edgecases.fxs").shapes()
    assert stroke.name == 'open stroke & "q" <x>'
    assert (stroke.closed, stroke.visible, stroke.locked) == (False, False, True)
    assert [(key.frame, key.interpolation.value) for key in stroke.keys] == [(0.0, "hold"), (3.5, "hold")]
    assert (cusp.blend, cusp.inverted) == (Blend.SUBTRACT, True)
    assert cusp.keys[0].knots[0][2:] == (0.0, 0.0, 0.0, 0.0)


def test_lifetimes_and_opacity_are_told_apart(folder):
    (switched,) = read_document(folder / "synth_flat_bspline.fxs").shapes()
    assert (switched.lifetime.first, switched.lifetime.last, switched.opacity) == (1.0, 5.0, ())
    assert switched.kind is ShapeKind.BSPLINE
    (faded,) = read_document(folder / "nukefxs_bezier_circle_anim_opacity.fxs").shapes()
    assert [(key.frame, key.values) for key in faded.opacity] == [(1001, (1.0,)), (1005, (0.5,)), (1010, (0.0,))]


def test_a_pixel_aspect_that_the_file_left_out_can_be_told(folder):
    told = read_document(folder / "nukefxs_anamorphic_pa2.fxs", FormatSettings(pixel_aspect=2.0))
    (shape,) = told.shapes()
    middle = sum(knot.x for knot in shape.keys[0].knots) / 4
    width = max(knot.x for knot in shape.keys[0].knots) - middle
    assert math.isclose(middle, 914, abs_tol=0.01)
    assert math.isclose(width, 300, abs_tol=0.01)


def test_read_write_read_keeps_every_element_and_its_own_words(folder):
    for path in named(folder, ".fxs"):
        document = read_document(path)
        text, notes = write_silhouette(document)
        assert notes == [], path.name
        again = read_silhouette(text)
        assert [bare(child) for child in again.children] == [bare(child) for child in document.children], path.name
        for property_name in ("strokeWidth", "blur", "note", "transform.surface_ul", "uuid", "stereoOffset"):
            assert text.count(property_name) == path.read_text().count(property_name), (path.name, property_name)


def bare(element):
    if isinstance(element, Foreign):
        return replace(element, native=replace(element.native, text=element.native.text.count("<Point>")))
    return without_natives(_with_plain_foreign(element))


def _with_plain_foreign(element):
    if isinstance(element, Layer):
        return replace(element, children=tuple(map(bare, element.children)))
    return element


def test_composed_anew_the_shapes_stay_where_they_are(folder):
    for path in named(folder, ".fxs"):
        document = read_document(path)
        fresh = replace(document, native=None, children=tuple(map(without_natives, document.children)))
        again = read_silhouette(write_silhouette(fresh)[0])
        for frame in range(document.first_frame - 2, min(document.last_frame, document.first_frame + 24) + 3):
            assert distance_px(document, again, frame) <= 0.01, (path.name, frame)

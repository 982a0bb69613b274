"""Lines a few pixels wide become strokes with a width, and the body is drawn without them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import plane, soft

from roto_geometry.fitting import fit_shapes, fitted_document
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_geometry.settings import FitSettings
from roto_geometry.trace.strands import part_strands

SIZE = (200, 140)


def kite(lean: float = 0.5, width: float = 1.8, length: float = 110.0, bow: float = 0.0) -> np.ndarray:
    """A disc at (50, 90) and a line upwards to the right, ``lean`` radians off the horizontal."""
    x, y = plane(*SIZE)
    along = (x - 50) * np.cos(lean) - (y - 90) * np.sin(lean)
    across = (x - 50) * np.sin(lean) + (y - 90) * np.cos(lean) - bow * np.sin(along / length * np.pi)
    line = (along > 0) & (along < length) & (np.abs(across) < width / 2)
    return soft(((x - 50) ** 2 + (y - 90) ** 2 < 24**2) | line)


def strokes(document):
    return [shape for shape in document.shapes() if not shape.closed]


@pytest.mark.parametrize("width", [4.0, 8.0])
def test_what_is_wider_stays_part_of_the_outline(width):
    mask = kite(width=width)
    body, strands = part_strands(mask)
    assert body is mask
    assert strands == []


def test_an_empty_mask_has_no_strands():
    empty = np.zeros((20, 30), np.float32)
    assert part_strands(empty) == (empty, [])


@settings(max_examples=25, deadline=None)
@given(lean=st.floats(-0.4, 0.9), width=st.floats(1.3, 1.75))
def test_a_line_is_found_with_its_place_and_width(lean, width):
    body, (strand,) = part_strands(kite(lean, width))
    along, across = np.array([np.cos(lean), -np.sin(lean)]), np.array([np.sin(lean), np.cos(lean)])
    away = (strand.path - (50, 90)) @ across
    assert np.abs(away).max() < 0.75
    assert ((strand.path - (50, 90)) @ along).max() == pytest.approx(110, abs=4)
    assert strand.width_px == pytest.approx(width, abs=0.5)
    assert jaccard(body >= 0.5, kite(lean, 0.0) >= 0.5) > 0.97


def spotted(thick: float, lean: float = 0.3) -> np.ndarray:
    """A kite on a line that is ``thick`` px wide for a tenth of its length."""
    x, y = plane(*SIZE)
    along = (x - 50) * np.cos(lean) - (y - 90) * np.sin(lean)
    across = (x - 50) * np.sin(lean) + (y - 90) * np.cos(lean)
    return np.maximum(kite(lean, length=140.0), soft((along > 76) & (along < 90) & (np.abs(across) < thick / 2)))


def test_a_line_with_a_thick_spot_is_one_line():
    _, (strand,) = part_strands(spotted(thick=5.0))
    away = (strand.path - (50, 90)) @ (np.sin(0.3), np.cos(0.3))
    assert np.abs(away).max() < 0.75
    assert np.hypot(*(strand.path[-1] - strand.path[0])) > 100


def test_a_line_with_many_thick_spots_is_one_line():
    x, y = plane(600, 40)
    spots = (np.abs(y - 20) < 2.5) & (x > 20) & (x < 580) & (x % 70 < 8)
    _, strands = part_strands(soft(spots | ((np.abs(y - 20) < 1) & (x > 20) & (x < 580))))
    (line,) = strands
    assert np.ptp(line.path[:, 0]) > 540
    assert np.abs(line.path[:, 1] - 20).max() < 1


def test_lines_on_both_sides_of_a_body_are_two():
    assert len(part_strands(spotted(thick=20.0))[1]) == 2


def test_lines_that_meet_in_a_corner_are_two():
    corner = np.maximum(kite(0.2, length=100.0), kite(1.1, length=100.0))
    assert len(part_strands(corner)[1]) == 2


def test_a_line_that_swings_is_one_stroke_of_two_knots_with_few_keys():
    masks = [(1001 + i, kite(0.3 + 0.03 * i)) for i in range(20)]
    document = fitted_document([fit_shapes(masks, FitSettings(track=False))], SIZE, (1001, 1020))
    (stroke,) = strokes(document)
    assert (stroke.knot_count, stroke.width_px) == (2, pytest.approx(1.8, abs=0.3))
    assert len(stroke.keys) <= 6
    agreement = [jaccard(rasterise(document, frame) >= 0.5, mask >= 0.5) for frame, mask in masks]
    assert np.mean(agreement) > 0.95


def folded(shift: float, apart: float = 8.0) -> np.ndarray:
    """A disc with a line that comes out of it to the right and folds back ``apart`` px above itself."""
    x, y = plane(*SIZE)
    x = x - shift
    legs = (np.abs(np.abs(y - 60) - apart / 2) < 0.9) & (x > 50) & (x < 140)
    turn = (np.abs(np.hypot(x - 140, y - 60) - apart / 2) < 0.9) & (x >= 140)
    return soft(((x - 50) ** 2 + (y - 74) ** 2 < 16**2) | legs | turn)


def test_a_line_that_folds_back_beside_itself_is_keyed_no_more_densely_for_it():
    masks = [(frame, folded(2.0 * frame)) for frame in range(12)]
    document = fitted_document([fit_shapes(masks, FitSettings(track=False))], SIZE, (0, 11))
    (stroke,) = strokes(document)
    assert np.ptp([knot.y for knot in stroke.keys[0].knots]) > 6
    assert len(stroke.keys) == 2


def test_a_bowed_line_has_the_knots_it_needs():
    masks = [(i, kite(0.5, bow=14.0)) for i in range(3)]
    document = fitted_document([fit_shapes(masks)], SIZE, (0, 2))
    assert jaccard(rasterise(document, 1) >= 0.5, masks[1][1] >= 0.5) > 0.95


def test_a_line_that_is_missing_on_a_frame_stays_one_stroke():
    masks = [(i, kite(0.3 + 0.02 * i, width=0.0 if i in (4, 5) else 1.8)) for i in range(12)]
    (stroke,) = strokes(fitted_document([fit_shapes(masks)], SIZE, (0, 11)))
    assert (stroke.lifetime.first, stroke.lifetime.last) == (0, 11)


def test_lines_that_cross_nobody_keep_their_own_strokes():
    masks = [(i, np.maximum(kite(0.2 + 0.02 * i), kite(0.9 + 0.02 * i))) for i in range(8)]
    found = strokes(fitted_document([fit_shapes(masks)], SIZE, (0, 7)))
    assert [(stroke.lifetime.first, stroke.lifetime.last) for stroke in found] == [(0, 7), (0, 7)]


def test_what_is_not_worth_a_stroke_is_not_dropped():
    masks = [(i, kite() if i == 6 else kite(width=0.0)) for i in range(12)]
    result = fit_shapes(masks, FitSettings(shape_price=0.3))
    assert strokes(fitted_document([result], SIZE, (0, 11))) == []
    assert {frame.dropped_px2 for frame in result.report} == {0.0}

"""Sub-pixel outlines of masks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pictures import disc

from roto_geometry.bezier import polygon_area
from roto_geometry.measure.coverage import coverage
from roto_geometry.trace.contour import matter_window, trace
from roto_shared.errors import InputError


def test_a_filled_mask_runs_around_its_pixels_edges():
    mask = np.zeros((10, 12), bool)
    mask[3:7, 2:9] = True
    (outline,) = trace(mask)
    assert outline.min(axis=0).tolist() == [2, 3]
    assert outline.max(axis=0).tolist() == [9, 7]
    assert polygon_area(outline) == pytest.approx(28 - 0.5)


def test_a_soft_discs_outline_lies_on_its_circle():
    (outline,) = trace(disc((60, 50), (27.3, 24.8), 17.4))
    radii = np.hypot(*(outline - (27.3, 24.8)).T)
    assert radii == pytest.approx(17.4, abs=0.2)
    assert radii.mean() == pytest.approx(17.4, abs=0.03)


def test_matter_is_clockwise_and_holes_are_not():
    ring = disc((60, 60), (30, 30), 20) - disc((60, 60), (30, 30), 8)
    outer, hole = trace(ring)
    assert polygon_area(outer) == pytest.approx(math.pi * 400, rel=0.01)
    assert polygon_area(hole) == pytest.approx(-math.pi * 64, rel=0.01)


def test_an_outline_cut_by_the_frame_leaves_the_picture():
    (outline,) = trace(disc((40, 30), (0, 15), 10))
    assert outline[:, 0].min() < -1
    assert np.abs(coverage([outline], 40, 30) - disc((40, 30), (0, 15), 10)).max() < 0.3


def test_a_full_picture_is_one_outline_around_it():
    (outline,) = trace(np.ones((8, 9), bool))
    assert coverage([outline], 9, 8).min() == 1


def test_one_pixel_is_a_diamond_of_half_its_area():
    mask = np.zeros((5, 5), np.uint8)
    mask[2, 2] = 255
    (outline,) = trace(mask)
    assert polygon_area(outline) == pytest.approx(0.5, abs=0.02)
    assert outline.mean(axis=0) == pytest.approx([2.5, 2.5])


def test_an_empty_mask_has_no_outline():
    assert trace(np.zeros((4, 4))) == []


@given(arrays(bool, (9, 11)))
def test_every_outline_is_closed_and_the_mask_comes_back_at_one_half(mask):
    outlines = trace(mask)
    assert all(polygon_area(outline) for outline in outlines)
    assert np.abs(coverage(outlines, 11, 9) - mask).max(initial=0) <= 0.5 + 1e-6


@pytest.mark.parametrize(("between", "areas"), [(0.15, (0.35, 0.35)), (0.25, (1.34,))])
@pytest.mark.parametrize("side", [1, -1])
def test_pixels_that_touch_at_a_corner_are_one_where_the_corner_itself_is_in(side, between, areas):
    mask = np.zeros((6, 6), np.float32)
    mask[2:4, 2:4] = [[0.8, between], [between, 0.8]]
    assert [polygon_area(outline) for outline in trace(mask[:, ::side])] == pytest.approx(areas, abs=0.005)


def test_what_is_no_number_is_no_matter():
    mask = disc((20, 20), (10, 10), 6)
    hole = np.where(np.eye(20, dtype=bool), 0.0, mask)
    assert [o.tolist() for o in trace(np.where(np.eye(20), np.nan, mask))] == [o.tolist() for o in trace(hole)]


def test_the_window_of_matter_has_room_as_far_as_the_picture_goes():
    mask = np.zeros((9, 12), bool)
    assert matter_window(mask) is None
    mask[1, 1] = mask[7, 8] = True
    assert matter_window(mask, 2) == (slice(0, 9), slice(0, 11))


@given(st.integers(0, 255))
def test_uint8_and_float_masks_mean_the_same(value):
    mask = np.zeros((6, 6), np.uint8)
    mask[2:4, 2:4] = value
    same = trace(mask.astype(np.float32) / 255)
    assert [outline.tolist() for outline in trace(mask)] == [outline.tolist() for outline in same]


@pytest.mark.parametrize("mask", [np.zeros((4, 4, 3)), np.zeros((0, 4)), np.zeros((4, 4), np.int64)])
def test_something_that_is_no_mask_is_refused(mask):
    with pytest.raises(InputError):
        trace(mask)

"""Pieces of a mask that something thin in front parts, traced as one outline and what parts it."""

import numpy as np
import pytest
from pictures import disc

from roto_geometry.bezier import Array, polygon_area
from roto_geometry.measure.coverage import coverage
from roto_geometry.trace.bridges import trace_bridged
from roto_geometry.trace.contour import trace

SIZE = (70, 60)


def parted(gap_px: int = 4) -> np.ndarray:
    """A disc far from the picture's corner, with a slit down its middle."""
    mask = disc(SIZE, (44, 34), 20)
    mask[:, 42 : 42 + gap_px] = 0
    return mask


def signs(outlines: list[Array]) -> list[bool]:
    return [polygon_area(outline) > 0 for outline in outlines]


def test_what_parts_a_thing_is_a_hole_of_its_own_in_one_outline():
    outlines = trace_bridged(parted(), 6, 4)
    assert signs(outlines) == [True, False]
    assert polygon_area(outlines[0]) == pytest.approx(np.pi * 400, rel=0.02)
    assert np.abs(coverage(outlines, *SIZE) - parted()).max() < 0.51


def test_soft_edges_of_a_gap_stay_where_they_are():
    mask = parted()
    mask[20:50, 42] = 0.25
    hole = trace_bridged(mask, 6, 4)[1]
    sides = hole[np.abs(hole[:, 1] - 34) < 9, 0]
    assert (sides.min(), sides.max()) == pytest.approx((42 + 1 / 6, 46))


@pytest.mark.parametrize(("gap_px", "pieces"), [(5, 1), (8, 2)])
def test_pieces_are_joined_as_far_as_the_reach_and_no_farther(gap_px, pieces):
    assert signs(trace_bridged(parted(gap_px), 6, 4)).count(True) == pieces


def test_a_speck_is_not_reached_for():
    mask = disc(SIZE, (30, 30), 12)
    mask[29:31, 45:47] = 1
    assert signs(trace_bridged(mask, 8, 5)) == [True, True]
    assert signs(trace_bridged(mask, 8, 4)) == [True, False]


def test_a_bay_of_one_piece_stays_open():
    mask = disc(SIZE, (44, 34), 20)
    mask[:34, 43:46] = 0
    mask[4:12, 4:12] = 1
    assert [o.tolist() for o in trace_bridged(mask, 6, 4)] == [o.tolist() for o in trace(mask)]


def test_an_empty_mask_has_nothing_to_bridge():
    assert trace_bridged(np.zeros((5, 4)), 6, 4) == []

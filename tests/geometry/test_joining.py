"""When pieces are drawn as one outline, and when they stay pieces."""

import numpy as np
import pytest
from pictures import disc

from roto_geometry.bezier import Array, polygon_area
from roto_geometry.fitting import FitResult, fit_shapes
from roto_geometry.follow.joining import choose_ways
from roto_geometry.settings import FitSettings
from roto_geometry.trace.bridges import trace_ways
from roto_shared.shapes import Blend

SIZE = (160, 120)
REACH_PX = 12.0
SPECK_PX2, PRICE = 12.0, 0.03


def apart(gap_px: float) -> np.ndarray:
    """Two windows with a gap between them."""
    mask = np.zeros(SIZE[::-1], np.float32)
    mask[40:80, 30:70] = 1
    mask[40:80, round(70 + gap_px) : round(110 + gap_px)] = 1
    return mask


def behind_a_pole(centre: float) -> np.ndarray:
    """A disc of which a pole hides what is behind it."""
    mask = disc(SIZE, (centre, 60), 24).astype(np.float32)
    mask[:, 76:82] = 0
    return mask


def pieces(outlines: list[Array]) -> int:
    return sum(polygon_area(outline) > 0 for outline in outlines)


def chosen(masks: list[np.ndarray]) -> list[int]:
    """Of how many outlines of matter each frame is drawn."""
    ways = {frame: trace_ways(mask, REACH_PX, SPECK_PX2) for frame, mask in enumerate(masks, 1)}
    return [pieces(outlines) for outlines in choose_ways(ways, SPECK_PX2, PRICE).values()]


def fitted(masks: list[np.ndarray]) -> FitResult:
    return fit_shapes(enumerate(masks, 1), FitSettings(bridge_share=REACH_PX / SIZE[1]))


def test_a_mask_in_pieces_can_be_drawn_joined_or_in_pieces():
    assert [pieces(way) for way in trace_ways(apart(8), REACH_PX, SPECK_PX2)] == [1, 2]


def test_a_mask_in_one_piece_or_in_pieces_far_apart_can_be_drawn_in_one_way():
    assert [pieces(way) for way in trace_ways(apart(0), REACH_PX, SPECK_PX2)] == [1]
    assert [pieces(way) for way in trace_ways(apart(20), REACH_PX, SPECK_PX2)] == [2]


def test_windows_that_are_near_one_another_on_some_frames_only_stay_two():
    assert chosen([apart(gap) for gap in (20, 16, 8, 6, 8, 16, 8, 20)]) == [2] * 8


def test_what_goes_by_behind_a_pole_stays_one():
    assert chosen([behind_a_pole(centre) for centre in range(40, 121, 4)]) == [1] * 21


def test_what_a_pole_parts_on_every_frame_is_one():
    assert chosen([apart(6)] * 4) == [1] * 4


def test_the_turn_to_pieces_is_taken_once():
    """They were one, and go apart."""
    counts = chosen([apart(gap) for gap in (0, 0, 4, 8, 10, 16, 20, 8, 20)])
    assert counts == sorted(counts)
    assert counts[-2:] == [2, 2]


def test_crumbs_that_come_and_go_count_little_beside_windows_that_stay():
    masks = [apart(8 if frame % 3 else 20) for frame in range(12)]
    for mask in masks[::2]:
        mask[90:94, 60:64] = 1
    assert all(count >= 2 for count in chosen(masks))


def test_no_frames_and_empty_ones_have_nothing_to_choose():
    assert choose_ways({}, SPECK_PX2, PRICE) == {}
    assert choose_ways({3: ([],), 4: ([],)}, SPECK_PX2, PRICE) == {3: [], 4: []}


def test_windows_that_come_near_and_go_are_two_shapes_with_one_life_each():
    masks = [apart(gap) for gap in (20, 16, 8, 6, 8, 16, 8, 20)]
    result = fitted(masks)
    assert [shape.blend for shape in result.shapes] == [Blend.ADD, Blend.ADD]
    assert result.mean_iou > 0.98


def test_what_goes_by_behind_a_pole_is_one_shape_and_the_pole_another():
    result = fitted([behind_a_pole(centre) for centre in range(60, 101, 4)])
    assert sorted(shape.blend.value for shape in result.shapes) == sorted([Blend.ADD.value, Blend.SUBTRACT.value])
    assert result.mean_iou > 0.97


@pytest.mark.parametrize("shape", [(480, 854), (854, 480)])
def test_the_reach_is_a_share_of_the_shorter_side_however_the_plate_is_turned(shape):
    assert FitSettings(bridge_share=0.05).bridge_px(shape) == pytest.approx(24)

"""Where masks are others than those that shapes were fitted to."""

import numpy as np
import pytest
from edited_shapes import FRAMES, SIZE, box_masks, fitted, rounded_box

from roto_geometry.edits.mask_change import MaskChange, difference
from roto_geometry.edits.settings import EditSettings
from roto_shared.shapes import ShapeDocument

MASKS = box_masks()
SETTINGS = EditSettings()


def test_frames_between_those_that_were_fitted_to_are_doubted_where_masks_changed_and_others_are_new():
    change = MaskChange(MASKS, {3, 7, 9, 15}, range(5, 13), MASKS.read)
    assert change.doubted == [7, 9]
    assert list(change.beyond.frames) == [f for f in FRAMES if not 5 <= f <= 12]


@pytest.mark.parametrize("before", [None, np.zeros((3, 3))], ids=["not kept", "of another size"])
def test_any_pixel_may_have_changed_of_a_mask_that_is_not_known(before):
    change = MaskChange(MASKS, {7}, FRAMES, lambda _: before)
    assert change.region(fitted(MASKS), 7, SETTINGS).all()


def test_a_line_counts_whether_it_came_or_went_and_an_edge_that_errs_does_not():
    line = np.zeros((SIZE[1], SIZE[0]), dtype=bool)
    line[10, 20:80] = True
    for one, other in ((line, np.zeros_like(line)), (np.zeros_like(line), line)):
        assert difference(one, other, SETTINGS)[10, 30:70].all()
    box = rounded_box(5) >= 0.5
    assert not difference(box, np.roll(box, 1, axis=1), SETTINGS).any()
    assert difference(box, np.roll(box, 9, axis=1), SETTINGS).any()


def test_what_is_drawn_otherwise_than_before_is_wrong_though_the_mask_is_the_same():
    box, nothing = fitted(MASKS), ShapeDocument(*SIZE, ())
    change = MaskChange(MASKS, {7}, FRAMES, MASKS.read)
    assert not change.errors(nothing, nothing, 7, SETTINGS).any()
    assert change.errors(box, nothing, 7, SETTINGS).any()

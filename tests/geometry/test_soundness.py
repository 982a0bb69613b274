"""Outlines over time of which none crosses itself."""

import numpy as np
import pytest

from roto_geometry.arclength import Contour
from roto_geometry.fit.soundness import calm_outlines, sound_outlines
from roto_geometry.guards import are_sound, is_sound

square = np.hstack([np.array([[0.0, 0], [20, 0], [20, 20], [0, 20]]), np.zeros((4, 4))])
contour = Contour(square[:, :2])


def test_what_is_sound_stays_and_what_nothing_else_mends_is_drawn_as_the_nearest_sound_frame():
    places = np.tile([0.0, 20, 40, 60], (6, 1))
    outlines = np.repeat(square[None], 6, axis=0)
    outlines[2:, :, :2] *= (2, 1)
    outlines[3] = square[[0, 2, 1, 3]]
    places[3] = 0, 40, 20, 60
    sound = sound_outlines(outlines, [contour] * 6, places)
    others = [0, 1, 2, 4, 5]
    assert (sound[others] == outlines[others]).all()
    assert sound[3] == pytest.approx(outlines[2] - (10, 0, 0, 0, 0, 0))  # with its middle where the crossed one has it


def test_of_no_sound_frame_at_all_sound_ones_are_made():
    crossed = np.repeat(square[None, [0, 2, 1, 3]], 2, axis=0)
    assert are_sound(sound_outlines(crossed, [contour] * 2, np.tile([0.0, 40, 20, 60], (2, 1)))).all()


def trembling_fold() -> np.ndarray:
    """A box on twelve frames; two knots of its upper edge change places to and fro, and halfway they would cross."""
    box = np.array([[0, 0], [15, -1], [5, -12], [20, 0], [20, 20], [0, 20]], dtype=float)
    step = np.array([[0, 0], [0, -11], [0, 11], [0, 0], [0, 0], [0, 0]], dtype=float)
    there = np.arange(12)[:, None, None] % 2
    return np.concatenate([box + there * step, np.zeros((12, 6, 4))], axis=-1)


def test_frames_that_would_cross_themselves_without_flicker_keep_it():
    outlines = trembling_fold()
    assert not is_sound(outlines[:2].mean(axis=0))
    assert are_sound(outlines).all()
    assert are_sound(calm_outlines(outlines, 1.0)).all()


def test_frames_that_are_kept_stay_to_the_bit_and_the_others_are_calmed():
    outlines = np.repeat(square[None], 12, axis=0)
    outlines[..., :2] += np.random.default_rng(1).normal(0, 1, (12, 4, 2))
    calmed = calm_outlines(outlines, 1.0, kept=[0, 5])
    assert (calmed[[0, 5]] == outlines[[0, 5]]).all()
    assert (np.abs(calmed - outlines)[[1, 2, 3, 4, 6, 7, 8, 9, 10, 11]].max(axis=(1, 2)) > 0.1).all()

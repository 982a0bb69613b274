"""Which frames are keyed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roto_geometry.guards import is_sound
from roto_geometry.keys import interpolate, reduce_keys

square = np.hstack([np.array([[0.0, 0], [20, 0], [20, 20], [0, 20]]), np.zeros((4, 4))])


def moved(way: np.ndarray) -> np.ndarray:
    """The square shifted along x by each number of ``way``."""
    outlines = np.repeat(square[None], len(way), axis=0)
    outlines[:, :, 0] += way[:, None]
    return outlines


def test_a_steady_motion_needs_two_keys():
    assert reduce_keys(moved(np.arange(12.0) * 3), range(1, 13), 0.5, is_sound)[0] == [0, 11]


def test_a_turn_is_keyed_where_it_happens():
    way = np.abs(np.arange(-6.0, 7)) * 4
    assert reduce_keys(moved(way), range(13), 0.5, is_sound)[0] == [0, 6, 12]


def test_frames_that_are_missing_from_the_plate_do_not_bend_the_motion():
    frames = [1, 2, 3, 7, 8, 20]
    assert len(reduce_keys(moved(np.array(frames) * 2.0), frames, 0.1, is_sound)[0]) == 2


def test_sliding_along_the_outline_needs_no_keys():
    angle = np.arange(16) * (np.pi / 8)
    turns = [angle + 0.002 * frame**2 for frame in range(8)]
    outlines = np.array([np.column_stack([50 * np.cos(a), 50 * np.sin(a), *np.zeros((4, 16))]) for a in turns])
    assert len(reduce_keys(outlines, range(8), 0.6, is_sound)[0]) == 2


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0.2, 3))
def test_every_frame_stays_within_the_tolerance_and_is_sound(seed, tolerance):
    way = np.cumsum(np.random.default_rng(seed).normal(0, 2, 15))
    outlines = moved(way)
    chosen, values = reduce_keys(outlines, range(15), tolerance, is_sound)
    drawn = interpolate(values, np.arange(15.0), chosen)
    off = np.abs(drawn[:, :, 0] - outlines[:, :, 0]).max(axis=1) / np.sqrt(2)
    assert off.max() <= tolerance + 1e-9
    assert all(is_sound(outline) for outline in drawn)


def test_what_may_not_stand_between_two_keys_becomes_a_key():
    chosen, _ = reduce_keys(moved(np.arange(9.0)), range(9), 1.0, lambda outline: outline[0, 0] != pytest.approx(4))
    assert 4 in chosen or len(chosen) > 2

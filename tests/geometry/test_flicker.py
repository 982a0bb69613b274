"""Flicker goes, motion stays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import disc

from roto_geometry.fit.flicker import calm
from roto_geometry.fitting import fit_shapes, fitted_document
from roto_geometry.settings import FitSettings

FRAMES = 30


def oval(frames: int = FRAMES) -> np.ndarray:
    """An outline of 24 knots, the same on all frames: (frames, 24, 6)."""
    angle = np.arange(24) * (np.pi / 12)
    spoke = np.column_stack([np.cos(angle), np.sin(angle)])
    handle = np.column_stack([-spoke[:, 1], spoke[:, 0]]) * 4.5
    outline = np.hstack([300 + spoke * (60, 40), -handle, handle])
    return np.repeat(outline[None], frames, axis=0)


def trembling(outlines: np.ndarray, px: float, seed: int = 3) -> np.ndarray:
    return outlines + np.random.default_rng(seed).normal(0, px, outlines.shape)


def test_no_smoothness_leaves_outlines_as_they_are():
    outlines = trembling(oval(), 2.0)
    assert calm(outlines, 0.0) is outlines


@given(smoothness=st.floats(0.12, 1.0), speed=st.floats(-4, 4), pull=st.floats(-0.1, 0.1))
def test_a_knot_that_speeds_up_evenly_stays_on_its_path(smoothness, speed, pull):
    outlines = oval()
    time = np.arange(FRAMES)
    outlines[:, 0, 0] += speed * time + pull * time**2
    assert np.abs(calm(outlines, smoothness) - outlines)[:, :, :2].max() < 0.6


def test_the_camera_may_shake_as_it_likes():
    shake = np.random.default_rng(1).normal(0, 8, (FRAMES, 1, 2))
    outlines = oval()
    outlines[:, :, :2] += shake
    assert np.allclose(calm(outlines, 1.0), outlines, atol=0.05)


def test_more_smoothness_leaves_less_trembling():
    outlines = trembling(oval(), 1.5)
    left = [np.std(calm(outlines, smoothness) - oval()) for smoothness in (0.0, 0.25, 0.5, 1.0)]
    assert left == sorted(left, reverse=True)
    assert left[-1] < 0.5 * left[0]


def test_one_bad_frame_is_not_followed():
    outlines = trembling(oval(), 0.2)
    outlines[12, 3:5, :2] += 25
    assert np.abs(calm(outlines, 0.5) - oval())[12, :, :2].max() < 1.5


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_few_frames_are_too_few_to_judge(frames):
    outlines = trembling(oval(frames), 1.0)
    assert calm(outlines, 1.0).shape == outlines.shape


def test_a_trembling_matte_needs_fewer_keys_when_it_is_smoothed():
    rng = np.random.default_rng(5)
    masks = [(frame, disc((128, 96), (60 + rng.normal(0, 0.3), 48), 25 + rng.normal(0, 1.5))) for frame in range(24)]
    keys = []
    for smoothness in (0.0, 1.0):
        document = fitted_document(
            [fit_shapes(masks, FitSettings(smoothness=smoothness, track=False))], (128, 96), (0, 23)
        )
        keys.append(sum(len(shape.keys) for shape in document.shapes()))
    assert keys[1] < 0.6 * keys[0]

"""Key values that err least over all frames at once."""

from dataclasses import replace

import numpy as np
import pytest

from roto_geometry.follow.registration import place_outlines
from roto_geometry.keys.placed import PlacedKeys
from roto_geometry.keys.spacetime import Holds, Keying, PlacedWanted, exact_values, key_values, refine_values
from roto_geometry.keys.wanted import Wanted, sampled
from roto_shared.timeline import Interpolation

FRAMES = 9


def rings(widths: np.ndarray) -> np.ndarray:
    """A ring of eight knots on each frame, of 40 px across times each of ``widths``, and 40 px high."""
    angle = np.arange(8) * (np.pi / 4)
    spoke = 40 * np.column_stack([np.cos(angle), np.sin(angle)])
    handle = np.column_stack([-spoke[:, 1], spoke[:, 0]]) * 0.26
    outlines = np.repeat(np.hstack([spoke, -handle, handle])[None], len(widths), axis=0)
    outlines[..., ::2] *= widths[:, None, None]
    return outlines


def skewing(frames: int = FRAMES) -> np.ndarray:
    """Placements that turn, skew, stretch and move more and more."""
    time = np.arange(frames)[:, None, None]
    return np.eye(2, 3) + time * np.array([[0.02, -0.06, 5.0], [0.04, -0.03, -3.0]])


@pytest.mark.parametrize("pinned", [frozenset(), frozenset({0, 8}), frozenset({4})])
@pytest.mark.parametrize("interpolation", [Interpolation.LINEAR, Interpolation.SMOOTH])
def test_keys_that_draw_what_is_wanted_already_stay_as_they_are(pinned, interpolation):
    still = rings(np.linspace(1, 1.5, FRAMES))
    outlines = place_outlines(skewing(), still)
    wanted = Wanted(outlines, range(FRAMES), 1.0, pinned=pinned, interpolation=interpolation)
    keying = Keying.of(wanted, [0, 4, 8])
    exact = exact_values(still, wanted, keying)
    for holds in (Holds.none(8), Holds(np.array([2.0, 5.5]), np.full((2, 8), 10.0))):
        refined = refine_values(exact, PlacedWanted(wanted, skewing()), keying, holds)
        assert refined == pytest.approx(exact, abs=0.01)


def test_a_pinned_key_keeps_its_values_and_its_slope_serves_what_is_drawn_beside_it():
    outlines = rings(1 + 0.3 * np.sin(np.arange(FRAMES) * 0.6))
    free = Wanted(outlines, range(FRAMES), 1.0, interpolation=Interpolation.SMOOTH)
    wanted = replace(free, pinned=frozenset({0, 8}))
    keying = Keying.of(wanted, [0, 8])
    exact = exact_values(outlines, wanted, keying)
    refined = refine_values(exact, PlacedWanted.unplaced(wanted), keying)
    off = [
        wanted.errors(sampled(PlacedKeys.of([0, 8], values, wanted.interpolation).drawn(wanted.times))[0]).max()
        for values in (exact, refined)
    ]
    assert (refined[::2] == exact[::2]).all()
    assert off[1] < 0.8 * off[0]


def test_frames_on_which_a_knot_is_hidden_do_not_draw_its_keys_away():
    outlines = rings(np.ones(FRAMES))
    outlines[3:6, 2, :2] += 30
    weight = np.ones(outlines.shape[:2])
    weight[3:6, 1:3] = 0
    wanted = Wanted(outlines, range(FRAMES), 1.0, weight=weight)
    values = key_values(outlines, wanted, Keying.of(wanted, [0, 8]))
    assert values[:, 2, :2] == pytest.approx(outlines[[0, 8], 2, :2], abs=0.5)

"""What keys on any frames would err by, and the fewest that err little enough."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_geometry.follow.registration import place_outlines, unmoved
from roto_geometry.keys import keytimes
from roto_geometry.keys.keytimes import SpanErrors, key_times, span_errors
from roto_geometry.keys.timebase import basis, with_slopes
from roto_geometry.keys.wanted import Wanted, rms, sampled
from roto_shared.timeline import Interpolation

FRAMES = 9
NEAR = 4


def wobbling(seed: int, frames: int = FRAMES) -> np.ndarray:
    """A hexagon of 40 px, every knot of which trembles on its own."""
    angle = np.arange(6) * (np.pi / 3)
    corners = np.column_stack([40 * np.cos(angle), 40 * np.sin(angle), *np.zeros((4, 6))])
    return corners + np.random.default_rng(seed).normal(0, 2, (frames, 6, 6))


@given(st.integers(0, 2**32 - 1), st.sampled_from([Interpolation.LINEAR, Interpolation.SMOOTH]))
def test_errors_between_any_two_near_frames_are_those_of_what_is_drawn_between_keys_on_them(seed, interpolation):
    random = np.random.default_rng(seed)
    times = np.cumsum(random.integers(1, 4, FRAMES)).astype(float)
    outlines = wobbling(seed)
    weight = random.uniform(0, 1, outlines.shape[:2])
    wanted = Wanted(outlines, times, random.uniform(0.5, 2, FRAMES), weight=weight, interpolation=interpolation)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(keytimes, "FARTHEST", NEAR)
        errors = span_errors(wanted)
    keys = with_slopes(outlines, times, interpolation)
    judged = slice(None, None, keytimes.EVERY)
    for start, end in [pair for pair in combinations(range(FRAMES), 2) if pair[1] - pair[0] > 1]:
        inner = slice(start + 1, end)
        weights = basis(times, [start, end], interpolation, times[inner])
        drawn = np.einsum("tk,knc->tnc", weights, np.concatenate(keys[[start, end]]))
        away = (sampled(drawn)[0] - wanted.curve[inner])[:, judged]
        off = rms(away, wanted.across[inner, judged], wanted.sample_weight[inner, judged]) / wanted.limit_px[inner]
        if end - start > NEAR:
            assert errors.between(start, end) == np.inf
        else:
            assert errors.between(start, end) == pytest.approx(off.max(), abs=1e-6)
            assert errors.squared[start, end - start] == pytest.approx((off**2).sum(), abs=1e-6)


def test_what_is_hidden_does_not_keep_a_placement_from_explaining_what_is_seen():
    turn = np.linspace(0, 0.5, FRAMES)
    turned = np.array([[[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0]] for a in turn])
    outlines = place_outlines(turned, np.repeat(wobbling(1)[:1], FRAMES, axis=0))
    outlines[:, 2, :2] += np.random.default_rng(2).normal(0, 10, (FRAMES, 2))
    weight = np.ones(outlines.shape[:2])
    weight[:, :4] = 0, 0, 0, 0.5
    hidden = Wanted(outlines, range(FRAMES), 1.0, weight=weight)
    assert span_errors(hidden, unmoved(FRAMES)).worst.max() < 0.1 < 1 < span_errors(hidden).worst.max()


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 4), st.sets(st.integers(0, FRAMES - 1), max_size=3))
def test_key_times_are_the_fewest_that_err_by_no_more_than_asked_and_among_those_the_closest(seed, most, pinned):
    worst = np.random.default_rng(seed).uniform(0, 6, (FRAMES, NEAR + 1))
    worst[:, :2] = 0
    errors = SpanErrors(worst, worst**2 * np.maximum(np.arange(NEAR + 1) - 1, 0))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(keytimes, "FARTHEST", NEAR)
        chosen = key_times(errors, most, pinned)

    def holds(keys):
        return pinned <= {*keys} and all(errors.between(*pair) <= most for pair in pairwise(keys))

    def price(keys):
        return len(keys), sum(errors.squared[start, end - start] for start, end in pairwise(keys))

    inner = [inside for count in range(FRAMES - 1) for inside in combinations(range(1, FRAMES - 1), count)]
    assert holds(chosen)
    assert price(chosen) == pytest.approx(
        min(price(keys) for keys in ((0, *i, FRAMES - 1) for i in inner) if holds(keys))
    )

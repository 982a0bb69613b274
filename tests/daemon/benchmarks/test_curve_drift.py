"""Drift of knots under motion that is known."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from roto_daemon.benchmarks.curves.drift import STEPS, Warp, measure_drift, strays_of, warped_masks, warped_picture
from roto_daemon.benchmarks.curves.score import every_key
from roto_geometry.settings import FitSettings
from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, Knot, Lifetime, ShapeDocument, ShapeKey

ANGLES = np.linspace(0, 2 * np.pi, 400, endpoint=False)
CIRCLE = np.column_stack([150 + 60 * np.cos(ANGLES), 120 + 40 * np.sin(ANGLES)])


def followed(warp: Warp, last: int = STEPS) -> ShapeDocument:
    """Knots that go exactly where the warp takes them, keyed on every frame up to the last one."""
    keys = [
        ShapeKey(float(f), tuple(Knot(x, y) for x, y in warp.at(CIRCLE[::20], f / STEPS).tolist()))
        for f in range(last + 1)
    ]
    return ShapeDocument(300, 240, (KeyedShape("exact", tuple(keys), lifetime=Lifetime(0, last)),), 0, STEPS)


@pytest.mark.parametrize("seed", range(6))
def test_a_warp_begins_as_it_is_and_never_folds(seed):
    warp = Warp.random(CIRCLE, seed)
    assert warp.at(CIRCLE, 0) == pytest.approx(CIRCLE, abs=1e-9)
    grid = np.stack(np.meshgrid(np.arange(80, 221.0), np.arange(70, 171.0)), axis=-1)
    moved = warp.at(grid.reshape(-1, 2), 1.0).reshape(grid.shape)
    down, across = np.diff(moved, axis=0)[:, :-1], np.diff(moved, axis=1)[:-1]
    assert (across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]).min() > 0


def test_the_same_seed_is_the_same_warp():
    assert np.array_equal(Warp.random(CIRCLE, 3).at(CIRCLE, 1.0), Warp.random(CIRCLE, 3).at(CIRCLE, 1.0))


def test_knots_that_follow_the_warp_do_not_drift():
    strays, lived = strays_of(followed(Warp.random(CIRCLE, 1)), Warp.random(CIRCLE, 1))
    assert strays == pytest.approx(0, abs=1e-9)
    assert lived.all()


def test_knots_that_stay_behind_drift_by_the_motion():
    still = replace(Warp.random(CIRCLE, 1), shift=np.zeros(2), affine=np.zeros((2, 2)), wave=np.zeros(2), twist=0.0)
    moving = replace(still, shift=np.array([3.0, 4.0]))
    assert strays_of(followed(still), moving)[0] == pytest.approx(5)


def test_a_shape_that_ends_early_is_measured_where_it_ends():
    warp = Warp.random(CIRCLE, 2)
    strays, lived = strays_of(followed(warp, last=10), warp)
    assert strays == pytest.approx(0, abs=1e-9)
    assert not lived.any()


def test_warped_masks_have_the_outlines_area():
    warp = Warp.random(CIRCLE, 4)
    masks = dict(warped_masks(CIRCLE, warp, (300, 240)))
    moved = warp.at(CIRCLE, 1.0)
    area = 0.5 * abs(np.sum(moved[:, 0] * np.roll(moved[:, 1], -1) - np.roll(moved[:, 0], -1) * moved[:, 1]))
    assert masks[STEPS].sum() == pytest.approx(area, rel=1e-3)
    assert len(masks) == STEPS + 1


def test_the_fit_of_a_real_outline_keeps_its_shape_and_says_how_far_it_drifts():
    mask = np.zeros((200, 200), bool)
    mask[60:140, 50:90] = mask[110:140, 50:160] = True
    drift = measure_drift(mask, FitSettings(), seeds=(1,))
    assert 0 < drift.mean_px <= drift.p95_px < 20
    assert (drift.knots > 4, drift.lived) == (True, 1.0)


def test_an_empty_mask_has_no_outline_to_follow():
    with pytest.raises(InputError, match="empty"):
        measure_drift(np.zeros((20, 20), bool), FitSettings())


def test_a_warped_picture_takes_the_texture_along_and_leaves_the_ground():
    rows, columns = np.mgrid[:240, :300]
    picture = np.stack([columns * 255 / 300, rows * 255 / 240, np.full(rows.shape, 9.0)], axis=-1).astype(np.uint8)
    warp = Warp.random(CIRCLE, 5)
    moved = warped_picture(picture, CIRCLE, warp, STEPS)
    inside = np.array([(150.5, 120.5), (130.5, 110.5), (170.5, 130.5)])
    x, y = np.floor(warp.at(inside, 1.0)).astype(int).T
    was = np.floor(inside).astype(int)
    assert np.abs(moved[y, x].astype(int) - picture[was[:, 1], was[:, 0]]).max() <= 3
    assert (moved[2, 2] == picture[::-1][2, 2]).all()


def test_knots_on_a_plain_edge_drift_less_where_the_picture_is_seen():
    columns, rows = np.meshgrid(np.arange(200) + 0.5, np.arange(160) + 0.5)
    disc = np.hypot(columns - 100, rows - 80) <= 50
    noise = np.random.default_rng(1).integers(0, 255, (160, 200, 3), dtype=np.uint8)
    picture = np.asarray(cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 2), None, 0, 255, cv2.NORM_MINMAX), np.uint8)
    settings = every_key(FitSettings())
    unseen, seen = (measure_drift(disc, settings, picture=given).mean_px for given in (None, picture))
    assert seen < 0.6 * unseen

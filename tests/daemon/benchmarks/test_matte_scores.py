"""Errors of mattes, and composites whose alpha is known."""

import cv2
import numpy as np
import pytest

from roto_daemon.backends.closed_form import ClosedForm
from roto_daemon.benchmarks.curves.footage import find_footage
from roto_daemon.benchmarks.mattes.composites import hair, soft_objects, tracked_mask
from roto_daemon.benchmarks.mattes.run import BLUR, score_mattes, table_of
from roto_daemon.benchmarks.mattes.score import score_matte, true_band
from roto_shared.errors import InputError


def disc(shape=(90, 120), radius=25.0) -> np.ndarray:
    rows, columns = np.mgrid[: shape[0], : shape[1]] + 0.5
    return np.clip(radius - np.hypot(columns - 60, rows - 45) + 0.5, 0, 1).astype(np.float32)


def test_a_perfect_matte_has_no_error():
    error = score_matte(disc(), disc())
    assert (error.sad, error.mse, error.grad, error.conn) == (0, 0, 0, 0)


def test_sad_and_mse_are_what_they_are_called():
    alpha, matte = disc(), disc()
    band = true_band(alpha)
    matte[band] = np.clip(alpha[band] - 0.1, 0, 1)
    error = score_matte(matte, alpha)
    apart = np.abs(matte - alpha)[band].astype(float)
    assert error.sad == pytest.approx(apart.sum() / 1000)
    assert error.mse == pytest.approx((apart**2).mean() * 1000)


def test_what_lies_far_from_the_edge_is_not_judged():
    alpha, matte = disc(), disc()
    matte[:5, :5] = 1
    assert score_matte(matte, alpha).sad == 0


def test_a_piece_that_is_cut_off_counts_as_disconnected():
    alpha = disc()
    loose, joined = alpha.copy(), alpha.copy()
    loose[40:50, 95:105] = 1
    joined[40:50, 75:105] = 1
    assert score_matte(loose, alpha).conn > 0.05
    assert score_matte(joined, alpha).sad > score_matte(loose, alpha).sad


def test_a_blurred_edge_has_another_gradient():
    blurred = cv2.GaussianBlur(disc(), (0, 0), 3)
    assert score_matte(blurred, disc()).grad > 10 * score_matte(disc(radius=25.2), disc()).grad > 0


def test_a_trackers_mask_strays_by_about_a_pixel():
    mask = tracked_mask(disc(), seed=1)
    differs = (mask >= 0.5) ^ (disc() >= 0.5)
    assert 0 < differs.sum() < 4 * 2 * np.pi * 25
    assert np.array_equal(mask, tracked_mask(disc(), seed=1))


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(2)
    for name, colour in (("one", (30, 60, 200)), ("two", (40, 180, 60))):
        for part in ("frames", "gt"):
            (tmp_path / "clips" / name / part).mkdir(parents=True)
        for frame in range(4):
            picture = rng.integers(90, 120, (90, 120, 3), np.uint8)
            inside = disc() > 0.5
            picture[inside] = colour
            cv2.imwrite(str(tmp_path / "clips" / name / "frames" / f"{frame}.png"), picture)
            cv2.imwrite(str(tmp_path / "clips" / name / "gt" / f"{frame}.png"), inside.astype(np.uint8) * 255)
    (tmp_path / "stills").mkdir()
    cv2.imwrite(str(tmp_path / "stills" / "fur_alpha.png"), (disc() * 255).astype(np.uint8))
    cv2.imwrite(str(tmp_path / "stills" / "fur_foreground.png"), np.full((90, 120, 3), 40, np.uint8))
    return tmp_path / "clips"


def test_composites_are_exact(data):
    footage = find_footage(data)
    made = [*soft_objects(footage), *hair(data.parent, footage)]
    assert len(made) == 2 * 2 * 4 + 2
    assert {one.kind for one in made} == {"σ 0.5 px", "σ 2 px", "σ 4 px", "σ 8 px", "hair"}
    first = made[0]
    assert np.abs(first.image[first.alpha > 0.999].astype(int) - (200, 60, 30)).mean() < 2, "the object, in RGB"
    assert first.image[first.alpha == 0].mean() == pytest.approx(104.5, abs=2), "the other sequence's ground"


def test_every_method_is_scored_on_every_composite(data):
    scored = score_mattes(ClosedForm(), data, lambda _: None)
    header, *rows = table_of(scored)
    assert header == [
        "method",
        "σ 0.5 px",
        "σ 2 px",
        "σ 4 px",
        "σ 8 px",
        "hair",
        "SAD",
        "MSE",
        "Grad",
        "Conn",
        "of Gaussian",
    ]
    assert [row[0] for row in rows] == ["mask as it is", BLUR, "guided filter", "band of 20 px", "fast", "good", "best"]
    assert next(row[-1] for row in rows if row[0] == BLUR) == "1.00"
    assert float(next(row[-1] for row in rows if row[0] == "good")) < 1


def test_a_still_without_its_foreground_is_named(data):
    (data.parent / "stills" / "fur_foreground.png").unlink()
    with pytest.raises(InputError, match="fur_foreground"):
        list(hair(data.parent, find_footage(data)))

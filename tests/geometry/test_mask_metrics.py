"""J and F as the official DAVIS code has them."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from roto_geometry.measure.mask_metrics import boundary_f, davis_radius_px, jaccard
from roto_seg.scoring import score_pairs, scored_frames
from roto_shared.errors import InputError

masks = arrays(bool, (10, 12))


@given(masks, masks)
def test_j_is_symmetric_and_one_only_for_equal_masks(a, b):
    assert jaccard(a, b) == jaccard(b, a)
    assert 0 <= jaccard(a, b) <= 1
    assert (jaccard(a, b) == 1) == bool((a == b).all())


@given(masks, masks, st.integers(0, 4))
def test_f_is_within_bounds_symmetric_and_grows_with_the_distance(a, b, radius):
    assert 0 <= boundary_f(a, b, radius) <= boundary_f(a, b, radius + 1) + 1e-12 <= 1 + 1e-12
    assert boundary_f(a, b, radius) == pytest.approx(boundary_f(b, a, radius))


@given(masks)
def test_a_mask_agrees_with_itself(mask):
    assert jaccard(mask, mask) == 1
    assert boundary_f(mask, mask, 0) == 1


def test_two_empty_masks_agree_and_one_empty_mask_does_not():
    empty, full = np.zeros((5, 5), bool), np.eye(5, dtype=bool)
    assert jaccard(empty, empty) == boundary_f(empty, empty) == 1
    assert jaccard(empty, full) == boundary_f(empty, full) == 0


def test_the_match_distance_at_480p_is_eight_pixels():
    assert davis_radius_px((480, 854)) == 8


def test_masks_of_different_sizes_are_refused():
    with pytest.raises(InputError):
        jaccard(np.zeros((4, 4)), np.zeros((4, 5)))


def test_the_first_and_last_frame_are_not_scored():
    assert scored_frames([1001, 1002, 1003, 1004]) == [1002, 1003]
    assert scored_frames([1001, 1002]) == [1001, 1002]


@pytest.mark.parametrize(
    "sequence", ["blackswan", "bmx-trees", "car-shadow", "dance-twirl", "dog", "kite-surf", "libby"]
)
def test_the_official_figures_come_out_to_three_decimals(davis: Path, sequence: str):
    if not (davis / sequence).is_dir():
        pytest.skip(f"no sequence {sequence} in {davis}")
    results = [_ids(path) > 0 for path in sorted((davis / sequence / "osvos").glob("*.png"))]
    truths = [_ids(path) > 0 for path in sorted((davis / sequence / "gt").glob("*.png"))]
    score = score_pairs((frame, results[frame], truths[frame]) for frame in scored_frames(range(len(truths))))
    golden = _golden(davis.parent / "osvos_golden.tsv")[sequence]
    assert [score.mean("j"), score.recall("j")] == pytest.approx(
        [float(golden["J_mean"]), float(golden["J_recall"])], abs=5e-4
    )
    assert [score.mean("davis_f"), score.recall("davis_f")] == pytest.approx(
        [float(golden["F_mean"]), float(golden["F_recall"])], abs=5e-4
    )


def _ids(path: Path) -> np.ndarray:
    """Any non-zero colour is the object: the palette's first colour is black."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture).max(axis=2)


def _golden(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="") as file:
        return {row["sequence"]: row for row in csv.DictReader(file, delimiter="\t")}

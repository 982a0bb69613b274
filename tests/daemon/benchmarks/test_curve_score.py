"""Everything that is measured on a sequence, in tables and against the targets."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from roto_daemon.benchmarks.curves.footage import Footage, find_footage
from roto_daemon.benchmarks.curves.hd import hd_masks, measure_hd
from roto_daemon.benchmarks.curves.run import score_folder
from roto_daemon.benchmarks.curves.score import CurveScore, every_key, score_sequence
from roto_daemon.benchmarks.curves.table import hd_table, tables
from roto_daemon.benchmarks.curves.targets import judge
from roto_geometry.fitting import fit_shapes
from roto_geometry.settings import FitSettings
from roto_shared.errors import InputError


@pytest.fixture(scope="session")
def true_score(sequences: Path) -> CurveScore:
    return score_sequence(Footage(sequences / "moving"), "gt", FitSettings())


@pytest.fixture(scope="session")
def network_score(sequences: Path) -> CurveScore:
    return score_sequence(Footage(sequences / "moving"), "osvos", FitSettings())


def verdicts(*scores: CurveScore) -> dict[str, tuple[str, str]]:
    return {verdict.target.name: (verdict.reached, verdict.because) for verdict in judge(scores)}


def changed(score: CurveScore, **figures: float) -> CurveScore:
    return replace(score, figures=replace(score.figures, **figures))


def test_a_key_on_every_frame_is_one(sequences: Path):
    result = fit_shapes(Footage(sequences / "moving").masks("gt"), every_key(FitSettings()))
    assert [len(shape.keys) for shape in result.shapes] == [6] * len(result.shapes)


def test_keys_on_every_frame_agree_at_least_as_well_as_sparse_ones(true_score: CurveScore):
    assert true_score.figures.key_ratio < 1
    assert true_score.iou_every_key > 0.98
    assert true_score.iou_drop > -0.002


def test_true_masks_have_points_and_drift_and_a_networks_have_the_truth_beside_them(true_score, network_score):
    assert true_score.drift is not None
    assert true_score.truth is None
    assert set(true_score.ladders) >= {"ours", "polygon"}
    assert (network_score.drift, dict(network_score.ladders)) == (None, {})
    assert network_score.truth.iou < network_score.figures.iou
    assert network_score.masks_truth.iou == pytest.approx(network_score.truth.iou, abs=0.05)


def test_true_masks_are_drawn_in_parts_too(true_score: CurveScore, network_score: CurveScore):
    assert true_score.parted is not None
    assert true_score.parted.figures.iou > 0.97
    assert 0 < true_score.parted.to_edit <= true_score.parted.to_edit_whole
    assert network_score.parted is None


def test_slide_is_small_where_knots_go_with_the_texture(true_score: CurveScore):
    assert true_score.figures.slide_median_px is not None
    assert true_score.figures.slide_median_px < 1


def test_the_worst_sequence_is_named_and_the_mean_is_the_mean(true_score: CurveScore):
    worse = replace(changed(true_score, iou=0.5), sequence="worse")
    first = next(tables([true_score, worse]))
    rows = {row[0]: row[1] for row in first.rows}
    assert rows["worst is"] == "worse"
    assert float(rows["mean"]) == pytest.approx((true_score.figures.iou + 0.5) / 2, abs=1e-4)


def test_every_table_is_there_for_both_kinds_of_masks(true_score, network_score):
    titles = "\n".join(table.title for table in tables([true_score, network_score]))
    for words in (
        "true masks",
        "a network's masks",
        "polygon",
        "Drawn in parts",
        "Drift",
        "Points for a mean IoU",
        "Targets",
    ):
        assert words in titles


def test_a_target_is_reached_by_rule(true_score: CurveScore):
    assert verdicts(changed(true_score, iou=0.981))["IoU with sparse keys"][0] == "moonshot"
    assert verdicts(changed(true_score, iou=0.96))["IoU with sparse keys"][0] == "must"
    assert verdicts(changed(true_score, iou=0.959))["IoU with sparse keys"][0] == ""


def test_a_target_of_two_figures_needs_both(true_score: CurveScore):
    slides = changed(true_score, slide_median_px=0.2, slide_p95_px=5.0)
    assert verdicts(slides)["slide median / p95, px"][0] == "must"


def test_few_keys_do_not_count_where_agreement_is_lost(true_score: CurveScore):
    rigid = replace(true_score, sequence="blackswan")
    good = changed(rigid, iou=rigid.iou_every_key - 0.004, key_ratio=0.1)
    bad = changed(rigid, iou=rigid.iou_every_key - 0.006, key_ratio=0.1)
    assert verdicts(good)["key ratio, rigid"][0] == "moonshot"
    assert verdicts(bad)["key ratio, rigid"] == ("", "IoU drop 0.0060 > 0.005")


def test_what_was_not_measured_is_not_reached(true_score: CurveScore):
    assert verdicts(true_score)["key ratio, rigid"] == ("", "not measured here")
    assert verdicts() == {}


def test_a_folder_is_scored_sequence_by_sequence_true_masks_first(sequences: Path):
    scores: Sequence[CurveScore] = list(score_folder(sequences, FitSettings(), jobs=2))
    assert [(s.sequence, s.masks) for s in scores] == [("moving", "gt"), ("still", "gt"), ("moving", "osvos")]
    assert all(score.peak_memory_mb > 10 and score.fit_cpu_s > 0 for score in scores)


def test_an_hd_shot_is_the_sequence_enlarged_there_and_back(sequences: Path):
    footage = Footage(sequences / "moving")
    masks = dict(hd_masks(footage, 12))
    small = dict(footage.masks("gt"))
    assert list(masks) == list(range(1, 13))
    assert masks[1].shape == (1080, 1440)
    assert masks[1].sum() == pytest.approx(small[0].sum() * 12**2, rel=0.01)
    assert (masks[5] == masks[7]).all()
    assert not (masks[5] == masks[6]).all()


def test_an_hd_shot_has_its_cost_in_a_table(sequences: Path):
    cost = measure_hd(Footage(sequences / "still"), FitSettings(), frames=2)
    assert (cost.frames, cost.cpu_s > 0, cost.peak_memory_mb > 10) == (2, True, True)
    assert cost.curves.iou > 0.97
    table = hd_table([(cost, cost)])
    row = dict(zip(table.header, table.rows[0], strict=True))
    assert (row[""], row["points"]) == ("still", f"{cost.curves.points_per_frame:.0f}")


def test_sequences_are_found_by_name_and_missing_ones_are_named(sequences: Path, tmp_path: Path):
    assert [footage.name for footage in find_footage(sequences, ["still"])] == ["still"]
    with pytest.raises(InputError, match="“swan”"):
        find_footage(sequences, ["swan"])
    with pytest.raises(InputError, match="holds no sequences"):
        find_footage(tmp_path)


def test_a_mask_that_cannot_be_read_is_named_from_the_process_that_met_it(tmp_path: Path):
    bad = tmp_path / "broken" / "gt" / "00000.png"
    bad.parent.mkdir(parents=True)
    bad.write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"00000\.png"):
        list(score_folder(tmp_path, FitSettings()))

"""Tracers that know nothing of time, and points a frame needs."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_daemon.benchmarks.curves.footage import Footage
from roto_daemon.benchmarks.curves.perframe import Rung, climb, points_at, pooled
from roto_daemon.benchmarks.curves.rivals import Polygon, Potrace, has_potrace, score_rival
from roto_geometry.settings import FitSettings

RUNGS = (Rung(1.0, 0.95, 10), Rung(2.0, 0.99, 30), Rung(3.0, 0.985, 40))


def square() -> np.ndarray:
    mask = np.zeros((60, 80), bool)
    mask[10:50, 20:60] = True
    return mask


def test_a_square_is_a_polygon_of_few_points_and_two_numbers_each():
    traced = Polygon(1.0)(square())
    assert traced.points <= 8
    assert traced.values == 2 * traced.points


@pytest.mark.needs("potrace")
def test_potrace_is_read_back_where_it_drew():
    score = score_rival(Potrace(), [(1, square()), (2, square())])
    assert score.agreement.iou > 0.99
    assert score.stored_values == 6 * 2 * score.points_per_frame
    assert score.cpu_s > 0


@pytest.mark.needs("potrace")
def test_potrace_leaves_out_specks_that_it_is_told_to():
    mask = square()
    mask[2:5, 2:5] = True
    assert Potrace(turdsize=20)(mask).points < Potrace(turdsize=2)(mask).points


def test_a_rival_that_drew_a_networks_masks_is_compared_with_the_true_ones_too(sequences: Path):
    footage = Footage(sequences / "moving")
    truths = dict(footage.masks("gt"))
    score = score_rival(Polygon(0.5), list(footage.masks("osvos")), truths)
    assert score.truth is not None
    assert score.truth.iou < score.agreement.iou


def test_points_are_interpolated_between_rungs_that_none_beats():
    assert points_at(RUNGS, 0.97) == pytest.approx(20)
    assert points_at(RUNGS, 0.99) == pytest.approx(30)


def test_points_below_the_coarsest_rung_are_its_own_and_above_the_best_there_are_none():
    assert points_at(RUNGS, 0.9) == 10
    assert points_at(RUNGS, 0.995) is None
    assert points_at((), 0.9) is None


@given(st.lists(st.tuples(st.floats(0.5, 1), st.floats(4, 500)), min_size=2), st.floats(0.5, 1), st.floats(0.5, 1))
def test_a_closer_fit_never_needs_fewer_points(places, one, other):
    rungs = [Rung(0.0, iou, points) for iou, points in places]
    less, more = (points_at(rungs, iou) for iou in sorted((one, other)))
    assert more is None or (less is not None and less <= more + 1e-9)


def test_pooled_rungs_are_means_of_the_same_setting():
    (rung,) = pooled([{"ours": (Rung(1.0, 0.9, 10),)}, {"ours": (Rung(1.0, 0.8, 20),)}])["ours"]
    assert (rung.iou, rung.points) == (pytest.approx(0.85), 15)


def test_an_ellipse_needs_fewer_points_of_ours_than_of_a_polygon(sequences: Path):
    ladders = climb(list(Footage(sequences / "moving").masks("gt"))[:2], FitSettings())
    ours, polygon = (points_at(ladders[method], 0.97) for method in ("ours", "polygon"))
    assert ours is not None
    assert polygon is not None
    assert ours < polygon
    assert ("potrace" in ladders) == has_potrace()

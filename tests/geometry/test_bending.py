"""Where points of one contour go on another."""

from itertools import pairwise

import numpy as np
import pytest

from roto_geometry.arclength import Contour
from roto_geometry.follow.bending import bend_onto
from roto_geometry.follow.correspondence import link_contours

CORNERS = np.array([(60, 60), (160, 60), (160, 80), (110, 90), (110, 160), (60, 170)], float)
HINGE = np.array([90.0, 70.0])


def outline(bend: float = 0.0, shift: tuple[float, float] = (0, 0), stretch: float = 1.0) -> Contour:
    """A hook whose right arm turns by ``bend`` radians about (90, 70), fully from x = 130 on."""
    points = Contour(CORNERS).at(np.arange(0, Contour(CORNERS).length, 1.0))
    turn = bend * np.clip((points[:, 0] - 100) / 30, 0, 1)
    away = points - HINGE
    turned = np.column_stack(
        [
            away[:, 0] * np.cos(turn) - away[:, 1] * np.sin(turn),
            away[:, 0] * np.sin(turn) + away[:, 1] * np.cos(turn),
        ]
    )
    return Contour((turned + HINGE) * (stretch, 1) + shift)


def strays(source: Contour, target: Contour) -> np.ndarray:
    """How far points end from where the same point of the outline is, px."""
    index = np.arange(0, len(source.points), 5)
    return np.linalg.norm(bend_onto(source, source.arc[index], target)[0] - target.points[index], axis=1)


def test_an_affine_motion_is_found():
    assert strays(outline(), outline(shift=(7, -4), stretch=1.05)).max() < 0.3


def test_an_arm_that_turns_is_followed_while_the_body_stands():
    away = strays(outline(), outline(bend=0.15))
    assert (np.median(away), np.max(away)) < (0.5, 3.0)


def test_corners_are_followed_through_many_small_turns_without_falling_behind():
    contours = [outline(bend=0.02 * step) for step in range(13)]
    index = np.linalg.norm(contours[0].points[:, None] - CORNERS, axis=2).argmin(axis=0)
    places = contours[0].arc[index]
    for before, after in pairwise(contours):
        places = link_contours(before, after).carry(places)
    assert np.linalg.norm(contours[-1].at(places) - contours[-1].points[index], axis=1).max() < 1.5


def test_directions_turn_with_the_edge():
    source, target = outline(), outline(bend=0.15)
    index = np.arange(0, len(source.points), 10)
    ways = bend_onto(source, source.arc[index], target)[1]
    assert np.linalg.norm(ways, axis=1) == pytest.approx(1)
    assert np.median(np.einsum("ij,ij->i", ways, target.directions(target.arc[index]))) > 0.995


def test_what_an_edge_cannot_tell_stays():
    angles = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    disc = Contour(50 + 30 * np.column_stack([np.cos(angles), np.sin(angles)]))
    places = np.arange(0, disc.length, 9.0)
    assert bend_onto(disc, places, disc)[0] == pytest.approx(disc.at(places), abs=1e-6)


def test_a_speck_is_no_trouble():
    speck = Contour(np.array([(5, 5.5), (5.5, 5), (6, 5.5), (5.5, 6)]))
    points, ways = bend_onto(speck, np.arange(4) * speck.length / 4, speck)
    assert np.isfinite(points).all()
    assert np.isfinite(ways).all()

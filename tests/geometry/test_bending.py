"""Where points of one contour go on another."""

from itertools import pairwise

import numpy as np
import pytest

from roto_geometry.arclength import Contour
from roto_geometry.follow.bending import bend_onto
from roto_geometry.follow.correspondence import link_contours

CORNERS = np.array([(60, 60), (160, 60), (160, 80), (110, 90), (110, 160), (60, 170)], float)
HINGE = np.array([90.0, 70.0])


def turned(points: np.ndarray, turn: np.ndarray | float, middle: np.ndarray) -> np.ndarray:
    """Points (n, 2) turned by ``turn`` radians, one or (n,), about ``middle``."""
    away = points - middle
    return middle + np.column_stack(
        [
            away[:, 0] * np.cos(turn) - away[:, 1] * np.sin(turn),
            away[:, 0] * np.sin(turn) + away[:, 1] * np.cos(turn),
        ]
    )


def outline(bend: float = 0.0, shift: tuple[float, float] = (0, 0), stretch: float = 1.0, turn: float = 0.0) -> Contour:
    """A hook, turned as a whole, whose right arm turns by ``bend`` radians about (90, 70), fully from x = 130 on."""
    points = Contour(CORNERS).at(np.arange(0, Contour(CORNERS).length, 1.0))
    bent = turned(points, bend * np.clip((points[:, 0] - 100) / 30, 0, 1), HINGE)
    return Contour(turned(bent, turn, HINGE) * (stretch, 1) + shift)


def disc(radius_px: float) -> Contour:
    """A disc about (50, 50), clockwise on screen."""
    angles = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    return Contour(50 + radius_px * np.column_stack([np.cos(angles), np.sin(angles)]))


class Turning:
    """Pictures of what turns by ``turn`` radians about (50, 50) and goes ``off_px`` away from there."""

    depth_px = 4.0

    def __init__(self, turn: float, off_px: float = 0.0) -> None:
        self.turn = turn
        self.off_px = off_px
        self.asked = np.zeros((0, 2))

    def follow(self, points: np.ndarray, guess: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.asked = points
        assert len(guess) == len(points)
        away = turned(points, self.turn, np.array([50.0, 50.0])) - 50
        return 50 + away * (1 + self.off_px / np.hypot(*away.T)[:, None]), np.ones(len(points))


def turns(contour: Contour, pictures: Turning | None) -> np.ndarray:
    """By how many radians places of a contour go about (50, 50) on the very same one."""
    places = np.arange(0, contour.length, 5.0)
    before, after = contour.at(places) - 50, bend_onto(contour, places, contour, pictures)[0] - 50
    way = np.arctan2(after[:, 1], after[:, 0]) - np.arctan2(before[:, 1], before[:, 0])
    return np.mod(way + np.pi, 2 * np.pi) - np.pi


def strays(source: Contour, target: Contour) -> np.ndarray:
    """How far points end from where the same point of the outline is, px."""
    index = np.arange(0, len(source.points), 5)
    return np.linalg.norm(bend_onto(source, source.arc[index], target)[0] - target.points[index], axis=1)


@pytest.mark.parametrize("shift", [(7, -4), (90, -60)])
def test_an_affine_motion_is_found_however_far_it_goes(shift):
    assert strays(outline(), outline(shift=shift, stretch=1.05)).max() < 0.3


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


def test_directions_turn_with_the_whole():
    source, target = outline(), outline(turn=0.4)
    index = np.arange(0, len(source.points), 10)
    ways = bend_onto(source, source.arc[index], target)[1]
    assert np.median(np.einsum("ij,ij->i", ways, target.directions(target.arc[index]))) > 0.999


def test_what_an_edge_cannot_tell_stays():
    assert turns(disc(30), None) == pytest.approx(0, abs=1e-6)


def test_where_an_edge_is_plain_pictures_tell_how_it_moves_along_itself():
    assert turns(disc(30), Turning(0.1)) == pytest.approx(0.1, abs=0.01)


def test_pictures_are_asked_inside_of_the_object():
    pictures = Turning(0.1)
    turns(disc(30), pictures)
    assert np.hypot(*(pictures.asked - 50).T) == pytest.approx(26, abs=0.1)


def test_where_an_object_is_too_thin_to_be_looked_at_pictures_have_no_say():
    assert turns(disc(3), Turning(0.1)) == pytest.approx(0, abs=1e-6)


def test_pictures_that_lead_off_the_edge_have_no_say():
    assert np.abs(turns(disc(30), Turning(0.1, off_px=30))).max() < 0.02


@pytest.mark.parametrize("step", [1, -1], ids=["", "another way round"])
def test_a_speck_is_no_trouble(step):
    speck = Contour(np.array([(5, 5.5), (5.5, 5), (6, 5.5), (5.5, 6)]))
    points, ways = bend_onto(speck, np.arange(4) * speck.length / 4, Contour(speck.points[::step]))
    assert np.isfinite(points).all()
    assert np.isfinite(ways).all()

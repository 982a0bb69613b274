"""Where points of one contour go on another, by a motion that is affine around every point.

A limb turns while the body stands, so one affine map for all is not enough; a map for every point, fitted to what lies
within its reach, follows both. Only distances across the target count (point to line, Chen and Medioni 1992): the
nearest point of a plain edge says nothing about motion along it, and taking it for the goal leaves knots behind, a
little on every frame. Points that lie far off lose their say (Geman and McClure's weight). Where pictures are seen,
they have a say along the edge, as far as they are sure. Units: px.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array

from .seeing import PointMotion

GRID_PX = 1.0
SHIFT_TURNS, AFFINE_TURNS, LOCAL_TURNS, SEEN_TURNS = 2, 6, 3, 3
REACH_SHARE = 0.125
"""How far a point's neighbours count (one sigma), as a share of the contour's larger side."""
LEAST_REACH_PX = 10.0
SURE_SHARE = 0.75
SCALE_PX = 2.0
DAMPING = 0.01
"""The pull towards no change, as a share of the mean weight: what the edge leaves open stays as it is."""
SAME_WAY = 0.5
SEEN_SHARE = 0.3
"""What pictures count along the edge beside what masks count across it: enough where the edge is plain, and little
where its own shape tells more exactly how it moved."""
DEEP_ENOUGH = 0.8
"""Where the object is so thin that the place inside is nearer to another edge, one would look at the ground."""
ASTRAY_PX = 4.0
"""A place that the pictures put so far off the edge counts exp(-1) as much as one on it."""


def bend_onto(
    source: Contour, positions: Array, target: Contour, seen: PointMotion | None = None
) -> tuple[Array, Array]:
    """Points (n, 2) of ``source`` at ``positions`` as they lie on ``target``, and their unit directions there.

    ``seen`` is how the pictures of both frames move; without it the masks alone decide.
    """
    edge = _Edge.of(target)
    rest, before = source.at(positions), source.directions(positions)
    ways = before
    low, high = source.box
    now = rest + (sum(target.box) - (low + high)) / 2
    for _ in range(SHIFT_TURNS):
        now = now + _mean_shift(now, edge)
    middle, size = rest.mean(axis=0)[None], float((high - low).max()) + 1e-9
    about = _about(middle, size)
    for _ in range(AFFINE_TURNS):
        weight, *asked = _asked(now, ways, edge, False)
        change = _changes(rest, weight[None], *asked, about)[0]
        now = now + change[0] + (rest - middle) @ (change[1:] / size)
        ways = _turned(ways, change[None, 1:] / size)
    around = _Around.of(rest, max(REACH_SHARE * size, LEAST_REACH_PX))
    for _ in range(LOCAL_TURNS):
        now, ways = around.bent(now, ways, edge)
    if seen is None:
        return now, ways
    inner = _inside(rest, before, seen.depth_px)
    places, trust = seen.follow(inner, _inside(now, ways, seen.depth_px))
    trust = SEEN_SHARE * trust * _is_deep(inner, source, seen.depth_px)
    for _ in range(SEEN_TURNS):
        goal = _inside(places, ways, -seen.depth_px)
        now, ways = around.bent(now, ways, edge, goal, trust * edge.nearness(goal))
    return now, ways


def _inside(points: Array, ways: Array, depth_px: float) -> Array:
    """Points (n, 2) so far inside of a clockwise outline that runs through them in the directions ``ways``."""
    return points + depth_px * np.column_stack([-ways[:, 1], ways[:, 0]])


def _is_deep(points: Array, contour: Contour, depth_px: float) -> NDArray[np.bool_]:
    """Whether points that should lie so far inside of a contour are that far from every edge of it."""
    edge = KDTree(contour.at(np.arange(0.0, contour.length, GRID_PX)))
    return np.asarray(edge.query(points)[0]) > DEEP_ENOUGH * depth_px


@dataclass(frozen=True, eq=False)
class _Edge:
    """The target's points on a fine grid, and its directions there."""

    places: Array
    ways: Array
    tree: KDTree

    @classmethod
    def of(cls, contour: Contour) -> "_Edge":
        grid = np.arange(0.0, contour.length, GRID_PX)
        places = contour.at(grid)
        return cls(places, contour.directions(grid), KDTree(places))

    def nearness(self, points: Array) -> Array:
        """How much places that pictures tell count: 1 on the edge, less the farther off they are."""
        return np.exp(-((self.tree.query(points)[0] / ASTRAY_PX) ** 2))


@dataclass(frozen=True, eq=False)
class _Around:
    """Points (n, 2) at rest with what counts around each of them: ``share`` (n, n) within ``reach`` px.

    ``about`` (n, 6, 6) as of :func:`_about`.
    """

    rest: Array
    reach: float
    share: Array
    about: Array

    @classmethod
    def of(cls, rest: Array, reach: float) -> "_Around":
        away = ((rest[:, None] - rest[None]) ** 2).sum(axis=2)
        return cls(rest, reach, np.exp(-away / (2 * reach**2)), _about(rest, reach))

    def bent(
        self, now: Array, ways: Array, edge: _Edge, goal: Array | None = None, trust: Array | None = None
    ) -> tuple[Array, Array]:
        """Points and directions after one turn; along the edge towards ``goal`` (n, 2) by the ``trust`` (n,) in it."""
        weight, across, away = _asked(now, ways, edge, True)
        points, share = self.rest, self.share * weight
        if goal is not None and trust is not None:
            along = np.column_stack([across[:, 1], -across[:, 0]])
            points, share = np.concatenate([points, points]), np.concatenate([share, self.share * trust], axis=1)
            across = np.concatenate([across, along])
            away = np.append(away, np.einsum("ij,ij->i", goal - now, along))
        change = _changes(points, share, across, away, self.about)
        return now + change[:, 0], _turned(ways, change[:, 1:] / self.reach)


def _mean_shift(now: Array, edge: _Edge) -> Array:
    """The mean way to the nearest places, of the points that are near already."""
    distance, nearest = (np.asarray(answer) for answer in edge.tree.query(now))
    near = distance <= np.quantile(distance, SURE_SHARE) + 0.5
    return (edge.places[nearest] - now)[near].mean(axis=0)


def _asked(now: Array, ways: Array, edge: _Edge, own_scale: bool) -> tuple[Array, Array, Array]:
    """What each point has a say of: its weight, the unit vector across the edge, and the distance along that, px."""
    distance, nearest = (np.asarray(answer) for answer in edge.tree.query(now))
    there = edge.ways[nearest]
    across = np.column_stack([-there[:, 1], there[:, 0]])
    away = np.einsum("ij,ij->i", edge.places[nearest] - now, across)
    if own_scale:
        scale = max(GRID_PX, 1.5 * float(np.median(np.abs(away))))
        sure = np.einsum("ij,ij->i", ways, there) > SAME_WAY
        return sure / (1 + (away / scale) ** 2) ** 2, across, away
    near = distance <= np.quantile(distance, SURE_SHARE) + 0.5
    return near / (1 + (away / SCALE_PX) ** 2), across, away


def _changes(points: Array, weight: Array, across: Array, away: Array, about: Array) -> Array:
    """Affine changes (sites, 3, 2) as :func:`_about` puts them: a shift, and a linear part.

    ``weight`` (sites, points) says how much a point counts at a site.
    """
    basis = np.column_stack([np.ones(len(points)), points])
    row = (basis[:, :, None] * across[:, None, :]).reshape(len(points), 6)
    products = (row[:, :, None] * row[:, None, :]).reshape(len(points), 36)
    normal = about @ (weight @ products).reshape(-1, 6, 6) @ about.swapaxes(1, 2)
    side = about @ (weight @ (row * away[:, None]))[..., None]
    pull = DAMPING * np.trace(normal, axis1=1, axis2=2) / 6 + 1e-6
    return np.linalg.solve(normal + pull[:, None, None] * np.eye(6), side).reshape(-1, 3, 2)


def _about(middles: Array, scale: float) -> Array:
    """Matrices (sites, 6, 6) from terms in 1, x, y to those about a site's middle, in units of ``scale``."""
    local = np.zeros((len(middles), 3, 3))
    local[:, 0, 0] = 1.0
    local[:, 1:, 0] = -middles / scale
    local[:, 1, 1] = local[:, 2, 2] = 1 / scale
    return np.einsum("sij,kl->sikjl", local, np.eye(2)).reshape(-1, 6, 6)


def _turned(ways: Array, linear: Array) -> Array:
    """Unit directions after a small linear change (n or 1, 2, 2)."""
    turned = ways + np.einsum("nk,nkl->nl", ways, np.broadcast_to(linear, (len(ways), 2, 2)))
    return turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)

"""Shapes taken one frame further: where they lie on a mask that nobody has fitted yet.

Each shape goes on as it moved last and is then registered to the part of the mask that is its own, by those stretches
of its edge that other shapes do not hide; once more with all shapes in their new places. What is hidden moves along.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array, outline_knots, sample
from roto_geometry.follow.correspondence import link_contours
from roto_geometry.follow.registration import place_outlines, register
from roto_geometry.measure.raster import Matte
from roto_geometry.settings import FitSettings
from roto_shared.shapes import KeyedShape, Lifetime, ShapeDocument, ShapeKey
from roto_shared.sites import Path, with_elements

from .follow import PER_SEGMENT
from .sites import Site
from .targets import Masks, Target, find_target

ROUNDS = 2
FEWEST_EXPOSED = 0.1
"""Share of an edge that must be seen for a shape to be registered by it."""
OUTLIER_PX = 2.0
STILL = np.eye(2, 3)
MOST_UNSEEN = 12
"""Over more frames of which nothing is known a shape does not go on as it moved."""


@dataclass(frozen=True, eq=False)
class Pose:
    """Where a shape lies on ``frame``, clockwise plate px (n, 6), and the placement (2, 3) of its last frame's way."""

    site: Site
    outline: Array
    step: Array
    frame: int

    def moved(self, placement: Array) -> "Pose":
        """The pose under one more placement (2, 3)."""
        return replace(self, outline=place_outlines(placement[None], self.outline[None])[0])

    def gone_on(self, frame: int) -> "Pose":
        """The pose as it is on ``frame`` if it moves as it did last."""
        pose = self
        for _ in range(min(abs(frame - self.frame), MOST_UNSEEN)):
            pose = pose.moved(self.step)
        return replace(pose, frame=frame)


def advance(
    document: ShapeDocument, poses: Mapping[Path, Pose], masks: Masks, frames: Sequence[int], fit: FitSettings
) -> Iterator[tuple[int, Mapping[Path, Contour]]]:
    """For every one of ``frames``, in the order given, the contours of the shapes that are still seen there.

    A shape of which a frame shows nothing is gone from then on.
    """
    for frame in frames:
        mask = masks.soft(frame, document)
        before = poses
        poses = {path: pose.gone_on(frame) for path, pose in poses.items()}
        for _ in range(ROUNDS):
            targets = _targets(document, poses, frame, mask, fit)
            poses = {path: _registered(poses[path], target) for path, target in targets.items()}
        targets = _targets(document, poses, frame, mask, fit)
        poses = {path: _stepped(poses[path], before[path]) for path in targets}
        yield frame, {path: target.contour for path, target in targets.items()}


def _targets(
    document: ShapeDocument, poses: Mapping[Path, Pose], frame: int, mask: Matte, fit: FitSettings
) -> dict[Path, Target]:
    posed = with_elements(document, {path: _posed(pose, frame) for path, pose in poses.items()})
    found = {path: find_target(posed, pose.site, frame, pose.outline, mask, fit) for path, pose in poses.items()}
    return {path: target for path, target in found.items() if target is not None}


def _posed(pose: Pose, frame: int) -> KeyedShape:
    """The shape with its pose as its only key."""
    knots = outline_knots(pose.site.unplaced(pose.outline, frame))
    return replace(pose.site.shape, keys=(ShapeKey(float(frame), knots),), lifetime=Lifetime(), native=None)


def _registered(pose: Pose, target: Target) -> Pose:
    """The pose moved onto its target by the stretches of edge that are seen."""
    drawn = Contour(sample(pose.outline, PER_SEGMENT))
    places = link_contours(drawn, target.contour).carry(drawn.arc[:-1])
    seen = target.exposed(places)
    if seen.mean() < FEWEST_EXPOSED:
        return pose
    way = target.contour.directions(places)
    across = np.stack([-way[:, 1], way[:, 0]], axis=-1)
    goal = target.contour.at(places)
    placement = register(drawn.points[None], goal[None], across[None], seen[None].astype(np.float64), OUTLIER_PX)
    return pose.moved(placement[0])


def _stepped(pose: Pose, before: Pose) -> Pose:
    """The pose with the placement that took it from the one before, a frame's share of it where there are more."""
    whole = placement_between([before.outline], [pose.outline])
    return replace(pose, step=STILL + (whole - STILL) / abs(pose.frame - before.frame))


def placement_between(sources: Sequence[Array], goals: Sequence[Array]) -> Array:
    """The placement (2, 3) that takes outlines best to others of the same knots."""
    source, goal = (np.vstack([sample(outline, PER_SEGMENT) for outline in either]) for either in (sources, goals))
    way = np.roll(goal, -1, axis=0) - np.roll(goal, 1, axis=0)
    across = np.stack([-way[:, 1], way[:, 0]], axis=-1)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    return register(source[None], goal[None], across[None], np.ones((1, len(source))))[0]

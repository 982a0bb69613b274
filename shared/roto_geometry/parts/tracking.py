"""Parts followed over time by registration to the mask, from the frame they were cut on, both ways.

On every frame each part is placed by one affine map (:mod:`.registering`), sought from where the outline's own
correspondence says it went. Then the parts bend (:mod:`.bending`); what was exposed takes its new form along to the
next frame, so that a view may change. A part's samples keep their meaning, so a track is an animated outline. A part
ends where it no longer lies inside of the mask, all of them where the body does or where together they no longer agree
with the mask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array, polygon_area
from roto_geometry.follow.correspondence import Carrier
from roto_geometry.follow.registration import inverse, unmoved
from roto_geometry.keys.motion import after

from .bending import bend, moved
from .cutting import Cutting, cut_at_necks
from .lives import PartLife, exposed
from .loops import Loops, sample_parts
from .matching import Goal
from .naming import part_names
from .placing import at
from .registering import Joints, registered_parts

FORM_KEPT = 0.7
ON_CONTOUR_PX = 5.0
LEAST_EXPOSED = 0.25
LEAST_SAMPLES = 6
OUTLIER_PX = 2.0
BEND_SHARE, LEAST_BEND_PX = 0.08, 5.0
"""How far a part may grow beyond the form that it was cut in, as a share of the square root of its area: what sticks
out farther moves by itself. It may shrink as far as the mask does."""
MOST_SPILL = 0.15
"""A part of which a larger share lies outside of the mask has lost what it was cut for."""
RIDGE_PX2 = 4.0
TURNS = 4


@dataclass(frozen=True, eq=False)
class PartsTrack:
    """Parts within frames ``start`` up to ``stop``, not included: the body, which lives on all of these, and others."""

    start: int
    stop: int
    parts: tuple[PartLife, ...]


@dataclass(frozen=True, eq=False)
class _Pose:
    """The parts that live on a frame, by their numbers, with the form that each was cut in and its joints.

    ``form`` is that of each before its ``placement`` (parts, 2, 3), ``points`` are where samples lie.
    """

    alive: tuple[int, ...]
    loops: Loops
    joints: Joints
    cut: Array
    form: Array
    placement: Array
    points: Array

    @classmethod
    def at_cut(cls, cutting: Cutting, goal: Goal) -> "_Pose":
        """On the frame that was cut."""
        loops, form = sample_parts(cutting.parts)
        still = unmoved(len(loops))
        alive = tuple(range(len(loops)))
        return cls(alive, loops, cutting.joints, form, form, still, bend(goal, loops, form))

    def only(self, kept: Sequence[int]) -> "_Pose":
        """Those at the given places among the living alone."""
        loops, samples = self.loops.only(kept)
        joints = [(kept.index(a), kept.index(b), place) for a, b, place in self.joints if a in kept and b in kept]
        alive = tuple(self.alive[index] for index in kept)
        rows = (self.cut[samples], self.form[samples], self.placement[list(kept)], self.points[samples])
        return _Pose(alive, loops, joints, *rows)


def track_parts(
    goals: Sequence[Goal],
    carriers: Sequence[Carrier],
    reference: int,
    within: tuple[int, int],
    most: int,
    agreement: float,
) -> PartsTrack | None:
    """Cut the outline of frame ``reference`` into at most ``most`` parts and follow them; None where it stays whole.

    ``carriers[i]`` leads from the outline of frame i to the next one's. The track keeps ``within`` first and
    past-the-last frame, and ends before the first frame on which parts and mask agree less than ``agreement``
    (intersection over union).
    """
    cutting = cut_at_necks(goals[reference].contour, most)
    if len(cutting.parts) < 2:
        return None
    found = {reference: _Pose.at_cut(cutting, goals[reference])}
    body = int(np.argmax([abs(polygon_area(part.points)) for part in cutting.parts]))
    for step in (1, -1):
        frame = reference
        while within[0] <= frame + step < within[1]:
            carrier = carriers[frame] if step > 0 else carriers[frame - 1].back()
            pose = _living_on(found[frame], body, (goals[frame], goals[frame + step]), carrier)
            if pose is None or goals[frame + step].agreement(pose.loops, pose.points) < agreement:
                break
            frame += step
            found[frame] = pose
    names = part_names(cutting)
    lives = [_life(index, names[index], found) for index in sorted(range(len(names)), key=lambda index: index != body)]
    return PartsTrack(min(found), max(found) + 1, tuple(lives))


def _life(index: int, name: str, poses: Mapping[int, _Pose]) -> PartLife:
    """A part on the frames that it lives on."""
    frames = sorted(frame for frame, pose in poses.items() if index in pose.alive)
    stacks = [(poses[frame], poses[frame].alive.index(index)) for frame in frames]
    points = [pose.points[pose.loops.slices[at]] for pose, at in stacks]
    pose, at = stacks[0]
    return PartLife(name, frames[0], np.array(points), pose.loops.joint[pose.loops.slices[at]])


def _living_on(pose: _Pose, body: int, goals: tuple[Goal, Goal], carrier: Carrier) -> _Pose | None:
    """The parts on the next frame, without those that lie outside of the mask there; None where the body does."""
    while body in pose.alive:
        following = _followed(pose, goals, carrier)
        spill = [goals[1].spill(following.points[part]) for part in following.loops.slices]
        kept = [index for index, share in enumerate(spill) if share <= MOST_SPILL]
        if len(kept) == len(spill):
            return following
        pose = pose.only(kept)
    return None


def _followed(pose: _Pose, goals: tuple[Goal, Goal], carrier: Carrier) -> _Pose:
    """The same parts on the next frame."""
    before, goal = goals
    shown = exposed(before, pose.loops, pose.points)
    form = _form(pose, shown)
    start = after(_carried(pose, shown, goals, carrier), pose.placement)
    placement = registered_parts(form, pose.loops, pose.joints, start, goal)
    points = _within_reach(pose, placement, bend(goal, pose.loops, _placed(placement, pose.loops, form)))
    return replace(pose, form=form, placement=placement, points=points)


def _within_reach(pose: _Pose, placement: Array, points: Array) -> Array:
    """Points no farther outside of the form that each part was cut in than it may grow."""
    rest = _placed(placement, pose.loops, pose.cut)
    size = np.sqrt([abs(polygon_area(rest[part])) for part in pose.loops.slices])
    most = np.maximum(BEND_SHARE * size, LEAST_BEND_PX)[pose.loops.loop]
    move = points - rest
    outwards = np.einsum("ij,ij->i", move, pose.loops.outward(rest))
    return moved(pose.loops, rest, move * np.minimum(1.0, most / np.maximum(outwards, 1e-9))[:, None])


def _form(pose: _Pose, shown: NDArray[np.bool_]) -> Array:
    """What bent and was seen stays so by a share; the rest goes back to the form that the parts were cut in."""
    loops, seen = pose.loops, shown.astype(np.float64)
    for _ in range(3):
        seen = (seen[loops.before] + seen + seen[loops.after]) / 3
    bent = _placed(inverse(pose.placement), loops, pose.points)
    return moved(loops, pose.cut, (FORM_KEPT * seen)[:, None] * (bent - pose.cut))


def _carried(pose: _Pose, shown: NDArray[np.bool_], goals: tuple[Goal, Goal], carrier: Carrier) -> Array:
    """Where the outline's correspondence takes each part, as turns with even scale (parts, 2, 3).

    A part that shows too little rides on the part it hangs on.
    """
    before, after = goals
    points, loops = pose.points, pose.loops
    distance, nearest = before.nearest(points, loops.outward(points))
    on_outline = (nearest < len(before.positions)) & (distance < ON_CONTOUR_PX) & shown & before.seen[nearest]
    positions = before.positions[np.minimum(nearest, len(before.positions) - 1)]
    goal = points + after.contour.at(carrier.carry(positions)) - before.contour.at(positions)
    change = unmoved(len(loops))
    known = np.zeros(len(loops), dtype=bool)
    for index, part in enumerate(loops.slices):
        sure = on_outline[part]
        known[index] = sure.sum() >= max(LEAST_SAMPLES, LEAST_EXPOSED * len(sure))
        if known[index]:
            change[index] = _even_map(points[part][sure], goal[part][sure])
    for index in np.flatnonzero(~known).tolist():
        hangs_on = [a + b - index for a, b, _ in pose.joints if index in (a, b) and known[a + b - index]]
        if hangs_on:
            change[index] = change[hangs_on[0]]
    return change


def _even_map(source: Array, goal: Array) -> Array:
    """The turn, even scale and shift (2, 3) from source to goal, robust, with a ridge towards a plain shift."""
    weight = np.ones(len(source))
    linear, shift = np.eye(2), np.zeros(2)
    for _ in range(TURNS):
        share = weight / weight.sum()
        middle, wanted = share @ source, share @ goal
        x, y = source - middle, goal - wanted
        size = share @ (x * x).sum(axis=1) + RIDGE_PX2
        along = (share @ (x * y).sum(axis=1) + RIDGE_PX2) / size
        turn = share @ (x[:, 0] * y[:, 1] - x[:, 1] * y[:, 0]) / size
        linear = np.array([[along, -turn], [turn, along]])
        shift = wanted - linear @ middle
        away = np.hypot(*(source @ linear.T + shift - goal).T)
        weight = 1 / (1 + (away / max(OUTLIER_PX, 1.5 * float(np.median(away)))) ** 2) ** 2
    return np.column_stack([linear, shift])


def _placed(placement: Array, loops: Loops, points: Array) -> Array:
    return at(placement[loops.loop], points)

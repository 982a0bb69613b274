"""Parts followed over time by registration to the mask, from the frame they were cut on, both ways.

On every frame each part is placed by one affine map, all parts at once: Gauss and Newton's method on the distances of
their matches (:mod:`.matching`), from far-reaching to close, pulled a little towards where the outline's own
correspondence says it went, towards a turn with even scale, and towards joints that hold together. Then the parts bend
(:mod:`.bending`); what was exposed takes its new form along to the next frame, so that a view may change. A part's
samples keep their meaning, so a track is an animated outline. It ends where the union of the parts no longer agrees
with the mask.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array
from roto_geometry.follow.correspondence import Carrier
from roto_geometry.follow.registration import inverse
from roto_geometry.keys.motion import after

from .bending import bend, moved
from .cutting import Cutting, cut_at_necks
from .loops import Loops, sample_parts
from .matching import Goal, Match, match
from .placing import at

ROUNDS = ((12.0, 0.3), (8.0, 0.1), (5.0, 0.05), (3.0, 0.02), (3.0, 0.02), (2.0, 0.02))
"""The distance px from which a sample loses its say, and the pull towards the start."""
SETTLED_PX = 0.05
JOINT_PULL = 0.05
EVEN_PULL = 0.05
FORM_KEPT = 0.7
ON_CONTOUR_PX = 5.0
LEAST_EXPOSED = 0.25
LEAST_SAMPLES = 6
OUTLIER_PX = 2.0
RIDGE_PX2 = 4.0
TURNS = 4

Joints = Sequence[tuple[int, int, Array]]


@dataclass(frozen=True, eq=False)
class PartsTrack:
    """Parts on frames ``start`` up to ``stop``, not included.

    ``points`` (frames, samples, 2) px, and which of them nothing hides, ``exposed`` (frames, samples).
    """

    start: int
    stop: int
    cutting: Cutting
    loops: Loops
    points: Array
    exposed: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Pose:
    """Parts on a frame: the form of each before placement, its placement (parts, 2, 3), and where samples lie."""

    form: Array
    placement: Array
    points: Array


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
    loops, form = sample_parts(cutting.parts)
    still = np.repeat(np.eye(2, 3)[None], len(loops), axis=0)
    found = {reference: _Pose(form, still, bend(goals[reference], loops, form))}
    for step in (1, -1):
        frame = reference
        while within[0] <= frame + step < within[1]:
            carrier = carriers[frame] if step > 0 else carriers[frame - 1].back()
            pose = _followed(found[frame], form, loops, cutting.joints, (goals[frame], goals[frame + step]), carrier)
            if goals[frame + step].agreement(loops, pose.points) < agreement:
                break
            frame += step
            found[frame] = pose
    frames = sorted(found)
    points = np.array([found[frame].points for frame in frames])
    exposed = [_exposed(goals[frame], loops, found[frame].points) for frame in frames]
    return PartsTrack(frames[0], frames[-1] + 1, cutting, loops, points, np.array(exposed))


def _exposed(goal: Goal, loops: Loops, points: Array) -> NDArray[np.bool_]:
    hidden = goal.hidden(loops, points, loops.outward(points))
    return ~hidden & ~loops.joint & goal.holds(points)


def _followed(
    pose: _Pose, first_form: Array, loops: Loops, joints: Joints, goals: tuple[Goal, Goal], carrier: Carrier
) -> _Pose:
    """The parts on the next frame."""
    before, goal = goals
    exposed = _exposed(before, loops, pose.points)
    form = _form(pose, first_form, loops, exposed)
    start = after(_carried(pose.points, loops, joints, exposed, goals, carrier), pose.placement)
    placement = _registered(form, loops, joints, start, goal)
    return _Pose(form, placement, bend(goal, loops, _placed(placement, loops, form)))


def _form(pose: _Pose, first: Array, loops: Loops, exposed: NDArray[np.bool_]) -> Array:
    """What bent and was seen stays so by a share; the rest goes back to the form that the parts were cut in."""
    seen = exposed.astype(np.float64)
    for _ in range(3):
        seen = (seen[loops.before] + seen + seen[loops.after]) / 3
    bent = _placed(inverse(pose.placement), loops, pose.points)
    return moved(loops, first, (FORM_KEPT * seen)[:, None] * (bent - first))


def _carried(
    points: Array,
    loops: Loops,
    joints: Joints,
    exposed: NDArray[np.bool_],
    goals: tuple[Goal, Goal],
    carrier: Carrier,
) -> Array:
    """Where the outline's correspondence takes each part, as turns with even scale (parts, 2, 3).

    A part that shows too little rides on the part it hangs on.
    """
    before, after = goals
    distance, nearest = before.nearest(points, loops.outward(points))
    on_outline = (nearest < len(before.positions)) & (distance < ON_CONTOUR_PX) & exposed & before.seen[nearest]
    positions = before.positions[np.minimum(nearest, len(before.positions) - 1)]
    goal = points + after.contour.at(carrier.carry(positions)) - before.contour.at(positions)
    change = np.repeat(np.eye(2, 3)[None], len(loops), axis=0)
    known = np.zeros(len(loops), dtype=bool)
    for index, part in enumerate(loops.slices):
        sure = on_outline[part]
        known[index] = sure.sum() >= max(LEAST_SAMPLES, LEAST_EXPOSED * len(sure))
        if known[index]:
            change[index] = _even_map(points[part][sure], goal[part][sure])
    for index in np.flatnonzero(~known).tolist():
        hangs_on = [a + b - index for a, b, _ in joints if index in (a, b) and known[a + b - index]]
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


def _registered(form: Array, loops: Loops, joints: Joints, start: Array, goal: Goal) -> Array:
    """Placements (parts, 2, 3) of the form on the goal, sought from ``start``."""
    counts = np.array(loops.counts)
    middle = loops.totals(form) / counts[:, None]
    local = form - middle[loops.loop]
    size = np.sqrt(loops.totals((local * local).sum(axis=1)) / (2 * counts)) + 1e-6
    basis = np.column_stack([local / size[loops.loop, None], np.ones(len(form))])
    places = [(a, b, _on(place, middle[a], size[a]), _on(place, middle[b], size[b])) for a, b, place in joints]
    first = np.concatenate([start[:, :, :2] * size[:, None, None], at(start, middle)[:, :, None]], axis=2)
    now = first.copy()
    for reach, pull in ROUNDS:
        points = np.einsum("sij,sj->si", now[loops.loop], basis)
        normal, right = _normal_equations(basis, loops, match(goal, loops, points, reach))
        _add_pulls(normal, right, now, first, counts, pull)
        change = _solved(normal, right, now, places, counts)
        now = now + change
        if np.abs(change).max() < SETTLED_PX:
            break
    linear = now[:, :, :2] / size[:, None, None]
    shift = now[:, :, 2] - np.einsum("kij,kj->ki", linear, middle)
    return np.concatenate([linear, shift[:, :, None]], axis=2, dtype=np.float64)


def _on(place: Array, middle: Array, size: float) -> Array:
    """A place in a part's own measure."""
    return np.append((place - middle) / size, 1.0)


def _normal_equations(basis: Array, loops: Loops, found: Match) -> tuple[Array, Array]:
    row = (found.across[:, :, None] * basis[:, None, :]).reshape(-1, 6)
    weighted = row * found.weight[:, None]
    off = np.einsum("ij,ij->i", found.move, found.across)
    return loops.totals(weighted[:, :, None] * row[:, None, :]), loops.totals(weighted * off[:, None])


def _add_pulls(normal: Array, right: Array, now: Array, first: Array, counts: NDArray[np.int64], pull: float) -> None:
    """Towards the start, and towards turns with even scale."""
    normal += (pull * counts)[:, None, None] * np.eye(6)
    right += (pull * counts)[:, None] * (first - now).reshape(-1, 6)
    for uneven in (np.array([1.0, 0, 0, 0, -1, 0]), np.array([0.0, 1, 0, 1, 0, 0])):
        normal += (EVEN_PULL * counts)[:, None, None] * np.outer(uneven, uneven)
        right -= (EVEN_PULL * counts * (now.reshape(-1, 6) @ uneven))[:, None] * uneven


def _solved(
    normal: Array, right: Array, now: Array, places: Sequence[tuple[int, int, Array, Array]], counts: NDArray[np.int64]
) -> Array:
    """The change (parts, 2, 3) of all parts at once; joints tie them together."""
    parts = len(normal)
    system = np.zeros((parts, 6, parts, 6))
    system[np.arange(parts), :, np.arange(parts)] = normal
    side = right.copy()
    for a, b, at_a, at_b in places:
        pull = JOINT_PULL * (counts[a] + counts[b])
        apart = now[a] @ at_a - now[b] @ at_b
        for axis in (0, 1):
            row = np.zeros((parts, 6))
            row[a, 3 * axis : 3 * axis + 3] += at_a
            row[b, 3 * axis : 3 * axis + 3] -= at_b
            system += pull * row[:, :, None, None] * row
            side -= pull * apart[axis] * row
    change = np.linalg.solve(system.reshape(6 * parts, 6 * parts), side.ravel())
    return np.asarray(change, dtype=np.float64).reshape(parts, 2, 3)


def _placed(placement: Array, loops: Loops, points: Array) -> Array:
    return at(placement[loops.loop], points)

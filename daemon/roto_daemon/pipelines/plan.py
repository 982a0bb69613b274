"""Which frames a track visits, in which order, and what each object's mask there depends on.

A forward sweep starts at the first keyframe, a backward sweep at the last one. An object between two of its keyframes
is swept from both and blended; elsewhere one sweep decides. Into a range that is asked for, no sweep brings an object
from beyond it: it would come by frames that nobody followed it on. A mask depends on the release, the engine, its
frame's picture and the nearest keyframe on each swept side, which its digest names: a correction makes only the frames
up to the neighbouring keyframes stale, and a picture that is rendered anew its own frame.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from roto_daemon.sessions.masks import Sweep
from roto_shared.errors import InputError
from roto_shared.version import VERSION

Digests = Mapping[int, str]
Bounds = tuple[int | None, int | None]
Span = tuple[int, int]


@dataclass(frozen=True)
class Sides:
    """The keyframes that decide an object's mask on a frame; None where no sweep comes from that side."""

    before: int | None
    after: int | None

    def keyframe(self, sweep: Sweep) -> int | None:
        """The keyframe that ``sweep`` comes from."""
        return self.before if sweep is Sweep.FORWARD else self.after


@dataclass(frozen=True)
class Step:
    """One frame of one sweep, and the objects that the sweep has to bring there."""

    sweep: Sweep
    frame: int
    objects: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Keyframes by object (frame → digest of the mask), the plate's pictures in range (frame → fingerprint), ascending,
    the swept directions, and the first and the last frame that each object is followed on."""

    engine: str
    keyframes: Mapping[str, Digests]
    pictures: Digests
    sweeps: tuple[Sweep, ...]
    spans: Mapping[str, Span]

    @property
    def frames(self) -> tuple[int, ...]:
        """The plate's frames in range, ascending."""
        return tuple(self.pictures)

    def sides(self, name: str, frame: int) -> Sides:
        """What decides object ``name`` on ``frame``."""
        keyed = sorted(self.keyframes[name])
        before = keyed[bisect_left(keyed, frame) - 1] if Sweep.FORWARD in self.sweeps and frame > keyed[0] else None
        after = keyed[bisect_right(keyed, frame)] if Sweep.BACKWARD in self.sweeps and frame < keyed[-1] else None
        return Sides(before, after)

    def digest(self, name: str, frame: int, sweep: Sweep) -> str:
        """What a mask of ``sweep`` (FINAL for the blended one) was computed from."""
        sides = self.sides(name, frame)
        used = [sides.keyframe(s) for s in self.sweeps if sweep in (s, Sweep.FINAL)]
        parts = [
            VERSION,
            self.engine,
            self.pictures[frame],
            *(f"{k}:{self.keyframes[name][k]}" for k in used if k is not None),
        ]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    def corrected(self, name: str, frame: int, digest: str) -> "Plan":
        """The plan with another mask on a keyframe, by its digest."""
        return replace(self, keyframes={**self.keyframes, name: {**self.keyframes[name], frame: digest}})

    def steps(self) -> Iterator[Step]:
        """Every frame of every sweep, in order of travel."""
        for sweep in self.sweeps:
            for frame in self.frames if sweep is Sweep.FORWARD else reversed(self.frames):
                moving = tuple(name for name in self.keyframes if self._moves(name, frame, sweep))
                if moving:
                    yield Step(sweep, frame, moving)

    def _moves(self, name: str, frame: int, sweep: Sweep) -> bool:
        keyframe = self.sides(name, frame).keyframe(sweep)
        first, last = self.spans[name]
        is_on_the_way = keyframe is not None and first <= keyframe <= last and first <= frame <= last
        return is_on_the_way and frame not in self.keyframes[name]


SWEEPS = {
    "both": (Sweep.FORWARD, Sweep.BACKWARD),
    "forward": (Sweep.FORWARD,),
    "backward": (Sweep.BACKWARD,),
}


def make_plan(engine: str, keyframes: Mapping[str, Digests], pictures: Digests, direction: str, bounds: Bounds) -> Plan:
    """A plan over the plate's ``pictures`` within ``bounds`` (first and last, None for open).

    For an object that no keyframe within would bring to all of the range, the range grows to the nearest one that does,
    for tracking has to come from there. Raises InputError for what cannot be tracked.
    """
    if direction not in SWEEPS:
        raise InputError(f"“{direction}” is not a direction.", f"Use {', '.join(SWEEPS)}.")
    if not keyframes:
        raise InputError("Nothing is prompted yet.", "Give a click, a box or a mask on one frame first.")
    asked = _range(bounds, tuple(pictures))
    spans = {name: _grown(asked, digests, direction) for name, digests in keyframes.items()}
    first, last = min(first for first, _ in spans.values()), max(last for _, last in spans.values())
    within = {frame: picture for frame, picture in pictures.items() if first <= frame <= last}
    return Plan(engine, keyframes, within, SWEEPS[direction], spans)


def _range(bounds: Bounds, frames: Sequence[int]) -> Span:
    first = frames[0] if bounds[0] is None else bounds[0]
    last = frames[-1] if bounds[1] is None else bounds[1]
    if not any(first <= frame <= last for frame in frames):
        raise InputError(f"The range {first}-{last} holds no frame of the plate.", f"It has {frames[0]}-{frames[-1]}.")
    return first, last


def _grown(span: Span, keyed: Collection[int], direction: str) -> Span:
    """The span with a keyframe that a sweep comes from: for one direction at its beginning, if there is one."""
    first, last = span
    before = max((k for k in keyed if k <= first), default=None)
    after = min((k for k in keyed if k >= last), default=None)
    if direction == "forward":
        return (first if before is None else before), last
    if direction == "backward":
        return first, (last if after is None else after)
    if any(first <= k <= last for k in keyed):
        return span
    nearest = min((k for k in (before, after) if k is not None), key=lambda k: min(abs(k - first), abs(k - last)))
    return min(first, nearest), max(last, nearest)

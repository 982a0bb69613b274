"""Prompted objects through a shot, frame by frame, stored as it goes.

Stored masks that are still valid are not computed again: a sweep skips them, and picks its tracking up from the last
one. A frame that cannot be read is a fault of that frame; the rest goes on. An object that was prompted on such a frame
is not followed from there: without the picture no engine knows what it looks like.
"""

import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from roto_daemon.backends.base import Backend, Image, Mask, TrackedMask, Tracking
from roto_daemon.outputs.masks import encode_png
from roto_daemon.pipelines.blend import blend_directions
from roto_daemon.pipelines.overlap import rivals, share_pixels, without_pixels
from roto_daemon.pipelines.plan import SWEEPS, Plan, Sides, Step
from roto_daemon.sessions.masks import MaskRecord, MaskStore, Sweep
from roto_shared.errors import PlateError
from roto_shared.protocol.messages import FrameFault


class Reader(Protocol):
    """Gives plate frames."""

    def read(self, frame: int) -> Image:
        """The frame's picture. Raises PlateError."""
        ...


OpenReader = Callable[[Sequence[int]], AbstractContextManager[Reader]]


@dataclass(frozen=True)
class TrackStep:
    """A finished step: the records that now stand for its objects, whether they were stored before, or its fault."""

    frame: int
    records: tuple[MaskRecord, ...]
    stored: bool = False
    fault: FrameFault | None = None


def track(plan: Plan, engine: Backend, open_reader: OpenReader, store: MaskStore) -> Generator[TrackStep, None, None]:
    """Do ``plan``, yielding after every step. Closing the generator stops it; what is stored stays.

    ``open_reader`` gives frames in an order of travel, reading ahead while the engine works.
    """
    for sweep in plan.sweeps:
        steps = [step for step in plan.steps() if step.sweep is sweep]
        fresh = [step.frame for step in steps if not is_stored(plan, store, step)]
        with open_reader(fresh) as reader:
            run = _SweepRun(plan, sweep, engine, reader.read, store)
            for step in steps:
                yield run.do(step)


def is_stored(plan: Plan, store: MaskStore, step: Step) -> bool:
    """Whether the store holds everything that a step would compute, and it is still valid."""
    records = [(store.record(step.sweep, name, step.frame), name) for name in step.objects]
    return all(record and record.digest == plan.digest(name, step.frame, step.sweep) for record, name in records)


class _SweepRun:
    """One pass through time. Tracking starts at the first frame that is not stored."""

    def __init__(
        self, plan: Plan, sweep: Sweep, engine: Backend, read: Callable[[int], Image], store: MaskStore
    ) -> None:
        self._plan = plan
        self._sweep = sweep
        self._engine = engine
        self._read = read
        self._store = store
        self._beside = _beside(plan, store)
        self._tracking: Tracking | None = None
        self._reached: int | None = None
        self._stored: list[int] = []
        self._unread: dict[int, FrameFault] = {}

    def do(self, step: Step) -> TrackStep:
        unread = self._unread_keyframes(step)
        if not unread:
            return self._do(step)
        others = tuple(name for name in step.objects if name not in unread)
        done = self._do(replace(step, objects=others)) if others else TrackStep(step.frame, ())
        nearest = min(unread.values(), key=lambda fault: abs(fault.frame - step.frame))
        return replace(done, fault=done.fault or nearest)

    def _unread_keyframes(self, step: Step) -> dict[str, FrameFault]:
        """Objects that cannot be followed to a step, as the keyframes that they come from could not be read."""
        came_from = {name: self._plan.sides(name, step.frame).keyframe(self._sweep) for name in step.objects}
        return {name: self._unread[frame] for name, frame in came_from.items() if frame in self._unread}

    def _do(self, step: Step) -> TrackStep:
        if is_stored(self._plan, self._store, step):
            self._tracking = None
            self._come_to(step.frame)
            return TrackStep(step.frame, self._settle(step), stored=True)
        began = time.perf_counter()
        try:
            image = self._read(step.frame)
        except PlateError as error:
            return TrackStep(step.frame, (), fault=FrameFault(step.frame, str(error)))
        tracking, fault = self._stand_before(step)
        if self._unread_keyframes(step):
            return self.do(step)
        masks = self._follow(tracking, step.frame, image)
        self._keep(step, masks, (time.perf_counter() - began) / len(step.objects))
        return TrackStep(step.frame, self._settle(step), fault=fault)

    def _stand_before(self, step: Step) -> tuple[Tracking, FrameFault | None]:
        """Tracking that stands before ``step``, knowing the keyframes it came by, and a stored frame that it lacked."""
        if self._tracking is not None:
            self._pass_keyframes(self._tracking, step.frame)
            return self._tracking, None
        self._tracking = self._engine.start_tracking()
        return self._tracking, self._begin(self._tracking, step)

    def _come_to(self, frame: int) -> None:
        self._reached = frame
        self._stored.append(frame)

    def _follow(self, tracking: Tracking, frame: int, image: Image) -> dict[str, TrackedMask]:
        masks = tracking.step(frame, image)
        self._come_to(frame)
        keyed = self._keyed_masks(frame)
        if keyed:
            tracking.add_keyframe(frame, image, keyed)
        return masks

    def _begin(self, tracking: Tracking, step: Step) -> FrameFault | None:
        passed = self._keyframes_until(step.frame)
        for frame in passed:
            self._show(tracking, frame)
        self._reached = passed[-1]
        return self._resume(tracking, step)

    def _resume(self, tracking: Tracking, step: Step) -> FrameFault | None:
        """Stand on the last stored frame whose picture is there; the fault of the very last one if that is not."""
        fault: FrameFault | None = None
        for frame in reversed(self._stored):
            followed = self._followed_over(step, frame)
            if not followed:
                break
            try:
                image = self._read(frame)
            except PlateError as error:
                told = f"{error} Its mask stays; what comes after it is followed from a frame before."
                fault = fault or FrameFault(frame, told)
                continue
            tracking.resume(frame, image, self._stored_masks(frame, followed))
            break
        return fault

    def _followed_over(self, step: Step, frame: int) -> list[str]:
        """Objects of ``step`` that come there by way of ``frame``, from keyframes that could be read."""
        unread = self._unread_keyframes(step)
        came_from = {name: self._plan.sides(name, step.frame).keyframe(self._sweep) for name in step.objects}
        return [
            name
            for name, keyframe in came_from.items()
            if name not in unread and keyframe is not None and self._is_before(keyframe, frame)
        ]

    def _pass_keyframes(self, tracking: Tracking, until: int) -> None:
        """Show keyframes that lie between steps: frames where no other object had to be followed."""
        assert self._reached is not None
        for frame in self._keyframes_until(until):
            if self._is_before(self._reached, frame):
                self._show(tracking, frame)
                self._reached = frame

    def _show(self, tracking: Tracking, keyframe: int) -> None:
        try:
            image = self._read(keyframe)
        except PlateError as error:
            told = f"{error} Nothing is followed from what was prompted on it: prompt it on a frame beside."
            self._unread[keyframe] = FrameFault(keyframe, told)
            return
        tracking.add_keyframe(keyframe, image, self._keyed_masks(keyframe))

    def _keyframes_until(self, frame: int) -> list[int]:
        keyed = {k for digests in self._plan.keyframes.values() for k in digests if self._is_before(k, frame)}
        return sorted(keyed, reverse=self._sweep is Sweep.BACKWARD)

    def _is_before(self, one: int, other: int) -> bool:
        return one < other if self._sweep is Sweep.FORWARD else one > other

    def _keyed_masks(self, frame: int) -> dict[str, Mask]:
        names = [name for name, digests in self._plan.keyframes.items() if frame in digests]
        self._note_corrections(names, frame)
        return _read_all(self._store, Sweep.PROMPTED, names, frame)

    def _note_corrections(self, names: Iterable[str], frame: int) -> None:
        """What follows from a mask that was corrected since the plan was made is valid for neither of the two."""
        for name in names:
            planned, record = self._plan.keyframes[name][frame], self._store.record(Sweep.PROMPTED, name, frame)
            if record is not None and record.digest != planned:
                self._plan = self._plan.corrected(name, frame, f"{planned} then {record.digest}")

    def _stored_masks(self, frame: int, names: Iterable[str]) -> dict[str, Mask]:
        return _read_all(self._store, self._sweep, names, frame)

    def _keep(self, step: Step, masks: dict[str, TrackedMask], seconds: float) -> None:
        for name in step.objects:
            tracked = masks[name]
            digest = self._plan.digest(name, step.frame, self._sweep)
            record = MaskRecord(self._sweep, name, step.frame, tracked.confidence, tracked.state, digest, seconds)
            self._store.write(record, encode_png(tracked.mask))

    def _settle(self, step: Step) -> tuple[MaskRecord, ...]:
        """Make the final masks of the step's objects, and of others that come another way, out of what sweeps found."""
        verdicts = {**self._verdicts(self._plan, step.frame), **self._verdicts(self._beside, step.frame)}
        others = [name for name in (*self._plan.keyframes, *self._beside.keyframes) if name not in verdicts]
        said = (self._store.record(Sweep.PROMPTED, name, step.frame) for name in others)
        prompted = [record for record in said if record is not None]
        if prompted or not self._is_settled(verdicts, step.frame):
            self._share(verdicts, prompted)
        return tuple(self._final(name, step.frame) for name in step.objects)

    def _share(self, verdicts: Mapping[str, "_Verdict"], prompted: Sequence[MaskRecord]) -> None:
        """Store final masks, each with a digest that names those that took pixels of it too."""
        masks = {name: self._mask(found) for name, found in verdicts.items()}
        said = self._masks_like(next(iter(masks.values())), prompted)
        shared, beside = share_pixels(without_pixels(masks, said.values())), rivals({**masks, **said})
        digests = {r.object: r.digest for r in (*prompted, *(found.record for found in verdicts.values()))}
        for name, found in verdicts.items():
            digest = "+".join([digests[name], *sorted(digests[other] for other in beside[name])])
            record = replace(found.record, digest=digest)
            if record != self._store.record(Sweep.FINAL, name, record.frame):
                self._store.write(record, encode_png(shared[name]))

    def _masks_like(self, one: Mask, records: Iterable[MaskRecord]) -> dict[str, Mask]:
        """Masks by object, but for those of a plate that had another size."""
        masks = {record.object: self._store.read(record) for record in records}
        return {name: mask for name, mask in masks.items() if mask.shape == one.shape}

    def _is_settled(self, verdicts: Mapping[str, "_Verdict"], frame: int) -> bool:
        """Whether final masks are made of these verdicts; of two that share pixels each has to know of the other."""
        pairs: set[tuple[str, str]] = set()
        for name, found in verdicts.items():
            final = self._store.record(Sweep.FINAL, name, frame)
            own, *others = ("" if final is None else final.digest).split("+")
            if final is None or replace(final, digest=own) != found.record:
                return False
            pairs |= {(own, other) for other in others}
        return all((other, own) in pairs for own, other in pairs)

    def _final(self, name: str, frame: int) -> MaskRecord:
        record = self._store.record(Sweep.FINAL, name, frame)
        assert record is not None  # it is settled
        return record

    def _verdicts(self, plan: Plan, frame: int) -> dict[str, "_Verdict"]:
        followed = [name for name, digests in plan.keyframes.items() if frame not in digests]
        return {name: found for name in followed if (found := self._verdict(plan, name, frame))}

    def _verdict(self, plan: Plan, name: str, frame: int) -> "_Verdict | None":
        """What is known of an object on a frame; None where no sweep that the plan has came there yet."""
        found = [self._store.record(sweep, name, frame) for sweep in plan.sweeps]
        parts = [p for p in found if p is not None and p.digest == plan.digest(name, frame, Sweep(p.sweep))]
        if not parts:
            return None
        surest = max(parts, key=lambda part: part.confidence)
        digest = plan.digest(name, frame, Sweep.FINAL) if len(parts) > 1 else surest.digest
        seconds = sum(part.seconds for part in parts)
        record = MaskRecord(Sweep.FINAL, name, frame, surest.confidence, surest.state, digest, seconds)
        return _Verdict(record, parts, plan.sides(name, frame))

    def _mask(self, verdict: "_Verdict") -> Mask:
        masks = [self._store.read(part) for part in verdict.parts]
        if len(masks) == 1:
            return masks[0]
        keyframes = (verdict.sides.before, verdict.sides.after)
        distances = [abs(k - verdict.record.frame) for k in keyframes if k is not None]
        return blend_directions(masks, [part.confidence for part in verdict.parts], distances)


@dataclass(frozen=True)
class _Verdict:
    """The final record of an object on a frame, the sweeps' records that make it, forward before backward, and where
    these came from.
    """

    record: MaskRecord
    parts: list[MaskRecord]
    sides: Sides


def _beside(plan: Plan, store: MaskStore) -> Plan:
    """What became of the objects that are not tracked along: they keep their share of the pixels."""
    keyframes: dict[str, dict[int, str]] = {}
    for record in store.records(Sweep.PROMPTED):
        if record.object not in plan.keyframes:
            keyframes.setdefault(record.object, {})[record.frame] = record.digest
    return replace(plan, keyframes=keyframes, sweeps=SWEEPS["both"])


def _read_all(store: MaskStore, sweep: Sweep, names: Iterable[str], frame: int) -> dict[str, Mask]:
    records = {name: store.record(sweep, name, frame) for name in names}
    return {name: store.read(record) for name, record in records.items() if record is not None}

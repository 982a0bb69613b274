"""Which of a session's masks stand: prompted before tracked, finished before plain, mattes finest of all.

A mask that was made of others stands only while these are the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from roto_daemon.backends.base import Mask
from roto_daemon.sessions.masks import MaskRecord, MaskStore, Sweep
from roto_daemon.sessions.recipes import Recipes, digest_of
from roto_shared.protocol.data import Combination, FinishSettings


class StandingMasks:
    """The masks of ``masks`` that stand, by object and frame."""

    def __init__(self, masks: MaskStore, recipes: Recipes) -> None:
        self._masks = masks
        self._recipes = recipes

    @property
    def objects(self) -> list[str]:
        """Names of what is delivered: prompted objects and those made of them, without those that were taken in."""
        taken_in = self._recipes.taken_in
        return [name for name in self.every_object if name not in taken_in]

    @property
    def every_object(self) -> list[str]:
        """Names of all objects, prompted ones first, then those made of others in their order."""
        return [*self.prompted, *self._recipes.combined]

    @property
    def prompted(self) -> list[str]:
        """Names of the objects that are prompted somewhere, in the order of their first frame: what is tracked.

        Those that are made of others are not, though an older daemon took prompts of them.
        """
        names = dict.fromkeys(record.object for record in self._masks.records(Sweep.PROMPTED))
        return [name for name in names if name not in self._recipes.combined]

    def read(self, name: str, frame: int) -> Mask:
        """The mask that :meth:`delivered` says."""
        return self._masks.read(self.delivered(name, frame))

    def source(self, name: str, frame: int) -> MaskRecord | None:
        """An object's mask on a frame before finishing: what it is made of, prompted before tracked.

        None as well for a combined mask whose sources have changed since.
        """
        if name not in self._recipes.combined:
            return self._masks.record(Sweep.PROMPTED, name, frame) or self._masks.record(Sweep.FINAL, name, frame)
        record = self._masks.record(Sweep.COMBINED, name, frame)
        return record if record is not None and record.digest == self.combined_digest(name, frame) else None

    def made_of(self, made: Combination, frame: int) -> list[MaskRecord | None] | None:
        """The masks that a combined object's mask on a frame is made of, None for an object that has none there.

        None altogether where it is to have no mask, or where one of these is to be made anew first. A piece is followed
        from frame to frame, so it is made of all masks of what it is a piece of.
        """
        if not self._is_due(made.name, frame):
            return None
        frames = self.due_frames(made.name) if made.operation == "piece" else [frame]
        found: list[MaskRecord | None] = []
        for at in frames:
            for source in made.objects:
                record = self.best(source, at)
                if record is None and self._is_due(source, at):
                    return None
                found.append(record)
        return found

    def combined_digest(self, name: str, frame: int) -> str:
        """What a combined object's mask on a frame depends on; empty where it cannot have one now."""
        made = self._recipes.combined[name]
        sources = self.made_of(made, frame)
        return "" if sources is None else digest_of_combined(made, sources)

    def finished_digest(self, name: str, frame: int) -> str:
        """What an object's finished mask on a frame depends on; empty where it has none."""
        settings = self._recipes.finish[name]
        source = self.source(name, frame)
        around = [self.source(name, at) for at in neighbours(frame, settings.steady_frames)]
        return "" if source is None else digest_of_finished(settings, source, around)

    def best(self, name: str, frame: int) -> MaskRecord | None:
        """The mask that stands for an object on a frame: finished if it is to be, and is up to date."""
        if name in self._recipes.finish:
            record = self._masks.record(Sweep.FINISHED, name, frame)
            if record is not None and record.digest == self.finished_digest(name, frame):
                return record
        return self.source(name, frame)

    def finest(self, name: str, frame: int) -> MaskRecord | None:
        """The matte of an object on a frame if its mask is still the same, else the mask."""
        mask = self.best(name, frame)
        return None if mask is None else self._matte_of(mask) or mask

    def delivered(self, name: str, frame: int) -> MaskRecord:
        """The mask of an object on a frame that had one when work on it began.

        Where a click came meanwhile, what is made of the clicked object is still what it was: it is not made anew yet.
        """
        before = (self._masks.record(sweep, name, frame) for sweep in self._made(name))
        record = self.best(name, frame) or next((record for record in before if record is not None), None)
        assert record is not None  # no object is taken out while there is work on it
        return record

    def finest_delivered(self, name: str, frame: int) -> MaskRecord:
        """The matte of the mask that :meth:`delivered` says, if there is one, else the mask."""
        mask = self.delivered(name, frame)
        return self._matte_of(mask) or mask

    def _made(self, name: str) -> tuple[Sweep, ...]:
        return (Sweep.FINISHED, Sweep.COMBINED) if name in self._recipes.finish else (Sweep.COMBINED,)

    def _matte_of(self, mask: MaskRecord) -> MaskRecord | None:
        matte = self._masks.record(Sweep.MATTE, mask.object, mask.frame)
        return matte if matte is not None and matte.digest.rpartition(".")[0] == mask.digest else None

    def due_frames(self, name: str) -> list[int]:
        """Frames on which an object is to have a mask, ascending: for one made of others, by its operation."""
        made = self._recipes.combined.get(name)
        if made is None:
            return self._own_frames(name)
        frames = [set(self.due_frames(source)) for source in made.objects]
        if made.operation == "union":
            return sorted(set[int]().union(*frames))
        return sorted(frames[0].intersection(*frames[1:]) if made.operation == "intersect" else frames[0])

    def frames(self, name: str) -> list[int]:
        """Frames on which an object has a mask, ascending."""
        frames = self.due_frames(name)
        return [f for f in frames if self.source(name, f)] if name in self._recipes.combined else frames

    def _is_due(self, name: str, frame: int) -> bool:
        """Whether an object is to have a mask on a frame; see :meth:`due_frames`."""
        made = self._recipes.combined.get(name)
        if made is None:
            return self.source(name, frame) is not None
        due = [self._is_due(source, frame) for source in made.objects]
        return any(due) if made.operation == "union" else all(due) if made.operation == "intersect" else due[0]

    def _own_frames(self, name: str) -> list[int]:
        sweeps = (Sweep.PROMPTED, Sweep.FINAL)
        return sorted({r.frame for sweep in sweeps for r in self._masks.records(sweep) if r.object == name})


def digest_of_combined(made: Combination, sources: Sequence[MaskRecord | None]) -> str:
    """What a combined mask depends on that is made of the masks of ``sources``."""
    told = [None if source is None else source.digest for source in sources]
    return digest_of(made.operation, made.frame, made.point, told)


def digest_of_finished(settings: FinishSettings, source: MaskRecord, around: Sequence[MaskRecord | None]) -> str:
    """What a finished mask depends on; it begins with the digest of its source. ``around`` are its neighbours."""
    told = [None if record is None else record.digest for record in around]
    return f"{source.digest}.{digest_of(settings, told)}"


def neighbours(frame: int, reach: int) -> list[int]:
    """Frames up to ``reach`` before and after."""
    return [frame + step for step in range(-reach, reach + 1) if step]

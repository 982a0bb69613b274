"""One artist's work on one plate: prompts, masks, and the frames prepared for prompting."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roto_daemon.backends.base import Embedding, Image, Mask
from roto_daemon.outputs.masks import encode_png
from roto_daemon.plates import Plate, ReadAhead
from roto_daemon.plates.picture import resized
from roto_daemon.sessions.masks import MaskRecord, MaskStore, Sweep
from roto_daemon.sessions.recipes import Recipes, digest_of
from roto_shared.errors import InputError
from roto_shared.protocol.data import ObjectPrompt, PlateRef
from roto_shared.structure import from_plain, to_plain
from roto_shared.whole_file import write_whole

KEPT_EMBEDDINGS = 4


@dataclass(frozen=True)
class SessionHead:
    """What identifies a session; stored as ``session.json``."""

    plate: PlateRef
    engine: str
    key: str = ""


class Session:
    """Work on one plate under ``folder``. ``reopen_plate`` opens it once more for a reader of its own.

    Prompts are written by one lane's thread; everything may be read from any.
    """

    def __init__(
        self, name: str, folder: Path, head: SessionHead, plate: Plate, reopen_plate: Callable[[], Plate]
    ) -> None:
        self.name = name
        self.folder = folder
        self.head = head
        self.plate = plate
        self._reopen_plate = reopen_plate
        self._reading = threading.Lock()
        self._shown: tuple[int, Image] | None = None
        self.masks = MaskStore(folder)
        self.recipes = Recipes(folder / "recipes.json")
        self._prompts = _read_prompts(folder / "prompts.json")
        self._embeddings: OrderedDict[int, Embedding] = OrderedDict()

    @property
    def objects(self) -> list[str]:
        """Names of what is delivered: prompted objects and those made of them, without those that were taken in."""
        taken_in = self.recipes.taken_in
        return [name for name in (*self.prompted_objects, *self.recipes.combined) if name not in taken_in]

    @property
    def prompted_objects(self) -> list[str]:
        """Names of the objects that are prompted somewhere, in the order of their first frame: what is tracked."""
        return list(dict.fromkeys(record.object for record in self.masks.records(Sweep.PROMPTED)))

    def read(self, frame: int) -> Image:
        """A frame's picture, uint8 RGB (height, width, 3); the last one is held, for it was shown and is clicked next.

        Raises PlateError.
        """
        with self._reading:
            if self._shown is None or self._shown[0] != frame:
                self._shown = (frame, self.plate.read(frame))
            return self._shown[1]

    def look(self, frame: int, size: tuple[int, int], view: str = "", exposure: float = 0.0) -> Image:
        """A frame's picture for eyes, uint8 RGB of ``size`` (width, height). Raises PlateError or InputError."""
        if not view and not exposure and self.plate.colour.shows_as_models_see:
            return resized(self.read(frame), size)
        with self._reading:
            return self.plate.look(frame, size, view, exposure)

    @contextmanager
    def travel(self, frames: Sequence[int], cache_bytes: int) -> Iterator[ReadAhead]:
        """A reader of ``frames`` in that order that decodes ahead, up to ``cache_bytes``."""
        with self._reopen_plate() as plate, ReadAhead(plate.read, frames, cache_bytes) as reader:
            yield reader

    def prompt(self, frame: int, name: str) -> ObjectPrompt | None:
        """What was said about an object on a frame."""
        return self._prompts.get((frame, name))

    def keep_prompt(self, frame: int, prompt: ObjectPrompt, mask: Mask, confidence: float) -> None:
        """Store a prompt with the mask that it gave; the mask is a keyframe from now on."""
        coded = encode_png(mask)
        digest = hashlib.sha256(coded).hexdigest()[:16]
        self.masks.write(MaskRecord(Sweep.PROMPTED, prompt.object, frame, confidence, "prompted", digest), coded)
        self._prompts[frame, prompt.object] = prompt
        self._write_prompts()

    def forget_prompt(self, frame: int, name: str) -> None:
        """Take back what was said about an object on a frame."""
        self._prompts.pop((frame, name), None)
        self.masks.forget(Sweep.PROMPTED, name, frame)
        self._write_prompts()

    def keyframe_digests(self, name: str) -> dict[int, str]:
        """Frames on which an object is prompted, ascending, with the digest of the mask there."""
        return {r.frame: r.digest for r in self.masks.records(Sweep.PROMPTED) if r.object == name}

    def source_record(self, name: str, frame: int) -> MaskRecord | None:
        """An object's mask on a frame before finishing: what it is made of, prompted before tracked.

        None as well for a combined mask whose sources have changed since.
        """
        if name not in self.recipes.combined:
            return self.masks.record(Sweep.PROMPTED, name, frame) or self.masks.record(Sweep.FINAL, name, frame)
        record = self.masks.record(Sweep.COMBINED, name, frame)
        return record if record is not None and record.digest == self.combined_digest(name, frame) else None

    def combined_digest(self, name: str, frame: int) -> str:
        """What a combined object's mask on a frame depends on; empty where it has none.

        A piece is followed from frame to frame, so it depends on all masks of what it is a piece of.
        """
        made = self.recipes.combined[name]
        if not self._is_due(name, frame):
            return ""
        frames = self.source_frames(name) if made.operation == "piece" else [frame]
        sources = [self.best_record(source, at) for at in frames for source in made.objects]
        told = [None if source is None else source.digest for source in sources]
        return digest_of(made.operation, made.frame, made.point, told)

    def finished_digest(self, name: str, frame: int) -> str:
        """What an object's finished mask on a frame depends on; it begins with that of its source."""
        settings = self.recipes.finish[name]
        source = self.source_record(name, frame)
        around = [self.source_record(name, at) for at in neighbours(frame, settings.steady_frames)]
        told = [None if record is None else record.digest for record in around]
        return "" if source is None else f"{source.digest}.{digest_of(settings, told)}"

    def best_record(self, name: str, frame: int) -> MaskRecord | None:
        """The mask that stands for an object on a frame: finished if it is to be, and is up to date."""
        if name in self.recipes.finish:
            record = self.masks.record(Sweep.FINISHED, name, frame)
            if record is not None and record.digest == self.finished_digest(name, frame):
                return record
        return self.source_record(name, frame)

    def finest_record(self, name: str, frame: int) -> MaskRecord | None:
        """The matte of an object on a frame if its mask is still the same, else the mask."""
        mask, matte = self.best_record(name, frame), self.masks.record(Sweep.MATTE, name, frame)
        is_valid = mask is not None and matte is not None and matte.digest.startswith(f"{mask.digest}.")
        return matte if is_valid else mask

    def source_frames(self, name: str) -> list[int]:
        """Frames on which an object is to have a mask, ascending: for one made of others, by its operation."""
        made = self.recipes.combined.get(name)
        if made is None:
            return self._own_frames(name)
        frames = [set(self.source_frames(source)) for source in made.objects]
        if made.operation == "union":
            return sorted(set[int]().union(*frames))
        return sorted(frames[0].intersection(*frames[1:]) if made.operation == "intersect" else frames[0])

    def stored_frames(self, name: str) -> list[int]:
        """Frames on which an object has a mask, ascending."""
        frames = self.source_frames(name)
        return [f for f in frames if self.source_record(name, f)] if name in self.recipes.combined else frames

    def _is_due(self, name: str, frame: int) -> bool:
        """Whether an object is to have a mask on a frame; see :meth:`source_frames`."""
        made = self.recipes.combined.get(name)
        if made is None:
            return self.source_record(name, frame) is not None
        due = [self._is_due(source, frame) for source in made.objects]
        return any(due) if made.operation == "union" else all(due) if made.operation == "intersect" else due[0]

    def _own_frames(self, name: str) -> list[int]:
        sweeps = (Sweep.PROMPTED, Sweep.FINAL)
        return sorted({r.frame for sweep in sweeps for r in self.masks.records(sweep) if r.object == name})

    def delete_object(self, name: str) -> None:
        """Take an object out with all that belongs to it. Raises InputError where it is unknown or others need it."""
        if name not in (*self.prompted_objects, *self.recipes.combined):
            raise InputError(f"There is no object “{name}”.", f"There are {', '.join(self.objects) or 'none'}.")
        self.recipes.forget(name)
        self._prompts = {key: prompt for key, prompt in self._prompts.items() if key[1] != name}
        self._write_prompts()
        self.masks.forget_object(name)

    def prompts_text(self) -> str:
        """All prompts as JSON, without supplied masks' pixels: what provenance keeps."""
        return json.dumps(self._plain_prompts(), sort_keys=True)

    def cached_embedding(self, frame: int) -> Embedding | None:
        """The frame as the engine prepared it, if it is still held."""
        return self._embeddings.get(frame)

    def cache_embedding(self, frame: int, embedding: Embedding) -> None:
        """Hold a prepared frame; the oldest of more than a few is dropped."""
        self._embeddings[frame] = embedding
        while len(self._embeddings) > KEPT_EMBEDDINGS:
            self._embeddings.popitem(last=False)

    def drop_embeddings(self) -> None:
        """Let go of all prepared frames and of the picture shown last."""
        self._embeddings.clear()
        self._shown = None

    def close(self) -> None:
        """Let go of the plate and of prepared frames."""
        self.drop_embeddings()
        self.plate.close()

    def _plain_prompts(self) -> list[dict[str, Any]]:
        return [
            {"frame": frame, **to_plain(_without_pixels(prompt), ObjectPrompt)}
            for (frame, _), prompt in sorted(self._prompts.items())
        ]

    def _write_prompts(self) -> None:
        write_json(self.folder / "prompts.json", self._plain_prompts())


def neighbours(frame: int, reach: int) -> list[int]:
    """Frames up to ``reach`` before and after."""
    return [frame + step for step in range(-reach, reach + 1) if step]


def write_json(path: Path, data: Any) -> None:
    """Write JSON, whole or not at all. Raises StorageError."""
    write_whole(path, json.dumps(data, indent=1).encode())


def _without_pixels(prompt: ObjectPrompt) -> ObjectPrompt:
    return ObjectPrompt(prompt.object, prompt.positive, prompt.negative, prompt.box)


def _read_prompts(path: Path) -> dict[tuple[int, str], ObjectPrompt]:
    entries = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return {(entry["frame"], entry["object"]): from_plain(ObjectPrompt, entry) for entry in entries}

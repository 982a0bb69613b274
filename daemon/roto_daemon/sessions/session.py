"""One artist's work on one plate: prompts, masks, and the frames prepared for prompting."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from roto_daemon.backends.base import Embedding, Image, Mask
from roto_daemon.outputs.masks import encode_png, needed_bits
from roto_daemon.plates import Plate, ReadAhead
from roto_daemon.plates.picture import resized
from roto_daemon.sessions.given import Given
from roto_daemon.sessions.masks import MaskRecord, MaskStore, Renaming, Sweep
from roto_daemon.sessions.recipes import Recipes
from roto_daemon.sessions.standing import StandingMasks
from roto_daemon.sessions.stored import read_stored
from roto_shared.errors import InputError
from roto_shared.file_names import check_name
from roto_shared.protocol.data import ObjectPrompt, PlateRef
from roto_shared.structure import from_plain, to_plain
from roto_shared.whole_file import write_json

KEPT_EMBEDDINGS = 4


@dataclass(frozen=True)
class SessionHead:
    """What identifies a session; stored as ``session.json``."""

    plate: PlateRef
    engine: str
    key: str = ""


_Prompts = dict[tuple[int, str], ObjectPrompt]


class Session:
    """Work on one plate under ``folder``. ``reopen_plate`` opens it once more for a reader of its own.

    ``given`` is what the host was given, by this session or by others of its key. ``pictures`` are the plate's frames
    with the fingerprints that their files had before any was read.
    Prompts are written by one lane's thread; everything may be read from any.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        head: SessionHead,
        plate: Plate,
        reopen_plate: Callable[[], Plate],
        given: Given,
    ) -> None:
        self.name = name
        self.folder = folder
        self.head = head
        self.plate = plate
        self.pictures: Mapping[int, str] = plate.fingerprints()
        self._reopen_plate = reopen_plate
        self._reading = threading.Lock()
        self._shown: tuple[int, Image] | None = None
        self.masks = MaskStore(folder)
        self.recipes = Recipes(folder / "recipes.json", self.masks.renamings)
        self.standing = StandingMasks(self.masks, self.recipes)
        self.given = given
        self._prompts = read_stored(
            folder / "prompts.json", partial(_prompts_from_plain, renamings=self.masks.renamings), {}
        )
        self._embeddings: OrderedDict[int, Embedding] = OrderedDict()

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

    def look_again(self) -> Plate | None:
        """The plate as it is now, if frames of it are new, gone or rendered anew. Raises PlateError."""
        plate = self._reopen_plate()
        if plate.fingerprints() == self.pictures:
            plate.close()
            return None
        return plate

    def take_plate(self, plate: Plate) -> None:
        """Go on with ``plate`` and forget the pictures of the one before."""
        with self._reading:
            before, self.plate, self.pictures = self.plate, plate, plate.fingerprints()
            self.drop_embeddings()
        before.close()

    def prompt(self, frame: int, name: str) -> ObjectPrompt | None:
        """What was said about an object on a frame."""
        return self._prompts.get((frame, name))

    def answered_prompt(self, frame: int, name: str, picture: str) -> ObjectPrompt | None:
        """What was said about an object on a frame, if there is a mask of it that was made of ``picture``."""
        record = self.masks.record(Sweep.PROMPTED, name, frame)
        is_answered = record is not None and record.digest.endswith(f".{picture}")
        return self.prompt(frame, name) if is_answered else None

    def keep_prompt(self, frame: int, prompt: ObjectPrompt, mask: Mask, confidence: float, picture: str) -> None:
        """Store a prompt with the mask that it gave on ``picture``; the mask is a keyframe from now on.

        A supplied mask keeps its soft edges as fine as they came.
        """
        coded = encode_png(mask, 8 if prompt.mask is None else needed_bits(mask))
        digest = f"{hashlib.sha256(coded).hexdigest()[:16]}.{picture}"
        self.masks.write(MaskRecord(Sweep.PROMPTED, prompt.object, frame, confidence, "prompted", digest), coded)
        self._keep_prompts({**self._prompts, (frame, prompt.object): prompt})

    def forget_prompt(self, frame: int, name: str) -> None:
        """Take back what was said about an object on a frame."""
        self._keep_prompts({key: prompt for key, prompt in self._prompts.items() if key != (frame, name)})
        self.masks.forget(Sweep.PROMPTED, name, frame)

    def keyframe_digests(self, name: str) -> dict[int, str]:
        """Frames on which an object is prompted, ascending, with the digest of the mask there."""
        return {r.frame: r.digest for r in self.masks.records(Sweep.PROMPTED) if r.object == name}

    def check_keyframes(self, names: Collection[str]) -> None:
        """Raises InputError where the mask of a prompt was lost, so that nothing is followed from it without a word.

        The same where an object was prompted on a picture of another size, whose places are others now.
        """
        for frame, name in sorted(self._prompts):
            if name in names and self.masks.record(Sweep.PROMPTED, name, frame) is None:
                raise InputError(f"What “{name}” is on frame {frame} was lost.", "Prompt it there anew.")
        width, height = self.plate.width, self.plate.height
        for record in (r for r in self.masks.records(Sweep.PROMPTED) if r.object in names):
            rows, columns = self.masks.read(record).shape
            if (columns, rows) != (width, height):
                raise InputError(
                    f"“{record.object}” was prompted on frame {record.frame} when the plate was {columns}×{rows} px."
                    f" It is {width}×{height} now.",
                    "Prompt it there anew.",
                )

    def delete_object(self, name: str) -> None:
        """Take an object out with all that belongs to it. Raises InputError where it is unknown or others need it."""
        self._check_there(name)
        self.recipes.forget(name)
        self._keep_prompts({key: prompt for key, prompt in self._prompts.items() if key[1] != name})
        self.masks.forget_object(name)
        self.given.delete(name)

    def rename_object(self, name: str, new: str) -> None:
        """Call an object otherwise, with all that belongs to it. Raises InputError for one unknown or a name taken.

        Raises StorageError where the disk refuses; it has its old name then. One line of the masks' journal decides:
        files of prompts and recipes that were written before it are read with it in mind.
        """
        self._check_there(name)
        if not new.strip() or new in {*self.standing.every_object, *self.recipes.sources}:
            raise InputError(f"“{new}” cannot be the name.", "Choose one that no object has.")
        check_name(new)
        self.masks.rename_object(name, new, self.given.renamed(name, new))
        self.recipes.rename(name, new)
        self._prompts = _renamed(self._prompts, name, new)

    def _check_there(self, name: str) -> None:
        if name not in self.standing.every_object:
            raise InputError(
                f"There is no object “{name}”.", f"There are {', '.join(self.standing.objects) or 'none'}."
            )

    def prompts_text(self) -> str:
        """All prompts as JSON, without supplied masks' pixels: what provenance keeps."""
        return json.dumps(_plain_prompts(self._prompts), sort_keys=True)

    def embedding(self, frame: int, prepare: Callable[[Image], Embedding]) -> Embedding:
        """The frame as the engine prepared it, prepared now if it is not held. Raises PlateError.

        The oldest of more than a few is dropped.
        """
        held = self._embeddings  # of the plate as it is: one that is prepared while another is taken is not kept
        if frame not in held:
            held[frame] = prepare(self.read(frame))
        embedding = held[frame]
        while len(held) > KEPT_EMBEDDINGS:
            held.popitem(last=False)
        return embedding

    def drop_embeddings(self) -> None:
        """Let go of all prepared frames and of the picture shown last."""
        self._embeddings = OrderedDict()
        self._shown = None

    def close(self) -> None:
        """Let go of the plate and of prepared frames."""
        self.drop_embeddings()
        self.plate.close()

    def _keep_prompts(self, prompts: _Prompts) -> None:
        """Go on with these prompts; with those before where the disk refuses."""
        told = _Told(len(self.masks.renamings), tuple(_plain_prompts(prompts)))
        write_json(self.folder / "prompts.json", to_plain(told, _Told))
        self._prompts = prompts


def _plain_prompts(prompts: _Prompts) -> list[dict[str, Any]]:
    return [
        {"frame": frame, **to_plain(_without_pixels(prompt), ObjectPrompt)}
        for (frame, _), prompt in sorted(prompts.items())
    ]


def _without_pixels(prompt: ObjectPrompt) -> ObjectPrompt:
    return ObjectPrompt(prompt.object, prompt.positive, prompt.negative, prompt.box)


@dataclass(frozen=True)
class _Told:
    """Prompts as they are stored, after so many ``renamings`` of objects."""

    renamings: int
    prompts: tuple[Any, ...]


@dataclass(frozen=True)
class _Place:
    """The part of a stored prompt that says where it is."""

    frame: int
    object: str


def _prompts_from_plain(plain: Any, renamings: Sequence[Renaming]) -> _Prompts:
    """The prompts of a stored file under present names. Raises InputError where it holds something else."""
    told = from_plain(_Told, plain)
    places, prompts = from_plain(tuple[_Place, ...], told.prompts), from_plain(tuple[ObjectPrompt, ...], told.prompts)
    found = {(place.frame, place.object): prompt for place, prompt in zip(places, prompts, strict=True)}
    for renaming in renamings[told.renamings :]:
        found = _renamed(found, renaming.renamed, renaming.called)
    return found


def _renamed(prompts: _Prompts, name: str, new: str) -> _Prompts:
    """The prompts of an object under another name, without what was left under that."""
    return {
        (frame, new if of == name else of): replace(prompt, object=new) if of == name else prompt
        for (frame, of), prompt in prompts.items()
        if of != new
    }

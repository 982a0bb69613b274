"""Masks of a session on disk: PNG files of 8 or 16 bits, and one line in a journal for each, and for each renaming.

A mask counts once its line is in the journal, which is written after the file is in its place; so a killed daemon
leaves either a whole mask or none, and a torn last line is passed over.
"""

import json
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, astuple, dataclass, replace
from enum import StrEnum
from pathlib import Path

from roto_daemon.backends.base import Mask
from roto_daemon.outputs.masks import decode_png, encode_png
from roto_shared.errors import InputError, StorageError
from roto_shared.file_names import folder_name
from roto_shared.structure import from_plain
from roto_shared.whole_file import REMEDIES, write_whole


class Sweep(StrEnum):
    """What made a mask: the artist's prompts, a pass through time in one direction, or the passes together.

    Made of these are combined masks of several objects, finished ones, and mattes, whose edges are refined. They are
    stored in 16 bits, since their edges may be soft.
    """

    PROMPTED = "prompted"
    FORWARD = "forward"
    BACKWARD = "backward"
    FINAL = "final"
    COMBINED = "combined"
    FINISHED = "finished"
    MATTE = "matte"


PNG_DEPTH = slice(24, 25)
"""Where a PNG says its bits a channel (PNG specification, 11.2.2)."""

PNG_END = b"IEND\xaeB`\x82"
"""What a whole PNG file ends in; one that a crash of the machine cut off, or left empty, does not."""


@dataclass(frozen=True)
class MaskRecord:
    """A stored mask.

    ``digest`` names what it was computed from: it is valid while that stays the same. ``seconds`` is the time it took.
    """

    sweep: str
    object: str
    frame: int
    confidence: float
    state: str
    digest: str
    seconds: float = 0.0


_Records = dict[tuple[str, str, int], MaskRecord]


@dataclass(frozen=True)
class Renaming:
    """A line of the journal: what is ``renamed`` is ``called`` so from there on."""

    renamed: str
    called: str


class MaskStore:
    """Masks and their journal under ``folder``, for any thread; ``renamings`` are all that there were, in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._journal = folder / "masks.jsonl"
        self._writing = threading.Lock()
        self._line_before = ""
        _end_torn_line(self._journal)
        self._records, self.renamings = _read_journal(self._journal)

    def record(self, sweep: Sweep, name: str, frame: int) -> MaskRecord | None:
        """The journal's line for a mask, or None."""
        return self._records.get((sweep, name, frame))

    def records(self, sweep: Sweep) -> list[MaskRecord]:
        """Lines of one sweep, by frame."""
        return sorted((r for r in list(self._records.values()) if r.sweep == sweep), key=lambda r: r.frame)

    def read(self, record: MaskRecord) -> Mask:
        """The mask of a line, float32 (height, width) in 0..1. Raises StorageError when its file is gone or damaged.

        The line goes too then, so that the mask is made again.
        """
        mask = decode_png(self._coded(record))
        if mask is None:
            raise self._lost(record)
        return mask

    def read_png(self, record: MaskRecord, bits: int = 8) -> bytes:
        """The mask as a PNG of ``bits``: its own file where that is one. Raises StorageError as :meth:`read`."""
        coded = self._coded(record)
        return coded if coded[PNG_DEPTH] == bytes([bits]) else encode_png(self.read(record), bits)

    def _coded(self, record: MaskRecord) -> bytes:
        """The mask's file as it is. Raises StorageError as :meth:`read`."""
        path = self._path(record)
        coded = path.read_bytes() if path.is_file() else b""
        if not coded.endswith(PNG_END):
            raise self._lost(record)
        return coded

    def _lost(self, record: MaskRecord) -> StorageError:
        self.forget(Sweep(record.sweep), record.object, record.frame)
        remedy = "Prompt the frame anew." if record.sweep == Sweep.PROMPTED else "Track the frame again."
        return StorageError(f"The stored mask {self._path(record)} is gone or damaged.", remedy)

    def write(self, record: MaskRecord, coded: bytes) -> None:
        """Store a mask from :func:`encode_png` and then its line. Raises StorageError when the disk refuses."""
        with self._writing:
            write_whole(self._path(record), coded)
            self._append(record)
            self._records[record.sweep, record.object, record.frame] = record

    def forget(self, sweep: Sweep, name: str, frame: int) -> None:
        """Take a mask out of the store, its line and its file in one go, for another may be written there."""
        with self._writing:
            record = self._records.get((sweep, name, frame))
            if record is None:
                return
            self._append(MaskRecord(sweep, name, frame, 0.0, "forgotten", ""))
            del self._records[sweep, name, frame]  # not before: what the disk refuses would be there after a restart
            self._path(record).unlink(missing_ok=True)

    def forget_object(self, name: str) -> None:
        """Take all masks of an object out of the store."""
        for record in [record for record in list(self._records.values()) if record.object == name]:
            self.forget(Sweep(record.sweep), name, record.frame)

    def rename_object(self, name: str, new: str, within: AbstractContextManager[None] | None = None) -> None:
        """Put all masks of an object under another name, or none. Raises StorageError.

        Their files lie under both names until one line of the journal says it; what was left under the new one goes.
        ``within`` is around that line alone: for what is renamed beside the masks.
        """
        self.forget_object(new)
        ours = [record for record in list(self._records.values()) if record.object == name and self._is_whole(record)]
        for record in ours:
            self._share(record, new)
        with self._writing, within or nullcontext():
            self._append(Renaming(name, new))
            self.renamings.append(Renaming(name, new))
            self._records = _renamed(self._records, self.renamings[-1])
        for record in ours:
            old, now = self._path(record), self._path(replace(record, object=new))
            if not _is_one_folder(old.parent, now.parent):
                old.unlink(missing_ok=True)

    def _is_whole(self, record: MaskRecord) -> bool:
        """Whether a mask's file is there; else its line is gone now, and it is made again."""
        try:
            self._coded(record)
        except StorageError:
            return False
        return True

    def _share(self, record: MaskRecord, new: str) -> None:
        """Put a mask's file under another name too, which takes no room where there are links. Raises StorageError."""
        path, other = self._path(record), self._path(replace(record, object=new))
        if _is_one_folder(path.parent, other.parent):
            return
        try:
            other.parent.mkdir(parents=True, exist_ok=True)
            other.unlink(missing_ok=True)
            other.hardlink_to(path)
        except OSError:
            write_whole(other, self._coded(record))

    def _append(self, record: MaskRecord | Renaming) -> None:
        try:
            with self._journal.open("a", encoding="utf-8") as journal:
                journal.write(f"{self._line_before}{json.dumps(asdict(record))}\n")
        except OSError as error:
            self._line_before = "\n"  # part of the line may be there
            remedy = REMEDIES.get(error.errno or 0, "Free some space.")
            raise StorageError(f"{self._journal} cannot be written: {error.strerror}.", remedy) from error
        self._line_before = ""

    def _path(self, record: MaskRecord) -> Path:
        return self._folder / record.sweep / folder_name(record.object) / f"{record.frame}.png"


def _is_one_folder(one: Path, other: Path) -> bool:
    """To some file systems “hero” and “Hero” are one."""
    return other.exists() and other.samefile(one)


def _end_torn_line(journal: Path) -> None:
    if journal.is_file() and not journal.read_bytes().endswith(b"\n"):
        with journal.open("a", encoding="utf-8") as file:
            file.write("\n")


def _read_journal(path: Path) -> tuple[_Records, list[Renaming]]:
    """Masks as the journal's lines say it in the end, and renamings."""
    found: _Records = {}
    renamings: list[Renaming] = []
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    for line in map(_read_line, text.splitlines()):
        if isinstance(line, Renaming):
            renamings.append(line)
            found = _renamed(found, line)
        elif line is not None:
            found[line.sweep, line.object, line.frame] = line
    return {key: record for key, record in found.items() if record.state != "forgotten"}, renamings


def _renamed(records: _Records, renaming: Renaming) -> _Records:
    """The records with another name in those of an object, and without those that had it before."""
    kept = (record for record in list(records.values()) if record.object != renaming.called)
    now = (replace(r, object=renaming.called) if r.object == renaming.renamed else r for r in kept)
    return {(record.sweep, record.object, record.frame): record for record in now}


def _read_line(line: str) -> MaskRecord | Renaming | None:
    try:
        plain = json.loads(line)
        record = from_plain(Renaming if isinstance(plain, dict) and "renamed" in plain else MaskRecord, plain)
    except (ValueError, InputError):
        return None  # a line torn by a kill: its mask was not finished
    if None in astuple(record):
        return None
    return record if isinstance(record, Renaming) or record.sweep in set(Sweep) else None

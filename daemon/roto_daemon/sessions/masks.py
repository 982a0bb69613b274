"""Masks of a session on disk: PNG files of 8 or 16 bits, and one line in a journal for each.

A mask counts once its line is in the journal, which is written after the file is in its place; so a killed daemon
leaves either a whole mask or none, and a torn last line is passed over.
"""

import json
import threading
from collections.abc import Iterator
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


class MaskStore:
    """Masks and their journal under ``folder``, for any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._journal = folder / "masks.jsonl"
        self._writing = threading.Lock()
        self._line_before = ""
        _end_torn_line(self._journal)
        self._records = {(r.sweep, r.object, r.frame): r for r in _read_journal(self._journal)}

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
        return StorageError(f"The stored mask {self._path(record)} is gone or damaged.", "Track the frame again.")

    def write(self, record: MaskRecord, coded: bytes) -> None:
        """Store a mask from :func:`encode_png` and then its line. Raises StorageError when the disk refuses."""
        with self._writing:
            write_whole(self._path(record), coded)
            self._append(record)
            self._records[record.sweep, record.object, record.frame] = record

    def forget(self, sweep: Sweep, name: str, frame: int) -> None:
        """Take a mask out of the store."""
        self._take_out((sweep, name, frame))

    def _take_out(self, key: tuple[str, str, int], kept: Path | None = None) -> None:
        """Take a line out, and its file unless that is ``kept``; in one go, for another may be written there."""
        with self._writing:
            record = self._records.get(key)
            if record is None:
                return
            self._append(MaskRecord(*key, 0.0, "forgotten", ""))
            del self._records[key]  # not before: what the disk refuses would be there again after a restart
            path = self._path(record)
            if kept is None or not kept.samefile(path):
                path.unlink(missing_ok=True)

    def forget_object(self, name: str) -> None:
        """Take all masks of an object out of the store."""
        for record in [record for record in list(self._records.values()) if record.object == name]:
            self.forget(Sweep(record.sweep), name, record.frame)

    def rename_object(self, name: str, new: str) -> None:
        """Put all masks of an object under another name. Raises StorageError.

        Each is under the new name before it is taken out under the old one, so that none is lost where this is cut off.
        """
        for record in [record for record in list(self._records.values()) if record.object == name]:
            try:
                coded = self._coded(record)
            except StorageError:
                continue  # its line is gone now, and it is made again
            renamed = replace(record, object=new)
            self.write(renamed, coded)
            # to some file systems “hero” and “Hero” are one
            self._take_out((record.sweep, name, record.frame), kept=self._path(renamed))

    def _append(self, record: MaskRecord) -> None:
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


def _end_torn_line(journal: Path) -> None:
    if journal.is_file() and not journal.read_bytes().endswith(b"\n"):
        with journal.open("a", encoding="utf-8") as file:
            file.write("\n")


def _read_journal(path: Path) -> Iterator[MaskRecord]:
    if not path.is_file():
        return
    found: dict[tuple[str, str, int], MaskRecord] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        record = _read_line(line)
        if record is not None:
            found[record.sweep, record.object, record.frame] = record
    yield from (record for record in found.values() if record.state != "forgotten")


def _read_line(line: str) -> MaskRecord | None:
    try:
        record = from_plain(MaskRecord, json.loads(line))
    except (ValueError, InputError):
        return None  # a line torn by a kill: its mask was not finished
    is_whole = record.sweep in set(Sweep) and None not in astuple(record)
    return record if is_whole else None

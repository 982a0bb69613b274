"""Which files make up a sequence, and which frame each one is.

The frame is the last number right before the extension: ``plate.1001.exr``, ``plate_7.png``, ``0012.jpg``. A minus
counts as a sign only where it cannot be a separator: ``plate.-003.exr`` is frame -3, ``plate-003.exr`` is frame 3.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from fileseq.constants import PAD_STYLE_HASH1
from fileseq.exceptions import FileSeqException
from fileseq.filesequence import FileSequence

from roto_shared.errors import PlateError

STILL_TYPES = {".bmp", ".cin", ".dpx", ".exr", ".gif", ".hdr", ".jp2", ".jpeg", ".jpg", ".png", ".ppm", ".pgm", ".psd"}
STILL_TYPES |= {".sgi", ".tga", ".tif", ".tiff", ".tx", ".webp"}

MAX_FRAME = 2**63 - 1  # what messages can hold

_PADDING = re.compile(r"[#@]+|\$F\d*|%\d*d")
"""What stands for the frame in a pattern."""

_NAME = re.compile(r"(?P<head>.*?)(?P<number>(?:(?<![A-Za-z0-9])-)?\d+)(?P<tail>\.[^.]*)")


_Numbered = dict[str, Path]
"""Files of one sequence by the number in their names, as it is written there."""


class NumberedName(NamedTuple):
    """A file name taken apart: ``head`` + ``number`` + ``tail``, the tail being the extension."""

    head: str
    number: str
    tail: str


def split_name(name: str) -> NumberedName | None:
    """Take a file name apart, or None where no number stands before the extension."""
    match = _NAME.fullmatch(name)
    return None if match is None else NumberedName(*match.group("head", "number", "tail"))


def frame_of(path: Path) -> int | None:
    """The frame that a file's name gives, or None."""
    name = split_name(path.name)
    return None if name is None else int(name.number)


def find_files(reference: Path) -> dict[int, Path]:
    """The files of a folder, of a pattern or of one still, by ascending frame.

    A pattern is ``plate.%04d.exr``, ``plate.####.exr``, ``plate.@@@@.exr`` or ``plate.$F4.exr``, and may hold its range
    (``plate.1001-1100####.exr``). 7 and 0007 both are frame 7, and of two files of a frame the pattern's width decides.
    Where files are padded in several ways, those of the width that is told are taken alone, as hosts do; ``%d``, ``#``,
    ``@`` and ``$F`` tell none. A still without a number is frame 1. Raises PlateError, also where nothing says which
    of several ways is meant.
    """
    files = _numbered_files(reference)
    too_large = [path for frame, path in files.items() if abs(frame) > MAX_FRAME]
    if too_large:
        raise PlateError(
            f"The number in {too_large[0].name} is too large for a frame.",
            f"Number the files by frames, up to {MAX_FRAME} at most.",
        )
    return files


def _numbered_files(reference: Path) -> dict[int, Path]:
    if reference.is_dir():
        return _files_of_folder(reference)
    if reference.is_file():
        frame = frame_of(reference)
        return {1 if frame is None else frame: reference}
    return _files_of_pattern(reference)


def _files_of_folder(folder: Path) -> dict[int, Path]:
    stills = sorted(path for path in folder.iterdir() if path.suffix.lower() in STILL_TYPES and _is_shown(path))
    if not stills:
        raise PlateError(f"The folder {folder} holds no pictures.", "Give a folder of stills, a pattern or a video.")
    if len(stills) == 1:
        return find_files(stills[0])
    sequences = _group(stills)
    if not sequences:
        raise PlateError(
            f"The pictures in {folder} have no frame numbers, {stills[0].name} for one.",
            "Number the files before the extension, as in plate.1001.exr, or give a single file.",
        )
    longer = {key: files for key, files in sequences.items() if len(files) > 1}
    return _frames(_only(longer or sequences, folder))


def _is_shown(path: Path) -> bool:
    return not path.name.startswith(".")


def _group(paths: list[Path]) -> dict[tuple[str, str], _Numbered]:
    groups: dict[tuple[str, str], _Numbered] = defaultdict(dict)
    for path in paths:
        name = split_name(path.name)
        if name is not None:
            groups[name.head, name.tail.lower()].setdefault(name.number, path)
    return groups


def _only(sequences: Mapping[tuple[str, str], _Numbered], folder: Path) -> _Numbered:
    if len(sequences) == 1:
        return next(iter(sequences.values()))
    names = [f"{head}%d{tail} ({len(files)} frames)" for (head, tail), files in sequences.items()]
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    raise PlateError(
        f"The folder {folder} holds {len(names)} sequences: {shown}.",
        f"Say which one: {folder / names[0].split(' (')[0]}.",
    )


def _files_of_pattern(reference: Path) -> dict[int, Path]:
    pattern = _parse_pattern(reference)
    folder = reference.parent
    if not folder.is_dir():
        raise PlateError(f"The folder {folder} does not exist.", "Check the path.")
    base = reference.name[: len(pattern.basename())]
    expected = re.compile(f"{re.escape(base)}(?P<number>-?\\d+){re.escape(pattern.extension())}")
    matches = {match["number"]: path for path in folder.iterdir() if (match := expected.fullmatch(path.name))}
    asked = pattern.frameSet()
    found = {number: path for number, path in sorted(matches.items()) if not asked or int(number) in asked}
    if not found:
        raise PlateError(f"No file matches {reference}.", "Check the name, the padding and the folder.")
    return _frames(_meant(found, pattern.zfill()))


def _meant(found: _Numbered, width: int) -> _Numbered:
    """What a pattern of ``width`` means: of two files of a frame the one that has it; and where it is told (more than
    1) and files are padded in several ways, those that have it alone, if any."""
    padded = {number: path for number, path in found.items() if _is_padded(number, width)}
    if width > 1 and _padded_otherwise(found) and any(_digits(number) == width for number in padded):
        return padded
    there = set(map(int, padded))
    return {number: path for number, path in found.items() if number in padded or int(number) not in there}


def _frames(files: _Numbered) -> dict[int, Path]:
    """Files by ascending frame. Raises PlateError where their numbers are padded in several ways."""
    others = _padded_otherwise(files)
    if others:
        alike = max(files, key=lambda number: (files[number] not in others, _digits(number)))
        raise PlateError(
            f"{files[alike].name} and {others[0].name} in {others[0].parent} are padded in two ways.",
            "Rename the files, or give a pattern that tells the width, as plate.%04d.exr does.",
        )
    return dict(sorted((int(number), path) for number, path in files.items()))


def _padded_otherwise(files: _Numbered) -> list[Path]:
    """Files whose numbers are not padded as the longest of those that begin with a nought."""
    width = max((_digits(number) for number in files if number.lstrip("-").startswith("0")), default=1)
    return [path for number, path in files.items() if not _is_padded(number, width)]


def _is_padded(number: str, width: int) -> bool:
    """Whether a number has ``width`` digits, a minus may count as one, or more where it needs them."""
    sign = "-" if number.startswith("-") else ""
    return number in (f"{int(number):0{width}d}", f"{sign}{abs(int(number)):0{width}d}")


def _digits(number: str) -> int:
    return len(number.lstrip("-"))


def _parse_pattern(reference: Path) -> FileSequence:
    try:
        pattern = FileSequence(_with_one_padding(reference.name), pad_style=PAD_STYLE_HASH1)
    except FileSeqException:
        pattern = None
    if pattern is None or not pattern.padding():
        raise PlateError(
            f"{reference} does not exist.", "Give a folder of stills, a pattern such as plate.%04d.exr, or a video."
        )
    return pattern


def _with_one_padding(name: str) -> str:
    """A pattern of the same length in which only the last padding is one: names may hold its letters too."""
    found = list(_PADDING.finditer(name))
    before = found[-1].start() if found else 0
    return re.sub(r"[#@$%]", "_", name[:before]) + name[before:]

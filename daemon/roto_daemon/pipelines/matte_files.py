"""Which files mattes become, and whether what is asked for makes sense: known before anything is tracked or written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from roto_daemon.outputs.exr import COMPRESSIONS
from roto_daemon.outputs.names import FileName
from roto_shared.errors import InputError
from roto_shared.file_names import folder_name
from roto_shared.protocol.data import MatteFiles

MATTE_FORMATS = ("png", "exr", "cryptomatte", "prores")
CONTENTS = ("matte", "straight", "premultiplied")

OBJECT_FILES = "{object}/mask.{frame:04}"
SHARED_FILES = {"exr": "mattes.{frame:04}", "cryptomatte": "cryptomatte.{frame:04}"}
FILM_FILES = "{object}"
"""Names where none is asked for: a folder an object, and one file a frame where a file holds all objects."""

SHARED_OBJECT = {"exr": "mattes", "cryptomatte": "cryptomatte"}
"""What stands for {object} where a file holds all of them."""

PREVIEW_FILE = "preview.mp4"

_ENDINGS = {"png": ".png", "exr": ".exr", "cryptomatte": ".exr", "prores": ".mov"}

_FRAME_TOKEN = re.compile(r"[._-]?\{frame[^}]*\}")


def check_files(files: MatteFiles, formats: Collection[str], objects: Collection[str]) -> None:
    """Raise InputError for what cannot be written, or would write two things into one file."""
    if files.content not in CONTENTS:
        raise InputError(f"There is no content “{files.content}”.", f"Use {', '.join(CONTENTS)}.")
    if files.bits not in (8, 16):
        raise InputError(f"PNG files do not have {files.bits} bits.", "Use 8 or 16.")
    if files.compression not in COMPRESSIONS:
        raise InputError(f"There is no compression “{files.compression}”.", f"Use {', '.join(COMPRESSIONS)}.")
    if "png" in formats and files.content == "premultiplied":
        raise InputError("PNG files hold straight colours.", "Use exr for premultiplied ones.")
    if files.name and "{object}" not in files.name and {"exr", "cryptomatte"} <= set(formats):
        raise InputError(f"“{files.name}” would be the name of mattes and of Cryptomatte.", "Put {object} into it.")
    for name in formats:
        if name in MATTE_FORMATS:
            file_name(files, name, objects)


def file_name(files: MatteFiles, name: str, objects: Collection[str]) -> FileName:
    """The template for the format ``name``. Raises InputError where it would write two things into one file."""
    is_shared = _is_shared(files, name)
    own = FILM_FILES if name == "prores" else SHARED_FILES[name] if is_shared else OBJECT_FILES
    template = _FRAME_TOKEN.sub("", files.name) if name == "prores" else files.name
    target = FileName(template or own, files.shot, files.version)
    if name != "prores" and "frame" not in target.tokens:
        raise InputError(f"The file name “{files.name}” has no {{frame}}.", "Every frame is a file of its own.")
    if not is_shared and "object" not in target.tokens and len(objects) > 1:
        raise InputError(f"The file name “{files.name}” has no {{object}}.", "Several objects are several files.")
    return target


def picture_files(
    folder: Path, formats: Collection[str], files: MatteFiles, objects: Mapping[str, Collection[int]]
) -> Iterator[Path]:
    """Every still and film that an export of ``objects``, names with their frames, writes. Raises InputError."""
    for name in formats:
        if name in MATTE_FORMATS:
            yield from _matte_paths(folder, name, files, objects)
        elif name == "preview":
            yield folder / PREVIEW_FILE


def _matte_paths(
    folder: Path, name: str, files: MatteFiles, objects: Mapping[str, Collection[int]]
) -> dict[Path, None]:
    target = file_name(files, name, objects)
    stems = {one: SHARED_OBJECT[name] if _is_shared(files, name) else folder_name(one) for one in objects}
    return {
        target.path(folder, frame, stems[one], _ENDINGS[name]): None
        for one, frames in objects.items()
        for frame in frames
    }


def _is_shared(files: MatteFiles, name: str) -> bool:
    """Whether a file of the format ``name`` holds all objects."""
    return name == "cryptomatte" or (name == "exr" and files.layers)

"""A zip of a sequence's frames, unpacked with care: it came from outside."""

import lzma
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from roto_hub.services.uploads import STILLS
from roto_shared.errors import PlateError

MOST_FRAMES = 100_000
MOST_UNPACKED = 500 * 2**30
"""Bytes of all frames together."""

MOST_PACKED = 1100
"""Deflate cannot pack more tightly than about 1032 to 1; what says so is no picture."""


UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError)
"""What reading a damaged, encrypted or unusual zip raises."""


def unpack_frames(packed: Path, folder: Path, check_room: Callable[[int], None]) -> None:
    """Unpack a zip's frames into a folder, in the place of what is there; nothing stays of what fails.

    ``check_room`` is asked before whether there is room for so many bytes. Raises what it raises, and PlateError for
    anything but pictures of one sequence, or too much.
    """
    if not packed.is_file():
        raise PlateError(f"There is no file {packed}.", "Put it there, or give its path anew.")
    try:
        with zipfile.ZipFile(packed) as archive:
            members = _pictures(archive)
            check_room(sum(member.file_size for member in members))
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for member in members:
                target = folder / PurePosixPath(member.filename).name
                with archive.open(member) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)
    except UNREADABLE as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise PlateError(f"{packed.name} is no zip that can be read: {error}", "Pack the frames again.") from error
    except OSError:  # a full disk, which half a sequence would keep full
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _pictures(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [one for one in archive.infolist() if not one.is_dir() and not _is_surplus(one.filename)]
    names = [PurePosixPath(one.filename).name for one in members]
    if not members or not all(name.lower().endswith(STILLS) for name in names):
        raise PlateError(
            "The zip holds something other than pictures.", f"Put frames alone into it ({' '.join(STILLS)})."
        )
    if len(set(names)) != len(names) or len(names) > MOST_FRAMES:
        raise PlateError("The zip holds more than one sequence, or too many frames.", "Pack one sequence.")
    if sum(one.file_size for one in members) > MOST_UNPACKED or any(map(_is_bomb, members)):
        raise PlateError("The zip would unpack to more than can be.", "Pack the frames again.")
    return members


def _is_surplus(name: str) -> bool:
    """What macOS adds to every zip."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > MOST_PACKED * max(member.compress_size, 1)

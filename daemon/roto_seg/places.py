"""Where results go, checked before any work is done."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile

from roto_shared.errors import InputError, StorageError
from roto_shared.whole_file import REMEDIES


def check_ending(target: Path, endings: Iterable[str]) -> None:
    """Raise InputError where the ending of ``target`` is none of ``endings``, or where it is a folder."""
    if target.suffix.lower() not in endings:
        raise InputError(
            f"{target.name or target} ends in none of {' '.join(endings)}.", "Give the file one of these endings."
        )
    if target.is_dir():
        raise InputError(f"{target} is a folder.", "Name a file.")


def make_folder(out: Path) -> None:
    """Make the folder where there is none. Raises StorageError where nothing can be written into it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=out).close()
    except OSError as error:
        remedy = REMEDIES.get(error.errno or 0, "Choose another folder.")
        raise StorageError(f"{out} cannot be written: {error.strerror}.", remedy) from error

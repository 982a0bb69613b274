"""Where results go, checked before any work is done."""

from collections.abc import Iterable
from pathlib import Path

from roto_shared.errors import InputError


def check_ending(target: Path, endings: Iterable[str]) -> None:
    """Raise InputError where the ending of ``target`` is none of ``endings``, or where it is a folder."""
    if target.suffix.lower() not in endings:
        raise InputError(f"{target.name} ends in none of {' '.join(endings)}.", "Give the file one of these endings.")
    if target.is_dir():
        raise InputError(f"{target} is a folder.", "Name a file.")

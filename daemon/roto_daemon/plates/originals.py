"""The files that a person gave: nothing that is written may take the place of one of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from roto_shared.errors import InputError


def spare(originals: Iterable[Path], what: str, targets: Iterable[Path]) -> None:
    """Refuse to write ``targets`` where one is a file of ``originals``, by whatever name; ``what`` says what these are.

    Raises InputError.
    """
    there = {place: target for target in targets if (place := _place(target)) is not None}
    for file in originals if there else ():  # plates are long and far away
        place = _place(file)
        if place in there:
            told = f"{there[place]} would overwrite the {what}."
            raise InputError(told, "Choose another folder or name: --out, --file-name.")


def _place(file: Path) -> tuple[int, int] | None:
    """Where a file lies on its disk, the same for all of its names; None where there is none."""
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_dev, told.st_ino

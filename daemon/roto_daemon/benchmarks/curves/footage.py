"""The sequences of a data folder: ``gt`` masks, ``osvos`` ones (a network's) and ``frames`` where there are some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_shared.errors import InputError

TRUE, NETWORK = "gt", "osvos"

Mask = NDArray[np.bool_]
Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Footage:
    """One sequence on disk. ``folder`` holds a folder of PNG masks for each kind, and one of pictures or none."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of masks there are, true ones first."""
        return tuple(kind for kind in (TRUE, NETWORK) if (self.folder / kind).is_dir())

    def frames(self, kind: str) -> list[int]:
        """The frames that have a mask of this kind, ascending."""
        return sorted(_numbered(self.folder / kind, {".png"}))

    def masks(self, kind: str) -> Iterator[tuple[int, Mask]]:
        """(frame, mask) in order, read one at a time; any colour but the palette's black is the object."""
        files = _numbered(self.folder / kind, {".png"})
        if not files:
            raise InputError(f"{self.folder / kind} holds no PNG masks.", "Give a folder of masks.")
        for frame, path in sorted(files.items()):
            yield frame, _read(path).max(axis=2) > 0

    def has_picture(self, frame: int) -> bool:
        """Whether the frame itself is there."""
        return frame in self._pictures

    @cached_property
    def is_pictured(self) -> bool:
        """Whether every frame of the masks has its picture."""
        return all(map(self.has_picture, self.frames(self.kinds[0])))

    def picture(self, frame: int) -> Image:
        """The frame's picture, (height, width, 3) RGB."""
        return np.ascontiguousarray(_read(self._pictures[frame])[..., ::-1])

    @cached_property
    def _pictures(self) -> dict[int, Path]:
        return _numbered(self.folder / "frames", {".png", ".jpg", ".jpeg"})


def find_footage(folder: Path, only: Iterable[str] = ()) -> list[Footage]:
    """The sequences of ``folder``, by name; ``only`` names those wanted, none means all. Raises InputError."""
    places = sorted(folder.iterdir()) if folder.is_dir() else []
    found = {place.name: Footage(place) for place in places if place.is_dir() and Footage(place).kinds}
    if not found:
        raise InputError(f"{folder} holds no sequences.", "Give a folder of <sequence>/gt.")
    wanted = list(dict.fromkeys(only)) or list(found)
    if missing := [name for name in wanted if name not in found]:
        raise InputError(f"{folder} holds no sequence “{missing[0]}”.", f"Name some of {', '.join(found)}.")
    return [found[name] for name in wanted]


def _numbered(folder: Path, endings: set[str]) -> dict[int, Path]:
    """Files by the number in their names."""
    files = [path for path in folder.iterdir() if path.suffix.lower() in endings] if folder.is_dir() else []
    return {int(re.sub(r"\D", "", path.stem) or 0): path for path in files}


def _read(path: Path) -> Image:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise InputError(f"{path} cannot be read.", "Check the file.")
    return np.asarray(picture, np.uint8)

"""Masks that shapes in a host were fitted to: beside those of now they say where an edited layer has to follow."""

import hashlib
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from roto_daemon.backends.base import Mask
from roto_daemon.outputs.masks import decode_png
from roto_shared.whole_file import write_whole


class FittedMasks:
    """PNG files of ``folder``, each named by what is in it, so that a mask which stays the same is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._counting = threading.Lock()
        self._fits = 0

    def keep(self, coded: bytes) -> str:
        """Keep a mask that is given as a PNG; answers its name. Raises StorageError when the disk refuses."""
        name = hashlib.sha256(coded).hexdigest()[:32]
        path = self._path(name)
        if not path.is_file() or path.stat().st_size != len(coded):  # a crash of the machine cuts files off
            write_whole(path, coded)
        return name

    def read(self, name: str) -> Mask | None:
        """The mask of a name, float32 (height, width) in 0..1; None where it is gone or damaged."""
        path = self._path(name)
        return decode_png(path.read_bytes()) if path.is_file() else None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let go of none while shapes are fitted to some that no document names yet."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, by: int) -> None:
        with self._counting:
            self._fits += by

    def keep_only(self, names: Collection[str]) -> None:
        """Let go of all other masks; of none while they are held, for the next time comes."""
        if self._fits:
            return
        for path in self._folder.glob("*.png"):
            if path.stem not in names:
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.png"

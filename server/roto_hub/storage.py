"""Folders of uploads and results. Every path is checked to stay inside its root, links followed."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from roto_hub.problems import FullError, NotFoundError, RefusedError

RESERVE = 512 * 2**20
"""So much of a disk stays free, in bytes, so that the database and logs can go on."""


class Storage:
    """What lies under ``root``, and shared folders that shots may be taken from. ``quota`` is in bytes, 0 for none."""

    def __init__(self, root: Path, shared_roots: Iterable[Path] = (), quota: int = 0) -> None:
        self.root = root
        self._shared_roots = tuple(path.resolve() for path in shared_roots)
        self._quota = quota

    def place(self, *parts: str) -> Path:
        """A path under the root, which need not exist. Raises NotFoundError for one that leads out."""
        root = self.root.resolve()
        path = root.joinpath(*parts).resolve()
        if not path.is_relative_to(root):
            raise NotFoundError("There is no such file.")
        return path

    def existing(self, *parts: str) -> Path:
        """A file under the root. Raises NotFoundError for none."""
        path = self.place(*parts)
        if not path.is_file():
            raise NotFoundError("There is no such file.")
        return path

    def check_shared(self, path: str) -> str:
        """A plate's path, if it lies in a shared folder. Raises RefusedError for any other."""
        if "\0" in path:
            raise RefusedError("A path holds no zero byte.", "Give the plate's path.")
        folder = Path(path).parent.resolve()
        if not any(folder.is_relative_to(root) for root in self._shared_roots):
            named = ", ".join(map(str, self._shared_roots)) or "none are set"
            raise RefusedError("The path is in no shared folder.", f"Shared folders (ROTO_HUB_SHARED_ROOTS): {named}.")
        return str(folder / Path(path).name)

    def check_room(self, size: int) -> None:
        """Raises FullError where so many bytes more do not fit the disk or the quota."""
        self.root.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.root).free < size + RESERVE:
            raise FullError("The disk has no room for this.", "Ask an administrator.")
        if self._quota and self.used() + size > self._quota:
            raise FullError("The quota has no room for this.", "Delete old versions, or ask an administrator.")

    def used(self) -> int:
        """Bytes of everything under the root."""
        return sum(path.stat().st_size for path in self.root.rglob("*") if path.is_file())

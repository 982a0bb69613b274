"""Folders of uploads and results. Every path is checked to stay inside its root, links followed."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from roto_hub.bucket import Bucket
from roto_hub.problems import FullError, NotFoundError, RefusedError
from roto_hub.settings import HubSettings

TRASH = "trash"

RESERVE = 512 * 2**20
"""So much of a disk stays free, in bytes, so that the database and logs can go on."""


class Storage:
    """What lies under ``root``, and shared folders that shots may be taken from. ``quota`` is in bytes, 0 for none.

    With a bucket, what is published goes there too, and what is missing under the root is fetched from it: then each
    machine has a root of its own, and whatever lies there can be deleted at any time.
    """

    def __init__(
        self, root: Path, shared_roots: Iterable[Path] = (), quota: int = 0, bucket: Bucket | None = None
    ) -> None:
        self.root = root
        self._shared_roots = tuple(path.resolve() for path in shared_roots)
        self._quota = quota
        self._bucket = bucket

    @classmethod
    def of(cls, settings: HubSettings) -> "Storage":
        """The storage that the settings describe."""
        bucket = Bucket(settings.media_url, settings.media_options) if settings.media_url else None
        return cls(settings.media_dir, settings.shared_roots, settings.quota, bucket)

    def place(self, *parts: str) -> Path:
        """A path under the root, which need not exist. Raises NotFoundError for one that leads out."""
        root = self.root.resolve()
        path = root.joinpath(*parts).resolve()
        if not path.is_relative_to(root):
            raise NotFoundError("There is no such file.")
        return path

    def existing(self, *parts: str) -> Path:
        """A file under the root. Raises NotFoundError for none."""
        path = self.found(*parts)
        if path is None:
            raise NotFoundError("There is no such file.")
        return path

    def found(self, *parts: str) -> Path | None:
        """A file under the root, or None."""
        path = self.place(*parts)
        if not path.is_file() and self._bucket is not None:
            self._bucket.get(self.name(path), path)
        return path if path.is_file() else None

    def name(self, path: Path) -> str:
        """A place's name, which is the same on every machine: its path below the root, with slashes."""
        return path.relative_to(self.root.resolve()).as_posix()

    def publish(self, path: Path) -> None:
        """A file or folder under the root is done: other machines may have it."""
        if self._bucket is not None:
            self._bucket.put(path, self.name(path))

    def plate(self, named: str) -> str:
        """A plate as this machine opens it: one on shared storage as it is, one of the hub's own under the root."""
        if Path(named).is_absolute():
            return named
        path = self.place(named)
        if not path.is_file() and self._bucket is not None:
            self._bucket.get(named, path)  # a folder may be here in part
        return str(path)

    def plate_name(self, path: str) -> str:
        """What :meth:`plate` makes this path of, on any machine."""
        place = Path(path).resolve()
        if not place.is_relative_to(self.root.resolve()):
            return path
        self.publish(place)
        return self.name(place)

    def names(self, *parts: str) -> list[str]:
        """The names of what lies in a folder under the root; none where there is no such folder."""
        folder = self.place(*parts)
        if not folder.is_dir() and self._bucket is not None:
            return self._bucket.names(self.name(folder))
        return [path.name for path in folder.iterdir()] if folder.is_dir() else []

    def check_shared(self, path: str) -> str:
        """A plate's path without links, if it lies in a shared folder. Raises RefusedError for any other."""
        if "\0" in path:
            raise RefusedError("A path holds no zero byte.", "Give the plate's path.")
        place = Path(path).resolve()
        if not any(place.is_relative_to(root) for root in self._shared_roots):
            named = ", ".join(map(str, self._shared_roots)) or "none are set"
            raise RefusedError("The path is in no shared folder.", f"Shared folders (ROTO_HUB_SHARED_ROOTS): {named}.")
        return str(place)

    def check_room(self, size: int) -> None:
        """Raises FullError where so many bytes more do not fit the disk or the quota."""
        self.check_disk(size)
        self._check_quota(size)

    def _check_quota(self, size: int) -> None:
        if self._quota and self.used() + size > self._quota:
            raise FullError("The quota has no room for this.", "Delete old versions, or ask an administrator.")

    def check_disk(self, size: int) -> None:
        """Raises FullError where so many bytes more do not fit the disk; quick, as no file is looked at."""
        self.root.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.root).free < size + RESERVE:
            raise FullError("The disk has no room for this.", "Ask an administrator.")

    def used(self) -> int:
        """Bytes of everything under the root, or in the bucket, that was not thrown away."""
        return sum(size for name, size in self.sizes().items() if not name.startswith(f"{TRASH}/"))

    def sizes(self) -> dict[str, int]:
        """Bytes of each thing in each folder under the root, or in the bucket, by name: “shots/…”, “trash/…”."""
        if self._bucket is not None:
            return self._bucket.sizes()
        found = self.root.glob("*/*")
        return {path.relative_to(self.root).as_posix(): _size(path) for path in found}

    def free(self) -> int | None:
        """Bytes that are free on the disk; None for a bucket, which has no end."""
        if self._bucket is not None:
            return None
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free

    def throw_away(self, *parts: str) -> int:
        """Put a folder into the trash, from which an administrator can take files for a while; answers its bytes.

        Raises NotFoundError for the root itself.
        """
        path = self.place(*parts)
        if path == self.root.resolve():
            raise NotFoundError("There is no such folder.")
        target = self._thrown_away(*parts)
        moved = 0 if self._bucket is None else self._bucket.move(self.name(path), self.name(target))
        if not path.exists():
            return moved
        target.parent.mkdir(parents=True, exist_ok=True)
        os.utime(path)  # the trash is emptied by this
        path.replace(target)
        return max(moved, _size(target))

    def take_back(self, *parts: str) -> bool:
        """Bring a folder back from the trash; whether it was there. Raises FullError where the quota has no room."""
        path, kept = self.place(*parts), self._thrown_away(*parts)
        self._check_quota(self.sizes().get(self.name(kept), 0))
        is_there = self._bucket is not None and self._bucket.move(self.name(kept), self.name(path)) > 0
        if not kept.exists():
            return is_there
        shutil.rmtree(path, ignore_errors=True)  # of a click that ended later
        path.parent.mkdir(parents=True, exist_ok=True)
        kept.replace(path)
        return True

    def delete(self, name: str) -> None:
        """Delete a file or folder for good, if it is there. Raises NotFoundError for the root itself."""
        path = self.place(name)
        if path == self.root.resolve():
            raise NotFoundError("There is no such folder.")
        with suppress(FileNotFoundError):  # another hub may tidy at the same moment
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        if self._bucket is not None:
            self._bucket.delete(self.name(path))

    def untouched(self, folder: str, since: datetime) -> list[str]:
        """The names of what lies in a folder, here or in the bucket, and was not written since."""
        here = [path.name for path in self.place(folder).glob("*") if _was_written_before(path, since)]
        there = [] if self._bucket is None else self._bucket.untouched(folder, since)
        return sorted({*here, *there})

    def _thrown_away(self, *parts: str) -> Path:
        """Where a folder lies in the trash."""
        return self.place(TRASH, "-".join(parts).replace("/", "-"))


def _was_written_before(path: Path, moment: datetime) -> bool:
    try:
        return path.lstat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False  # another hub was quicker


def _size(path: Path) -> int:
    """Bytes of a file, or of all in a folder; what a worker takes away or renames meanwhile counts for nothing."""
    if not path.is_dir():
        return _bytes(path)
    return sum(_bytes(Path(folder, name)) for folder, _, names in os.walk(path) for name in names)


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0

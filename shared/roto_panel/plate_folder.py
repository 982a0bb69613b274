"""Temporary folders of rendered plates: they go with their panel, or, where its host crashed, with the next one."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from roto_shared.file_lock import take_lock

PREFIX = "roto-plate-"
LOCK = "in-use.lock"


class PlateFolder:
    """A new folder for one plate's files, in the user's temporary folder. Raises OSError where none can be made."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = (self.path / LOCK).open("wb")
        with contextlib.suppress(OSError):  # a file system without locks: then nobody can find the folder abandoned
            take_lock(self._lock.fileno())

    def delete(self) -> None:
        """Delete the folder and what is in it."""
        self._lock.close()
        shutil.rmtree(str(self.path), ignore_errors=True)


def delete_abandoned() -> None:
    """Delete the folders of this user's hosts that ended without deleting them, by a crash or a kill."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            with (folder / LOCK).open("r+b") as lock:
                take_lock(lock.fileno())
        except OSError:
            continue  # in use, another user's, or not ours
        shutil.rmtree(str(folder), ignore_errors=True)

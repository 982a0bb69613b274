"""Files as streams: copied with progress, and hashed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from roto_shared.errors import StorageError

CHUNK_BYTES = 1 << 20

Progress = Callable[[int], None]
"""Called with the number of bytes written so far."""


class Readable(Protocol):
    """Something that gives bytes, and none at its end."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes."""
        ...


def copy_stream(stream: Readable, target: Path, progress: Progress, have: int = 0) -> int:
    """Write all of ``stream`` to ``target``, after the first ``have`` bytes that it keeps; answer how many it has then.

    Raises StorageError for a full disk.
    """
    written = have
    with target.open("ab" if have else "wb") as out:
        while chunk := stream.read(CHUNK_BYTES):
            try:
                written += out.write(chunk)
            except OSError as error:
                raise StorageError(f"Cannot write {target}: {error.strerror}.", "Free some space.") from error
            progress(written)
    return written


def copy_file(path: Path, target: Path) -> None:
    """Copy without the source's mode bits or times, so that a read-only share does not spread its modes."""
    shutil.copyfile(path, target)


def hash_file(path: Path) -> str:
    """The file's sha256 as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

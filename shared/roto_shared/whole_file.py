"""Files that are whole or not there: written beside their place, then renamed into it."""

import errno
import json
import os
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Iterator

from .errors import StorageError

REMEDIES = {
    errno.ENOSPC: "Free some space or choose another folder.",
    errno.EDQUOT: "Free some of your quota or choose another folder.",
    errno.EROFS: "Choose a folder that can be written.",
    errno.EACCES: "Choose a folder that you may write to.",
    errno.EPERM: "Choose a folder that you may write to.",
    errno.ENOTDIR: "A file stands where a folder is needed; choose another place.",
}

_NUMBERS = count()
"""Two at work on one file in one process have names of their own; the last one to end wins."""


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path`` to write to; it becomes ``path`` when the block ends well, else it goes.

    Missing folders are made. Raises StorageError, naming the file, for what the disk refuses.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.{next(_NUMBERS)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = REMEDIES.get(error.errno or 0, "Check the folder or choose another one.")
        raise StorageError(f"{path} cannot be written: {reason}.", remedy) from error
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    try:
        part.unlink()
    except OSError:
        return  # it was renamed, or where nothing could be written there is nothing to remove


def write_json(path: Path, plain: Any) -> None:
    """Put plain data at ``path`` as JSON. Raises StorageError."""
    write_whole(path, json.dumps(plain, indent=1).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``. Raises StorageError."""
    with written_whole(path) as part:
        part.write_bytes(content)

"""Text files in and out: whole or not at all."""

import os
import tempfile
from pathlib import Path

from roto_shared.errors import FormatError, StorageError


def read_text(path: Path) -> str:
    """The file as text, line ends as ``\\n``. Raises FormatError for a missing, empty or binary file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions.") from error
    if not content.strip():
        raise FormatError(f"{path} is empty.", "Export it again.")
    if b"\0" in content:
        raise FormatError(f"{path} is a binary file, not text.", "Give a shape file.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FormatError(f"{path}, line {line}: bytes that are not UTF-8 text.", "Export it again.") from error


def write_text(path: Path, text: str) -> None:
    """Write a temporary file beside ``path``, then rename it into place. Raises StorageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise StorageError(f"{path.parent} cannot be written: {error.strerror}.", "Choose another folder.") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_mask())
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise StorageError(
            f"{path} cannot be written: {error.strerror}.", "Free space or choose another folder."
        ) from error


def _mask() -> int:
    """The process's file mode mask; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

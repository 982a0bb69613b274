"""Text files, and what a person can be told where a file is none."""

from pathlib import Path

from roto_shared.errors import FormatError


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
        raise FormatError(f"{path}, line {line}: bytes that are not UTF-8 text.", "Save it as UTF-8.") from error

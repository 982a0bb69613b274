"""Names that people choose, as names of folders and files."""

from urllib.parse import quote

from .errors import InputError

LONGEST_BYTES = 255
"""What file systems take as one name."""


def folder_name(name: str) -> str:
    """An object's name as a folder's: what some file system refuses is percent-encoded, so that names stay distinct.

    Raises InputError for a name that is not UTF-8.
    """
    try:
        quoted = quote(name, safe=" ()[]{}+=,").replace(".", "%2E")
    except UnicodeEncodeError as error:
        told = name.encode("utf-8", "replace").decode()
        raise InputError(f"The name {told} is not UTF-8.", "Choose another one.") from error
    return f"%{ord(name[0]):02X}{quoted[1:]}" if name.upper() in _RESERVED else quoted or "%00"


def check_name(name: str) -> None:
    """Raise InputError for an object's name that is too long for a folder."""
    if len(folder_name(name)) > LONGEST_BYTES:
        told = "The name “{}…” is too long for a folder.".format(name[:20])
        raise InputError(told, "Choose a shorter one; letters outside A–Z take up to twelve times as much room.")


_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}  # by Windows

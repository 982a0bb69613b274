"""Names that people choose, as names of folders and files."""

from urllib.parse import quote


def folder_name(name: str) -> str:
    """An object's name as a folder's: what some file system refuses is percent-encoded, so that names stay distinct."""
    quoted = quote(name, safe=" ()[]{}+=,").replace(".", "%2E")
    return f"%{ord(name[0]):02X}{quoted[1:]}" if name.upper() in _RESERVED else quoted or "%00"


_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}  # by Windows

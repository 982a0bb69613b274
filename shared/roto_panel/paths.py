"""Where the daemon finds what the host names: a table of folders, for other machines, systems and containers.

``//server/show`` in a host on Windows may be ``/mnt/show`` for a daemon on Linux, and ``/plates`` in its container.
"""

from dataclasses import dataclass
from typing import Tuple

from roto_shared.errors import InputError

SEPARATOR = "->"


@dataclass(frozen=True)
class PathRule:
    """Files below ``here`` lie below ``there`` for the daemon; both with forward slashes and none at the end."""

    here: str
    there: str


@dataclass(frozen=True)
class PathTable:
    """Rules; the longest folder that fits decides."""

    rules: Tuple[PathRule, ...] = ()

    def to_daemon(self, path: str) -> str:
        """A host's path as the daemon knows it; as it is where no rule fits."""
        fitting = [rule for rule in self.rules if _is_below(path, rule.here)]
        best = max(fitting, key=lambda rule: len(rule.here), default=None)
        return path if best is None else best.there + _slashed(path)[len(best.here) :]


def read_path_table(text: str) -> PathTable:
    """Rules of a text, one a line: ``//server/show -> /mnt/show``; lines that begin with # do not count.

    Raises InputError naming the line that is no rule.
    """
    rules = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        here, separator, there = (part.strip() for part in line.partition(SEPARATOR))
        if not separator or not here or not there:
            raise InputError(
                "Line {} of the path table is no rule: {}".format(number, line.strip()),
                "Write one as //server/show -> /mnt/show.",
            )
        rules.append(PathRule(_slashed(here).rstrip("/"), _slashed(there).rstrip("/")))
    return PathTable(tuple(rules))


def _slashed(path: str) -> str:
    return path.replace("\\", "/")


def _is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it; case does not count where the folder is one of Windows."""
    path = _slashed(path)
    if _is_windows(folder):
        path, folder = path.lower(), folder.lower()
    return path == folder or path.startswith(folder + "/")


def _is_windows(folder: str) -> bool:
    return folder.startswith("//") or folder[1:2] == ":"

"""What bytes a file of weights should be: by the table, by a mirror's list, or as they were when it came here first."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from roto_shared.whole_file import write_whole

SUMS = "SHA256SUMS"
"""The list of hashes of a mirror, or of a store that was exported, as ``sha256sum`` writes and checks it."""


@dataclass(frozen=True)
class Pin:
    """A file's hash, with the size and modification time it had when it was hashed, and on which day that was."""

    sha256: str
    size: int
    mtime_ns: int
    pinned: str = ""

    def fits(self, path: Path) -> bool:
        """Whether the file has not been touched since."""
        stat = path.stat()
        return (stat.st_size, stat.st_mtime_ns) == (self.size, self.mtime_ns)


def pin_path(path: Path) -> Path:
    """Where a file's pin lies."""
    return path.with_name(f"{path.name}.stamp")


def read_pin(path: Path) -> Pin | None:
    """The pin of a file, or None where it has none that can be read."""
    try:
        return Pin(**json.loads(pin_path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_pin(path: Path, sha256: str) -> None:
    """Write down that the file has this hash; a file that had it before keeps its day. Raises StorageError."""
    stat, before = path.stat(), read_pin(path)
    today = datetime.now(UTC).date().isoformat()
    pinned = before.pinned if before is not None and before.sha256 == sha256 else today
    pin = Pin(sha256, stat.st_size, stat.st_mtime_ns, pinned)
    write_whole(pin_path(path), json.dumps(asdict(pin)).encode())


def read_sums(folder: Path | None) -> dict[str, str]:
    """Hashes by file name of a mirror or a store; empty where it has no list."""
    file = None if folder is None else folder / SUMS
    if file is None or not file.is_file():
        return {}
    lines = (line.split(maxsplit=1) for line in file.read_text(encoding="utf-8").splitlines())
    return {parts[1].strip().removeprefix("*"): parts[0].lower() for parts in lines if len(parts) == 2}


def write_sums(folder: Path, sums: dict[str, str]) -> None:
    """Add to a mirror's list of hashes. Raises StorageError."""
    merged = {**read_sums(folder), **sums}
    write_whole(folder / SUMS, "".join(f"{sha}  {name}\n" for name, sha in sorted(merged.items())).encode())

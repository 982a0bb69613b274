"""The folder that holds the model files. Once filled it needs no network, and a read-only share works for reading.

Beside each ``u2netp.onnx`` lies ``u2netp.onnx.stamp``: the sha256, size and modification time that were checked when
the file was put there, so that a load compares two numbers instead of hashing a large file. ``verify`` hashes it all.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from roto_daemon.weights.sources import LocalFile, Progress, Source, copy_file, hash_file
from roto_daemon.weights.table import WEIGHTS, Weights, find_weights
from roto_shared.errors import (
    BusyError,
    InputError,
    MissingWeightsError,
    RotoError,
    StorageError,
    WeightsError,
    WeightsHashError,
)

LOCK_TIMEOUT_S = 600.0


@dataclass(frozen=True)
class Holding:
    """One entry of the table and where the store has it; ``path`` is None where it does not."""

    weights: Weights
    path: Path | None


class WeightStore:
    """Model files in ``folder``; ``mirror`` is a studio folder of the same files that is tried first at a pull."""

    def __init__(self, folder: Path, mirror: Path | None = None) -> None:
        self.folder = folder
        self.mirror = mirror

    def list(self) -> list[Holding]:
        """Every known model file and whether it is here, without reading any of them."""
        return [self._holding(weights) for weights in WEIGHTS.values()]

    def load_path(self, name: str) -> Path:
        """The path of checked weights, cheaply: by its stamp, hashing only a file that changed since."""
        weights = find_weights(name)
        path = self.folder / weights.file
        if not path.is_file():
            raise MissingWeightsError(
                f"The weights '{name}' are not in {self.folder}.", f"Run `roto models pull {name}`."
            )
        if not _stamp_matches(path, weights):
            _check_hash(path, weights)
        return path

    def verify(self, name: str) -> Path:
        """The path of the weights after hashing all of it."""
        weights = find_weights(name)
        path = self.load_path(name)
        _check_hash(path, weights)
        return path

    def pull(self, name: str, progress: Progress = lambda _written: None) -> Path:
        """Fetch the weights from the first source that has them, unless they are already here and right."""
        weights = find_weights(name)
        with self._lock(weights):
            path = self.folder / weights.file
            if path.is_file() and hash_file(path) == weights.sha256:
                return path
            return self._fetch_from_any(weights, self._sources(weights), progress)

    def import_file(self, name: str, file: Path) -> Path:
        """Take ``file`` as the weights ``name``; its bytes must be the known ones."""
        weights = find_weights(name)
        if not file.is_file():
            raise InputError(f"There is no file {file}.", "Name the model file to import.")
        with self._lock(weights):
            return self._fetch(weights, LocalFile(file), lambda _written: None)

    def export_file(self, name: str, target: Path) -> Path:
        """Copy checked weights to the file or folder ``target``, for a machine without a network."""
        path = self.verify(name)
        target = target / path.name if target.is_dir() else target
        try:
            copy_file(path, target)
        except OSError as error:
            raise StorageError(f"Cannot write {target}: {error.strerror}.", "Choose another place.") from error
        return target

    def _holding(self, weights: Weights) -> Holding:
        path = self.folder / weights.file
        return Holding(weights, path if path.is_file() else None)

    def _sources(self, weights: Weights) -> tuple[Source, ...]:
        if self.mirror is None:
            return weights.sources
        return (LocalFile(self.mirror / weights.file), *weights.sources)

    def _fetch_from_any(self, weights: Weights, sources: tuple[Source, ...], progress: Progress) -> Path:
        failures: list[RotoError] = []
        for source in sources:
            try:
                return self._fetch(weights, source, progress)
            except StorageError:
                raise
            except RotoError as error:
                failures.append(error)
        if len(failures) == 1:
            raise failures[0]
        reasons = " ".join(error.message for error in failures)
        raise WeightsError(f"No source has the weights '{weights.name}'. {reasons}", failures[-1].remedy)

    def _fetch(self, weights: Weights, source: Source, progress: Progress) -> Path:
        """Write beside the final place, check, then rename: a reader sees all of the file or none of it."""
        path = self.folder / weights.file
        with _part_file(self.folder, weights.file) as part:
            try:
                source.fetch(part, progress)
            except OSError as error:
                raise WeightsError(
                    f"Cannot read {source.describe()}: {error}.", "Check that it exists and is reachable."
                ) from error
            _check_hash(part, weights)
            part.replace(path)
        _write_stamp(path, weights)
        return path

    @contextmanager
    def _lock(self, weights: Weights) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / f".{weights.file}.lock", timeout=LOCK_TIMEOUT_S):
                yield
        except Timeout as error:
            raise BusyError(
                f"Another process has been pulling '{weights.name}' for {LOCK_TIMEOUT_S / 60:.0f} minutes.",
                "Wait for it, or stop it.",
            ) from error
        except OSError as error:
            raise StorageError(
                f"Cannot write in {self.folder}: {error.strerror}.", "Choose a writable weight store."
            ) from error


@contextmanager
def _part_file(folder: Path, name: str) -> Iterator[Path]:
    handle, part = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    os.close(handle)
    Path(part).chmod(0o644)
    try:
        yield Path(part)
    finally:
        Path(part).unlink(missing_ok=True)


def _check_hash(path: Path, weights: Weights) -> None:
    if hash_file(path) != weights.sha256:
        raise WeightsHashError(
            f"{path} is not the known file '{weights.name}': its sha256 differs.",
            f"Delete it and run `roto models pull {weights.name}`.",
        )


def _stamp_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.stamp")


def _write_stamp(path: Path, weights: Weights) -> None:
    stat = path.stat()
    stamp = {"sha256": weights.sha256, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    with _part_file(path.parent, _stamp_path(path).name) as part:
        part.write_text(json.dumps(stamp), encoding="utf-8")
        part.replace(_stamp_path(path))


def _stamp_matches(path: Path, weights: Weights) -> bool:
    try:
        stamp = json.loads(_stamp_path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    stat = path.stat()
    return stamp == {"sha256": weights.sha256, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}

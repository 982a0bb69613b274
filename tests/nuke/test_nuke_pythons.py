"""The plugin as it is shipped, in the very Pythons and Qts that Nuke has: with only the zip's content on the path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from host_pythons import QT, build_plugin, run_in_host

SUITE = Path(__file__).parent / "suite"
STAND_IN = Path(__file__).parent / "fake_nuke" / "host"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the zip that is tried is Linux's")
in_every_python = pytest.mark.parametrize(
    "version", [pytest.param(version, marks=pytest.mark.needs(f"python{version}")) for version in QT]
)


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked zip for this machine."""
    return build_plugin("nuke", tmp_path_factory.mktemp("plugin"))


@in_every_python
def test_the_plugin_does_the_artist_s_loop_in_the_host_s_python(version: str, plugin: Path, tmp_path: Path) -> None:
    finished = run_in_host(version, [str(SUITE / "run.py"), str(plugin)], STAND_IN, tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "went well" in finished.stdout


@in_every_python
def test_nuke_ends_in_mid_track_without_a_word_of_ours(version: str, plugin: Path, tmp_path: Path) -> None:
    finished = run_in_host(version, [str(SUITE / "leave_in_mid_track.py"), str(plugin)], STAND_IN, tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "leaving at frame" in finished.stdout
    assert "Traceback" not in finished.stderr

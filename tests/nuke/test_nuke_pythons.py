"""The plugin as it is shipped, in the very Pythons and Qts that Nuke has: with only the zip's content on the path."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from host_pythons import QT, build_plugin, run_builder, run_in_host

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


def test_collected_wheels_make_the_same_plugin_without_an_index(
    plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = run_builder("nuke", "--collect", str(tmp_path / "wheels"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    built = build_plugin("nuke", tmp_path, "--wheels", wheels)
    assert {path.relative_to(built) for path in built.rglob("*")} == {
        path.relative_to(plugin) for path in plugin.rglob("*")
    }


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

"""The plugin as it is shipped, in Pythons and Qts that Silhouette has, and no call that its page does not name."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path
from types import ModuleType

import fx
import hook
import pytest

from host_pythons import build_plugin, run_in_host

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PLATE_MAKER = ROOT / "tests" / "nuke" / "suite"
VERSIONS = ("3.7", "3.11", "3.13")
"""2022.5 has 3.7 and PySide2, the newest 3.13 and PySide6; in between 3.11."""


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked zip for this machine."""
    return build_plugin("silhouette", tmp_path_factory.mktemp("plugin"))


@pytest.mark.skipif(sys.platform != "linux", reason="the zip that is tried is Linux's")
@pytest.mark.parametrize(
    "version", [pytest.param(version, marks=pytest.mark.needs(f"python{version}")) for version in VERSIONS]
)
def test_the_plugin_does_the_artist_s_loop_in_the_host_s_python(version: str, plugin: Path, tmp_path: Path) -> None:
    command = [str(HERE / "loop_program.py"), str(plugin), str(PLATE_MAKER)]
    finished = run_in_host(version, command, HERE / "fake_silhouette", tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "sent back, undone" in finished.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="the zip that is tried is Linux's")
@pytest.mark.needs("python3.11")
def test_a_night_s_batch_tracks_and_commits_what_was_clicked(plugin: Path, tmp_path: Path) -> None:
    command = [str(HERE / "batch_program.py"), str(plugin), str(PLATE_MAKER)]
    for said in ([], ["merged"]):
        finished = run_in_host("3.11", [*command, *said], HERE / "fake_silhouette", tmp_path)
        assert finished.returncode == 0, finished.stderr
        assert "frames tracked, 1 objects committed to Roto1, project saved" in finished.stdout
    for said in ("nothing", "other"):
        nothing = run_in_host("3.11", [*command, said], HERE / "fake_silhouette", tmp_path)
        assert nothing.returncode == 1
        assert "Nothing was clicked on " in nothing.stdout


def told_calls() -> set[str]:
    """The names in the page's table of calls."""
    page = (ROOT / "docs" / "silhouette.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Za-z0-9_.]+)[^`]*` \|", page, re.M))


def public_names(module: ModuleType) -> set[str]:
    """What a stand-in's module offers: functions, values, and the public members of its classes."""
    found: set[str] = set()
    for name, value in vars(module).items():
        if (
            name.startswith("_")
            or inspect.ismodule(value)
            or getattr(value, "__module__", module.__name__) not in (module.__name__, "_objects", "_property")
        ):
            continue
        found.add(f"{module.__name__}.{name}")
        if inspect.isclass(value):
            members = [member for member in vars(value) if not member.startswith("_") and member != "type"]
            found |= {f"{name}.{member}" for member in members}
    return found


def test_the_stand_in_has_no_name_that_the_page_does_not_say_where_it_is_known_from() -> None:
    assert public_names(fx) | public_names(hook) <= told_calls()


def test_the_plugin_uses_nothing_of_silhouette_beyond_the_table() -> None:
    used: set[str] = set()
    for path in (ROOT / "silhouette_plugin" / "roto_silhouette").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_theirs = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if is_theirs and node.value.id in ("fx", "hook"):
                used.add(f"{node.value.id}.{node.attr}")
    assert used
    assert used <= told_calls()

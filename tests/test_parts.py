"""What the test run does where the machine lacks something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parts import PARTS, do_without

ROOT = Path(__file__).parents[1]


def run_bare(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """This Python on a machine without any programs or pyenv."""
    bare = {"PATH": str(folder), "PYENV_ROOT": str(folder), "CI": "", **more}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **bare}, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def needy_test(tmp_path: Path) -> Path:
    """A test that needs potrace, beside the plugin."""
    path = tmp_path / "test_needy.py"
    path.write_text("import pytest\n@pytest.mark.needs('potrace')\ndef test_needy(): pass\n", encoding="utf-8")
    return path


def test_a_missing_part_skips_with_its_remedy_in_the_summary(needy_test: Path) -> None:
    told = run_bare(needy_test.parent, "pytest", "-p", "tests.parts", "-c", os.devnull, "-rs", str(needy_test))
    assert told.returncode == 0, told.stdout
    assert "no potrace here: sudo apt-get install potrace" in told.stdout


def test_a_missing_part_fails_in_ci(needy_test: Path) -> None:
    told = run_bare(needy_test.parent, "pytest", "-p", "tests.parts", "-c", os.devnull, str(needy_test), CI="true")
    assert told.returncode == 1
    assert "no potrace here" in told.stdout


def test_setting_up_prints_the_lines_to_run_where_it_may_not_install(tmp_path: Path) -> None:
    told = run_bare(tmp_path, "tests.system_parts")
    assert told.returncode == 0, told.stderr
    packages = " ".join(part.package for part in PARTS.values() if part.package)
    assert f"  sudo apt-get install {packages}\n" in told.stdout
    assert "  pyenv install 3.7 3.9" in told.stdout


def test_pyenv_s_shims_do_not_count_as_a_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "shims" / "python3.7"
    shim.parent.mkdir()
    shim.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(shim.parent))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert PARTS["python3.7"].find() is None


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_doing_without_is_a_skip_at_home_and_a_failure_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no such thing"):
        do_without("no such thing")

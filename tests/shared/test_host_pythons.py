"""roto_shared works inside every host: under each host's Python, with warnings as errors."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parts import HOST_PYTHONS, PARTS, do_without

ROOT = Path(__file__).parents[2]
PACKAGES = ("msgpack", "pyzmq")
PROGRAM = Path(__file__).with_name("host_program.py")


def bring_packages(version: str) -> Path:
    """A folder with the packages that roto_shared imports, as wheels for ``version``; filled once, kept in the venv."""
    folder = Path(sys.prefix) / "host-pythons" / version
    complete = folder / "complete"
    if not complete.is_file():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
        command += ["--target", str(folder), "--python-version", version, "--only-binary", ":all:", *PACKAGES]
        finished = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if finished.returncode:
            last = (finished.stderr.strip().splitlines() or ["no reason given"])[-1]
            do_without(f"pip could not bring {' and '.join(PACKAGES)} for Python {version}: {last}")
        complete.touch()
    return folder


@pytest.mark.parametrize(
    "version", [pytest.param(version, marks=pytest.mark.needs(f"python{version}")) for version in HOST_PYTHONS]
)
def test_roto_shared_imports_stores_and_sends_under_the_host_s_python(version: str) -> None:
    python = PARTS[f"python{version}"].find()
    folders = [ROOT / "shared", bring_packages(version)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    finished = subprocess.run(
        [str(python), "-W", "error", "-B", str(PROGRAM)],
        env={**clean, "PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    panel = [path for path in (ROOT / "shared" / "roto_panel").glob("*.py") if path.stem != "qt"]  # widgets need Qt
    modules = [*(ROOT / "shared" / "roto_shared").rglob("*.py"), *panel]
    assert int(finished.stdout) == len(modules) - 2  # all but the two packages themselves

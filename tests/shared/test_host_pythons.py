"""roto_shared works inside every host: under each host's Python, with warnings as errors."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from host_pythons import bring_packages, host_environment
from parts import HOST_PYTHONS, PARTS

ROOT = Path(__file__).parents[2]
PACKAGES = ("msgpack", "pyzmq")
PROGRAM = Path(__file__).with_name("host_program.py")


@pytest.mark.parametrize(
    "version", [pytest.param(version, marks=pytest.mark.needs(f"python{version}")) for version in HOST_PYTHONS]
)
def test_roto_shared_imports_stores_and_sends_under_the_host_s_python(version: str) -> None:
    python = PARTS[f"python{version}"].find()
    folders = (ROOT / "shared", bring_packages(version, version, *PACKAGES))
    finished = subprocess.run(
        [str(python), "-W", "error", "-B", str(PROGRAM)],
        env=host_environment(*folders),
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

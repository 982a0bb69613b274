"""Other Pythons as hosts have them: their packages, as wheels in folders of the test environment, filled once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from parts import do_without


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

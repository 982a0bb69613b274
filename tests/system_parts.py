"""``python -m tests.system_parts``: brings what the tests need and pip cannot, or says how to.

Debian packages are installed where this may be done (apt-get is there and we are root); everything else is printed as
one line to run. Never fails: the tests that miss a part say so themselves.
"""

from __future__ import annotations

import os
import shutil
import subprocess

from tests.parts import Part, missing_parts


def main() -> None:
    """Install or print what is missing; silent and quick where nothing is."""
    lacking = missing_parts()
    packages = [part.package for part in lacking if part.package]
    if packages and may_install():
        install(packages)
        lacking = missing_parts()
    for line in remedies(lacking):
        print(line)


def may_install() -> bool:
    """Whether apt-get can be used without asking anybody."""
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def install(packages: list[str]) -> None:
    """Install Debian packages; what apt-get says is shown only where it fails."""
    print(f"Installing {', '.join(packages)} for the tests ...", flush=True)
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        finished = subprocess.run(
            ["apt-get", "-qq", *command],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if finished.returncode:
            print(f"apt-get {command[0]} failed: {finished.stdout.strip()[-500:]}")


def remedies(parts: list[Part]) -> list[str]:
    """One line that names what some tests will miss, one for each way to get it."""
    if not parts:
        return []
    packages = [part.package for part in parts if part.package]
    versions = [part.name.removeprefix("python") for part in parts if not part.package]
    lines = [f"Some tests will be left out: no {', '.join(part.name for part in parts)} here. To have them, run"]
    lines += [f"  sudo apt-get install {' '.join(packages)}"] if packages else []
    lines += [f"  pyenv install {' '.join(versions)}"] if versions else []
    return lines


if __name__ == "__main__":
    main()

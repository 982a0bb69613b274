"""Builds the plugin's zip: everything that a host needs, for every Python from 3.7 to 3.13, working without a network.

    python installers/build_plugin.py nuke --platform linux

makes ``dist/roto-nuke-<version>-linux.zip``. Only this step needs a package index. Where there is none,

    python installers/build_plugin.py nuke --platform linux --collect WHEELS    # where there is one
    python installers/build_plugin.py nuke --platform linux --wheels WHEELS

fetch the wheels into a folder, for every Python, and build from that folder. ``roto install nuke`` puts the zip in
place. Standard library and pip alone.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PYTHONS = ("3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
"""Nuke 13 has 3.7, 14 3.9, 15 3.10, 16 3.11; 3.13 is expected in 17, and is in Silhouette."""

FIRST_PYTHONS = {"macos-arm": "3.10"}
"""Older hosts are Intel programs there, and older Pythons have no wheels."""

PLATFORMS = {
    "linux": ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
    "windows": ("win_amd64",),
    "macos-intel": ("macosx_10_9_x86_64", "macosx_10_14_universal2", "macosx_10_15_universal2", "macosx_11_0_x86_64"),
    "macos-arm": ("macosx_11_0_arm64", "macosx_10_14_universal2", "macosx_10_15_universal2"),
}
"""What wheels may be made for, by the zip's platform."""

COMPILED = ("pyzmq", "msgpack")
PURE = ("Qt.py",)
SHARED = ("roto_shared", "roto_panel")
HOSTS = {"nuke": "nuke_plugin", "silhouette": "silhouette_plugin"}

SURPLUS = ("__pycache__", "tests", "bin", "share", "*.pyc", "*.pyi", "*.pxd", "*.pyx")
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Every file's time in the zip, so that the same sources and wheels give the same bytes."""


def build(host: str, platform: str, target: Path, wheels: Path | None = None) -> Path:
    """Build the zip of ``host`` for ``platform`` in the folder ``target``; answers where it is.

    ``wheels`` is a folder to take wheels from instead of a package index. Raises SystemExit with pip's reason.
    """
    with tempfile.TemporaryDirectory() as folder:
        plugin = Path(folder) / "roto"
        _gather(plugin, host, platform, wheels)
        target.mkdir(parents=True, exist_ok=True)
        return _zip(plugin, target / f"roto-{host}-{version()}-{platform}.zip")


def collect(platform: str, wheels: Path) -> Path:
    """Fetch into the folder ``wheels`` what ``build`` needs for ``platform``. Raises SystemExit with pip's reason."""
    for wanted in _libraries(platform).values():
        _pip("download", "--dest", str(wheels), *wanted)
    return wheels


def version() -> str:
    """The version that the sources say."""
    said = re.search(r'VERSION = "(.+)"', (ROOT / "shared/roto_shared/version.py").read_text(encoding="utf-8"))
    if said is None:
        raise SystemExit("shared/roto_shared/version.py says no version")
    return said[1]


def _gather(plugin: Path, host: str, platform: str, wheels: Path | None) -> None:
    """Everything of the zip, in the folder ``plugin``."""
    unwanted = shutil.ignore_patterns(*SURPLUS, "libraries")
    shutil.copytree(ROOT / HOSTS[host], plugin, ignore=unwanted)
    libraries = plugin / "libraries"
    for package in SHARED:
        shutil.copytree(ROOT / "shared" / package, libraries / "any" / package, ignore=unwanted)
    source = [] if wheels is None else ["--no-index", "--find-links", str(wheels)]
    for folder, wanted in _libraries(platform).items():
        _pip("install", "--no-compile", "--target", str(libraries / folder), *source, *wanted)
    shutil.copy(ROOT / "LICENSE", plugin / "LICENSE")
    (plugin / "VERSION").write_text(f"{version()} {platform}\n", encoding="utf-8")


def _libraries(platform: str) -> dict[str, list[str]]:
    """The folders of libraries by name: "any", or the Python they are for, with what pip is asked to bring there."""
    wanted = {"any": ["--no-deps", "--only-binary", ":all:", *PURE]}
    tags = [word for tag in PLATFORMS[platform] for word in ("--platform", tag)]
    for python in PYTHONS[PYTHONS.index(FIRST_PYTHONS.get(platform, PYTHONS[0])) :]:
        of_python = ["--python-version", python, "--implementation", "cp", *tags]
        wanted[python] = ["--no-deps", "--only-binary", ":all:", *of_python, *COMPILED]
    return wanted


def _pip(command: str, *words: str) -> None:
    line = [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check", *words]
    finished = subprocess.run(line, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if finished.returncode:
        raise SystemExit(f"pip could not {command} {' '.join(words)}:\n{finished.stderr.strip()}")


def _zip(plugin: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(path for path in plugin.rglob("*") if path.is_file() and not _is_surplus(path, plugin)):
            entry = zipfile.ZipInfo(file.relative_to(plugin.parent).as_posix(), EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, file.read_bytes())
    return target


def _is_surplus(path: Path, plugin: Path) -> bool:
    return any(part.match(pattern) for part in (path, *path.parents) if part != plugin for pattern in SURPLUS)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("host", choices=HOSTS)
    parser.add_argument("--platform", choices=PLATFORMS, action="append", help="may be given again; default: all")
    offline = parser.add_mutually_exclusive_group()
    offline.add_argument("--wheels", type=Path, help="a folder of wheels, as --collect fills it, instead of an index")
    offline.add_argument("--collect", type=Path, help="fetch the wheels into this folder, and build nothing")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the zips go")
    told = parser.parse_args()
    for platform in told.platform or PLATFORMS:
        print(collect(platform, told.collect) if told.collect else build(told.host, platform, told.out, told.wheels))


if __name__ == "__main__":
    main()

"""Runs in every Nuke with this folder on NUKE_PATH, render nodes included: makes the plugin's modules importable."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOTS = [
    _HERE,
    _HERE / "libraries" / "any",
    _HERE / "libraries" / "{}.{}".format(*sys.version_info[:2]),
    _HERE.parent / "shared",
]
sys.path += [str(root) for root in _ROOTS if root.is_dir() and str(root) not in sys.path]

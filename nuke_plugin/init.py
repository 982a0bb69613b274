"""Runs in every Nuke with this folder on NUKE_PATH, render nodes included: makes the plugin's modules importable."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOTS = [
    _HERE,
    _HERE / "libraries" / "any",
    _HERE / "libraries" / "{}.{}".format(*sys.version_info[:2]),
    _HERE.parent / "shared",  # in a checkout of the sources
]
_KNOWN = ("roto_nuke", "roto_panel", "zmq", "Qt.py")
sys.path += [str(r) for r in _ROOTS if any((r / name).exists() for name in _KNOWN) and str(r) not in sys.path]

"""A folder for ``SFX_SCRIPT_IMPORTS``: makes the plugin's modules importable and starts it once Silhouette is up.

Whatever is wrong with the plugin, Silhouette starts.
"""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parents[1]
_ROOTS = [
    _HERE,
    _HERE / "libraries" / "any",
    _HERE / "libraries" / "{}.{}".format(*sys.version_info[:2]),
    _HERE.parent / "shared",  # in a checkout of the sources
]
_KNOWN = ("roto_silhouette", "roto_panel", "zmq", "Qt.py")
sys.path += [str(r) for r in _ROOTS if any((r / name).exists() for name in _KNOWN) and str(r) not in sys.path]

try:
    from roto_silhouette.start import await_startup

    await_startup()
except Exception as error:  # noqa: BLE001 - told; Silhouette must start
    print("Roto: the plugin could not start: {}: {}".format(type(error).__name__, error))

"""How the pictures look: dark and neutral, as grading and compositing rooms are. Drawn by matplotlib, an extra."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roto_shared.errors import InputError
from roto_shared.whole_file import written_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GROUND, PANEL, GRID, TEXT, FAINT = "#1c1c1c", "#232323", "#3a3a3a", "#d8d8d8", "#8f8f8f"
ACCENT, SECOND, THIRD, LIMIT = "#f0a63c", "#6fa8dc", "#93c47d", "#c9c9c9"
SHAPES = ("#f0a63c", "#5fb4e5", "#8fd175", "#e8779a", "#b79af0", "#e7dc6b", "#5fd0bf", "#ee8a5f")

_RC: dict[Any, Any] = {
    "figure.facecolor": GROUND,
    "savefig.facecolor": GROUND,
    "axes.facecolor": PANEL,
    "axes.edgecolor": GRID,
    "axes.labelcolor": TEXT,
    "axes.titlecolor": TEXT,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.0,
    "axes.labelsize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": TEXT,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.frameon": False,
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "svg.hashsalt": "roto",
    "svg.fonttype": "path",
}


def check_plotting() -> None:
    """Raises InputError where pictures were asked for and matplotlib is not installed."""
    if find_spec("matplotlib") is None:
        raise InputError("Pictures need matplotlib.", "Run `pip install 'roto-bezier[bench]'`, or leave --plot out.")


@contextmanager
def figure(width_in: float, height_in: float, path: Path) -> Iterator[Figure]:
    """A figure to draw on, written to ``path`` whole when done; its ending decides the form. Same data, same bytes."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_RC):
        drawn = Figure(figsize=(width_in, height_in), layout="constrained")
        yield drawn
        form = path.suffix.removeprefix(".")
        undated = {"Date": None} if form == "svg" else None
        with written_whole(path) as part:
            drawn.savefig(part, format=form, dpi=110, metadata=undated)

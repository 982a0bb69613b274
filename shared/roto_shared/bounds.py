"""The least and the most of what an artist may choose: once for daemon, command line, panels, and hub."""

from typing import NamedTuple


class Bounds(NamedTuple):
    """Both are allowed themselves."""

    least: float
    most: float


TOLERANCE_PX = Bounds(0.01, 100)
KEY_DENSITY = Bounds(0.1, 10)
DETAIL = Bounds(0.1, 10)
SMOOTHNESS = Bounds(0, 1)
PARTS = Bounds(1, 32)

STEADY_FRAMES = Bounds(0, 3)
GROW_PX = Bounds(-64, 64)
FEATHER_PX = Bounds(0, 400)

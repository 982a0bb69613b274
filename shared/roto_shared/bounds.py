"""The least and the most of what an artist may choose: once for daemon, command line, panels, and hub."""

from typing import NamedTuple

from .errors import InputError


class Bounds(NamedTuple):
    """Both are allowed themselves."""

    least: float
    most: float

    def check(self, name: str, value: float) -> None:
        """Raise InputError, naming what was chosen, for what lies beyond; no number does."""
        if not self.least <= value <= self.most:
            raise InputError(f"{name} is {value:g}.", f"Give {self.least:g} to {self.most:g}.")


TOLERANCE_PX = Bounds(0.01, 100)
KEY_DENSITY = Bounds(0.1, 10)
DETAIL = Bounds(0.1, 10)
SMOOTHNESS = Bounds(0, 1)
PARTS = Bounds(1, 32)

CLICKS = Bounds(0, 200)
"""On one object on one frame: each is answered by itself, with all before it."""

STEADY_FRAMES = Bounds(0, 3)
AREA_PX2 = Bounds(0, float("inf"))
GROW_PX = Bounds(-64, 64)
FEATHER_PX = Bounds(0, 400)

BAND_PX = Bounds(1, 500)
SHUTTER_FRAMES = Bounds(0, 2)
EXPOSURE_STOPS = Bounds(-20, 20)

"""What an artist chooses about a fit, and the three presets."""

from collections.abc import Mapping
from dataclasses import dataclass

from roto_shared.errors import InputError

KNOT_PRICE_PX3 = 30.0


@dataclass(frozen=True)
class FitSettings:
    """What an artist chooses.

    ``tolerance_px``: how far, root mean square, interpolation between keys may lie off the frame's own fit; less on
    thin outlines, more on frames on which the outline changes fast by itself.
    ``detail``: 1 is balanced; more gives more knots and a closer fit. ``speck_px2``: smaller contours are left out.
    ``shape_price``: shares of the frames' areas, summed over its life, that a shape must cover to be worth drawing.
    ``span_price``: the knots, summed over frames, that cutting an outline into two shapes must save.
    ``bridge_share``: pieces no further apart than this share of the picture's height are one shape.
    ``track``: whether motion may go into a placement on every frame, where that stores fewer values than keys do.
    """

    tolerance_px: float = 1.0
    detail: float = 1.0
    speck_px2: float = 12.0
    shape_price: float = 0.03
    span_price: float = 300.0
    bridge_share: float = 0.04
    track: bool = True

    @property
    def knot_price_px3(self) -> float:
        """What a knot must save: squared distance along the contour, px³ on a frame."""
        return KNOT_PRICE_PX3 / self.detail**2

    @classmethod
    def preset(cls, name: str) -> "FitSettings":
        """``tight``, ``balanced`` or ``loose``. Raises InputError for another name."""
        if name not in PRESETS:
            raise InputError(f"“{name}” is not a preset.", f"Take one of {', '.join(PRESETS)}.")
        return PRESETS[name]


PRESETS: Mapping[str, FitSettings] = {
    "tight": FitSettings(tolerance_px=0.5, detail=1.6, speck_px2=6.0, shape_price=0.01),
    "balanced": FitSettings(),
    "loose": FitSettings(tolerance_px=1.8, detail=0.6, speck_px2=30.0, shape_price=0.08),
}

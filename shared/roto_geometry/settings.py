"""What an artist chooses about a fit, and the three presets."""

from collections.abc import Mapping
from dataclasses import dataclass

from roto_shared import bounds
from roto_shared.errors import InputError
from roto_shared.timeline import Interpolation

KNOT_SHARE = 0.0005
"""What a knot must save: a share of the object's area, so that a far figure is drawn with as much care as a near one.

Chosen between .0003 and .0009, where agreement gained and values stored are in balance.
"""
MOST_KNOT_PRICE_PX = 1 / 16
"""Large objects are not drawn loosely for that: at most this many px² for each px of the plate's shorter side.

So at 480 px a pixel of error along 30 px of edge is always worth a knot, and a subject has about as many at 2160 px.
"""

_BOUNDS = {
    "tolerance_px": bounds.TOLERANCE_PX,
    "key_density": bounds.KEY_DENSITY,
    "detail": bounds.DETAIL,
    "smoothness": bounds.SMOOTHNESS,
    "most_parts": bounds.PARTS,
}


@dataclass(frozen=True)
class FitSettings:
    """What an artist chooses.

    ``tolerance_px``: how far, root mean square, what is drawn may lie off the frame's own fit; less on thin outlines,
    more on frames on which the outline changes fast by itself. ``key_density``: 1 is balanced; 2 keeps half of that
    distance between keys, and so has more of them. ``detail``: 1 is balanced; more gives more knots and a closer fit.
    ``smoothness``: 0 follows every mask; up to 1 steadies outlines over time, which takes flicker out of a network's
    masks and lags behind what moves fast by itself.
    ``interpolation``: how values run between keys. Smooth ones, as Nuke draws them, are fewer and closer; Silhouette
    has linear ones only.
    ``parts``: whether an outline that bends may be drawn as several overlapping shapes that move on their own, where
    that leaves no more to edit and agrees as well with the masks. At most ``most_parts`` are cut; what comes out from
    behind them is drawn beside them. ``track``: whether motion
    may go into a placement on every frame, where that stores fewer values than keys do.
    ``speck_px2``: smaller contours are left out. ``shape_price``: shares of the frames' areas, summed over its life,
    that a shape must cover to be worth drawing. ``span_price``: the knots, summed over frames, that cutting an outline
    into two shapes must save. ``bridge_share``: pieces no further apart than this share of the picture's shorter
    side may be drawn as one shape. Raises InputError for what lies out of its bounds.
    """

    tolerance_px: float = 1.0
    key_density: float = 1.0
    detail: float = 1.0
    smoothness: float = 0.0
    interpolation: Interpolation = Interpolation.SMOOTH
    parts: bool = False
    most_parts: int = 8
    track: bool = True
    speck_px2: float = 12.0
    shape_price: float = 0.03
    span_price: float = 300.0
    bridge_share: float = 0.04

    def __post_init__(self) -> None:
        for name, limits in _BOUNDS.items():
            limits.check(name, getattr(self, name))

    @property
    def key_tolerance_px(self) -> float:
        """How far, root mean square, what is drawn between keys may lie off the frame's own fit."""
        return self.tolerance_px / self.key_density

    def bridge_px(self, shape: tuple[int, ...]) -> float:
        """How far apart pieces of a mask (height, width) may lie that are drawn as one shape."""
        return self.bridge_share * min(shape)

    def knot_price_px2(self, matter_px2: float, size: tuple[int, int]) -> float:
        """What a knot must save on a frame of this size where the whole object covers ``matter_px2``.

        It is area beside the contour.
        """
        return min(self.knot_share * matter_px2, MOST_KNOT_PRICE_PX * min(size) / self.detail**2)

    @property
    def knot_share(self) -> float:
        """The share of the object's area that a knot must save on a frame."""
        return KNOT_SHARE / self.detail**2

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

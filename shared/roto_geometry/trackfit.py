"""One outline over its life, from contours to a keyed shape.

Correspondence, knots, fit, soundness and keys in this order; see the modules of these names for what each guarantees.
"""

from dataclasses import dataclass

import numpy as np

from roto_shared.shapes import Blend, KeyedShape, Lifetime, ShapeKey

from .bezier import Array, outline_knots
from .correspondence import carry_samples
from .curvefit import fit_outlines
from .guards import is_sound, mend
from .keys import interpolate, reduce_keys
from .knots import CORNER_DEGREES, choose_knots, corner_angles
from .outlines import OutlineTrack
from .settings import FitSettings

SAMPLE_PX = 5.0
FEWEST_SAMPLES, MOST_SAMPLES = 16, 160
JUDGED_FRAMES = 12
KNOT_PRICE_PX3 = 10.0


@dataclass(frozen=True, eq=False)
class FittedShape:
    """A shape on all frames of its life.

    ``drawn`` (frames, n, 6) is what a host draws on each of them, ``chosen`` the indices of those that are keyed.
    """

    hole: bool
    frames: list[int]
    drawn: Array
    chosen: list[int]

    def named(self, name: str) -> KeyedShape:
        """The shape as the model's; holes take away from what lies below."""
        return KeyedShape(
            name,
            tuple(ShapeKey(float(self.frames[i]), outline_knots(self.drawn[i])) for i in self.chosen),
            lifetime=Lifetime(float(self.frames[0]), float(self.frames[-1])),
            blend=Blend.SUBTRACT if self.hole else Blend.ADD,
        )


def fit_track(track: OutlineTrack, settings: FitSettings, size: tuple[int, int]) -> FittedShape:
    """Fit one outline; ``size`` is the picture's (width, height) in px."""
    outlines = _sound_outlines(_fitted(track, settings, size))
    if len(track.frames) == 1:
        return FittedShape(track.hole, track.frames, outlines, [0])
    chosen, values = reduce_keys(outlines, track.frames, settings.tolerance_px, is_sound)
    drawn = interpolate(values, np.asarray(track.frames, dtype=float), chosen)
    return FittedShape(track.hole, track.frames, drawn, chosen)


def _fitted(track: OutlineTrack, settings: FitSettings, size: tuple[int, int]) -> Array:
    contours = track.contours
    reference = int(np.argmax([contour.length for contour in contours]))
    count = int(np.clip(contours[reference].length / SAMPLE_PX, FEWEST_SAMPLES, MOST_SAMPLES))
    positions = carry_samples(contours, reference, count)
    judged = np.unique(np.linspace(0, len(contours) - 1, JUDGED_FRAMES).astype(int))
    price = KNOT_PRICE_PX3 / settings.detail**2
    knots = choose_knots([contours[i] for i in judged], positions[judged], price)
    corners = np.abs(corner_angles(contours, positions))[knots] > CORNER_DEGREES
    return fit_outlines(contours, positions[:, knots], corners, size)


def _sound_outlines(outlines: Array) -> Array:
    """Mend what is not sound, from a sound neighbour where nothing else helps."""
    sound = [is_sound(outline) for outline in outlines]
    mended = outlines.copy()
    for index in np.flatnonzero(np.logical_not(sound)):
        near = [i for i in range(len(outlines)) if sound[i]]
        nearest = mended[min(near, key=lambda i: abs(i - index))] if near else None
        mended[index] = mend(outlines[index], nearest)
    return mended

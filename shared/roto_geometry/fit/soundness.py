"""The outlines of a shape on all of its frames, none of which crosses itself."""

from collections.abc import Collection, Sequence

import numpy as np

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.guards import are_sound, mend

from .flicker import calm


def calm_outlines(outlines: Array, smoothness: float, kept: Collection[int] = ()) -> Array:
    """Without flicker, but as they were where they would cross themselves, and on the frames, by index, in ``kept``."""
    calmed = calm(outlines, smoothness)
    if calmed is outlines:
        return outlines
    better = are_sound(calmed) & ~np.isin(np.arange(len(calmed)), list(kept))
    return np.where(better[:, None, None], calmed, outlines)


def sound_outlines(outlines: Array, contours: Sequence[Contour], positions: Array) -> Array:
    """Mend what is not sound, from a sound neighbour where nothing else helps."""
    sound = are_sound(outlines)
    mended = outlines.copy()
    near = np.flatnonzero(sound)
    for index in np.flatnonzero(~sound).tolist():
        nearest = mended[near[np.argmin(np.abs(near - index))]] if len(near) else None
        mended[index] = mend(outlines[index], contours[index].at(positions[index]), nearest)
        if not len(near):  # mended alone, every frame might have its knots in another order
            near = np.array([index])
    return mended

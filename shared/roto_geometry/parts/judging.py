"""Whether parts are as good as the outline drawn whole: about the same agreement, and no more to edit.

Guarantee: parts that beat it agree with the masks by at most ``MOST_LOSS`` less, on the span's average, and their edges
lie at most a fifth farther off, or within twice the tolerance, as a host draws both.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array, flatten
from roto_geometry.fitted import FittedShape
from roto_geometry.follow.outlines import OutlineTrack
from roto_geometry.measure.agreement import boundary_distances
from roto_geometry.measure.coverage import coverage, window
from roto_geometry.measure.mask_metrics import jaccard

MOST_LOSS = 0.01
MOST_FARTHER = 1.2
"""How many times as far as the whole outline's may the edge of the parts lie off the mask's, at the 95th percentile."""
DRAWN_PX = 0.1
MARGIN_PX = 4


class Rival:
    """The outline drawn whole by the shapes ``whole``, on the frames of a span, and how well it agrees with the masks.

    ``holes`` are those in each frame's mask, ``size`` is the picture's; edges within ``near_px`` are close enough.
    """

    def __init__(
        self,
        whole: Sequence[FittedShape],
        track: OutlineTrack,
        holes: Sequence[Sequence[Contour]],
        near_px: float,
        size: tuple[int, int],
    ) -> None:
        self.frames, self._contours, self._holes, self._size = track.frames, track.contours, holes, size
        self._to_edit = sum(shape.to_edit * _share(shape, self.frames) for shape in whole)
        self._agreement, lies_off = self._judged(self._drawn(whole))
        self._farthest = max(near_px, MOST_FARTHER * lies_off)

    def is_beaten(self, parts: Sequence[FittedShape]) -> bool:
        """Whether parts leave no more to edit and agree about as well."""
        return self.is_dearer(parts) and self.is_met(self._drawn(parts))

    def is_dearer(self, parts: Sequence[FittedShape]) -> bool:
        """Whether it leaves at least as much to edit as parts do."""
        return sum(part.to_edit for part in parts) <= self._to_edit

    def is_met(self, drawn: Sequence[Sequence[Array]]) -> bool:
        """Whether polygons of every frame agree with the masks about as well."""
        agreement, lies_off = self._judged(drawn)
        return self._agreement - agreement <= MOST_LOSS and lies_off <= self._farthest

    def _drawn(self, shapes: Sequence[FittedShape]) -> list[list[Array]]:
        return [
            [flatten(shape.drawn[shape.frames.index(frame)], DRAWN_PX) for shape in shapes if frame in shape.frames]
            for frame in self.frames
        ]

    def _judged(self, drawn: Sequence[Sequence[Array]]) -> tuple[float, float]:
        """Mean intersection over union with the masks, outside of holes, and how far the edges lie off, px.

        That is the 95th percentile of the distances between both edges; there holes are filled on both sides.
        """
        ious, distances = [], []
        for polygons, contour, inside in zip(drawn, self._contours, self._holes, strict=True):
            union, whole, *holes = self._pictures(polygons, [contour.points], *([hole.points] for hole in inside))
            judged = np.logical_and.reduce([hole < 0.5 for hole in holes]) if holes else np.bool_(True)
            ious.append(jaccard((union >= 0.5) & judged, (whole >= 0.5) & judged))
            distances.append(boundary_distances(union, whole))
        every = np.concatenate(distances)
        return float(np.mean(ious)), float(np.quantile(every, 0.95)) if len(every) else 0.0

    def _pictures(self, *layers: Sequence[Array]) -> list[NDArray[np.float32]]:
        """The union of each layer's polygons, where the first two layers are. Those of all frames would fill memory."""
        corner, room = window([*layers[0], *layers[1]], *self._size, MARGIN_PX)
        return [np.maximum.reduce([coverage([polygon - corner], *room) for polygon in layer]) for layer in layers]


def _share(shape: FittedShape, frames: Sequence[int]) -> float:
    """Which share of a shape's life falls on the frames."""
    return len(set(frames).intersection(shape.frames)) / len(shape.frames)

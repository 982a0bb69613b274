"""The keys of a shape, and what a host draws of them on any frame: values between keys, then the frame's placement."""

from dataclasses import dataclass

import numpy as np

from roto_geometry.bezier import Array
from roto_geometry.follow.registration import place_outlines
from roto_shared.timeline import Interpolation

from .timebase import basis, slope_weights, unknowns_of


@dataclass(frozen=True, eq=False)
class PlacedKeys:
    """Indices of the keyed frames, key values (keys, n, 6) before placement, and a placement (2, 3) of every frame.

    Without a placement (None) the values are plate px. Smooth keys have ``slopes`` (keys, n, 6), a frame; linear ones
    have None.
    """

    chosen: list[int]
    values: Array
    placement: Array | None = None
    slopes: Array | None = None

    @classmethod
    def of(
        cls, chosen: list[int], unknowns: Array, interpolation: Interpolation, placement: Array | None = None
    ) -> "PlacedKeys":
        """From the unknowns of :mod:`.timebase`."""
        each = unknowns_of(interpolation)
        return cls(chosen, unknowns[::each], placement, unknowns[1::each] if each > 1 else None)

    @property
    def interpolation(self) -> Interpolation:
        """How values run between keys."""
        return Interpolation.LINEAR if self.slopes is None else Interpolation.SMOOTH

    @property
    def unknowns(self) -> Array:
        """What :mod:`.timebase` calls so: (unknowns, n, 6)."""
        parts = [self.values] if self.slopes is None else [self.values, self.slopes]
        return np.stack(parts, axis=1).reshape(-1, *self.values.shape[1:])

    def unplaced(self, times: Array, at: Array) -> Array:
        """Outlines at any times ``at`` before placement; ``times`` are those of all frames."""
        return np.einsum("tk,knc->tnc", basis(times, self.chosen, self.interpolation, at), self.unknowns)

    def drawn(self, times: Array) -> Array:
        """Outlines on all frames in plate px."""
        between = self.unplaced(times, times)
        return between if self.placement is None else place_outlines(self.placement, between)

    def between(self, times: Array, start: int, stop: int) -> "PlacedKeys":
        """The same drawing on frames ``start`` up to ``stop``, not included, alone: keyed at both ends, exactly."""
        chosen = sorted({start, stop - 1, *(index for index in self.chosen if start <= index < stop)})
        values = self.unplaced(times, times[chosen])
        slopes = None if self.slopes is None else np.array([self._slope(times, index) for index in chosen])
        placement = None if self.placement is None else self.placement[start:stop]
        return PlacedKeys([index - start for index in chosen], values, placement, slopes)

    def _slope(self, times: Array, index: int) -> Array:
        """The slope (n, 6) of smooth keys on a frame."""
        assert self.slopes is not None  # only smooth keys are asked
        if index in self.chosen:
            return self.slopes[self.chosen.index(index)]
        after = int(np.searchsorted(self.chosen, index))
        start, end = self.chosen[after - 1], self.chosen[after]
        weights = slope_weights(times[start], times[index], times[end])
        return np.einsum("k,knc->nc", weights, self.unknowns[2 * after - 2 : 2 * after + 2])

    @property
    def stored_values(self) -> int:
        """Six numbers a knot and key, as many again for its slopes, and six a placement."""
        return sum(part.size for part in (self.values, self.slopes, self.placement) if part is not None)

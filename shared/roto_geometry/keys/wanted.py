"""What the keys of a shape must hold: outlines on frames, how closely, where on the outline, and which to the bit.

Distances are taken across the curve only: sliding along it does no harm. They are root mean square over the outline,
each stretch by its weight.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array, bernstein, control_points
from roto_geometry.guards import largest_loops
from roto_shared.timeline import Interpolation

SAMPLES = 6
LEAST_WEIGHT = 1e-3
"""A knot between two stretches that do not count still follows its own outlines."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """Outlines (frames, n, 6) in plate px on ``frames``, ascending, and what counts as holding them.

    ``tolerance_px`` is one, or one a frame. The outlines themselves must be sound, pinned ones excepted. ``weight``
    (frames, n) in 0..1 says how much each segment matters on each frame: 1 an exposed edge, 0 one that another shape
    hides; None is 1 throughout. ``pinned`` are indices of frames whose outlines are an artist's own: they are keyed,
    and drawn to the bit. ``interpolation`` is how the host will draw what lies between keys. ``aim``, points and unit
    vectors across, both (frames, n · SAMPLES, 2), is what the curve goes for in place of the outlines' own. Where they
    ``may_cross``, outlines need not be sound, nor what is drawn: those around a line that folds back are not. On the
    frames ``returns`` the outline comes back: nobody sees it between the frame before and them.
    """

    outlines: Array
    frames: Sequence[float]
    tolerance_px: float | Array
    weight: Array | None = None
    pinned: frozenset[int] = frozenset()
    interpolation: Interpolation = Interpolation.LINEAR
    aim: tuple[Array, Array] | None = None
    may_cross: bool = False
    returns: Collection[float] = ()

    def __len__(self) -> int:
        return len(self.outlines)

    @cached_property
    def times(self) -> Array:
        """The frames as numbers (frames,)."""
        return np.asarray(self.frames, dtype=np.float64)

    @cached_property
    def limit_px(self) -> Array:
        """The tolerance of every frame (frames,)."""
        return np.broadcast_to(self.tolerance_px, len(self))

    @cached_property
    def _sampled(self) -> tuple[Array, Array]:
        return sampled(self.outlines) if self.aim is None else self.aim

    @property
    def curve(self) -> Array:
        """Points (frames, n · SAMPLES, 2) on the outlines."""
        return self._sampled[0]

    @property
    def across(self) -> Array:
        """Unit vectors across the curve at its points."""
        return self._sampled[1]

    @cached_property
    def is_seen_between(self) -> NDArray[np.bool_]:
        """Whether the outline is shown between neighbouring frames, (frames - 1,)."""
        return ~np.isin(self.times[1:], list(self.returns))

    @cached_property
    def loops_between_px2(self) -> Array:
        """Area (frames - 1,) of the largest loop halfway between neighbouring outlines, as keys on both draw it."""
        return largest_loops((self.outlines[:-1] + self.outlines[1:]) / 2)

    @cached_property
    def segment_weight(self) -> Array:
        """Weight of every segment (frames, n)."""
        return np.ones(self.outlines.shape[:2]) if self.weight is None else self.weight

    @cached_property
    def sample_weight(self) -> Array:
        """Weight of every point of the curve (frames, n · SAMPLES)."""
        return np.repeat(self.segment_weight, SAMPLES, axis=1)

    @cached_property
    def knot_weight(self) -> Array:
        """Weight of every knot (frames, n): the larger one of its two segments', never quite 0."""
        both = np.maximum(self.segment_weight, np.roll(self.segment_weight, 1, axis=1))
        return np.maximum(both, LEAST_WEIGHT)

    def errors(self, curve: Array) -> Array:
        """How far points lie off the wanted curve on every frame, in tolerances; a frame without weight holds."""
        return rms(curve - self.curve, self.across, self.sample_weight) / self.limit_px

    def is_pinned(self, frames: Sequence[int]) -> NDArray[np.bool_]:
        """Which of the frames, given by their indices, are pinned."""
        return np.isin(frames, list(self.pinned))


def sampled(outlines: Array) -> tuple[Array, Array]:
    """Points (frames, n · SAMPLES, 2) on the curves and unit vectors across them."""
    curve = np.einsum("kc,tncd->tnkd", bernstein(np.arange(SAMPLES) / SAMPLES), control_points(outlines))
    curve = curve.reshape(len(outlines), -1, 2)
    along = np.roll(curve, -1, axis=1) - np.roll(curve, 1, axis=1)
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    return curve, across / np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9)


def rms(difference: Array, across: Array, weight: Array) -> Array:
    """Root mean square distance across the curve, per frame; 0 where nothing has weight."""
    away = np.einsum("tmd,tmd->tm", difference, across)
    return np.sqrt((weight * away * away).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9))

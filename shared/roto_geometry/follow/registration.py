"""The affine placement that brings one sampled outline onto another, many frames at a time.

Distances count fully across the outline and little along it, where a place on a curve says little. Robust on request:
samples that lie far off (a limb that moves on its own) lose their say (Geman and McClure's weight). A placement is a
(2, 3) array: linear part, then the shift in px. Limit: samples on one line leave it to the pull towards no change.
"""

import numpy as np

from roto_geometry.bezier import Array

ALONG = 0.05
PULL = 1e-4
ROBUST_ROUNDS = 6


def register(source: Array, goal: Array, across: Array, weight: Array, scale_px: float | None = None) -> Array:
    """Placements (frames, 2, 3) that take ``source`` to ``goal``, both (frames, samples, 2) px.

    ``across`` are unit vectors across the goal, ``weight`` (frames, samples) is 0..1; ``scale_px`` is the distance from
    which a sample loses its say, None for plain least squares.
    """
    placement = _solve(source, goal, across, weight)
    for _ in range(ROBUST_ROUNDS if scale_px else 0):
        away = np.linalg.norm(place(placement, source) - goal, axis=-1)
        spread = np.maximum(scale_px or 0.0, 1.5 * np.median(away, axis=1, keepdims=True))
        placement = _solve(source, goal, across, weight / (1 + (away / spread) ** 2) ** 2)
    return placement


def place(placement: Array, points: Array) -> Array:
    """Points (frames, …, 2) where their frame's placement takes them."""
    extra = (1,) * (points.ndim - 2)
    shift = placement[:, :, 2].reshape(len(placement), *extra, 2)
    return (points.reshape(len(points), -1, 2) @ placement[:, :, :2].swapaxes(1, 2)).reshape(points.shape) + shift


def place_outlines(placement: Array, outlines: Array) -> Array:
    """Outlines (frames, n, 6) under their frame's placement; tangents turn and stretch with it."""
    points = outlines.reshape(*outlines.shape[:2], 3, 2) @ placement[:, None, :, :2].swapaxes(2, 3)
    points[:, :, 0] += placement[:, None, :, 2]
    return points.reshape(outlines.shape)


def unmoved(frames: int) -> Array:
    """Placements (frames, 2, 3) that leave everything where it is."""
    return np.repeat(np.eye(2, 3)[None], frames, axis=0)


def inverse(placement: Array) -> Array:
    """The way back. Raises numpy.linalg.LinAlgError for one that flattens."""
    back = np.linalg.inv(placement[:, :, :2])
    return np.concatenate([back, -back @ placement[:, :, 2:]], axis=2, dtype=np.float64)


def _solve(source: Array, goal: Array, across: Array, weight: Array) -> Array:
    """Weighted normal equations of the change of place, about the source's own middle for good conditioning."""
    middle = source.mean(axis=1, keepdims=True)
    local = np.concatenate([source - middle, np.ones((*source.shape[:2], 1))], axis=2)
    size = np.sqrt(np.mean(local[..., :2] ** 2, axis=(1, 2))) + 1e-9
    local[..., :2] /= size[:, None, None]
    wanted = goal - source
    along = np.stack([-across[..., 1], across[..., 0]], axis=-1)
    normal, right = np.zeros((len(source), 6, 6)), np.zeros((len(source), 6))
    for axis, factor in ((across, 1.0), (along, ALONG)):
        row = (axis[..., :, None] * local[..., None, :]).reshape(*source.shape[:2], 6)
        weighted = row * (weight * factor)[..., None]
        normal += weighted.swapaxes(1, 2) @ row
        right += (weighted * np.einsum("fsk,fsk->fs", axis, wanted)[..., None]).sum(axis=1)
    normal += PULL * source.shape[1] * np.eye(6)
    change = np.linalg.solve(normal, right[..., None]).reshape(-1, 2, 3)
    linear = np.eye(2) + change[:, :, :2] / size[:, None, None]
    shift = change[:, :, 2] + middle[:, 0] - np.einsum("fij,fj->fi", linear, middle[:, 0])
    return np.concatenate([linear, shift[..., None]], axis=2)

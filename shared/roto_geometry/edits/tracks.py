"""Transform tracks gone on with on new frames, so that what moves as a whole stays motion of its layer.

A track is gone on with where it moves up to the last finished frame, with linear keys, as track data does; its old keys
stay as they are. New placements are the last one and then what takes the shapes inside best to their new outlines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from roto_geometry.bezier import Array
from roto_geometry.keys.transforms import transform_keys
from roto_shared.placement import matrix_at
from roto_shared.shapes import IDENTITY, Layer, Matrix, ShapeDocument, Transform, TransformKey
from roto_shared.sites import Path, with_elements
from roto_shared.space import apply, invert, multiply
from roto_shared.timeline import Interpolation

from .advance import placement_between
from .sites import Site, as_matrix

SETTLED_KEYS = 3
"""Automatic slopes look as far as this many keys back: linear ones there make a track safe to go on with."""


def with_tracks_gone_on(
    document: ShapeDocument, drawn: Mapping[Path, Mapping[float, Array]], sites: Sequence[Site], edge: float
) -> ShapeDocument:
    """The document with the innermost moving layer of every shape in ``drawn`` gone on with.

    ``drawn`` holds outlines of shapes by frame, plate px; that of the finished frame ``edge`` is among them.
    """
    inside: dict[Path, list[Site]] = {}
    for site in sites:
        path = _moving_layer(site, edge)
        if path is not None and site.path in drawn:
            inside.setdefault(path, []).append(site)
    layers = {
        path: _gone_on(held[0], len(path), [drawn[site.path] for site in held], edge) for path, held in inside.items()
    }
    return with_elements(document, layers)


def _moving_layer(site: Site, edge: float) -> Path | None:
    """The way to the innermost layer of a shape that moves up to ``edge``."""
    depths = [depth for depth, layer in enumerate(site.layers, 1) if _moves_up_to(layer, edge)]
    return site.path[: depths[-1]] if depths else None


def _moves_up_to(layer: Layer, edge: float) -> bool:
    keys = layer.transform
    if len(keys) < 2 or layer.locked or edge not in (keys[0].frame, keys[-1].frame):
        return False
    last = keys[-SETTLED_KEYS:] if keys[-1].frame == edge else keys[:SETTLED_KEYS]
    return all(key.interpolation is Interpolation.LINEAR for key in last)


def _gone_on(site: Site, depth: int, drawn: Sequence[Mapping[float, Array]], edge: float) -> Layer:
    """The layer at ``depth`` of a shape's layers with keys on all frames of ``drawn`` but ``edge``."""
    layer = site.layers[depth - 1]
    frames = sorted({frame for outlines in drawn for frame in outlines} - {edge})
    steps = [_step(drawn, edge, frame) for frame in frames]
    old = next(key.transform for key in layer.transform if key.frame == edge)
    outer = [_outer_matrix(site, depth, frame) for frame in (edge, *frames)]
    moves = [multiply(invert(now), multiply(step, outer[0])) for now, step in zip(outer[1:], steps, strict=True)]
    keys = _placed_keys(old, frames, moves, site.size)
    return replace(layer, transform=tuple(sorted((*layer.transform, *keys), key=lambda key: key.frame)))


def _step(drawn: Sequence[Mapping[float, Array]], edge: float, frame: float) -> Matrix:
    """What takes the outlines of ``edge`` best to those of ``frame``, in plate px."""
    pairs = [(outlines[edge], outlines[frame]) for outlines in drawn if frame in outlines]
    placement = placement_between(*zip(*pairs, strict=True))
    return as_matrix(np.vstack([placement, (0.0, 0.0, 1.0)]))


def _outer_matrix(site: Site, depth: int, frame: float) -> Matrix:
    matrix = IDENTITY
    for layer in site.layers[: depth - 1]:
        if layer.transform:
            matrix = multiply(matrix, matrix_at(layer.transform, frame, *site.size))
    return matrix


def _placed_keys(
    old: Transform, frames: Sequence[float], moves: Sequence[Matrix], size: tuple[int, int]
) -> Sequence[TransformKey]:
    """Keys of the placement ``old`` followed by each of ``moves``, in the words that ``old`` uses."""
    if old.pins is not None and old.matrix == IDENTITY:
        return [
            TransformKey(float(frame), replace(old, pins=tuple(apply(move, pin) for pin in old.pins)))
            for frame, move in zip(frames, moves, strict=True)
        ]
    start = np.reshape(matrix_at((TransformKey(0.0, old),), 0.0, *size), (3, 3))
    placed = np.array([np.reshape(move, (3, 3)) @ start for move in (IDENTITY, *moves)])
    if old.matrix == IDENTITY and _is_plain(placed):
        first, *keys = transform_keys(placed[:, :2], (0.0, *frames), np.array(old.pivot))
        turns = 360.0 * round((old.rotate - first.transform.rotate) / 360.0)
        return [replace(k, transform=replace(k.transform, rotate=k.transform.rotate + turns)) for k in keys]
    return [
        TransformKey(float(frame), replace(old, matrix=multiply(move, old.matrix)))
        for frame, move in zip(frames, moves, strict=True)
    ]


def _is_plain(placed: Array) -> bool:
    """Whether matrices (m, 3, 3) neither mirror nor have a perspective."""
    return bool((np.linalg.det(placed[:, :2, :2]) > 0).all() and np.allclose(placed[:, 2], (0, 0, 1), atol=1e-12))

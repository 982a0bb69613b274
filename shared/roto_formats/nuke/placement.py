"""The ``{t …}`` of layers and shapes: Nuke's numbered transform values to and from the model's placements.

Order of the values [told, agrees with every file seen]: pivot 0–2, translate 3–5, rotate 6–8 (8 is z, degrees,
anticlockwise on screen), scale 9–11, skew x 12, and 19–34 a 4×4 matrix (19 + 4·row + column) applied last. What 13–18
mean is [?]; they are written as 0 and only where the matrix follows. Missing trailing values are the defaults. What all
are put together to, rotate · skew · scale with the skew as a shear, is [inferred] from 2-D transform nodes.
"""

from collections.abc import Sequence

from roto_formats.number_text import hex_float
from roto_shared.placement import placement_from_values, placement_values
from roto_shared.shapes import Matrix, TransformKey
from roto_shared.space import NukeSpace, multiply
from roto_shared.timeline import Key, Values

from .curve import Curve, constant, curve_of
from .curve_text import keyed_text
from .track import hermite_keys, track_of
from .tree import Branch

LENGTH = 35
SCALE_AND_DIAGONAL = (9, 10, 11, 19, 24, 29, 34)
DEFAULTS = tuple(1.0 if index in SCALE_AND_DIAGONAL else 0.0 for index in range(LENGTH))
PLANE = tuple(19 + 4 * row + column for row in (0, 1, 3) for column in (0, 1, 3))
OURS = (3, 4, 8, 9, 10, 12, 0, 1, *PLANE)
"""Nuke's index of each number of :func:`roto_shared.placement.placement_values`, pins left out."""

PIVOT_X, PIVOT_Y = OURS.index(0), OURS.index(1)


def placements_of(branch: Branch, space: NukeSpace) -> tuple[TransformKey, ...]:
    """A layer's or shape's transform keys; none where only the pivot is set, which moves nothing."""
    curves = transform_curves(branch)
    if not any(_moves(curves[index], DEFAULTS[index]) for index in OURS if index > 1):
        return ()
    return tuple(
        TransformKey(
            key.frame,
            placement_from_values(_flip(key.values, space)),
            key.interpolation,
            key.slope_in and _flip_slopes(key.slope_in, space),
            key.slope_out and _flip_slopes(key.slope_out, space),
        )
        for key in track_of([curves[index] for index in OURS])
    )


def transform_curves(branch: Branch) -> list[Curve]:
    """All 35 values of a ``{t …}`` or ``{tx frame …}``, defaults filled in."""
    given = branch.items[2 if branch.head == "tx" else 1 :]
    return [*map(curve_of, given), *map(constant, DEFAULTS[len(given) :])][:LENGTH]


def unread_values(branch: Branch) -> list[int]:
    """Which of Nuke's values are not the defaults but have no place in the model's placements."""
    curves = transform_curves(branch)
    return [index for index in range(LENGTH) if index not in OURS and _moves(curves[index], DEFAULTS[index])]


def _moves(curve: Curve, default: float) -> bool:
    return any(value != default for value in curve.values) or any(curve.slopes_out)


def _flip(values: Values, space: NukeSpace) -> Values:
    """Between Nuke's axes and ours; its own inverse."""
    move_x, move_y, rotate, scale_x, scale_y, skew_x, pivot_x, pivot_y, *matrix = values
    pivot = space.point(pivot_x, pivot_y)
    return (*space.offset(move_x, move_y), -rotate, scale_x, scale_y, -skew_x, *pivot, *_flip_matrix(matrix, space))


def _flip_slopes(slopes: Values, space: NukeSpace) -> Values:
    """As :func:`_flip` for rates of change: the pivot's is an offset, not a point."""
    flipped = list(_flip(slopes, space))
    flipped[PIVOT_X], flipped[PIVOT_Y] = space.offset(slopes[PIVOT_X], slopes[PIVOT_Y])
    return tuple(flipped)


def _flip_matrix(matrix: Sequence[float], space: NukeSpace) -> Matrix:
    mirror: Matrix = (1.0, 0.0, 0.0, 0.0, -1.0, space.height, 0.0, 0.0, 1.0)
    return multiply(mirror, multiply((*matrix,), mirror))  # type: ignore[arg-type]


def placements_text(keys: Sequence[TransformKey], space: NukeSpace) -> str:
    """The ``{t …}`` of transform keys; pins are for :mod:`.pins` to turn into the matrix first."""
    track = tuple(
        Key(
            key.frame,
            _flip(placement_values(key.transform), space),
            key.interpolation,
            key.slope_in and _flip_slopes(key.slope_in, space),
            key.slope_out and _flip_slopes(key.slope_out, space),
        )
        for key in keys
    )
    texts = dict(zip(OURS, keyed_text(hermite_keys(track)), strict=True))
    words = [texts.get(index, hex_float(DEFAULTS[index])) for index in range(LENGTH)]
    while len(words) > 3 and words[-1] == hex_float(DEFAULTS[len(words) - 1]):
        words.pop()
    return " ".join(("{t", *words)) + "}"

"""Sub-pixel outlines of a mask: its iso-line at one half, by marching squares.

Coordinates are plate px with integers at pixel corners, so a pixel's value stands at its centre (+0.5). Outlines of
matter are clockwise on screen (positive area), holes the other way round. The picture is continued past its border by
its own edge pixels, so matter cut by the frame is closed ``overscan_px`` outside of it and its edges cross the border
at their own slant. On a binary mask the line runs half-way between centres: corners are cut as often as they are
filled, so the enclosed area errs by at most half a pixel in all, and re-rasterised at one half it gives the mask back.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array, polygon_area
from roto_shared.errors import InputError

OVERSCAN_PX = 2
ROOM_PX = OVERSCAN_PX + 2
"""So much around the matter is enough for tracing to find the picture's border where it is, and no other."""

WHOLE_NUMBERS = (np.dtype(np.uint8), np.dtype(np.uint16))

# Directed edges of a cell for each of its 16 patterns (bits: upper left, upper right, lower right, lower left),
# matter kept on the right hand on screen. Cell edges: 0 top, 1 right, 2 bottom, 3 left. The saddles have two pieces.
_CASES = {
    1: (0, 3), 2: (1, 0), 3: (1, 3), 4: (2, 1), 6: (2, 0), 7: (2, 3),
    8: (3, 2), 9: (0, 2), 11: (1, 2), 12: (3, 1), 13: (0, 1), 14: (3, 0),
}  # fmt: skip
_JOINED = {5: ((0, 1), (2, 3)), 10: ((1, 2), (3, 0))}
_APART = {5: ((0, 3), (2, 1)), 10: ((1, 0), (3, 2))}


def soft_mask(mask: NDArray[Any]) -> NDArray[np.float32]:
    """A mask as float32 0..1: bool, uint8 (0..255), uint16 (0..65535) or float (0..1). Raises InputError otherwise."""
    _require_mask(mask)
    if mask.dtype == np.bool_:
        return mask.astype(np.float32)
    if mask.dtype in WHOLE_NUMBERS:
        return mask.astype(np.float32) / np.float32(np.iinfo(mask.dtype).max)
    values = mask.astype(np.float32, copy=False)
    return np.nan_to_num(values, nan=0.0) if np.isnan(values.sum()) else values


def matter_window(mask: NDArray[Any], room_px: int = ROOM_PX) -> tuple[slice, slice] | None:
    """The rows and columns of a mask that are not empty, with some room as far as the picture goes; None without any.

    Raises InputError as :func:`soft_mask`.
    """
    _require_mask(mask)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    top, left = max(0, int(rows[0]) - room_px), max(0, int(columns[0]) - room_px)
    bottom, right = min(mask.shape[0], int(rows[-1]) + 1 + room_px), min(mask.shape[1], int(columns[-1]) + 1 + room_px)
    return slice(top, bottom), slice(left, right)


def _require_mask(mask: NDArray[Any]) -> None:
    if mask.ndim != 2 or 0 in mask.shape:
        raise InputError(f"A mask has the shape {mask.shape}.", "Give one channel: (height, width).")
    if mask.dtype != np.bool_ and mask.dtype not in WHOLE_NUMBERS and not np.issubdtype(mask.dtype, np.floating):
        raise InputError(f"A mask holds {mask.dtype}.", "Give bool, uint8 (0..255), uint16 or float (0..1).")


def trace(mask: NDArray[Any], level: float = 0.5, overscan_px: int = OVERSCAN_PX) -> list[Array]:
    """Closed outlines (m, 2) of where ``mask`` reaches ``level``, largest area first; empty for an empty mask."""
    values = soft_mask(mask)
    window = matter_window(values >= level, 1)
    if window is None:
        return []
    top, left = (side.start for side in window)
    field = np.pad(_with_margin(values, window, overscan_px), 1)
    loops = _loops(*_segments(field, level))
    offset = np.array([left - overscan_px - 0.5, top - overscan_px - 0.5])
    outlines = [loop + offset for loop in loops if len(loop) > 2]
    return sorted(outlines, key=lambda outline: -abs(polygon_area(outline)))


def _with_margin(values: NDArray[np.float32], window: tuple[slice, slice], margin: int) -> NDArray[np.float32]:
    """The values of a window and ``margin`` px around it; past the picture's border its own edge goes on."""
    inside = tuple(slice(max(0, side.start - margin), side.stop + margin) for side in window)
    beyond = [
        (max(0, margin - side.start), max(0, side.stop + margin - size))
        for side, size in zip(window, values.shape, strict=True)
    ]
    return np.pad(values[inside], beyond, mode="edge")


def _segments(field: NDArray[np.float32], level: float) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Ids of the grid edges where each directed piece starts and ends, and the crossing point of every grid edge."""
    inside = field >= level
    bit = inside.view(np.uint8)
    pattern = bit[:-1, :-1] | bit[:-1, 1:] << 1 | bit[1:, 1:] << 2 | bit[1:, :-1] << 3
    row, column = np.nonzero((pattern > 0) & (pattern < 15))
    case = pattern[row, column].astype(np.int64)
    middle = (field[row, column] + field[row, column + 1] + field[row + 1, column + 1] + field[row + 1, column]) / 4
    entries, exits, cells = _pieces(case, middle >= level)
    row, column = row[cells], column[cells]
    start = _edge_ids(row, column, entries, field.shape)
    end = _edge_ids(row, column, exits, field.shape)
    return start, end, _crossings(start, field, level)


def _pieces(case: NDArray[Any], joined: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    table = np.full((32, 2, 2), -1)
    for number, piece in _CASES.items():
        table[number, 0] = table[number + 16, 0] = piece
    for number in (5, 10):
        table[number], table[number + 16] = _APART[number], _JOINED[number]
    pieces = table[case + 16 * joined]
    cell, which = np.nonzero(pieces[:, :, 0] >= 0)
    return pieces[cell, which, 0], pieces[cell, which, 1], cell


def _edge_ids(row: NDArray[Any], column: NDArray[Any], edge: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Twice the index of the edge's upper or left grid point, plus one where the edge runs down."""
    row, column = row + (edge == 2), column + (edge == 1)
    return 2 * (row * shape[1] + column) + (edge % 2)


def _crossings(edge: NDArray[Any], field: NDArray[np.float32], level: float) -> Array:
    row, column = np.divmod(edge // 2, field.shape[1])
    down = edge % 2
    first = field[row, column].astype(np.float64)
    second = field[row + down, column + 1 - down].astype(np.float64)
    along = (level - first) / (second - first)
    return np.column_stack([column + along * (1 - down), row + along * down])


def _loops(start: NDArray[np.int64], end: NDArray[np.int64], points: Array) -> list[Array]:
    """Follow the pieces from end to start until each loop closes; every crossing is left exactly once."""
    order = np.argsort(start)
    following = order[np.searchsorted(start[order], end)].tolist()
    loops: list[Array] = []
    seen = [False] * len(following)
    for first in range(len(following)):
        if seen[first]:
            continue
        loop, piece = [], first
        while not seen[piece]:
            seen[piece] = True
            loop.append(piece)
            piece = following[piece]
        loops.append(points[loop])
    return loops

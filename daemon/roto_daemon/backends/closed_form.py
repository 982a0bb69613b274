"""The ``closed-form`` matter: soft edges without a network and without weights.

Levin, Lischinski and Weiss, "A closed-form solution to natural image matting", PAMI 2008. In every window of 3×3 pixels
the opacity is taken to be a linear function of the colour; the opacity that breaks this least, and is 0 and 1 where the
trimap says so, solves one sparse linear system. It is solved at half the resolution; the linear functions it finds are
what is enlarged, and the plate's own colours put in (their section on coarse to fine; also He and Sun, "Fast guided
filter", 2015).
"""

from __future__ import annotations

from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, identity
from scipy.sparse.linalg import splu

from roto_daemon.backends.base import Image, Mask, Trimap
from roto_daemon.backends.table import Model, Place

Picture = NDArray[np.float32]
"""(height, width, 3), red, green and blue in 0..1."""

P = TypeVar("P", Image, Picture)
Floats = NDArray[np.float64]

REGULARITY = 1e-7
"""The variance of a colour (0..1) below which a window of 3×3 counts as flat.

Seven exact composites with noise of one step of 8 bits, half resolution: mean SAD 2.7 with it, 3.0 with 1e-6, 3.8 with
1e-5 (in thousands). At full resolution 2.9 with it: the half averages the noise away.
"""

INDIFFERENCE = 1e-7
"""How strongly a pixel that nothing reaches is held at one half; it makes every system solvable."""

SMALLEST_SIDE_PX = 16
"""A picture with a shorter side is solved as it is."""

LINE_RADIUS_PX = 1
"""Of the windows whose linear functions are enlarged, on the coarse grid. A radius of 3 costs 3 % of the SAD."""

LINE_REGULARITY = 1e-5
"""As ``REGULARITY``, for the linear functions that are enlarged."""


class ClosedForm:
    """The matter; it keeps nothing."""

    name = "closed-form"

    def matte(self, image: Image, trimap: Trimap) -> Mask:
        """Opacity, float32 (height, width) in 0..1; exactly 0 and 1 where the trimap says so."""
        known = (trimap == 255).astype(np.float32)
        unknown = (trimap > 0) & (trimap < 255)
        if not unknown.any():
            return known
        picture = unit(image)
        coarse, coarse_trimap = shrink(picture, trimap)
        opacity = solve(coarse, coarse_trimap)
        if coarse is not picture:
            opacity = enlarge(opacity, coarse, picture)
        return np.where(unknown, np.clip(opacity, 0, 1), known).astype(np.float32)

    def unload(self) -> None:
        """It holds nothing."""


def unit(image: Image) -> Picture:
    """A picture's colours in 0..1."""
    return np.multiply(image, 1 / 255, dtype=np.float32)


def shrink(picture: P, trimap: Trimap) -> tuple[P, Trimap]:
    """Both at half the size, rounded up; a small picture comes back as it is.

    A coarse pixel is known where half its area is: a line of known pixels one pixel wide survives.
    """
    height, width = trimap.shape
    if min(height, width) < SMALLEST_SIDE_PX:
        return picture, trimap
    size = ((width + 1) // 2, (height + 1) // 2)
    inside, outside = (
        cv2.resize((trimap == value).astype(np.float32), size, interpolation=cv2.INTER_AREA) >= 0.5
        for value in (255, 0)
    )
    smaller = cast(P, cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    return smaller, np.where(inside, 255, np.where(outside, 0, 128)).astype(np.uint8)


def solve(picture: Picture, trimap: Trimap) -> Mask:
    """The opacity of every pixel of ``picture``, at its own resolution."""
    unknown = ((trimap > 0) & (trimap < 255)).ravel()
    opacity = np.where(unknown, 0.0, trimap.ravel() / 255.0)
    if unknown.any():
        rows = matting_laplacian(picture, unknown)
        matrix = rows[:, unknown] + INDIFFERENCE * identity(int(unknown.sum()), format="csr")
        right = INDIFFERENCE / 2 - rows @ opacity
        factors = splu(matrix.tocsc(), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
        opacity[unknown] = factors.solve(right)
    return np.clip(opacity, 0, 1).reshape(trimap.shape).astype(np.float32)


def matting_laplacian(picture: Picture, unknown: NDArray[np.bool_]) -> csr_array:
    """The unknown pixels' rows of the matting Laplacian, (unknown pixels, all pixels); pixels are counted row by row.

    Only windows that hold an unknown pixel are looked at. Beyond the border the last pixels go on, so that pictures of
    any size have windows.
    """
    windows = _windows(picture.shape[:2], unknown)
    affinity = _affinities(picture.reshape(-1, 3)[windows].astype(np.float64))
    rows = np.repeat(windows, 9, axis=1).ravel()
    columns = np.tile(windows, 9).ravel()
    needed = unknown[rows]
    numbers = np.cumsum(unknown) - 1
    values = affinity.ravel()[needed], (numbers[rows[needed]], columns[needed])
    return csr_array(coo_array(values, shape=(int(unknown.sum()), len(unknown))))


def _windows(shape: tuple[int, ...], unknown: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The pixels of each window that holds an unknown one: (windows, 9)."""
    numbers = np.pad(np.arange(len(unknown), dtype=np.int32).reshape(shape), 1, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(numbers, (3, 3))
    touched = cv2.dilate(unknown.reshape(shape).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return around[touched].reshape(-1, 9)


def _affinities(colours: Floats) -> Floats:
    """What each window adds to the Laplacian, (windows, 9, 9), for its colours (windows, 9, 3)."""
    centred = colours - colours.mean(axis=1, keepdims=True)
    spread = np.einsum("nic,nid->ncd", centred, centred) / 9 + REGULARITY * np.eye(3)
    likeness = centred @ np.linalg.solve(spread, centred.transpose(0, 2, 1))
    return np.eye(9) - (1 + likeness) / 9


def enlarge(opacity: Mask, coarse: Picture, picture: Picture) -> Mask:
    """``opacity`` of the ``coarse`` picture at the size of ``picture``: around each pixel a linear function of colour.

    The result may leave 0..1 a little.
    """
    slope, offset = _lines(opacity, coarse)
    size = (picture.shape[1], picture.shape[0])
    slope = cv2.resize(slope, size, interpolation=cv2.INTER_LINEAR)
    offset = cv2.resize(offset, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.einsum("ijc,ijc->ij", slope, picture) + offset, np.float32)


def _lines(opacity: Mask, picture: Picture) -> tuple[Floats, Floats]:
    """The linear functions of colour (slope (height, width, 3), offset (height, width)) nearest to ``opacity``."""
    middle, level = _mean(picture), _mean(opacity)
    products = _mean(np.concatenate([picture * picture[..., c : c + 1] for c in range(3)], axis=2))
    spread = products.reshape(*opacity.shape, 3, 3) - middle[..., :, None] * middle[..., None, :]
    common = _mean(picture * opacity[..., None]) - middle * level[..., None]
    slope = np.zeros_like(middle)
    soft = np.abs(common).max(axis=2) > 0
    slope[soft] = np.linalg.solve(spread[soft] + LINE_REGULARITY * np.eye(3), common[soft][..., None])[..., 0]
    return _mean(slope), _mean(level - np.einsum("ijc,ijc->ij", slope, middle))


def _mean(values: NDArray[np.floating]) -> Floats:
    side = 2 * LINE_RADIUS_PX + 1
    return np.asarray(cv2.blur(values.astype(np.float64), (side, side)), np.float64)


def load(_model: Model, _place: Place) -> ClosedForm:
    """Build the matter; it needs no weights."""
    return ClosedForm()

"""A version as a picture to judge it by. Arrays are (height, width, 3) uint8, blue green red, or masks from 0 to 1."""

from collections.abc import Sequence
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_hub.problems import NotFoundError, RefusedError

Look = Literal["overlay", "matte", "before_after", "side_by_side", "wipe", "difference", "change"]
LOOKS: dict[Look, str] = {
    "overlay": "the plate with every object tinted and outlined",
    "matte": "all objects in white",
    "before_after": "the plate, and what the mattes leave of it over grey",
    "side_by_side": "this version and the other",
    "wipe": "this version left of the line, the other right of it",
    "difference": "what only this version has in red, what only the other has in green",
    "change": "the same for the frame before and this frame: edges that boil light up",
}
COMPARED = ("side_by_side", "wipe", "difference")

Side = dict[str, bytes]
"""A version's masks on a frame, as PNG files, by their objects' names."""

COLOURS = ((71, 99, 255), (255, 191, 0), (80, 200, 120), (0, 215, 255), (226, 43, 138), (209, 206, 0))
"""Of objects in the order of their names, as far apart as can be."""

TINT, DIM, GREY = 0.45, 0.35, 0.35
RED, GREEN, WHITE = (60, 60, 255), (80, 220, 80), (255, 255, 255)
GAP_PX, QUALITY = 2, 92

Image = NDArray[np.uint8]
Mask = NDArray[np.float32]


def draw(look: Look, plate: bytes, sides: Sequence[Side], at: float = 0.5) -> bytes:
    """A JPEG of the plate's size (twice as wide for two beside each other).

    ``plate`` is a picture file; ``sides`` are the version's masks and those to compare with. Raises RefusedError where
    a comparison has nothing to compare with, NotFoundError where the plate's picture cannot be read.
    """
    if look in COMPARED and len(sides) < 2:
        raise RefusedError("There is nothing to compare with.", "Say which other version.")
    image = cv2.imdecode(np.frombuffer(plate, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise NotFoundError("The frame's picture cannot be read.", "Make the shot's proxy again.")
    ours = image.astype(np.uint8)
    shown = _look(look, ours, [_masks(side, ours) for side in sides], at)
    _, encoded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes()


def _look(look: Look, plate: Image, sides: list[dict[str, Mask]], at: float) -> Image:
    whole = [_union(plate, masks) for masks in sides]
    if look == "overlay":
        return _overlay(plate, sides[0])
    if look == "matte":
        return _three(whole[0])
    if look == "before_after":
        grey = np.full_like(plate, round(255 * GREY))
        return _beside(plate, _mix(grey, plate, whole[0]))
    if look in ("difference", "change"):
        return _difference(plate, *whole)
    ours, theirs = _overlay(plate, sides[0]), _overlay(plate, sides[1])
    return _beside(ours, theirs) if look == "side_by_side" else _wipe(ours, theirs, at)


def _masks(side: Side, plate: Image) -> dict[str, Mask]:
    """Masks at the picture's size."""
    height, width = plate.shape[:2]
    decoded = {name: cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_GRAYSCALE) for name, file in side.items()}
    return {
        name: np.float32(1 / 255) * cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
        for name, mask in sorted(decoded.items())
        if mask is not None
    }


def _union(plate: Image, masks: dict[str, Mask]) -> Mask:
    return np.maximum.reduce([np.zeros(plate.shape[:2], np.float32), *masks.values()])


def _overlay(plate: Image, masks: dict[str, Mask]) -> Image:
    shown = plate
    for number, mask in enumerate(masks.values()):
        colour = COLOURS[number % len(COLOURS)]
        shown = _mix(shown, np.full_like(plate, colour), TINT * mask)
        outlines, _ = cv2.findContours((mask >= 0.5).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(shown, outlines, -1, colour, 1, cv2.LINE_AA)
    return shown


def _difference(plate: Image, ours: Mask, theirs: Mask) -> Image:
    grey = cv2.cvtColor(cv2.cvtColor(plate, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    dim = (DIM * grey).astype(np.uint8)
    lost = _mix(dim, np.full_like(plate, RED), np.clip(ours - theirs, 0, 1))
    return _mix(lost, np.full_like(plate, GREEN), np.clip(theirs - ours, 0, 1))


def _wipe(ours: Image, theirs: Image, at: float) -> Image:
    column = round(at * (ours.shape[1] - 1))
    shown = np.concatenate([ours[:, :column], theirs[:, column:]], axis=1)
    shown[:, column] = WHITE
    return shown


def _beside(left: Image, right: Image) -> Image:
    gap = np.zeros((left.shape[0], GAP_PX, 3), np.uint8)
    return np.concatenate([left, gap, right], axis=1)


def _three(mask: Mask) -> Image:
    return np.repeat((255 * mask + 0.5).astype(np.uint8)[..., None], 3, axis=2)


def _mix(below: Image, above: Image, amount: Mask) -> Image:
    part = amount[..., None]
    return (below * (1 - part) + above * part + 0.5).astype(np.uint8)

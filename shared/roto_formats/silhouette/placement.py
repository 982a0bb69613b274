"""A layer's ``transform.…`` properties to placements and back.

[checked] position in units of the picture's height, rotation in degrees, clockwise on screen, pins in fractions of the
picture; world = pin(position + R·local), parents carry down. [?] what anchor and scale do exactly: read as
position + anchor + R·S·(local − anchor), never written. [inferred] ``transform.matrix`` is 4×4, column by column (a
plain translation stands in its last four numbers): read so, never written.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from roto_formats.tracks import every_frame, is_smooth, merged, without_smooth
from roto_formats.xml_tree import Element
from roto_shared.errors import FormatError
from roto_shared.placement import corner_points, matrix_at, placement_from_values, placement_values
from roto_shared.shapes import IDENTITY, Matrix, Point, Transform, TransformKey
from roto_shared.space import apply, multiply, translation
from roto_shared.timeline import Key, Track, evaluate

from .properties import track_element, track_of
from .session import Session

PINS = ("ul", "ur", "lr", "ll")
UNMOVED_PINS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
PLANE = tuple(4 * column + row for row in (0, 1, 3) for column in (0, 1, 3))
UNMOVED_MATRIX = tuple(float(index % 5 == 0) for index in range(16))
UNMOVED: Mapping[str, tuple[float, ...]] = {
    "position": (0.0, 0.0),
    "rotate": (0.0,),
    "scale": (1.0, 1.0),
    "anchor": (0.0, 0.0),
    "matrix": UNMOVED_MATRIX,
    **{f"pin_{corner}": pin for corner, pin in zip(PINS, UNMOVED_PINS, strict=True)},
}
"""The parts of a transform in the order of their numbers, and where they stand when nothing moves."""


def placements_of(properties: Mapping[str, Element], session: Session) -> tuple[TransformKey, ...]:
    """A layer's transform keys; none where everything stands at its default."""
    tracks = {name: track_of(properties.get(f"transform.{name}"), session, len(UNMOVED[name])) for name in UNMOVED}
    moved = {name: track for name, track in tracks.items() if any(key.values != UNMOVED[name] for key in track)}
    if set(moved) <= {"anchor"}:
        return ()
    still = max(track[0].frame for track in moved.values())
    track = merged([moved.get(name) or (Key(still, default),) for name, default in UNMOVED.items()])
    if session.pixel_aspect != 1 and "rotate" in moved and len(track) > 1:
        track = tuple(Key(frame, evaluate(track, frame)) for frame in every_frame([track]))
    pinned = any(name.startswith("pin_") for name in moved)
    return tuple(TransformKey(key.frame, _placement(key, session, pinned), key.interpolation) for key in track)


def _placement(key: Key, session: Session, pinned: bool) -> Transform:
    move_x, move_y, rotate, scale_x, scale_y, anchor_x, anchor_y, *rest = key.values
    width, height = session.width, session.height
    file_matrix: Matrix = tuple(rest[index] for index in PLANE)  # type: ignore[assignment]
    pins = tuple((x * width, y * height) for x, y in zip(rest[16::2], rest[17::2], strict=True))
    plain = Transform(
        translate=(move_x * height / session.pixel_aspect, move_y * height),
        rotate=rotate,
        scale=(scale_x, scale_y),
        pivot=session.space.from_file(anchor_x, anchor_y),
        pins=pins if pinned else None,  # type: ignore[arg-type]
        matrix=IDENTITY if file_matrix == IDENTITY else _in_pixels(file_matrix, session),
    )
    return plain if session.pixel_aspect == 1 or not rotate else _in_square_pixels(plain, session.pixel_aspect)


def _in_pixels(matrix: Matrix, session: Session) -> Matrix:
    """A homography of the file's units as one of plate pixels."""
    height, aspect = session.height, session.pixel_aspect
    to_file: Matrix = (aspect / height, 0.0, 0.0, 0.0, 1 / height, 0.0, 0.0, 0.0, 1.0)
    to_plate: Matrix = (height / aspect, 0.0, 0.0, 0.0, height, 0.0, 0.0, 0.0, 1.0)
    centre_x, centre_y = session.width / 2, session.height / 2
    inner = multiply(multiply(to_plate, matrix), multiply(to_file, translation(-centre_x, -centre_y)))
    return multiply(translation(centre_x, centre_y), inner)


def _in_square_pixels(transform: Transform, aspect: float) -> Transform:
    """The same turn in pixels that are not square: turn, skew and scale of A⁻¹·R·A·S; A widens by the aspect."""
    turn = math.radians(transform.rotate)
    scale_x, scale_y = transform.scale
    if not scale_x * scale_y:
        raise FormatError("A layer that turns under a pixel aspect has a scale of 0.", "Give it a size.")
    a, c = math.cos(turn) * scale_x, math.sin(turn) * aspect * scale_x
    b, d = -math.sin(turn) / aspect * scale_y, math.cos(turn) * scale_y
    length = math.hypot(a, c)
    depth = (a * d - b * c) / length
    skew = (a * b + c * d) / length / depth
    angle = math.degrees(math.atan2(c, a))
    angle += 360 * round((transform.rotate - angle) / 360)
    return replace(transform, rotate=angle, scale=(length, depth), skew_x=skew)


@dataclass(frozen=True)
class WrittenPlacement:
    """A layer's transform in words the file has, and whether it needed keys of its own on every frame."""

    elements: tuple[Element, ...]
    is_baked: bool


def written_placement(keys: tuple[TransformKey, ...], session: Session) -> WrittenPlacement | None:
    """The properties of a layer's transform; None where position, rotation and pins cannot say it.

    Scale, skew, an affine matrix and turns under a pixel aspect go into the pins: exact on whole frames.
    """
    pinned = keys
    if not all(_is_sayable(key.transform, session) for key in keys):
        pinned = _pinned(keys, session)
        if pinned is None:
            return None
    written = _plainly_written(pinned, session)
    return replace(written, is_baked=written.is_baked or len(pinned) != len(keys))


def _pinned(keys: tuple[TransformKey, ...], session: Session) -> tuple[TransformKey, ...] | None:
    """Linear keys that say by pins alone where whole frames lie; None for a perspective or one that flattens."""
    width, height = session.width, session.height
    is_moving = len({key.transform for key in keys}) > 1
    frames = every_frame([tuple(Key(key.frame, ()) for key in keys)]) if is_moving else [keys[0].frame]
    placed = []
    for frame in frames:
        matrix = matrix_at(keys, frame, width, height)
        a, b, _, c, d, *_ = matrix
        if matrix[6:] != (0.0, 0.0, 1.0) or not a * d - b * c:
            return None
        pins = tuple(apply(matrix, corner) for corner in corner_points(width, height))
        placed.append(TransformKey(frame, Transform(pivot=_centre(session), pins=pins)))  # type: ignore[arg-type]
    return tuple(placed)


def _plainly_written(keys: tuple[TransformKey, ...], session: Session) -> WrittenPlacement:
    track = tuple(
        Key(key.frame, placement_values(key.transform), key.interpolation, key.slope_in, key.slope_out) for key in keys
    )
    turns = len({key.transform.rotate for key in keys}) > 1
    off_centre = any(key.transform.pivot != _centre(session) for key in keys)
    pivots = len({key.transform.pivot for key in keys}) > 1 and any(key.transform.rotate for key in keys)
    is_baked = is_smooth(track) or (turns and off_centre) or pivots
    track = without_smooth(track)
    if (turns and off_centre) or pivots:
        track = tuple(Key(frame, evaluate(track, frame)) for frame in every_frame([track]))
    parts = {
        "position": (0, 2),
        "rotate": (2, 3),
        **{f"pin_{name}": (3 + 2 * i, 5 + 2 * i) for i, name in enumerate(PINS)},
    }
    told = tuple(replace(key, values=_file_values(placement_from_values(key.values), session)) for key in track)
    elements = tuple(
        track_element(f"transform.{name}", _part(told, first, end), session) for name, (first, end) in parts.items()
    )
    return WrittenPlacement(elements, is_baked)


def _part(track: Track, first: int, end: int) -> Track:
    return tuple(replace(key, values=key.values[first:end]) for key in track)


def _is_sayable(transform: Transform, session: Session) -> bool:
    plain = transform.scale == (1.0, 1.0) and not transform.skew_x and transform.matrix == IDENTITY
    return plain and (session.pixel_aspect == 1 or not transform.rotate)


def _centre(session: Session) -> Point:
    return (session.width / 2, session.height / 2)


def _file_values(transform: Transform, session: Session) -> tuple[float, ...]:
    """Position, rotation and the four pins: turning about a pivot is turning about the centre, then moving."""
    width, height = session.width, session.height
    turn = math.radians(transform.rotate)
    (centre_x, centre_y), (pivot_x, pivot_y) = _centre(session), transform.pivot
    off_x, off_y = centre_x - pivot_x, centre_y - pivot_y
    move_x = transform.translate[0] + math.cos(turn) * off_x - math.sin(turn) * off_y - off_x
    move_y = transform.translate[1] + math.sin(turn) * off_x + math.cos(turn) * off_y - off_y
    pins = transform.pins or corner_points(width, height)
    fractions = (value for x, y in pins for value in (x / width, y / height))
    return (move_x / height * session.pixel_aspect, move_y / height, transform.rotate, *fractions)

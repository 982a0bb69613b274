"""Silhouette's units and the plate's: its session says how pixels become them, and nothing is assumed of that."""

from typing import Any, Tuple

import fx

from roto_silhouette.shape_text import TOLERANCE


def to_pixels(session: Any, point: Any) -> Tuple[float, float]:
    """The plate's pixel, from the top left, at a point of the session.

    The way back is solved from three pixels, as only the way there is known.
    """
    matrix = session.imageToWorldTransform
    origin, right, down = (matrix * fx.Point(x, y) for x, y in ((0, 0), (1, 0), (0, 1)))
    a, b = right.x - origin.x, down.x - origin.x
    c, d = right.y - origin.y, down.y - origin.y
    x, y, determinant = point.x - origin.x, point.y - origin.y, a * d - b * c
    return ((d * x - b * y) / determinant, (a * y - c * x) / determinant)


def is_file_space(session: Any) -> bool:
    """Whether the session's units are those of shape files: the picture's height from its centre, y down."""
    width, height, aspect = float(session.width), float(session.height), float(session.pixelAspect)
    matrix = session.imageToWorldTransform
    for x, y in ((0.0, 0.0), (width, height)):
        point = matrix * fx.Point(x, y)
        expected = ((x - width / 2) / height * aspect, (y - height / 2) / height)
        if max(abs(point.x - expected[0]), abs(point.y - expected[1])) > TOLERANCE:
            return False
    return True

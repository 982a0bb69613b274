"""Pixel conventions of the programs we speak to: the only place that converts between them.

Ours: plate pixels from the top left, y down, integers are pixel corners. Nuke: bottom left, y up, integers are pixel
corners, no half-pixel offset (measured in Nuke 16 by others [told]). Silhouette's shape files: origin at the picture's
centre, unit is the picture's height, y down, x widened by the pixel aspect [checked by their author].
"""

from dataclasses import dataclass
from typing import Sequence, Tuple

from .shapes import Matrix, Point


@dataclass(frozen=True)
class NukeSpace:
    """Nuke's pixels for a picture ``height`` px tall. Offsets and tangents flip sign of y only."""

    height: float

    def point(self, x: float, y: float) -> Point:
        """From ours to Nuke's, and back: the flip is its own inverse."""
        return (x, self.height - y)

    def offset(self, x: float, y: float) -> Point:
        """A relative vector, either way."""
        return (x, -y)


@dataclass(frozen=True)
class SilhouetteSpace:
    """Silhouette's shape-file units for a picture of ``width`` × ``height`` px."""

    width: float
    height: float
    pixel_aspect: float = 1.0

    def to_file(self, x: float, y: float) -> Point:
        """From plate pixels."""
        return ((x - self.width / 2) / self.height * self.pixel_aspect, (y - self.height / 2) / self.height)

    def from_file(self, x: float, y: float) -> Point:
        """To plate pixels."""
        return (x * self.height / self.pixel_aspect + self.width / 2, y * self.height + self.height / 2)


def multiply(a: Matrix, b: Matrix) -> Matrix:
    """Matrix product a·b of row-major 3×3 matrices: b is applied first."""
    rows = (a[0:3], a[3:6], a[6:9])
    columns = (b[0::3], b[1::3], b[2::3])
    product = tuple(sum(x * y for x, y in zip(row, column)) for row in rows for column in columns)
    return (*product,)  # type: ignore[return-value]


def invert(m: Matrix) -> Matrix:
    """Inverse of a row-major 3×3 matrix. Raises ZeroDivisionError where there is none."""
    a, b, c, d, e, f, g, h, i = m
    minors = (e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f,
              d * h - e * g, b * g - a * h, a * e - b * d)  # fmt: skip
    determinant = a * minors[0] + b * minors[3] + c * minors[6]
    return tuple(value / determinant for value in minors)  # type: ignore[return-value]


def apply(m: Matrix, point: Point) -> Point:
    """Where a plane homography (row-major 3×3) takes a point."""
    x, y = point
    w = m[6] * x + m[7] * y + m[8]
    return ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)


def translation(x: float, y: float) -> Matrix:
    """A shift by (x, y) px."""
    return (1.0, 0.0, x, 0.0, 1.0, y, 0.0, 0.0, 1.0)


def pin_matrix(pins: Sequence[Point], width: float, height: float) -> Matrix:
    """Homography that takes the corners (ul, ur, lr, ll) of a ``width`` × ``height`` px picture to ``pins``.

    Closed form of the unit square to a quadrilateral (Heckbert 1989, "Fundamentals of Texture Mapping").
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = pins
    sum_x, sum_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    dx1, dx2, dy1, dy2 = x1 - x2, x3 - x2, y1 - y2, y3 - y2
    determinant = dx1 * dy2 - dx2 * dy1
    g = (sum_x * dy2 - dx2 * sum_y) / determinant
    h = (dx1 * sum_y - sum_x * dy1) / determinant
    square: Matrix = (x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1.0)
    return multiply(square, (1.0 / width, 0.0, 0.0, 0.0, 1.0 / height, 0.0, 0.0, 0.0, 1.0))


def fit_proxy(width: int, height: int, limit: int) -> Tuple[int, int]:
    """Largest size of the same shape whose longer side is at most ``limit`` px, at least 1×1."""
    factor = min(1.0, limit / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))

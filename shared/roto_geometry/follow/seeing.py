"""What pictures tell of motion: the say that they have beside masks, and what is asked of who looks at them.

A mask does not show how a plain edge moves along itself; the object's own texture does. Points are asked for a few px
inside of an edge, since on it the background moves, too.
"""

from typing import Protocol

from roto_geometry.bezier import Array


class PointMotion(Protocol):
    """How points move from one frame to another; ``depth_px`` is how far inside of the object they are asked for."""

    depth_px: float

    def follow(self, points: Array, guess: Array) -> tuple[Array, Array]:
        """Where ``points`` (n, 2) plate px lie on the other frame, near ``guess`` (n, 2), and how surely (n,) 0..1."""
        ...


class PictureMotion(Protocol):
    """The pictures of a shot."""

    def between(self, frame: int, following: int) -> PointMotion | None:
        """How points move from ``frame`` to ``following``; None where a picture is missing."""
        ...

"""In which order a spline's point holds its handles: asked of Silhouette, never assumed."""

import itertools
from typing import Any, List, NamedTuple, Sequence, Tuple

import fx

from roto_silhouette.shape_text import TOLERANCE

PROBE = (((0.0, 0.0), (-0.3, 0.1), (0.1, 0.4)), ((1.0, 0.2), (0.7, -0.5), (1.2, 0.6)))
"""Two points (centre, incoming, outgoing), so uneven that each order draws another curve."""

BSPLINE_REST = (1, 1.0)
"""What follows a B-spline's point in its tuple [code: a public importer that is in use]."""


class UnsayableError(Exception):
    """Silhouette's objects cannot be made to say something; its shape files can."""


class PointOrder(NamedTuple):
    """Where a Bézier point's tuple holds its incoming handle, its centre and its outgoing handle."""

    incoming: int
    centre: int
    outgoing: int

    def bezier(self, numbers: Sequence[float], held: Tuple[Any, ...] = ()) -> Tuple[Any, ...]:
        """A tuple for the file's six numbers; what else ``held`` says (a weight, a feather) stays."""
        placed = list(held) or [None, None, None]
        for place, at in ((self.centre, 0), (self.incoming, 2), (self.outgoing, 4)):
            placed[place] = fx.Point(*numbers[at : at + 2])
        return tuple(placed)

    def numbers(self, held: Tuple[Any, ...]) -> Tuple[float, ...]:
        """The file's six numbers for a tuple."""
        points = [held[place] for place in (self.centre, self.incoming, self.outgoing)]
        return tuple(number for point in points for number in (float(point.x), float(point.y)))


def bspline(numbers: Sequence[float], held: Tuple[Any, ...] = ()) -> Tuple[Any, ...]:
    """A B-spline point's tuple for the file's two numbers; what else ``held`` says stays."""
    return (fx.Point(*numbers[:2]), *(held[1:] if held else BSPLINE_REST))


def probed_order() -> PointOrder:
    """Ask Silhouette which curve it draws through known points. Raises UnsayableError where it does not tell."""
    path = _probe_path()
    order = _order_of(path, path.points)
    # It has to be the same for what a key gives back: a path that was interpolated.
    shape = fx.Shape(fx.Shape.Bezier)
    shape.createPath(0)
    shape.setPath(path, 0)
    back = shape.evalPath(0)
    if _order_of(back, back.points) != order:
        raise UnsayableError("its points change their order between a path and a key")
    return order


def _probe_path() -> Any:
    path = fx.Shape(fx.Shape.Bezier).createPath(0)
    path.closed = True
    path.points = [tuple(fx.Point(*corner) for corner in (two, one, three)) for one, two, three in PROBE]
    return path


def _order_of(path: Any, points: List[Tuple[Any, ...]]) -> PointOrder:
    """The only order whose curve goes through the point that Silhouette gives for the middle of the first segment."""
    drawn = path.evalPoint(0.5)
    places = [place for place, part in enumerate(points[0]) if hasattr(part, "x")]
    fitting = [
        order
        for order in (PointOrder(*chosen) for chosen in itertools.permutations(places, 3))
        if _is_near(_middle(points, order), (drawn.x, drawn.y))
    ]
    if len(fitting) != 1:
        raise UnsayableError("the order of its points cannot be told ({} fit)".format(len(fitting)))
    return fitting[0]


def _middle(points: List[Tuple[Any, ...]], order: PointOrder) -> Tuple[float, float]:
    """The middle of a cubic Bézier: an eighth of its ends and three of its handles."""
    one, other = points[0], points[1]
    corners = (one[order.centre], one[order.outgoing], other[order.incoming], other[order.centre])
    shares = (0.125, 0.375, 0.375, 0.125)
    return (
        sum(share * corner.x for share, corner in zip(shares, corners)),
        sum(share * corner.y for share, corner in zip(shares, corners)),
    )


def _is_near(one: Tuple[float, float], other: Tuple[float, float]) -> bool:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) < TOLERANCE

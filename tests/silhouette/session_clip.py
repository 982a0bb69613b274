"""A disc that moves right, whose truth is exact."""

from __future__ import annotations

from typing import Any

import fx
import numpy as np

WIDTH, HEIGHT, FIRST, LAST = 128, 96, 1001, 1012


def centre(frame: int) -> tuple[float, float]:
    return (30.0 + 5 * (frame - FIRST), 40.0)


def first_shape(node: Any) -> Any:
    """The uppermost shape of a node."""
    found = node.children[0]
    while found.type == "Layer":
        found = found.children[0]
    return found


def first_knot(shape: Any) -> tuple[float, float]:
    """Where the first point of a shape stands on its first key, in units of the picture's height."""
    centre = shape.evalPath(shape.property("path").keys[0]).points[0][1]
    return (centre.x, centre.y)


def drag_first_knot(shape: Any, by: float) -> None:
    """As an artist drags the first point of a shape on its first key to the right."""
    frame = shape.property("path").keys[0]
    path = shape.evalPath(frame)
    first = tuple(fx.Point(part.x + by, part.y) for part in path.points[0])
    path.points = [first, *path.points[1:]]
    shape.setPath(path, frame)


def truth(frame: int) -> np.ndarray:
    x, y = centre(frame)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return np.hypot(columns - x, rows - y) <= 16


def another_session(session: fx.Session) -> fx.Session:
    """Another session of the project on the same source, which is not active yet."""
    other = fx.Session(session.width, session.height, session.startFrame, session.duration)
    other.nodes.append(session.node(type="SourceNode"))
    return other

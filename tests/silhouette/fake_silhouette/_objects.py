"""Layers, shapes and trackers, and what they are made of."""

from __future__ import annotations

import builtins
import copy
from typing import Any

from _property import ObjectsProperty, Property
from _state import mind, remember, state


class Point:
    """A point of a plane."""

    def __init__(self, x: float, y: float) -> None:
        self.x, self.y = float(x), float(y)

    def _mixed(self, other: Point, share: float) -> Point:
        return Point(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)


class Point3D(Point):
    """A point of space."""

    def __init__(self, x: float, y: float, z: float) -> None:
        super().__init__(x, y)
        self.z = float(z)


class _Color:
    """A colour, each part 0 to 1."""

    def __init__(self, r: float, g: float, b: float) -> None:
        self.r, self.g, self.b = r, g, b


class _Matrix:
    """Top-left pixels to units of the picture's height from its centre; ``world_scale`` makes it something else."""

    def __init__(self, width: int, height: int, aspect: float) -> None:
        self._width, self._height, self._aspect = width, height, aspect

    def __mul__(self, point: Point) -> Point:
        x, y = (point.x - self._width / 2) / self._height * self._aspect, (point.y - self._height / 2) / self._height
        return Point(x * state.world_scale, y * state.world_scale)


class _Path:
    """A spline: Bézier points hold their three points in the stand-in's order, B-spline points one and two numbers."""

    def __init__(self, kind: str, closed: bool = True) -> None:
        self._kind, self.closed = kind, closed
        self._points: list[tuple[Any, ...]] = []

    @property
    def points(self) -> list[tuple[Any, ...]]:
        return list(self._points)

    @points.setter
    def points(self, points: list[tuple[Any, ...]]) -> None:
        mind("Path.points")
        wanted = 3 if self._kind == "Bezier" else 1
        for one in points:
            assert isinstance(one, tuple), "a point is a tuple"
            assert sum(isinstance(part, Point) for part in one) == wanted, "the wrong number of points in a point"
        self._points = list(points)

    def evalPoint(self, t: float) -> Point:
        mind("Path.evalPoint")
        assert self._kind == "Bezier"
        index, share = int(t), t - int(t)
        one, other = self._points[index], self._points[(index + 1) % len(self._points)]
        incoming, centre, outgoing = state.point_order
        corners = (one[centre], one[outgoing], other[incoming], other[centre])
        while len(corners) > 1:
            corners = tuple(a._mixed(b, share) for a, b in zip(corners, corners[1:]))
        return corners[0]

    def _mixed(self, other: _Path, share: float) -> _Path:
        mixed = _Path(self._kind, self.closed)
        mixed._points = [
            tuple(a._mixed(b, share) if isinstance(a, Point) else a for a, b in zip(one, two))
            for one, two in zip(self._points, other._points)
        ]
        return mixed


class Object:
    """A layer, a shape or a tracker."""

    type = ""

    def __init__(self, label: str = "") -> None:
        mind("Object")
        self.label = label or self.type
        self.visible = True
        self.locked = False
        self.color = _Color(1.0, 1.0, 1.0)
        self._attributes: dict[str, str] = {}
        self._properties: dict[str, Property] = {}

    def isType(self, name: str) -> bool:
        return self.type == name

    @property
    def children(self) -> list[Object]:
        held = self._properties.get("objects")
        return [] if held is None else list(held._value)

    def property(self, name: str) -> Any:
        mind("Object.property")
        return self._properties.get(name)

    def _parts(self) -> list[Any]:
        return [self, *self._properties.values(), *(part for child in self.children for part in child._parts())]

    def _memento(self) -> dict[str, Any]:
        return {**vars(self), "_properties": dict(self._properties)}

    def _restore(self, memento: dict[str, Any]) -> None:
        vars(self).update(memento)


class Layer(Object):
    """Objects that move together."""

    type = "Layer"

    def __init__(self, label: str = "") -> None:
        super().__init__(label)
        self._properties["objects"] = ObjectsProperty()
        pins = {"ul": (0, 0), "ur": (1, 0), "lr": (1, 1), "ll": (0, 1)}
        for name, (x, y) in {"position": (0, 0), **{f"pin_{name}": pin for name, pin in pins.items()}}.items():
            self._properties[f"transform.{name}"] = Property(Point(x, y))
        self._properties["transform.rotate"] = Property(0.0)


class Shape(Object):
    """A spline that moves."""

    type = "Shape"
    Bezier, Bspline, Xspline = "Bezier", "Bspline", "Xspline"

    def __init__(self, shapeType: str, label: str = "") -> None:
        super().__init__(label)
        self.shapeType = shapeType
        words = {"outlineColor": "(1.0,1.0,1.0)", "motionBlur": "false", "mode": "Add", "invert": "false"}
        self._properties.update({name: Property(word) for name, word in words.items()})
        self._properties["opacity"] = Property(100.0)
        self._properties["path"] = Property()

    @builtins.property
    def inverted(self) -> bool:
        return self._properties["invert"]._value == "true"

    @inverted.setter
    def inverted(self, inverted: bool) -> None:
        remember()
        self._properties["invert"] = Property("true" if inverted else "false")

    def createPath(self, frame: float) -> _Path:
        mind("Shape.createPath")
        path = _Path(self.shapeType)
        self._properties["path"]._set(path, frame)
        return path

    def evalPath(self, frame: float) -> _Path:
        mind("Shape.evalPath")
        return copy.copy(self._properties["path"].getValue(frame))

    def setPath(self, path: _Path, frame: float) -> None:
        mind("Shape.setPath")
        remember()
        self._properties["path"]._set(path, frame)


class Tracker(Object):
    """A point that moves."""

    type = "Tracker"

    def __init__(self, label: str = "") -> None:
        super().__init__(label)
        self._properties["position"] = Property(Point3D(0.0, 0.0, 0.0))

"""Shapes by Silhouette's own objects: what a text changed is changed in the objects that are there, and nothing else.

So whatever is linked to them, weighs their points or was set beside our words stays. What the objects cannot be made to
say raises UnsayableError, most of it before anything is touched.
"""

import xml.etree.ElementTree as ET
from typing import Any, Callable, Dict, List, Sequence, Tuple

import fx

from roto_silhouette.point_order import PointOrder, UnsayableError, bspline
from roto_silhouette.shape_text import (
    TOLERANCE,
    NumberKey,
    PathKey,
    below,
    constant_word,
    is_same,
    number_keys,
    path_keys,
    words_of,
)

Step = Callable[[], None]

UNMOVED = {
    "transform.position": (0.0, 0.0),
    "transform.rotate": (0.0,),
    "transform.pin_ul": (0.0, 0.0),
    "transform.pin_ur": (1.0, 0.0),
    "transform.pin_lr": (1.0, 1.0),
    "transform.pin_ll": (0.0, 1.0),
}
"""A layer that does not move; a text does not say so."""

NUMBERS = ("opacity", *UNMOVED)
USUAL = {"mode": "Add", "motionBlur": "false", "invert": "false"}
"""What a new shape says of itself; other words of these are for shape files [?]."""

UNSAID = ("outlineColor", "color", "note")
"""What a new object may lack: it draws the same without."""

CHECKED_SHARE = 0.25
"""Where between two keys it is looked at: easing in and out is straight in the middle."""

OWN = {"id", "uuid", "expanded"}
"""Attributes that are Silhouette's own business."""

KNOWN = {"type", "label", "shape_type", "hidden", "locked", *OWN}


class ObjectWriter:
    """Changes a Roto node's objects. ``frame_offset`` is what the text's frames are ahead of Silhouette's."""

    def __init__(self, order: PointOrder, frame_offset: int = 0) -> None:
        self._order = order
        self._frame_offset = frame_offset

    def change(self, holder: Any, before: Sequence[ET.Element], after: Sequence[ET.Element]) -> None:
        """Bring the objects of a node or layer, which ``before`` describes, to ``after``. Raises UnsayableError."""
        for step in self._planned(holder, before, after):
            step()

    def _planned(self, holder: Any, before: Sequence[ET.Element], after: Sequence[ET.Element]) -> List[Step]:
        was, now, held = _by_label(before), _by_label(after), {str(one.label): one for one in holder.children}
        if sorted(was) != sorted(held):
            raise UnsayableError("its objects are not those of its shape file")
        kept = [label for label in now if label in was]
        if kept != [label for label in was if label in now]:
            raise UnsayableError("the order of its objects changes")
        gone = [held[label] for label in was if label not in now]
        steps: List[Step] = [lambda: fx.delete(gone)] if gone else []
        for label in kept:
            steps += self._planned_change(held[label], was[label], now[label])
        for place, label in enumerate(now):
            if label not in was:
                steps.append(self._planned_new(holder, now[label], place))
        return steps

    def _planned_change(self, one: Any, was: ET.Element, now: ET.Element) -> List[Step]:
        if is_same(was, now):
            return []
        label = now.get("label", "")
        steps = _attribute_steps(one, was, now)
        had, has = words_of(was), words_of(now)
        for name, word in has.items():
            is_new = name not in had and constant_word(word) != USUAL.get(name)
            if is_new or (name in had and not is_same(had[name], word)):
                steps.append(self._planned_word(one, label, name, word))
        for name in UNMOVED:
            if name in had and name not in has and not _is_unmoved(had[name], name):
                steps.append(self._planned_still(one, name))
        if was.get("type") == "Layer":
            steps += self._planned(one, below(was), below(now))
        return steps

    def _planned_word(self, one: Any, label: str, name: str, word: ET.Element) -> Step:
        if name == "path":
            return lambda: self._set_path(one, path_keys(word))
        if name in NUMBERS:
            if one.property(name) is None:
                raise UnsayableError("“{}” has no {}".format(label, name))
            return lambda: self._set_numbers(one.property(name), number_keys(word))
        if name == "invert":
            return lambda: setattr(one, "inverted", constant_word(word) == "true")
        raise UnsayableError("{} of “{}” changes".format(name, label))

    def _planned_still(self, one: Any, name: str) -> Step:
        return lambda: self._set_numbers(one.property(name), [NumberKey(0.0, UNMOVED[name], False)])

    def _planned_new(self, holder: Any, element: ET.Element, place: int) -> Step:
        self._check_new(element)
        return lambda: holder.property("objects").addObjects([self._made(element)], place)

    def _check_new(self, element: ET.Element) -> None:
        """Raises UnsayableError for a new object of other kinds, or with words that are not known here."""
        label, words = element.get("label", ""), words_of(element)
        if element.get("type") not in ("Layer", "Shape") or not set(element.attrib) <= KNOWN:
            raise UnsayableError("“{}” is a {}".format(label, element.get("type")))
        if element.get("type") == "Shape" and element.get("shape_type") not in ("Bezier", "Bspline"):
            raise UnsayableError("“{}” is of another kind".format(label))
        for name, word in words.items():
            is_known = name in NUMBERS or name in UNSAID or name == "path"
            if not is_known and constant_word(word) != USUAL.get(name):
                raise UnsayableError("{} of “{}” is not the usual".format(name, label))
        for child in below(element):
            self._check_new(child)

    def _made(self, element: ET.Element) -> Any:
        """A new object, keyed before it is added to anything, as the public importer does."""
        if element.get("type") == "Layer":
            one = fx.Layer()
        else:
            one = fx.Shape(getattr(fx.Shape, element.get("shape_type", "")))
            one.visible = element.get("hidden") != "True"
        one.label = element.get("label", "")
        for name, word in words_of(element).items():
            if name in NUMBERS or name == "path":
                self._planned_word(one, one.label, name, word)()
        children = [self._made(child) for child in below(element)]
        if children:
            one.property("objects").addObjects(children)
        return one

    def _set_path(self, shape: Any, keys: Sequence[PathKey]) -> None:
        """Bring a shape's keys to these; those that are so already stay. Raises UnsayableError."""
        if not keys:
            raise UnsayableError("“{}” has no key".format(shape.label))
        held = list(shape.property("path").keys)
        for key in keys:
            frame = self._frame(key.frame)
            path = shape.evalPath(frame) if held else shape.createPath(frame)
            held = list(shape.property("path").keys)
            if frame not in held or not path.points or not self._is_drawn(path, key):
                path.points = self._placed(path.points, key.points)
                path.closed = key.is_closed
                _set_key(shape.property("path"), path, frame)
        _drop_keys(shape.property("path"), [self._frame(key.frame) for key in keys])
        self._check_path(shape, keys)

    def _placed(self, held: Sequence[Tuple[Any, ...]], wanted: Sequence[Sequence[float]]) -> List[Tuple[Any, ...]]:
        """Tuples for the file's points; of a path with as many, what else its points say stays."""
        rests = list(held) if len(held) == len(wanted) else [()] * len(wanted)
        place = bspline if len(wanted[0]) == 2 else self._order.bezier
        return [place(numbers, rest) for numbers, rest in zip(wanted, rests)]

    def _check_path(self, shape: Any, keys: Sequence[PathKey]) -> None:
        """Raises UnsayableError where Silhouette draws something else, on a key or between two."""
        for key, following in zip(keys, [*keys[1:], None]):
            checked = [(key.frame, key)]
            if following is not None and following.frame - key.frame > 1:
                between = key.frame + CHECKED_SHARE * (following.frame - key.frame)
                checked.append((between, key if key.is_held else _between(key, following)))
            for frame, wanted in checked:
                if not self._is_drawn(shape.evalPath(self._frame(frame)), wanted):
                    raise UnsayableError("“{}” is drawn otherwise on its frame {:g}".format(shape.label, frame))

    def _is_drawn(self, path: Any, key: PathKey) -> bool:
        points = path.points
        if len(points) != len(key.points) or bool(path.closed) != key.is_closed:
            return False
        is_bezier = len(key.points[0]) == 6
        return all(
            abs(one - other) < TOLERANCE
            for point, wanted in zip(points, key.points)
            for one, other in zip(self._order.numbers(point) if is_bezier else (point[0].x, point[0].y), wanted)
        )

    def _set_numbers(self, edited: Any, keys: Sequence[NumberKey]) -> None:
        if len(keys) == 1:
            edited.constant = True
            edited.value = _value(keys[0].values)
            return
        edited.constant = False
        wanted = _stepped(keys)
        for key in wanted:
            _set_key(edited, _value(key.values), self._frame(key.frame))
        _drop_keys(edited, [self._frame(key.frame) for key in wanted])

    def _frame(self, frame: float) -> float:
        own = frame - self._frame_offset
        return int(own) if own == int(own) else own


def _by_label(elements: Sequence[ET.Element]) -> Dict[str, ET.Element]:
    found = {element.get("label", ""): element for element in elements}
    if len(found) != len(elements):
        raise UnsayableError("two of its objects have one label")
    return found


def _attribute_steps(one: Any, was: ET.Element, now: ET.Element) -> List[Step]:
    """Steps for attributes that the text says otherwise. Raises UnsayableError."""
    steps: List[Step] = []
    for name, value in now.attrib.items():
        if name in OWN or was.get(name) == value:
            continue
        if name != "hidden":
            raise UnsayableError("{} of “{}” changes".format(name, now.get("label")))
        steps.append(lambda: setattr(one, "visible", now.get("hidden") != "True"))
    return steps


def _is_unmoved(word: ET.Element, name: str) -> bool:
    keys = number_keys(word)
    return all(key.values == UNMOVED[name] for key in keys)


def _set_key(edited: Any, value: Any, frame: float) -> None:
    """One key; an editor is good for one frame [page]."""
    editor = fx.PropertyEditor(edited)
    editor.setValue(value, frame)
    editor.execute()


def _drop_keys(edited: Any, wanted: Sequence[float]) -> None:
    """Delete every key on another frame; a new property may come with one [code]."""
    for frame in [frame for frame in edited.keys if frame not in wanted]:
        editor = fx.PropertyEditor(edited)
        editor.deleteKey(list(edited.keys).index(frame))
        editor.execute()


def _stepped(keys: Sequence[NumberKey]) -> List[NumberKey]:
    """Keys that hold without being told to: what holds has a second key on the last frame before the next."""
    found: List[NumberKey] = []
    for key, following in zip(keys, [*keys[1:], None]):
        found.append(key)
        if key.is_held and following is not None and following.frame - key.frame > 1:
            found.append(key._replace(frame=following.frame - 1))
    return found


def _between(key: PathKey, following: PathKey) -> PathKey:
    points = tuple(
        tuple(a + CHECKED_SHARE * (b - a) for a, b in zip(one, other))
        for one, other in zip(key.points, following.points)
    )
    return key._replace(points=points)


def _value(numbers: Sequence[float]) -> Any:
    """A number, or a point with a depth of none [code: how a public importer keys a tracker]."""
    return numbers[0] if len(numbers) == 1 else fx.Point3D(numbers[0], numbers[1], 0.0)

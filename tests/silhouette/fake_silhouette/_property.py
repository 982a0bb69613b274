"""Properties: constant, or keyed by session frame."""

from __future__ import annotations

import copy
from typing import Any

from _state import mind, remember, state


class Property:
    """One property of an object or a node. Values of keys are held as they were given."""

    def __init__(self, value: Any = None) -> None:
        self.constant = True
        self._value = value
        self._keys: dict[float, tuple[Any, str]] = {}
        self._raw: Any = None

    @property
    def keys(self) -> list[float]:
        return sorted(self._keys)

    @property
    def numKeys(self) -> int:
        return len(self._keys)

    def interpolation(self, index: int) -> str:
        return self._keys[self.keys[index]][1]

    @property
    def value(self) -> Any:
        return self.getValue()

    @value.setter
    def value(self, value: Any) -> None:
        mind("Property.value")
        remember()
        self._value = value

    def getValue(self, frame: float | None = None) -> Any:
        mind("Property.getValue")
        if self.constant or not self._keys:
            return copy.copy(self._value)
        return _between(self._keys, self.keys[0] if frame is None else frame)

    def _set(self, value: Any, frame: float) -> None:
        self.constant = False
        interpolation = self._keys[frame][1] if frame in self._keys else state.key_interpolation
        self._keys[frame] = (copy.copy(value), interpolation)
        self._raw = None

    def _memento(self) -> dict[str, Any]:
        return {**vars(self), "_keys": dict(self._keys)}

    def _restore(self, memento: dict[str, Any]) -> None:
        vars(self).update(memento)


class ObjectsProperty(Property):
    """The objects of a node or a layer, from top to bottom."""

    def __init__(self) -> None:
        super().__init__([])

    def addObjects(self, objects: list[Any], index: int | None = None) -> None:
        mind("addObjects")
        assert isinstance(objects, list), "a list is wanted"
        remember()
        place = len(self._value) if index is None else index
        self._value = [*self._value[:place], *objects, *self._value[place:]]

    def removeObjects(self, objects: list[Any]) -> None:
        mind("removeObjects")
        remember()
        self._value = [one for one in self._value if one not in objects]


class PropertyEditor:
    """Changes of one property, done by ``execute``. One that was executed, or holds a path already, takes no more."""

    def __init__(self, edited: Property) -> None:
        mind("PropertyEditor")
        assert isinstance(edited, Property), "a property is wanted"
        self._property = edited
        self._steps: list[tuple[str, Any]] = []
        self._is_done = False

    def setValue(self, value: Any, frame: float) -> None:
        assert not self._is_done, "the editor was executed already"
        assert not self._steps, "a fresh editor is wanted for every frame"
        self._steps.append(("set", (value, frame)))

    def deleteKey(self, index: int) -> None:
        assert not self._is_done, "the editor was executed already"
        self._steps.append(("delete", self._property.keys[index]))

    def execute(self) -> None:
        mind("PropertyEditor.execute")
        remember()
        self._is_done = True
        for what, of in self._steps:
            if what == "set":
                self._property._set(*of)
            else:
                del self._property._keys[of]


def _between(keys: dict[float, tuple[Any, str]], frame: float) -> Any:
    frames = sorted(keys)
    before = [one for one in frames if one <= frame] or frames[:1]
    after = [one for one in frames if one > frame]
    value, interpolation = keys[before[-1]]
    if not after or frame <= before[-1] or interpolation == "hold":
        return copy.copy(value)
    share = (frame - before[-1]) / (after[0] - before[-1])
    if interpolation == "ease":
        share = share * share * (3 - 2 * share)
    return _mixed(value, keys[after[0]][0], share)


def _mixed(one: Any, other: Any, share: float) -> Any:
    return one + (other - one) * share if isinstance(one, (int, float)) else one._mixed(other, share)

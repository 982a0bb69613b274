"""Frozen dataclasses to plain data and back, driven by their type hints; the same code for JSON and for the wire.

Fields that hold their default are left out; unknown fields are ignored on the way in, so that a newer minor version
may add some. Knots travel as one block: a flat list of numbers in JSON, packed little-endian doubles on the wire
(40,000 numbers cost 344 ms one by one in msgpack, next to nothing in one block).
"""

import sys
from array import array
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from itertools import chain
from typing import Any, Callable, Dict, List, Mapping, Tuple, Type, TypeVar, Union, get_type_hints

from .errors import InputError
from .shapes import Knots, knots_from_values

T = TypeVar("T")
Pack = Callable[[Tuple[float, ...]], Any]

_HINTS: Dict[type, Dict[str, Any]] = {}


def list_of_numbers(values: Tuple[float, ...]) -> List[float]:
    """For text formats: numbers rounded to a millionth of a pixel, so that files stay readable and stable."""
    return [round(float(value), 6) for value in values]


def packed_doubles(values: Tuple[float, ...]) -> bytes:
    """For the wire: little-endian IEEE doubles."""
    block = array("d", values)
    if sys.byteorder == "big":
        block.byteswap()
    return block.tobytes()


def to_plain(value: Any, hint: Any, pack: Pack = list_of_numbers) -> Any:
    """Plain dicts, lists and scalars for ``value`` of type ``hint``."""
    if value is None or hint is Any:
        return value
    if hint == Knots:
        return pack(tuple(chain.from_iterable(value)))
    if is_dataclass(value):
        return _dataclass_to_plain(value, hint, pack)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        hints = _item_hints(_not_none(hint), len(value))
        return [to_plain(item, item_hint, pack) for item, item_hint in zip(value, hints)]
    if isinstance(value, dict):
        item_hint = _arguments(_not_none(hint))[1]
        return {key: to_plain(item, item_hint, pack) for key, item in value.items()}
    return value


def from_plain(hint: Type[T], plain: Any) -> T:
    """The inverse of :func:`to_plain`. Raises InputError, naming the field, where the data does not fit."""
    return _from_plain(hint, plain, getattr(hint, "__name__", "value"))


def _dataclass_to_plain(value: Any, hint: Any, pack: Pack) -> Dict[str, Any]:
    hints = _field_hints(type(value))
    plain = {f.name: _optional_to_plain(getattr(value, f.name), hints[f.name], pack) for f in _told_fields(value)}
    if len(_dataclasses_of(hint)) > 1:
        plain["type"] = type(value).__name__
    return plain


def _optional_to_plain(value: Any, hint: Any, pack: Pack) -> Any:
    return to_plain(value, _not_none(hint), pack)


def _told_fields(value: Any) -> List["Field[Any]"]:
    return [f for f in fields(value) if getattr(value, f.name) != _default(f)]


def _default(field: "Field[Any]") -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _from_plain(hint: Any, plain: Any, where: str) -> Any:
    candidates = _dataclasses_of(hint)
    if hint is Any or (plain is None and type(None) in _arguments(hint)):
        return plain
    hint = _not_none(hint)
    if hint == Knots:
        return _knots(plain, where)
    if candidates:
        return _dataclass_from_plain(candidates, plain, where)
    origin = getattr(hint, "__origin__", None)
    if origin in (tuple, list):
        return _sequence_from_plain(hint, origin, plain, where)
    if origin is dict:
        if not isinstance(plain, Mapping):
            raise _misfit(where, "map", plain)
        return {key: _from_plain(_arguments(hint)[1], item, f"{where}.{key}") for key, item in plain.items()}
    return _scalar_from_plain(hint, plain, where)


def _scalar_from_plain(hint: Any, plain: Any, where: str) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(plain)
        except ValueError as error:
            raise InputError(f"{where}: {error}.", f"Use one of {[e.value for e in hint]}.") from error
    if hint is float and type(plain) is int:
        return float(plain)
    if isinstance(hint, type) and (not isinstance(plain, hint) or (hint is not bool and isinstance(plain, bool))):
        raise _misfit(where, hint.__name__, plain)
    return plain


def _sequence_from_plain(hint: Any, origin: type, plain: Any, where: str) -> Any:
    if not isinstance(plain, (list, tuple)):
        raise _misfit(where, "list", plain)
    hints = _item_hints(hint, len(plain))
    if len(hints) != len(plain):
        raise _misfit(where, f"list of {len(hints)}", plain)
    pairs = enumerate(zip(hints, plain))
    return origin(_from_plain(item_hint, item, f"{where}[{i}]") for i, (item_hint, item) in pairs)


def _dataclass_from_plain(candidates: Tuple[type, ...], plain: Any, where: str) -> Any:
    if not isinstance(plain, Mapping):
        raise _misfit(where, "map", plain)
    cls = _choose(candidates, plain, where)
    hints = _field_hints(cls)
    known = {f.name: plain[f.name] for f in fields(cls) if f.name in plain}
    missing = [f.name for f in fields(cls) if f.name not in known and _default(f) is MISSING]
    if missing:
        raise InputError(f"{where} lacks “{missing[0]}”.", "Give the field.")
    return cls(**{name: _from_plain(hints[name], item, f"{where}.{name}") for name, item in known.items()})


def _choose(candidates: Tuple[type, ...], plain: Mapping[str, Any], where: str) -> type:
    if len(candidates) == 1:
        return candidates[0]
    named = [cls for cls in candidates if cls.__name__ == plain.get("type")]
    if not named:
        raise InputError(
            f"{where}: unknown type “{plain.get('type')}”.", f"Use one of {[c.__name__ for c in candidates]}."
        )
    return named[0]


def _knots(plain: Any, where: str) -> Knots:
    if isinstance(plain, (bytes, bytearray, memoryview)):
        block = array("d")
        block.frombytes(bytes(plain))
        if sys.byteorder == "big":
            block.byteswap()
        plain = block
    if not isinstance(plain, (list, tuple, array)) or len(plain) % 6:
        raise _misfit(where, "six numbers a knot", plain)
    try:
        return knots_from_values(tuple(float(value) for value in plain))
    except (TypeError, ValueError) as error:
        raise InputError(f"{where} holds something that is no number.", "Give six numbers a knot.") from error


def _misfit(where: str, wanted: str, plain: Any) -> InputError:
    return InputError(f"{where} is a {type(plain).__name__}, not a {wanted}.", "Correct the field.")


def _field_hints(cls: type) -> Dict[str, Any]:
    if cls not in _HINTS:
        _HINTS[cls] = get_type_hints(cls)
    return _HINTS[cls]


def _arguments(hint: Any) -> Tuple[Any, ...]:
    return getattr(hint, "__args__", ()) or ()


def _is_union(hint: Any) -> bool:
    """``Optional[X]`` and ``Union[X, Y]``, and ``X | Y`` where Python has it."""
    return getattr(hint, "__origin__", None) is Union or type(hint).__name__ == "UnionType"


def _not_none(hint: Any) -> Any:
    if _is_union(hint):
        rest = [argument for argument in _arguments(hint) if argument is not type(None)]
        return rest[0] if len(rest) == 1 else Union[tuple(rest)]
    return hint


def _item_hints(hint: Any, count: int) -> Tuple[Any, ...]:
    arguments = _arguments(hint)
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return (arguments[0],) * count
    return arguments * count if len(arguments) == 1 and getattr(hint, "__origin__", None) is list else arguments


def _dataclasses_of(hint: Any) -> Tuple[type, ...]:
    if isinstance(hint, type) and is_dataclass(hint):
        return (hint,)
    arguments = _arguments(hint) if _is_union(hint) else ()
    return tuple(argument for argument in arguments if isinstance(argument, type) and is_dataclass(argument))

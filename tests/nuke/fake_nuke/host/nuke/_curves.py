"""Whether a text is one that a curves knob takes: its lists, its numbers, and what the elements begin with."""

from __future__ import annotations

import re
from typing import List, Union

Branch = List[Union[str, "Branch"]]

_TOKEN = re.compile(r'\s*(\{|\}|"(?:[^"\\]|\\.)*"|[^\s{}"]+)')
_FLOAT = re.compile(r"x[0-9a-f]{8}$")
_WHOLE = re.compile(r"-?\d+$")


def check(text: str) -> None:
    """Raise ValueError for a text that is no curves list."""
    tree = _parse(text)
    if len(tree) != 1 or not isinstance(tree[0], list):
        raise ValueError("one list is wanted")
    knob = tree[0][0] if len(tree[0]) == 1 else tree[0]
    heads = [item[0] for item in knob if isinstance(item, list) and item]
    if heads[:3] != ["v", "f", "n"]:
        raise ValueError(f"a curves list begins with v, f and n, not {heads}")
    for element in next(item for item in knob if isinstance(item, list) and item[0] == "n")[1:]:
        _check_element(element)


def _check_element(element: str | Branch) -> None:
    if not isinstance(element, list) or element[0] not in ("layer", "curvegroup", "cubiccurve"):
        raise ValueError(f"no element: {str(element)[:60]}")
    for part in element[2:]:
        if isinstance(part, list) and part and part[0] in ("layer", "curvegroup", "cubiccurve"):
            _check_element(part)
        elif isinstance(part, list):
            _check_numbers(part)


def _check_numbers(branch: Branch) -> None:
    for item in branch:
        if isinstance(item, list):
            _check_numbers(item)
        elif re.match(r"-?[\d.]", item) and not _WHOLE.match(item):
            raise ValueError(f"floats are x and eight hex digits, not {item}")
        elif item[0] == "x" and len(item) == 9 and not _FLOAT.match(item):
            raise ValueError(f"no float: {item}")


def _parse(text: str) -> Branch:
    stack: list[Branch] = [[]]
    place = 0
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        if found is None:
            raise ValueError(f"no list at {text[place : place + 20]!r}")
        place, token = found.end(), found[1]
        if token == "{":
            stack.append([])
        elif token == "}":
            if len(stack) < 2:
                raise ValueError("one } too many")
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    if len(stack) != 1:
        raise ValueError("a } is missing")
    return stack[0]

"""A second, naive reading of Nuke's ``curves`` text, straight from the format page and sharing no code with ours.

It answers where Nuke would put every point of every shape, in pixels from the top left, by Hermite interpolation of the
stored values and slopes and Nuke's transform order.
"""

import itertools
import math
import re
import struct


def tree(text: str) -> list:
    stack: list[list] = [[]]
    for token in re.findall(r'[{}]|"(?:[^"\\]|\\.)*"|(?:[^\s{}"\\]|\\.)+', text):
        if token == "{":
            stack.append([])
        elif token == "}":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    (whole,) = stack[0]
    return whole


def value(word: str) -> float:
    return struct.unpack(">f", bytes.fromhex(word[1:]))[0] if word.startswith("x") else float(word)


def hermite(keys: list[tuple[float, ...]], time: float) -> float:
    """Keys are (time, value, slope in, slope out)."""
    if time <= keys[0][0]:
        return keys[0][1]
    for (t0, v0, _, out), (t1, v1, into, _) in itertools.pairwise(keys):
        if t0 <= time <= t1:
            h = t1 - t0
            s = (time - t0) / h
            return (
                (2 * s**3 - 3 * s**2 + 1) * v0
                + (s**3 - 2 * s**2 + s) * h * out
                + (-2 * s**3 + 3 * s**2) * v1
                + (s**3 - s**2) * h * into
            )
    return keys[-1][1]


def row(words: list[str]) -> tuple[float, float, float]:
    if words[1:] == ["-"]:
        return (value(words[0]), 0.0, 0.0)
    v, slope_in, left, slope_out, right = words
    assert (left, right) == ("1", "1")
    return (value(v), value(slope_in), value(slope_out))


def timed(node, time: float) -> float:
    """A value with its own key times."""
    return value(node) if isinstance(node, str) else hermite([(value(k[0]), *row(k[1:])) for k in node], time)


def listed(node, times: list[float], time: float) -> float:
    """A coordinate of a px list."""
    if isinstance(node, str):
        return value(node)
    rows = [row(key) for key in node]
    assert len(rows) in (1, len(times))
    return rows[0][0] if len(rows) == 1 else hermite([(t, *r) for t, r in zip(times, rows, strict=True)], time)


def points(contour: list, time: float) -> list[tuple[float, float]]:
    _, _, (head, *rest) = contour
    assert head == "px"
    times, *coordinates = rest
    times = [value(word) for word in times] if isinstance(times, list) else [value(times)]
    return [(listed(x, times, time), listed(y, times, time)) for x, y in coordinates]


def product(a: list[list[float]], b: list[list[float]]) -> list[list[float]]:
    return [[sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]


def placement(node: list, time: float) -> list[list[float]]:
    """4×4 of {t …}: extra matrix · translate · pivot · rotate z · skew x · scale · pivot back."""
    given = [timed(word, time) for word in node[2 if node[0] == "tx" else 1 :]]
    defaults = [0.0] * 9 + [1.0] * 3 + [0.0] * 7 + [float(i % 5 == 0) for i in range(16)]
    v = given + defaults[len(given) :]
    turn = math.radians(v[8])
    c, s = math.cos(turn), math.sin(turn)

    def shift(x: float, y: float) -> list[list[float]]:
        return [[1, 0, 0, x], [0, 1, 0, y], [0, 0, 1, 0], [0, 0, 0, 1]]

    steps = [
        [v[19 + 4 * i : 23 + 4 * i] for i in range(4)],
        shift(v[3], v[4]),
        shift(v[0], v[1]),
        [[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
        [[1, v[12], 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
        [[v[9], 0, 0, 0], [0, v[10], 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
        shift(-v[0], -v[1]),
    ]
    whole = steps[0]
    for step in steps[1:]:
        whole = product(whole, step)
    return whole


def part(node: list, *heads: str) -> list:
    return next(item for item in node if isinstance(item, list) and item and item[0] in heads)


def contours(text: str, time: float, height: float) -> list[list[tuple[float, float]]]:
    """Absolute points of every shape, first to last, all in pixels from the top left, three a knot for Béziers."""
    knob = tree(text)
    return list(_contours(part(part(knob, "n"), "layer"), time, height, shift_free()))


def shift_free() -> list[list[float]]:
    return [[float(i == j) for j in range(4)] for i in range(4)]


def _contours(layer: list, time: float, height: float, outer):
    matrix = product(outer, placement(part(layer, "t", "tx"), time))
    for item in layer:
        if isinstance(item, list) and item[0] == "layer":
            yield from _contours(item, time, height, matrix)
        elif isinstance(item, list) and item[0] == "curvegroup":
            whole = product(matrix, placement(part(item, "t", "tx"), time))
            group = next(inner for inner in item if isinstance(inner, list) and isinstance(inner[0], list))
            yield [_placed(x, y, whole, height) for x, y in _absolute(points(group[0], time), item[3])]


def _absolute(flat: list[tuple[float, float]], kind: str) -> list[tuple[float, float]]:
    if kind == "bspline":
        return flat
    told = []
    for (ax, ay), (x, y), (bx, by) in zip(flat[0::3], flat[1::3], flat[2::3], strict=True):
        told += [(x, y), (x + ax, y + ay), (x + bx, y + by)]
    return told


def _placed(x: float, y: float, matrix, height: float) -> tuple[float, float]:
    ((px,), (py,), _, (w,)) = product(matrix, [[x], [y], [0.0], [1.0]])
    return (px / w, height - py / w)

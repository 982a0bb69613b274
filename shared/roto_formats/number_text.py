"""The one place where numbers become text, and text numbers.

Two spellings: plain fixed-point for Silhouette, SVG and reports, and Nuke's hex floats: ``0``, ``1``, or ``x`` and the
eight lower-case hex digits of an IEEE-754 binary32, so 2.0 is ``x40000000`` [seen, 286,165 of 286,165 numbers].
"""

import math
import re
import struct
from collections.abc import Sequence

from roto_shared.errors import FormatError

_HEX_FLOAT = re.compile(r"x[0-9a-fA-F]{8}")
_DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

_WHOLE = {"0": "00000000", "1": "3f800000"}


def fixed_text(value: float, decimals: int = 6) -> str:
    """``value`` with exactly ``decimals`` places, never an exponent or ``-0.000``. Raises FormatError if not finite."""
    _require_finite(value)
    text = f"{value:.{decimals}f}"
    return text[1:] if text[0] == "-" and not text.strip("-0.") else text


def short_text(value: float, decimals: int = 6) -> str:
    """As :func:`fixed_text` but without trailing zeros: ``1`` and ``0.25``."""
    text = fixed_text(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_value(text: str) -> float:
    """Number of a decimal text, exponents allowed. Raises FormatError, quoting the text."""
    if _DECIMAL.fullmatch(text.strip()) is None:
        raise FormatError(f"“{text[:40]}” is not a number.", "Correct it, e.g. 12 or -0.5.")
    _require_finite(float(text))
    return float(text)


def hex_floats(values: Sequence[float]) -> list[str]:
    """Nuke's text of every value, rounded to binary32. Raises FormatError for what binary32 cannot hold."""
    if not values:
        return []
    try:
        block = struct.pack(f">{len(values)}f", *values)
    except (OverflowError, struct.error) as error:
        raise FormatError(
            "A number is too large for Nuke's 32-bit floats.", "Bring the shape near the plate."
        ) from error
    _require_finite(sum(values))
    words = " x".join(("", *block.hex(" ", 4).split(" ")))[1:]
    words = words.replace("x00000000", "0").replace("x80000000", "0").replace("x3f800000", "1")
    return words.split(" ")


def hex_float(value: float) -> str:
    """Nuke's text of one value."""
    return hex_floats((value,))[0]


def hex_float_value(word: str) -> float:
    """Number of a Nuke word: ``0``, ``1``, ``x3f800000``, or a plain decimal. Raises FormatError, quoting the word."""
    if word == "0":
        return 0.0
    if word == "1":
        return 1.0
    if _HEX_FLOAT.fullmatch(word):
        value = struct.unpack(">f", bytes.fromhex(word[1:]))[0]
        _require_finite(value)
        return value
    return decimal_value(word)


def hex_float_values(words: Sequence[str]) -> tuple[float, ...]:
    """Numbers of many Nuke words, in one go where all are in Nuke's own spelling; ``nan`` stands for a missing one."""
    try:
        block = bytes.fromhex("".join([word[1:] if word[0] == "x" else _WHOLE[word] for word in words]))
        numbers = struct.unpack(f">{len(words)}f", block)
    except (KeyError, ValueError, struct.error):
        return tuple(math.nan if word == "nan" else hex_float_value(word) for word in words)
    _require_finite(sum(numbers))
    return numbers


def _require_finite(value: float) -> None:
    if not math.isfinite(value):
        raise FormatError(f"A coordinate is {value}.", "Shapes need finite numbers; repair the shape.")

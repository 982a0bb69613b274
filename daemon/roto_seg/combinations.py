"""Objects made of others, as a command line says them: ``NAME=union:A,B`` or ``NAME=piece:A@FRAME:X,Y``."""

from __future__ import annotations

import re

import typer

from roto_shared.protocol.data import Combination

OPERATIONS = ("union", "intersect", "subtract", "merge", "piece")
_TEXT = re.compile(r"(?P<name>[^=]+)=(?P<operation>\w+):(?P<rest>.+)")
_PIECE = re.compile(r"(?P<object>.+)@(?P<frame>-?\d+):(?P<x>[\d.]+),(?P<y>[\d.]+)")


def parse_combination(text: str) -> Combination:
    """A combination; ``merge`` is a union whose parts are no longer objects. Raises BadParameter."""
    told = _TEXT.fullmatch(text)
    if told is None or told["operation"] not in OPERATIONS:
        raise typer.BadParameter(f"“{text}” makes no object: write NAME=union:A,B with {', '.join(OPERATIONS)}.")
    name, operation = told["name"].strip(), told["operation"]
    if operation == "piece":
        piece = _PIECE.fullmatch(told["rest"])
        if piece is None:
            raise typer.BadParameter(f"“{text}” says no piece: write NAME=piece:OBJECT@FRAME:X,Y.")
        point = (float(piece["x"]), float(piece["y"]))
        return Combination(name, operation, (piece["object"],), int(piece["frame"]), point)
    objects = tuple(part.strip() for part in told["rest"].split(","))
    is_merged = operation == "merge"
    return Combination(name, "union" if is_merged else operation, objects, keep=not is_merged)

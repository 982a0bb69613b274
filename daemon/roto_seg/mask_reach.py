"""Masks whose numbers are too small to show anything: labels 0 and 1, ten bits in sixteen, a matte at 40 %."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from roto_shared.errors import InputError, PlateError

if TYPE_CHECKING:
    from roto_daemon.plates import MaskSequence

INSIDE = 0.5
"""The least coverage of what is inside of an outline."""


def check_reach(reach: float, masks: str | Path) -> None:
    """Raise InputError where ``masks`` hold something, but by the largest coverage, ``reach``, nothing inside."""
    if 0 < reach < INSIDE:
        told = f"{100 * reach:.2g}"
        told = "just under 50" if told == "50" else told  # 127 of 255
        raise InputError(
            f"{masks} reaches {told} % of full, and an edge is where a mask crosses 50 %.",
            "Scale it, so that inside is 255, in 16 bits 65535, and in EXR 1.",
        )


def check_masks(sequence: "MaskSequence", masks: str | Path) -> None:
    """As :func:`check_reach`, before the masks are used; they are read up to the first one that shows something."""
    for frame in sequence.frames:
        with suppress(PlateError):  # whoever needs the frame says so
            sequence.read(frame)
        if sequence.reach >= INSIDE:
            return
    check_reach(sequence.reach, masks)

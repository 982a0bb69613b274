"""What a request says of objects, as the daemon is told it."""

from typing import Any

import cv2
import numpy as np

from roto_hub.jobs.kinds.bench import Bench
from roto_shared.errors import InputError
from roto_shared.protocol.data import ObjectPrompt, Picture


def prompts_by_frame(bench: Bench, said: list[dict[str, Any]]) -> dict[int, list[ObjectPrompt]]:
    """Prompts, frame by frame; a mask is a file in the storage. Raises InputError for one that is no picture."""
    by_frame: dict[int, list[ObjectPrompt]] = {}
    for one in said:
        mask = None if not one.get("mask") else _picture(bench, one["mask"])
        prompt = ObjectPrompt(one["object"], _points(one, "positive"), _points(one, "negative"), _box(one), mask)
        by_frame.setdefault(one["frame"], []).append(prompt)
    return by_frame


def _picture(bench: Bench, name: str) -> Picture:
    data = bench.stored(name).read_bytes()
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise InputError(f"{name} is no picture.", "Paint it again.")
    return Picture("image/png", pixels.shape[1], pixels.shape[0], data)


def _points(said: dict[str, Any], name: str) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in said.get(name) or ())


def _box(said: dict[str, Any]) -> tuple[float, float, float, float] | None:
    box = said.get("box")
    return None if box is None else (float(box[0]), float(box[1]), float(box[2]), float(box[3]))

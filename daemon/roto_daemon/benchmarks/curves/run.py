"""All sequences of a folder, each in a process of its own, so that memory and CPU seconds are that sequence's alone."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from roto_geometry.settings import FitSettings

from .footage import TRUE, find_footage
from .score import CurveScore, score_sequence


def score_folder(
    folder: Path,
    settings: FitSettings,
    only: Iterable[str] = (),
    jobs: int = 1,
    pictures: Path | None = None,
) -> Iterator[CurveScore]:
    """Every sequence of ``folder`` or those named, true masks first, then a network's where there are some.

    ``jobs`` of them run at a time. Raises InputError where there is nothing to score.
    """
    found = find_footage(folder, only)
    work = [(footage, kind) for footage in found for kind in footage.kinds]
    work.sort(key=lambda item: item[1] != TRUE)
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, fresh, max_tasks_per_child=1) as pool:
        yield from pool.map(score_sequence, *zip(*work, strict=True), repeat(settings), repeat(pictures))

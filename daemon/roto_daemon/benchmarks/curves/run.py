"""All sequences of a folder, each in a process of its own, so that memory and CPU seconds are that sequence's alone."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from roto_geometry.settings import FitSettings

from .footage import TRUE, find_footage
from .hd import FRAMES, HdCost, measure_hd
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
    with _fresh_processes(jobs) as pool:
        yield from pool.map(score_sequence, *zip(*work, strict=True), repeat(settings), repeat(pictures))


def measure_hd_folder(
    folder: Path, settings: FitSettings, only: Iterable[str] = (), jobs: int = 1
) -> Iterator[tuple[HdCost, HdCost]]:
    """An HD shot of every sequence with true masks, and one twice as long. Raises InputError."""
    found = [footage for footage in find_footage(folder, only) if TRUE in footage.kinds]
    with _fresh_processes(jobs) as pool:
        short = pool.map(measure_hd, found, repeat(settings), repeat(FRAMES))
        long = pool.map(measure_hd, found, repeat(settings), repeat(2 * FRAMES))
        yield from zip(short, long, strict=True)


def _fresh_processes(jobs: int) -> ProcessPoolExecutor:
    """Processes that do one thing each and start from nothing."""
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), max_tasks_per_child=1)

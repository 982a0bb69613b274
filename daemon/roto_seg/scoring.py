"""How good masks and shapes are against masks, by the definitions of the DAVIS benchmark.

J is intersection over union, F@r the boundary measure at a match distance of r px. As DAVIS does, the first and the
last frame are not scored where there are more than two. Masks are binary at one half.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from roto_geometry.measure.mask_metrics import boundary_f, davis_radius_px, jaccard
from roto_shared.errors import InputError

if TYPE_CHECKING:
    from roto_daemon.plates import MaskSequence

Binary = NDArray[np.bool_]
Advance = Callable[[int, int], None]

RECALL_THRESHOLD = 0.5


@dataclass(frozen=True)
class FrameScore:
    """One frame; ``davis_f`` is F at DAVIS' own distance, 0.8 % of the diagonal (8 px at 480p)."""

    j: float
    davis_f: float
    f2: float
    f1: float


@dataclass(frozen=True)
class Score:
    """A sequence: its scored frames, and the match distance of ``davis_f``, px."""

    frames: Mapping[int, FrameScore]
    radius_px: int

    def mean(self, figure: str) -> float:
        """Mean of a figure of the frames, by its field's name."""
        return float(np.mean([getattr(frame, figure) for frame in self.frames.values()]))

    def recall(self, figure: str) -> float:
        """Share of frames whose figure is above one half."""
        return float(np.mean([getattr(frame, figure) > RECALL_THRESHOLD for frame in self.frames.values()]))


def score_pairs(pairs: Iterator[tuple[int, Binary, Binary]]) -> Score:
    """Score (frame, result, truth), one at a time so that memory stays flat."""
    frames, radius = {}, 0
    for frame, result, truth in pairs:
        radius = davis_radius_px(truth.shape)
        frames[frame] = score_frame(result, truth)
    return Score(frames, radius)


def score_frame(result: Binary, truth: Binary) -> FrameScore:
    """All figures of one frame. Raises InputError for masks of different sizes."""
    return FrameScore(
        jaccard(result, truth), boundary_f(result, truth), boundary_f(result, truth, 2), boundary_f(result, truth, 1)
    )


def scored_frames(frames: Sequence[int]) -> Sequence[int]:
    """All but the first and the last of more than two."""
    return frames[1:-1] if len(frames) > 2 else frames


def score_masks(results: "MaskSequence", truths: "MaskSequence", advance: Advance) -> Score:
    """Score masks against true ones on the truth's frames. Raises InputError naming a frame that the results lack."""
    frames = scored_frames(truths.frames)
    missing = sorted(set(frames) - set(results.frames))
    if missing:
        raise InputError(
            f"The masks to score lack frame {missing[0]}"
            + (f" and {len(missing) - 1} others." if missing[1:] else "."),
            "Give masks of every frame; the numbers in the files' names must be the same on both sides.",
        )
    return score_pairs(_read_pairs(frames, results.read, truths.read, advance))


def _read_pairs(
    frames: Sequence[int],
    results: Callable[[int], NDArray[Any]],
    truths: Callable[[int], NDArray[Any]],
    advance: Advance,
) -> Iterator[tuple[int, Binary, Binary]]:
    for done, frame in enumerate(frames, 1):
        yield frame, results(frame) >= 0.5, truths(frame) >= 0.5
        advance(done, len(frames))

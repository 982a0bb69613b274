"""How good and how quick an engine is on footage with true masks: prompts on a frame, and tracking from a first mask.

A data folder holds one folder a sequence, with ``frames`` and ``gt`` (PNG, object above 127) of the same names. Clicks
follow the usual protocol: the first at the maximum of the true mask's distance transform, each further one at that of
the largest region still wrong. Times are CPU seconds of this process, since the machines are shared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Backend, Box, Embedding, Image, Point, Prompt, TrackedMask, TrackState
from roto_geometry.measure.mask_metrics import boundary_f, jaccard
from roto_shared.errors import InputError

CLICKS = 5
JITTER = 0.1
"""Each side of a jittered box is moved by this share of the box's width or height."""

FAILED_BELOW = 0.3
WRONG_BELOW = 0.7
"""A mask that covers less of the truth is wrong to any eye; an engine should say so itself."""

F_RADII_PX = (8, 2, 1)

Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Clip:
    """One clip: paths of its frames and of their true masks, in order."""

    name: str
    frames: tuple[Path, ...]
    truths: tuple[Path, ...]

    def load(self, index: int) -> tuple[Image, Truth]:
        """The frame (RGB) and its true mask."""
        return read_frame(self.frames[index]), read_truth(self.truths[index])


@dataclass(frozen=True)
class PromptScore:
    """Intersection over union on a sequence's first frame, and CPU seconds of the first and a further click."""

    sequence: str
    clicks: tuple[float, ...]
    box: float
    jittered_box: float
    first_click_s: float
    next_click_s: float


@dataclass(frozen=True)
class TrackScore:
    """Means over the scored frames of one sequence, shares of them, and the speed.

    ``needs_click`` and ``uncertain`` are what the engine says; ``wrong_unsaid`` are the frames that are wrong though it
    says neither.
    """

    sequence: str
    start: str
    j: float
    f: dict[int, float]
    needs_click: float
    uncertain: float
    wrong_unsaid: float
    seconds_per_frame: float


@dataclass(frozen=True)
class EngineScore:
    """All figures of one engine over the sequences of a folder."""

    engine: str
    prompts: tuple[PromptScore, ...]
    tracks: tuple[TrackScore, ...]

    def tracked(self, start: str) -> tuple[TrackScore, ...]:
        """The tracks that began from the true ``mask`` or from the true ``box``."""
        return tuple(track for track in self.tracks if track.start == start)

    def lines(self) -> Iterator[str]:
        """The figures as text, one line each."""
        for score in self.prompts:
            clicks = " ".join(f"{value:.3f}" for value in score.clicks)
            yield f"{score.sequence:16} clicks@1-5 {clicks}  box {score.box:.3f} jittered {score.jittered_box:.3f}"
        for track in self.tracks:
            f = " ".join(f"F@{radius} {value:.3f}" for radius, value in track.f.items())
            yield (
                f"{track.sequence:16} from {track.start:4} J {track.j:.3f} {f}"
                f"  needs click {track.needs_click:.0%}  uncertain {track.uncertain:.0%}"
                f"  wrong unsaid {track.wrong_unsaid:.0%}  {1 / track.seconds_per_frame:.1f} frames/CPU s"
            )
        yield from self._summary()

    def _summary(self) -> Iterator[str]:
        if self.prompts:
            clicks = np.mean([score.clicks for score in self.prompts], axis=0)
            yield f"clicks IoU @1/3/5: {clicks[0]:.3f} / {clicks[2]:.3f} / {clicks[4]:.3f}"
            yield (
                f"box IoU: {_mean(score.box for score in self.prompts):.3f}, "
                f"jittered {_mean(score.jittered_box for score in self.prompts):.3f}"
            )
            yield (
                f"CPU s a click, first / next: {np.median([score.first_click_s for score in self.prompts]):.2f} / "
                f"{np.median([score.next_click_s for score in self.prompts]):.2f}"
            )
        for start in ("mask", "box"):
            if tracks := self.tracked(start):
                yield _track_summary(start, tracks)


def score_engine(
    backend: Backend,
    folder: Path,
    starts: Sequence[str] = ("mask", "box"),
    progress: Callable[[str], None] = lambda _sequence: None,
) -> EngineScore:
    """Score ``backend`` on every sequence of ``folder``: prompts on first frames, tracks from each of ``starts``."""
    prompts: list[PromptScore] = []
    tracks: list[TrackScore] = []
    for sequence in find_sequences(folder):
        progress(sequence.name)
        prompts.append(score_prompts(backend, sequence))
        tracks.extend(score_track(backend, sequence, start) for start in starts)
    return EngineScore(backend.name, tuple(prompts), tuple(tracks))


def find_sequences(folder: Path) -> list[Clip]:
    """The sequences in ``folder``, by name."""
    found = [
        Clip(place.name, _pictures(place / "frames"), _pictures(place / "gt"))
        for place in sorted(folder.iterdir() if folder.is_dir() else [])
        if (place / "frames").is_dir() and (place / "gt").is_dir()
    ]
    if not found:
        raise InputError(f"{folder} holds no sequences.", "Give a folder of <sequence>/frames and <sequence>/gt.")
    return found


def score_prompts(backend: Backend, sequence: Clip) -> PromptScore:
    """Clicks, the true box and four jittered boxes on the first frame."""
    image, truth = sequence.load(0)
    clicks, (first_s, *later_s) = click_through(backend, image, truth)
    frame = backend.embed(image)
    box = true_box(truth)
    jittered = [_box_iou(frame, jitter(box, signs), truth) for signs in JITTER_SIGNS]
    next_s = float(np.median(later_s)) if later_s else first_s
    return PromptScore(sequence.name, clicks, _box_iou(frame, box, truth), _mean(jittered), first_s, next_s)


def click_through(backend: Backend, image: Image, truth: Truth) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Intersection over union after each of ``CLICKS`` clicks, and the CPU seconds of each (the first embeds too)."""
    began = time.process_time()
    frame = backend.embed(image)
    positive: list[Point] = []
    negative: list[Point] = []
    previous = None
    result = np.zeros_like(truth)
    scores: list[float] = []
    times: list[float] = []
    while len(scores) < CLICKS and (click := next_click(result, truth)):
        point, misses = click
        (positive if misses else negative).append(point)
        previous = frame.segment(Prompt(tuple(positive), tuple(negative)), previous).mask
        times.append(time.process_time() - began)
        result = previous >= 0.5
        scores.append(jaccard(result, truth))
        began = time.process_time()
    return tuple(scores + [1.0] * (CLICKS - len(scores))), tuple(times)


def next_click(result: Truth, truth: Truth) -> tuple[Point, bool] | None:
    """The middle of the largest wrong region and whether the object is missing there; None where all is right."""
    regions = [(region, missing) for missing in (True, False) for region in _regions(truth, result, missing)]
    if not regions:
        return None
    region, missing = max(regions, key=lambda choice: np.count_nonzero(choice[0]))
    depth = cv2.distanceTransform(np.pad(region.astype(np.uint8), 1), cv2.DIST_L2, 5)[1:-1, 1:-1]
    row, column = np.unravel_index(int(np.asarray(depth).argmax()), depth.shape)
    return (float(column) + 0.5, float(row) + 0.5), missing


def score_track(backend: Backend, sequence: Clip, start: str) -> TrackScore:
    """Track forwards from the first frame's true ``mask``, or from what the engine makes of its true ``box``."""
    image, truth = sequence.load(0)
    first = truth.astype(np.float32)
    if start == "box":
        first = backend.embed(image).segment(Prompt(box=true_box(truth))).mask
    tracking = backend.start_tracking()
    tracking.add_keyframe(0, image, {"object": first})
    found: list[_FrameScore] = []
    seconds = 0.0
    for index in range(1, len(sequence.frames)):
        image, truth = sequence.load(index)
        began = time.process_time()
        tracked = tracking.step(index, image)["object"]
        seconds += time.process_time() - began
        if index < len(sequence.frames) - 1:
            found.append(_FrameScore.of(tracked, truth))
    return TrackScore(
        sequence.name,
        start,
        _mean(one.j for one in found),
        {radius: _mean(one.f[radius] for one in found) for radius in F_RADII_PX},
        _mean(one.state is TrackState.NEEDS_CLICK for one in found),
        _mean(one.state is TrackState.UNCERTAIN for one in found),
        _mean(one.state is TrackState.TRACKED and one.j < WRONG_BELOW for one in found),
        seconds / (len(sequence.frames) - 1),
    )


@dataclass(frozen=True)
class _FrameScore:
    """A tracked mask's overlap with the truth, the agreement of their edges by radius, and what the engine says."""

    j: float
    f: dict[int, float]
    state: TrackState

    @classmethod
    def of(cls, tracked: TrackedMask, truth: Truth) -> _FrameScore:
        result = tracked.mask >= 0.5
        f = {radius: boundary_f(result, truth, radius) for radius in F_RADII_PX}
        return cls(jaccard(result, truth), f, tracked.state)


JITTER_SIGNS = ((-1, 1, 1, -1), (1, 1, -1, -1), (-1, -1, 1, 1), (1, -1, 1, 1))
"""Four ways to move the sides (x0, y0, x1, y1) of a box: shifted, shrunk and grown in turn."""


def jitter(box: Box, signs: Sequence[int]) -> Box:
    """``box`` with each side moved by ``JITTER`` of its width or height in the direction of its sign."""
    dx, dy = JITTER * (box[2] - box[0]), JITTER * (box[3] - box[1])
    x0, y0, x1, y1 = (side + sign * step for side, sign, step in zip(box, signs, (dx, dy, dx, dy), strict=True))
    return x0, y0, x1, y1


def true_box(truth: Truth) -> Box:
    """The box around a mask, in pixel edges."""
    rows, columns = np.flatnonzero(truth.any(axis=1)), np.flatnonzero(truth.any(axis=0))
    if not len(rows):
        raise InputError("The first true mask is empty.", "Start from a frame that shows the object.")
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def read_frame(path: Path) -> Image:
    """An 8-bit picture as RGB."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise InputError(f"{path} cannot be read.", "Check the file.")
    return np.ascontiguousarray(picture[..., ::-1], dtype=np.uint8)


def read_truth(path: Path) -> Truth:
    """A true mask: what is above 127."""
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise InputError(f"{path} cannot be read.", "Check the file.")
    return np.asarray(picture > 127)


def _regions(truth: Truth, result: Truth, missing: bool) -> list[Truth]:
    """The largest connected region that is missing from, or too much in, ``result``; a list of none or one."""
    wrong = (truth & ~result) if missing else (result & ~truth)
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(wrong.astype(np.uint8), connectivity=8)
    return [labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())] if count > 1 else []


def _box_iou(frame: Embedding, box: Box, truth: Truth) -> float:
    return jaccard(frame.segment(Prompt(box=box)).mask >= 0.5, truth)


def _track_summary(start: str, tracks: Sequence[TrackScore]) -> str:
    worst = min(tracks, key=lambda track: track.j)
    failed = sum(track.j < FAILED_BELOW for track in tracks)
    f = " ".join(f"F@{radius} {_mean(track.f[radius] for track in tracks):.3f}" for radius in F_RADII_PX)
    speed = 1 / float(np.median([track.seconds_per_frame for track in tracks]))
    return (
        f"tracks from the {start}: J {_mean(track.j for track in tracks):.3f} {f},"
        f" worst {worst.sequence} {worst.j:.3f}, {failed} below {FAILED_BELOW}, {speed:.1f} frames/CPU s"
    )


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def _pictures(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.iterdir() if path.suffix.lower() in {".jpg", ".jpeg", ".png"}))

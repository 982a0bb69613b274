"""Masks in, animated Bézier shapes out: the entry point of this package.

A :class:`ShapeFitter` is fed masks frame by frame and keeps only their contours; :meth:`ShapeFitter.fit` may be called
at any time. Guarantees: constant knots per shape, clockwise outlines that never cross themselves on any whole frame of
their life, and a report that says on every frame how well the shapes agree with the mask and what was left out.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, Layer, Provenance, ShapeDocument

from .arclength import Contour
from .bezier import Array
from .fitted import FittedShape, in_drawing_order
from .follow.correspondence import link_tracks
from .follow.joining import choose_ways
from .follow.outlines import follow_outlines, matter_px2
from .follow.seeing import PictureMotion
from .measure.coverage import coverage, window
from .measure.mask_metrics import jaccard
from .settings import FitSettings
from .steps import outcome, retold
from .strokes import StrandTrack, fit_stroke, follow_strands
from .trace.bridges import Ways, trace_ways
from .trace.strands import Strand, part_strands
from .trackfit import fit_track

REPORT_TOLERANCE_PX = 0.1
LASTING_FRAMES = 12
"""Half a second of film: what is thin for a shorter time is the tip of something, not a line."""

LINKING_SHARE = 0.4
"""Of the time of a fit, what goes into following outlines from frame to frame."""

Masks = Iterable[tuple[int, NDArray[Any]]]


@dataclass(frozen=True)
class FrameReport:
    """How one frame came out: agreement of the shapes with the mask (IoU at one half), area left out, shapes alive."""

    frame: int
    iou: float
    dropped_px2: float
    shapes: int
    keys: int


@dataclass(frozen=True)
class FitResult:
    """An object's layer, topmost shape first, and the report of every frame."""

    layer: Layer
    report: tuple[FrameReport, ...]

    @property
    def shapes(self) -> tuple[KeyedShape, ...]:
        """The layer's shapes, topmost first, without the placement of those that have a layer of their own."""
        return tuple(ShapeDocument(1, 1, self.layer.children).shapes())

    @property
    def mean_iou(self) -> float:
        """Mean IoU over the frames."""
        return float(np.mean([frame.iou for frame in self.report]))


@dataclass(frozen=True, eq=False)
class _Traced:
    """The ways to draw a mask, its strands, and the ways to draw what is left without them."""

    whole: Ways
    strands: list[Strand]
    body: Ways

    @property
    def outlines(self) -> list[Array]:
        """The mask itself, nothing joined."""
        return self.whole[-1]


@dataclass
class ShapeFitter:
    """Collects one object's contours and fits shapes to all of them.

    ``motion`` are the plate's pictures: with them knots stay where they are on the object. They are read while fitting,
    every frame once, in order.
    """

    name: str = "object"
    settings: FitSettings = field(default_factory=FitSettings)
    size: tuple[int, int] = (0, 0)
    motion: PictureMotion | None = None
    _traced: dict[int, _Traced] = field(default_factory=dict)

    def add(self, frame: int, mask: NDArray[Any]) -> None:
        """Take the mask (height, width) of a frame; a frame given again is replaced. Raises InputError on its form."""
        size = (mask.shape[1], mask.shape[0]) if mask.ndim == 2 else (0, 0)
        whole = self._trace(mask)
        if self._traced and size != self.size:
            raise InputError(f"The mask of frame {frame} is {size}, the others are {self.size}.", "Give one size.")
        self.size = size
        body, strands = part_strands(mask)
        self._traced[frame] = _Traced(whole, strands, self._trace(body) if strands else whole)

    def _trace(self, mask: NDArray[Any]) -> Ways:
        return trace_ways(mask, self.settings.bridge_px(mask.shape), self.settings.speck_px2)

    def fit(self) -> FitResult:
        """Shapes for all frames added so far, and how each came out. Raises InputError when there are none."""
        return outcome(self.fit_in_steps())

    def fit_in_steps(self) -> Generator[float, None, FitResult]:
        """As :meth:`fit`, and yields the share that is done, 0 to 1, so that one can tell it, or stop."""
        fitted, dropped = yield from self._fit()
        wanted = {frame: traced.outlines for frame, traced in self._traced.items()}
        return FitResult(self._layer(fitted), tuple(_report(wanted, self.size, fitted, dropped)))

    def fit_unmeasured(self) -> Layer:
        """The shapes alone, in half of the time for a single frame: what a click waits for. Raises InputError."""
        return self._layer(outcome(self._fit())[0])

    def _fit(self) -> Generator[float, None, tuple[list[FittedShape], Mapping[int, float]]]:
        if not self._traced:
            raise InputError("There are no masks to fit.", "Add at least one frame.")
        self._traced = dict(sorted(self._traced.items()))
        matter = {frame: matter_px2(traced.outlines) for frame, traced in self._traced.items()}
        strands = self._worthy_strands(matter)
        stroked = {frame for track in strands for frame in track.frames}
        ways = {frame: traced.body if frame in stroked else traced.whole for frame, traced in self._traced.items()}
        outlines = choose_ways(ways, self.settings.speck_px2, self.settings.shape_price)
        tracking = follow_outlines(outlines, self.settings.speck_px2, self.settings.shape_price)
        strokes = [fit_stroke(track, self.settings) for track in strands]
        holes = {frame: self._holes(traced) for frame, traced in outlines.items()}
        links = yield from retold(link_tracks(tracking.tracks, self.motion), lambda share: LINKING_SHARE * share)
        fitted: list[FittedShape] = []
        for done, (track, carriers) in enumerate(zip(tracking.tracks, links, strict=True)):
            own_holes = [holes[frame] for frame in track.frames]
            mean_px2 = float(np.mean([matter[frame] for frame in track.frames]))
            knot_price = self.settings.knot_price_px2(mean_px2, self.size)
            steps = fit_track(track, carriers, own_holes, knot_price, self.settings, self.size)
            fitted += yield from retold(steps, partial(_share_of_fit, done=done, tracks=len(links)))
        return in_drawing_order([*strokes, *fitted]), tracking.dropped_px2

    def _worthy_strands(self, matter: Mapping[int, float]) -> list[StrandTrack]:
        """Strands that last and cover enough of each frame's matter over their life; others stay in the outlines."""
        tracks = follow_strands({frame: traced.strands for frame, traced in self._traced.items()})
        lasting = [track for track in tracks if len(track.frames) >= min(LASTING_FRAMES, len(matter))]
        return [track for track in lasting if track.worth(matter) >= self.settings.shape_price]

    def _holes(self, outlines: Iterable[Array]) -> list[Contour]:
        return [contour for contour in map(Contour, outlines) if contour.area <= -self.settings.speck_px2]

    def _layer(self, fitted: list[FittedShape]) -> Layer:
        named = (shape.named(f"{shape.kind} {n}") for n, shape in enumerate(fitted, 1))
        return Layer(self.name, tuple(named))


def _share_of_fit(share: float, done: int, tracks: int) -> float:
    """The share of a fit that is done, when of ``tracks`` outlines some are, and ``share`` of the next one."""
    return LINKING_SHARE + (1 - LINKING_SHARE) * (done + share) / tracks


def fit_shapes(
    masks: Masks, settings: FitSettings | None = None, name: str = "object", motion: PictureMotion | None = None
) -> FitResult:
    """Shapes for one object's (frame, mask) pairs, read one by one; ``motion`` as the fitter's. Raises InputError."""
    fitter = ShapeFitter(name, settings or FitSettings(), motion=motion)
    for frame, mask in masks:
        fitter.add(frame, mask)
    return fitter.fit()


def fit_frame(mask: NDArray[Any], frame: int, settings: FitSettings | None = None, name: str = "object") -> FitResult:
    """Shapes for one mask alone, quick enough for every click."""
    return fit_shapes([(frame, mask)], settings, name)


def fitted_document(
    results: Iterable[FitResult],
    size: tuple[int, int],
    frames: tuple[int, int],
    fps: float = 24.0,
    provenance: Provenance | None = None,
) -> ShapeDocument:
    """Objects as the layers of one document, the first one topmost; ``size`` in px, ``frames`` first and last."""
    layers = tuple(result.layer for result in results)
    return ShapeDocument(*size, layers, *frames, fps=fps, provenance=provenance or Provenance())


def _report(
    traced: Mapping[int, list[Array]], size: tuple[int, int], shapes: list[FittedShape], dropped: Mapping[int, float]
) -> Iterator[FrameReport]:
    for frame, contours in traced.items():
        alive = [(shape, shape.frames.index(frame)) for shape in shapes if frame in shape.frames]
        drawn = [shape.polygon(at, REPORT_TOLERANCE_PX) for shape, at in alive]
        corner, room = window([*drawn, *contours], *size)
        matte = np.zeros(room[::-1], np.float32)
        for (shape, _), polygon in zip(reversed(alive), reversed(drawn), strict=True):
            _draw(matte, polygon - corner, shape.hole)
        keys = sum(at in shape.keys.chosen for shape, at in alive)
        iou = jaccard(matte >= 0.5, coverage([contour - corner for contour in contours], *room) >= 0.5)
        yield FrameReport(frame, iou, dropped[frame], len(alive), keys)


def _draw(matte: NDArray[np.float32], polygon: Array, hole: bool) -> None:
    """Add a polygon (m, 2), px of the matte, or take it away."""
    (left, top), (width, height) = window([polygon], *matte.shape[::-1])
    part = matte[top : top + height, left : left + width]
    over = coverage([polygon - (left, top)], width, height)
    part[:] = np.clip(part - over, 0, 1) if hole else np.maximum(part, over)

"""One outline over its life, from contours to keyed shapes.

Correspondence, spans, knots, fit, soundness and keys in this order; see the modules of these names for what each
guarantees.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial

import numpy as np

from .arclength import Contour
from .fit.curvefit import fit_outlines
from .fit.knots import CORNER_DEGREES, corner_angles
from .fit.soundness import calm_outlines, sound_outlines
from .fit.spans import Span, choose_spans
from .fitted import FittedShape
from .follow.correspondence import Carrier
from .follow.outlines import OutlineTrack
from .keys.motion import affordable_keys
from .keys.wanted import Wanted
from .parts.splitting import PartsSpan, Subject, split_into_parts
from .settings import FitSettings

THICK_PX = 32.0
LEAST_CLOSENESS = 0.25

FitWhole = Callable[[OutlineTrack, Sequence[Carrier]], Iterable[FittedShape]]


def fit_track(
    track: OutlineTrack,
    carriers: Sequence[Carrier],
    holes: Sequence[Sequence[Contour]],
    knot_price: float,
    settings: FitSettings,
    size: tuple[int, int],
) -> Generator[float, None, list[FittedShape]]:
    """Fit one outline by shapes that follow one another, or by parts side by side where these leave no more to edit.

    ``holes`` are those in the mask on each of the outline's frames; ``knot_price`` is in px² a frame; ``size`` is the
    picture's (width, height) in px. Yields the share that is done, 0 to 1.
    """
    yield 0.0
    fit_whole = partial(_fit_whole, knot_price=knot_price, settings=settings, size=size)
    whole = list(fit_whole(track, carriers))
    tolerance_px = settings.key_tolerance_px * closeness(track.contours)
    spans = yield from split_into_parts(
        Subject(track, holes, carriers, whole, knot_price, tolerance_px, settings, size)
    )
    parted = list(_fit_between(spans, track, carriers, whole, fit_whole)) if spans else whole
    return min(parted, whole, key=lambda shapes: sum(shape.to_edit for shape in shapes))


def _fit_between(
    spans: Sequence[PartsSpan],
    track: OutlineTrack,
    carriers: Sequence[Carrier],
    whole: Sequence[FittedShape],
    fit_whole: FitWhole,
) -> Iterator[FittedShape]:
    """The parts, and before, between and after their spans the outline drawn whole.

    There it is fitted anew, or what draws it ``whole`` is cut off where that leaves less to edit.
    """
    stop = 0
    for start, after, parts in [*((span.start, span.stop, span.shapes) for span in spans), (len(track.frames), 0, ())]:
        gap = track.part(stop, start)
        anew = list(fit_whole(gap, carriers[stop : max(stop, start - 1)]))
        cut = [shape for shape in (shape.within(set(gap.frames)) for shape in whole) if shape]
        yield from min(anew, cut, key=lambda shapes: sum(shape.to_edit for shape in shapes))
        yield from parts
        stop = after


def _fit_whole(
    track: OutlineTrack,
    carriers: Sequence[Carrier],
    knot_price: float,
    settings: FitSettings,
    size: tuple[int, int],
) -> Iterator[FittedShape]:
    if track.frames:
        for span in choose_spans(track.contours, carriers, knot_price, settings.span_price):
            yield _fit_span(track.part(span.start, span.stop), span, settings, size)


def closeness(contours: Sequence[Contour]) -> float:
    """The share of the tolerance that a thin outline may use: there the same distance is a larger share of the area.

    How thick it is, is twice the area over the length, which is the width of a long band.
    """
    thickness_px = np.mean([2 * contour.area / contour.length for contour in contours])
    return float(np.clip(thickness_px / THICK_PX, LEAST_CLOSENESS, 1.0))


def _fit_span(track: OutlineTrack, span: Span, settings: FitSettings, size: tuple[int, int]) -> FittedShape:
    corners = np.abs(corner_angles(track.contours, span.positions)) > CORNER_DEGREES
    outlines = fit_outlines(track.contours, span.positions, corners, size)
    outlines = sound_outlines(outlines, track.contours, span.positions)
    outlines = np.concatenate([calm_outlines(outlines[run], settings.smoothness) for run in track.runs])
    tolerance = settings.key_tolerance_px * closeness(track.contours)
    wanted = Wanted(outlines, track.frames, tolerance, interpolation=settings.interpolation, returns=track.returns)
    keys = affordable_keys(wanted, settings.track)
    drawn = keys.drawn(np.asarray(track.frames, dtype=float))
    return FittedShape(track.hole, track.frames, drawn, keys, returns=track.returns)

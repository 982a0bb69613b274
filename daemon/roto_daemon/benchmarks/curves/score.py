"""Everything measured on one sequence and one kind of its masks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from roto_daemon.motion.points import PlateMotion
from roto_geometry.fitting import FitResult, ShapeFitter, fit_shapes, fitted_document
from roto_geometry.measure.agreement import Agreement, AgreementTally
from roto_geometry.measure.curve_metrics import CurveFigures, knot_slides, score_curves, stored_values
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import Matte, rasterise
from roto_geometry.settings import FitSettings
from roto_geometry.trace.contour import soft_mask
from roto_shared.shapes import ShapeDocument
from roto_shared.timeline import Interpolation

from .contact import write_contact_sheet
from .cost import CpuClock, peak_memory_mb
from .drift import Drift, measure_drift
from .flow import object_flow, sure_flow
from .footage import NETWORK, TRUE, Footage, Mask
from .perframe import Ladders, climb
from .rivals import RivalScore, default_rivals, score_rival

LEAST_TOLERANCE_PX, MOST_DENSITY = 0.01, 10.0
"""The bounds of these settings: together nothing but equality is close enough, so that every frame is keyed."""

EVERY_FRAME = "a key on every frame"

CLOSER = (0.25, 0.5, 2.0, 4.0)
DETAIL_POWER = -0.75
"""Multiples of the tolerance for the picture of IoU against values; detail goes with them as it does in the presets."""

RIGID = frozenset({"blackswan", "car-shadow", "car-roundabout", "drift-chicane", "drift-straight"})
"""The sequences of DAVIS that count as rigid subjects; all others are articulated."""

Masks = list[tuple[int, Mask]]


@dataclass(frozen=True)
class Keyed:
    """One way to store a shot: mean IoU and stored values a frame."""

    setting: str
    iou: float
    values_per_frame: float


@dataclass(frozen=True)
class SureSlide:
    """Slide of those knots alone where the flow can be believed, and which ``share`` of all they are."""

    median_px: float
    p95_px: float
    share: float


@dataclass(frozen=True)
class Parted:
    """The sequence drawn in parts, and the knots on all keys that are then left to edit, and without parts."""

    figures: CurveFigures
    to_edit: int
    to_edit_whole: int
    fit_cpu_s: float


@dataclass(frozen=True)
class CurveScore:
    """One sequence and kind of masks.

    ``figures`` are against the masks that were fitted. A network's masks have ``truth``, the shapes against the true
    masks, and ``masks_truth``, the network's own masks against them. True masks have ``ladders`` (points of single
    frames), ``parted``, and ``drift``, with pictures ``drift_seen``, too. ``keyed`` is there where a picture was asked
    for.
    """

    sequence: str
    masks: str
    figures: CurveFigures
    iou_every_key: float
    truth: Agreement | None
    masks_truth: Agreement | None
    fit_cpu_s: float
    peak_memory_mb: float
    rivals: Mapping[str, RivalScore]
    ladders: Ladders
    drift: Drift | None
    drift_seen: Drift | None
    keyed: tuple[Keyed, ...] = ()
    sure_slide: SureSlide | None = None
    parted: Parted | None = None

    @property
    def rigid(self) -> bool:
        """Whether the subject moves as a whole."""
        return self.sequence in RIGID

    @property
    def iou_drop(self) -> float:
        """What sparse keys cost: IoU with a key on every frame, less IoU."""
        return self.iou_every_key - self.figures.iou

    @property
    def frames_per_cpu_s(self) -> float:
        """Frames fitted in a CPU second, from masks to keys."""
        return self.figures.frames / self.fit_cpu_s

    @property
    def share_of_potrace(self) -> float | None:
        """Stored values as a share of potrace's on every frame; None without potrace."""
        potrace = self.rivals.get("potrace")
        return self.figures.stored_values / potrace.stored_values if potrace else None


def score_sequence(footage: Footage, kind: str, settings: FitSettings, pictures: Path | None = None) -> CurveScore:
    """Fit one sequence and score it beside the rivals; a contact sheet goes to the folder ``pictures``, if given.

    Memory is this process's peak when the fit ends: call it in a fresh process.
    """
    clock = CpuClock()
    result = _timed_fit(footage, kind, settings, clock)
    memory = peak_memory_mb()
    masks = list(footage.masks(kind))
    motion = _motion(footage)
    document = _document(result, masks)
    truths = dict(footage.masks(TRUE)) if kind == NETWORK and TRUE in footage.kinds else None
    if pictures:
        write_contact_sheet(pictures / f"{footage.name}.{kind}.jpg", document, footage, masks)
    is_true = kind == TRUE
    return CurveScore(
        sequence=footage.name,
        masks=kind,
        figures=score_curves(document, masks, flow=object_flow(footage, dict(masks))),
        iou_every_key=_iou(_fitted(masks, every_key(settings), motion), masks),
        truth=_agreement(truths, {frame: rasterise(document, frame) for frame in truths}) if truths else None,
        masks_truth=_agreement(truths, {frame: soft_mask(mask) for frame, mask in masks}) if truths else None,
        fit_cpu_s=clock.seconds,
        peak_memory_mb=memory,
        rivals={name: score_rival(tracer, masks, truths) for name, tracer in default_rivals().items()},
        ladders=climb(masks, settings) if is_true else {},
        drift=measure_drift(masks[len(masks) // 2][1], settings) if is_true else None,
        drift_seen=_drift_seen(footage, masks[len(masks) // 2], settings) if is_true else None,
        keyed=tuple(_keyed(masks, settings, document, motion)) if pictures and is_true else (),
        sure_slide=_sure_slide(document, footage, masks),
        parted=_parted(footage, masks, settings, document) if is_true else None,
    )


def _parted(footage: Footage, masks: Masks, settings: FitSettings, whole: ShapeDocument) -> Parted:
    clock = CpuClock()
    document = _document(_timed_fit(footage, TRUE, replace(settings, parts=True), clock), masks)
    figures = score_curves(document, masks, flow=object_flow(footage, dict(masks)))
    return Parted(figures, _to_edit(document), _to_edit(whole), clock.seconds)


def _to_edit(document: ShapeDocument) -> int:
    return sum(shape.knot_count * len(shape.keys) for shape in document.shapes())


def _sure_slide(document: ShapeDocument, footage: Footage, masks: Masks) -> SureSlide | None:
    """None without pictures, and where the flow can be believed nowhere."""
    flow = sure_flow(footage, dict(masks))
    slides = knot_slides(document, [frame for frame, _ in masks], flow) if flow else np.zeros(0)
    sure = slides[np.isfinite(slides)]
    if not len(sure):
        return None
    return SureSlide(float(np.median(sure)), float(np.quantile(sure, 0.95)), len(sure) / len(slides))


def _drift_seen(footage: Footage, middle: tuple[int, Mask], settings: FitSettings) -> Drift | None:
    """Drift where the fit sees pictures; None where there are none."""
    frame, mask = middle
    return measure_drift(mask, settings, picture=footage.picture(frame)) if footage.has_picture(frame) else None


def every_key(settings: FitSettings) -> FitSettings:
    """The same fit with a key on every frame and no motion in a layer."""
    every = {"interpolation": Interpolation.LINEAR, "tolerance_px": LEAST_TOLERANCE_PX, "key_density": MOST_DENSITY}
    return replace(settings, track=False, **every)


def _timed_fit(footage: Footage, kind: str, settings: FitSettings, clock: CpuClock) -> FitResult:
    """The fit of masks and pictures that are read one at a time; reading them is not on the clock."""
    fitter = ShapeFitter(footage.name, settings, motion=_motion(footage, clock))
    for frame, mask in footage.masks(kind):
        with clock:
            fitter.add(frame, mask)
    with clock:
        return fitter.fit()


def _motion(footage: Footage, clock: CpuClock | None = None) -> PlateMotion | None:
    """The pictures, where all frames have one; reading them is not on the ``clock``."""
    if not footage.is_pictured:
        return None
    return PlateMotion(clock.paused(footage.picture) if clock else footage.picture)


def _keyed(masks: Masks, settings: FitSettings, balanced: ShapeDocument, motion: PlateMotion | None) -> Iterator[Keyed]:
    """The shot stored ever more closely, and with a key on every frame."""
    for times in sorted((*CLOSER, 1.0), reverse=True):
        closer = replace(
            settings, tolerance_px=settings.tolerance_px * times, detail=settings.detail * times**DETAIL_POWER
        )
        document = balanced if times == 1 else _fitted(masks, closer, motion)
        yield _stored(f"tolerance {closer.tolerance_px:g} px", document, masks)
    yield _stored(EVERY_FRAME, _fitted(masks, every_key(settings), motion), masks)


def _stored(setting: str, document: ShapeDocument, masks: Masks) -> Keyed:
    return Keyed(setting, _iou(document, masks), stored_values(document) / len(masks))


def _fitted(masks: Masks, settings: FitSettings, motion: PlateMotion | None) -> ShapeDocument:
    return _document(fit_shapes(masks, settings, motion=motion), masks)


def _document(result: FitResult, masks: Masks) -> ShapeDocument:
    height, width = masks[0][1].shape
    return fitted_document([result], (width, height), (masks[0][0], masks[-1][0]))


def _iou(document: ShapeDocument, masks: Masks) -> float:
    return float(np.mean([jaccard(rasterise(document, frame) >= 0.5, mask) for frame, mask in masks]))


def _agreement(truths: Mapping[int, Mask], mattes: Mapping[int, Matte]) -> Agreement:
    tally = AgreementTally()
    for frame, truth in truths.items():
        tally.add(frame, mattes[frame], truth)
    return tally.result()

"""Stored masks to keyed shapes, an object a layer."""

from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, fields, replace
from typing import Any

from roto_daemon.motion.points import PlateMotion
from roto_daemon.sessions.masks import MaskRecord
from roto_daemon.sessions.session import Session
from roto_formats.bake import baked_document
from roto_geometry.fitting import FitResult, ShapeFitter, fitted_document
from roto_geometry.settings import FitSettings
from roto_geometry.steps import retold
from roto_shared import bounds
from roto_shared.errors import InputError, PlateError
from roto_shared.protocol.messages import CurveSettings, Fitted, Progress
from roto_shared.shapes import Element, KeyedShape, Layer, MotionBlur, Provenance, ShapeDocument
from roto_shared.timeline import Interpolation
from roto_shared.version import VERSION


def fit(session: Session, names: Sequence[str], settings: CurveSettings) -> Generator[Progress, None, Fitted]:
    """Fit the named objects (none named: all) on every frame that has a mask. Raises InputError where none has."""
    names = tuple(dict.fromkeys(names)) or tuple(session.standing.objects)
    frames = {name: session.standing.frames(name) for name in names}
    empty = [name for name, stored in frames.items() if not stored]
    if empty or not names:
        raise InputError(f"There are no masks of “{(empty or ['any object'])[0]}”.", "Prompt and track it first.")
    total = sum(map(len, frames.values()))
    results: list[FitResult] = []
    for name, stored in frames.items():
        done = total - sum(len(frames[other]) for other in names[len(results) :])
        results.append((yield from _fit_object(session, name, stored, settings, done, total)))
    document = fitted_document(
        results,
        (session.plate.width, session.plate.height),
        (min(f[0] for f in frames.values()), max(f[-1] for f in frames.values())),
        session.plate.fps,
        Provenance(session.head.engine, session.head.engine, VERSION, session.prompts_text()),
    )
    document = replace(document, pixel_aspect=session.plate.pixel_aspect)
    document = _with_motion_blur(document, settings.shutter)
    document = baked_document(document) if settings.bake else document
    return Fitted(document, {name: _figures(result) for name, result in zip(names, results, strict=True)})


def fit_frame_shapes(session: Session, record: MaskRecord, settings: CurveSettings) -> Layer:
    """Shapes of one mask alone, for the overlay of a click or of a running track."""
    fitter = ShapeFitter(record.object, fit_settings(settings))
    fitter.add(record.frame, session.masks.read(record))
    return fitter.fit_unmeasured()


def fit_settings(settings: CurveSettings) -> FitSettings:
    """A preset with what overrides it. Raises InputError."""
    if settings.shutter is not None:
        bounds.SHUTTER_FRAMES.check("shutter", settings.shutter)
    said = {field.name: getattr(settings, field.name) for field in fields(settings) if field.name not in _OUR_OWN}
    given = {name: value for name, value in said.items() if value is not None}
    if "interpolation" in given:
        given["interpolation"] = _interpolation(given["interpolation"])
    return replace(FitSettings.preset(settings.preset), **given)


def settings_for(ending: str, settings: CurveSettings) -> CurveSettings:
    """The settings for a format (``nk`` or ``.nk``): where nothing is said, every host gets the keys that suit it."""
    is_linear = settings.interpolation is None and ending.lower().lstrip(".") in LINEAR_FORMATS
    return replace(settings, interpolation=Interpolation.LINEAR.value) if is_linear else settings


LINEAR_FORMATS = ("fxs",)
"""Formats of hosts that draw straight lines between keys, so that shapes are fitted anew for them."""

TRACING_SHARE = 0.2
"""Of the time of a fit, what goes into reading masks and tracing them."""

PICTURE_CACHE_BYTES = 128 << 20
"""Pictures are asked for one after the other: a few ahead are enough."""

_OUR_OWN = ("preset", "bake", "shutter")
_INTERPOLATIONS = {kind.value: kind for kind in (Interpolation.LINEAR, Interpolation.SMOOTH)}


def _interpolation(name: str) -> Interpolation:
    if name not in _INTERPOLATIONS:
        raise InputError(f"“{name}” is no way between keys.", f"Use {' or '.join(_INTERPOLATIONS)}.")
    return _INTERPOLATIONS[name]


def _with_motion_blur(document: ShapeDocument, shutter: float | None) -> ShapeDocument:
    """The document with motion blur on every shape, the shutter open around the frame's middle."""
    if not shutter:
        return document
    blur = MotionBlur(shutter=shutter, shutter_offset=-shutter / 2)
    return replace(document, children=tuple(_blurred(child, blur) for child in document.children))


def _blurred(child: Element, blur: MotionBlur) -> Element:
    if isinstance(child, Layer):
        return replace(child, children=tuple(_blurred(inner, blur) for inner in child.children))
    return replace(child, motion_blur=blur) if isinstance(child, KeyedShape) else child


def _fit_object(
    session: Session, name: str, frames: Sequence[int], settings: CurveSettings, done: int, total: int
) -> Generator[Progress, None, FitResult]:

    def told(share: float) -> Progress:
        return Progress(done + round(share * len(frames)), total, f"curves of {name}")

    with ExitStack() as opened:
        fitter = ShapeFitter(name, fit_settings(settings), motion=_motion(session, frames, opened))
        for count, frame in enumerate(frames, 1):
            fitter.add(frame, session.standing.read(name, frame))
            yield told(TRACING_SHARE * count / len(frames))
        fitted = fitter.fit_in_steps()
        return (yield from retold(fitted, lambda share: told(TRACING_SHARE + (1 - TRACING_SHARE) * share)))


def _motion(session: Session, frames: Sequence[int], opened: ExitStack) -> PlateMotion | None:
    """The plate's pictures of ``frames``; None for a single frame, and for a plate that is away: masks are enough."""
    if len(frames) < 2:
        return None
    try:
        return PlateMotion(opened.enter_context(session.travel(frames, PICTURE_CACHE_BYTES)).read)
    except PlateError:
        return None


def _figures(result: FitResult) -> dict[str, Any]:
    return {"mean_iou": round(result.mean_iou, 4), "frames": {str(f.frame): asdict(f) for f in result.report}}

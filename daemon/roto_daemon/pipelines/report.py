"""The report of a session: what was asked, what came out, and where it needs a person."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from roto_daemon.sessions.masks import MaskRecord
from roto_daemon.sessions.session import Session
from roto_shared.protocol.data import Combination, FinishSettings, PlateRef
from roto_shared.structure import to_plain
from roto_shared.version import VERSION

SCHEMA = "roto.report/1"


def make_report(session: Session, curves: dict[str, Any]) -> dict[str, Any]:
    """Plain data: engine, plate, seconds, and for each object what it is made of, how it is
    finished, its frames' confidence and state, and its curve figures.

    ``curves`` holds the figures of the fit by object. A plate frame without a mask has the state ``missing``.
    """
    objects = {name: _report_object(session, name, curves.get(name, {})) for name in session.standing.objects}
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "engine": session.head.engine,
        "plate": to_plain(session.head.plate, PlateRef),
        "width": session.plate.width,
        "height": session.plate.height,
        "frames": len(session.plate.frames),
        "objects": objects,
    }


def _report_object(session: Session, name: str, curves: dict[str, Any]) -> dict[str, Any]:
    records = {frame: session.standing.best(name, frame) for frame in session.plate.frames}
    frames = {str(frame): _report_frame(record) for frame, record in records.items()}
    seconds = [record.seconds for record in records.values() if record is not None]
    recipes = session.recipes
    made = recipes.combined.get(name)
    return {
        "made_of": None if made is None else to_plain(made, Combination),
        "finish": to_plain(recipes.finish.get(name, FinishSettings()), FinishSettings),
        "states": dict(Counter(frame["state"] for frame in frames.values())),
        "needs_click": _frames_that_are("needs_click", records),
        "uncertain": _frames_that_are("uncertain", records),
        "engine_s": round(sum(seconds), 3),
        "curves": curves,
        "frames": frames,
    }


def _frames_that_are(state: str, records: Mapping[int, MaskRecord | None]) -> list[int]:
    return [frame for frame, record in records.items() if record is not None and record.state == state]


def _report_frame(record: MaskRecord | None) -> dict[str, Any]:
    if record is None:
        return {"state": "missing", "confidence": 0.0}
    return {"state": record.state, "confidence": round(record.confidence, 4)}

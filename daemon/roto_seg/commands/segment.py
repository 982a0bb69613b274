"""``roto segment``: clicks or a box on one picture, its mask or shapes out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from roto_seg.curve_options import still_curves
from roto_seg.options import (
    SHAPE_FORMATS,
    BoxOption,
    EngineOption,
    InProcessOption,
    NegativeOption,
    ObjectOption,
    PositiveOption,
)
from roto_seg.output import JsonOption, finish
from roto_seg.places import check_ending
from roto_seg.plate_options import an_image
from roto_seg.prompts import clicked_prompt
from roto_shared.protocol.data import CurveSettings, PlateRef

if TYPE_CHECKING:
    from roto_shared.client import DaemonClient
    from roto_shared.protocol.messages import ObjectPrompt, ObjectState, Segmented, SessionOpened

ENDINGS = (".png", ".exr", *(f".{name}" for name in SHAPE_FORMATS))


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("segment")(segment_command)


@an_image
@still_curves
def segment_command(
    plate: PlateRef,
    point: PositiveOption = None,
    negative: NegativeOption = None,
    box: BoxOption = None,
    engine: EngineOption = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Mask (.png, .exr) or shapes (.nk, .fxs, .json, .svg); by default NAME.mask.png in this folder.",
        ),
    ] = None,
    name: ObjectOption = "object",
    curves: CurveSettings = CurveSettings(),
    in_process: InProcessOption = False,
    as_json: JsonOption = False,
) -> None:
    """Cut out one object of a picture: a mask, or shapes where FILE ends so."""
    from roto_daemon.plates import files_of, spare
    from roto_seg.connection import open_client

    prompt = clicked_prompt(name, point, negative, box)
    target = out or Path(f"{Path(plate.path).stem}.mask.png")
    check_ending(target, ENDINGS)
    spare(files_of(plate.path), "picture", (target,))
    with open_client(in_process) as client:
        opened, answer = ask(client, plate, engine, prompt, curves if is_shapes(target) else None)
    write(target, opened, answer)
    state = answer.objects[0]
    result = {"file": str(target), "engine": opened.engine, "confidence": state.confidence}
    finish(as_json, result, f"{target}  ({opened.engine}, confidence {state.confidence:.2f})")


def is_shapes(target: Path) -> bool:
    """Whether the ending asks for shapes rather than a mask."""
    return target.suffix.lower().lstrip(".") in SHAPE_FORMATS


def ask(
    client: "DaemonClient", plate: PlateRef, engine: str, prompt: "ObjectPrompt", curves: CurveSettings | None
) -> tuple["SessionOpened", "Segmented"]:
    """Segment in a session of its own, which is forgotten at the end."""
    from roto_shared.protocol.messages import CloseSession, OpenSession, Segment

    opened = client.ask(OpenSession(plate, engine, key=uuid4().hex))
    try:
        return opened, client.run(Segment(opened.session, opened.frames[0], (prompt,), curves))
    finally:
        client.ask(CloseSession(opened.session, forget=True), timeout_s=5.0)


def write(target: Path, opened: "SessionOpened", answer: "Segmented") -> None:
    """Write the mask or the shapes, whole or not at all."""
    if is_shapes(target):
        _write_shapes(target, opened, answer)
    else:
        _write_mask(target, opened, answer.objects[0])


def _write_shapes(target: Path, opened: "SessionOpened", answer: "Segmented") -> None:
    from roto_formats.registry import write_document
    from roto_shared.shapes import Provenance, ShapeDocument
    from roto_shared.version import VERSION

    layers = tuple(state.shapes for state in answer.objects if state.shapes is not None)
    document = ShapeDocument(
        opened.width,
        opened.height,
        layers,
        answer.frame,
        answer.frame,
        opened.fps,
        opened.pixel_aspect,
        provenance=Provenance(engine=opened.engine, version=VERSION),
    )
    write_document(document, target)


def _write_mask(target: Path, opened: "SessionOpened", state: "ObjectState") -> None:
    import cv2
    import numpy as np

    from roto_daemon.outputs.masks import write_mask

    assert state.mask is not None  # Segmented always carries masks
    coded = cv2.imdecode(np.frombuffer(state.mask.data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert coded is not None  # the daemon's own PNG
    write_mask(target, coded.astype(np.float32) / np.float32(255), opened.pixel_aspect)

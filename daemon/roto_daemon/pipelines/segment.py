"""Prompts on one frame to masks.

Clicks are given to the engine one after the other, each with the mask before it, as they were made; those that the
session has already answered on this very picture are not asked again.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from roto_daemon.backends.base import Backend, Mask, Prompt, Segmentation
from roto_daemon.pipelines.overlap import share_pixels
from roto_daemon.plates import Plate
from roto_daemon.sessions.masks import Sweep
from roto_daemon.sessions.session import Session
from roto_geometry.trace.contour import soft_mask
from roto_shared.bounds import CLICKS
from roto_shared.errors import InputError
from roto_shared.file_names import check_name
from roto_shared.protocol.data import ObjectPrompt, Picture

LoadEngine = Callable[[], Backend]


def segment(
    session: Session, load_engine: LoadEngine, frame: int, prompts: Sequence[ObjectPrompt]
) -> dict[str, Segmentation]:
    """Masks of every prompted object on ``frame``, stored as keyframes; an empty prompt takes its object's back.

    The engine is loaded where a prompt needs one: supplied masks do not. Raises InputError for prompts that make no
    sense on this plate or of an object that is made of others, and PlateError for a frame that cannot be read.
    """
    for prompt in prompts:
        check_prompt(prompt, session.plate, frame)
        _check_own(session, prompt)
    picture = session.pictures.get(frame, "")  # before it is read: what changes meanwhile is then done again
    found = {p.object: _segment_object(session, load_engine, frame, picture, p) for p in prompts if not p.is_empty}
    shared = share_pixels({name: segmentation.mask for name, segmentation in found.items()})
    answers = {name: replace(segmentation, mask=shared[name]) for name, segmentation in found.items()}
    for prompt in prompts:
        if prompt.is_empty:
            session.forget_prompt(frame, prompt.object)
        elif session.answered_prompt(frame, prompt.object, picture) != prompt:
            answer = answers[prompt.object]
            session.keep_prompt(frame, prompt, answer.mask, answer.confidence, picture)
    return answers


def check_prompt(prompt: ObjectPrompt, plate: Plate, frame: int) -> None:
    """Raise InputError, naming the field, for a prompt that does not fit the plate."""
    if not prompt.object.strip():
        raise InputError("A prompt names no object.", "Give the object a name.")
    check_name(prompt.object)
    check_frame(frame, plate)
    clicks = (*prompt.positive, *prompt.negative)
    CLICKS.check(f"The number of clicks on “{prompt.object}”", len(clicks))
    for x, y in clicks:
        if not (0 <= x <= plate.width and 0 <= y <= plate.height):  # NaN fails too
            raise InputError(
                f"The click ({x:g}, {y:g}) lies outside the picture of {plate.width}×{plate.height} px.",
                "Coordinates are plate pixels from the top left.",
            )
    if prompt.box is not None:
        _check_box(prompt.box, plate)


def _check_own(session: Session, prompt: ObjectPrompt) -> None:
    """Raise InputError where something is said of an object whose masks follow those of others."""
    made = session.recipes.combined.get(prompt.object)
    if made is not None and not prompt.is_empty:
        parts = " and ".join(f"“{name}”" for name in made.objects)
        raise InputError(f"“{made.name}” is made of {parts}.", "Click one of these.")


def check_frame(frame: int, plate: Plate) -> None:
    """Raise InputError for a frame that the plate does not have."""
    if frame not in plate.frames:
        first, last = plate.frames[0], plate.frames[-1]
        raise InputError(f"The plate has no frame {frame}.", f"It runs from {first} to {last}.")


def _check_box(box: tuple[float, float, float, float], plate: Plate) -> None:
    x0, y0, x1, y1 = box
    inside = x0 < plate.width and y0 < plate.height and x1 > 0 and y1 > 0
    if not all(map(math.isfinite, box)) or x1 - x0 < 1 or y1 - y0 < 1 or not inside:
        raise InputError(
            f"The box {x0:g},{y0:g},{x1:g},{y1:g} is empty or outside the picture of {plate.width}×{plate.height} px.",
            "Give it as X0,Y0,X1,Y1 with X0 < X1 and Y0 < Y1.",
        )


def decode_mask(picture: Picture, plate: Plate) -> Mask:
    """A supplied mask as float32 (height, width). Raises InputError when it is unreadable or of another size."""
    data = np.frombuffer(picture.data, np.uint8)
    coded = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH) if data.size else None
    if coded is None or coded.dtype not in (np.uint8, np.uint16):
        raise InputError("The supplied mask is not a picture.", "Send a grey PNG.")
    if coded.shape != (plate.height, plate.width):
        raise InputError(
            f"The supplied mask is {coded.shape[1]}×{coded.shape[0]} px, the plate {plate.width}×{plate.height}.",
            "Give a mask of the plate's size.",
        )
    return soft_mask(coded)


def _segment_object(
    session: Session, load_engine: LoadEngine, frame: int, picture: str, prompt: ObjectPrompt
) -> Segmentation:
    if prompt.mask is not None:
        return _correct_mask(session, load_engine, frame, prompt, decode_mask(prompt.mask, session.plate))
    answered, previous = _answered_part(session, frame, picture, prompt)
    record = session.masks.record(Sweep.PROMPTED, prompt.object, frame)
    if previous is not None and record is not None and answered == prompt:
        return Segmentation(previous, record.confidence)
    if previous is None and not (prompt.positive or prompt.box):
        raise InputError("A negative click alone shows no object.", "Give a positive click or a box too.")
    return _click_on(session, load_engine, frame, _click_by_click(prompt, answered), previous)


def _correct_mask(
    session: Session, load_engine: LoadEngine, frame: int, prompt: ObjectPrompt, mask: Mask
) -> Segmentation:
    """A supplied mask as it is, or where the clicks beside it lead."""
    if not (prompt.positive or prompt.negative):
        return Segmentation(mask, 1.0)
    clicks = replace(prompt, box=None, mask=None)
    return _click_on(session, load_engine, frame, _click_by_click(clicks, ObjectPrompt(prompt.object)), mask)


def _click_on(
    session: Session, load_engine: LoadEngine, frame: int, steps: Iterator[Prompt], previous: Mask | None
) -> Segmentation:
    answer: Segmentation | None = None
    embedding = session.embedding(frame, load_engine().embed)
    for step in steps:
        answer = embedding.segment(step, previous)
        previous = answer.mask
    assert answer is not None  # a prompt that says more than what was answered has a step
    return answer


def _answered_part(
    session: Session, frame: int, picture: str, prompt: ObjectPrompt
) -> tuple[ObjectPrompt, Mask | None]:
    """The stored prompt that ``prompt`` goes on from and the mask it gave; a tracked mask where nothing was said."""
    stored = session.answered_prompt(frame, prompt.object, picture)
    record = session.masks.record(Sweep.PROMPTED, prompt.object, frame)
    if stored is not None and record is not None and _extends(prompt, stored):
        return stored, session.masks.read(record)
    tracked = session.masks.record(Sweep.FINAL, prompt.object, frame)
    corrects = stored is None and tracked is not None and prompt.box is None
    return ObjectPrompt(prompt.object), session.masks.read(tracked) if corrects and tracked else None


def _extends(prompt: ObjectPrompt, stored: ObjectPrompt) -> bool:
    return (
        stored.mask is None
        and prompt.box == stored.box
        and prompt.positive[: len(stored.positive)] == stored.positive
        and prompt.negative[: len(stored.negative)] == stored.negative
    )


def _click_by_click(prompt: ObjectPrompt, answered: ObjectPrompt) -> Iterator[Prompt]:
    positive, negative = len(answered.positive), len(answered.negative)
    if prompt.box is not None and answered.box is None:
        yield Prompt(box=prompt.box)
    for count in range(positive + 1, len(prompt.positive) + 1):
        yield Prompt(prompt.positive[:count], prompt.negative[:negative], prompt.box)
    for count in range(negative + 1, len(prompt.negative) + 1):
        yield Prompt(prompt.positive, prompt.negative[:count], prompt.box)

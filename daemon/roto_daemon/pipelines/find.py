"""What a text describes on a frame, for the artist to accept or reject; an accepted candidate's box is a prompt."""

from __future__ import annotations

from dataclasses import replace

from roto_daemon.backends.base import Backend, Candidate, Detector, Image, Prompt
from roto_daemon.detection.feedback import Feedback, apply_feedback
from roto_daemon.outputs.masks import encode_png
from roto_daemon.pipelines.segment import check_frame
from roto_daemon.sessions.session import Session
from roto_shared.errors import InputError
from roto_shared.protocol import data
from roto_shared.protocol.messages import Find, Found, Picture


def find(session: Session, detector: Detector, engine: Backend | None, request: Find) -> Found:
    """Candidates on a frame, surest first; with ``engine`` their masks too. Raises InputError and PlateError."""
    if not request.text.strip():
        raise InputError("The text is empty.", "Say what to look for, such as “person in red, dog”.")
    check_frame(request.frame, session.plate)
    image = session.read(request.frame)
    feedback = Feedback(tuple(map(_candidate, request.accepted)), tuple(map(_candidate, request.rejected)))
    found = apply_feedback(detector.detect(image, request.text), feedback)
    if engine is not None:
        found = tuple(_drawn(session, engine, request.frame, candidate) for candidate in found)
    return Found(request.frame, tuple(_on_the_wire(candidate, image) for candidate in found), detector.name)


def _drawn(session: Session, engine: Backend, frame: int, candidate: Candidate) -> Candidate:
    if candidate.mask is not None:
        return candidate
    return replace(candidate, mask=session.embedding(frame, engine.embed).segment(Prompt(box=candidate.box)).mask)


def _candidate(given: data.Candidate) -> Candidate:
    return Candidate(given.label, given.box, given.confidence)


def _on_the_wire(candidate: Candidate, image: Image) -> data.Candidate:
    height, width = image.shape[:2]
    mask = None if candidate.mask is None else Picture("image/png", width, height, encode_png(candidate.mask))
    return data.Candidate(candidate.label, candidate.box, candidate.confidence, mask)

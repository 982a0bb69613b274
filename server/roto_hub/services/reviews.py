"""What supervisors and artists say of versions."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from roto_hub.db.models import Note, Shot, User, Version
from roto_hub.problems import RefusedError
from roto_hub.services.audit import note_action
from roto_hub.services.events import append_event
from roto_hub.services.revisions import change_row

PENDING, APPROVED, RETAKE = "pending", "approved", "retake"


def judge(
    session: Session,
    by: User,
    version: Version,
    shot: Shot,
    revision: int,
    status: str,
    text: str,
    frame: int | None = None,
    drawing: dict[str, Any] | None = None,
) -> Note:
    """Approve a version, or ask for a retake, which needs a reason. The history is its notes.

    Raises RefusedError, or ChangedError where somebody judged it meanwhile.
    """
    if status not in (APPROVED, RETAKE):
        raise RefusedError(f"“{status}” is no judgement.", f"Use {APPROVED} or {RETAKE}.")
    if status == RETAKE and not text.strip():
        raise RefusedError("A retake needs a note.", "Say what is to be changed.")
    _check_frame(shot, frame)
    change_row(session, version, revision, {"status": status})
    note = Note(version_id=version.id, user_id=by.id, text=text, status=status, frame=frame, drawing=drawing)
    session.add(note)
    session.flush()
    note_action(session, by.id, f"version.{status}", version.id, shot.project_id)
    append_event(session, "version.judged", version.id, shot.project_id, shot=shot.id, status=status, by=by.id)
    return note


def add_note(
    session: Session,
    by: User,
    version: Version,
    shot: Shot,
    text: str,
    frame: int | None = None,
    region: dict[str, Any] | None = None,
    drawing: dict[str, Any] | None = None,
    answers: str | None = None,
) -> Note:
    """Say something of a version, pinned to a frame or region, or as an answer. Raises RefusedError."""
    if answers is not None:
        answered = session.get(Note, answers)
        if answered is None or answered.version_id != version.id:
            raise RefusedError("There is no such note on this version.", "Answer one that there is.")
    _check_frame(shot, frame)
    note = Note(
        version_id=version.id, user_id=by.id, text=text, frame=frame, region=region, drawing=drawing, answers=answers
    )
    session.add(note)
    session.flush()
    note_action(session, by.id, "note.add", note.id, shot.project_id)
    said = {"shot": shot.id, "version": version.id, "frame": frame, "by": by.id, "answers": answers}
    append_event(session, "note.added", note.id, shot.project_id, **said)
    return note


def notes_of(session: Session, version: Version) -> list[Note]:
    """Everything that was said of a version, oldest first."""
    return list(session.scalars(_in_turn(select(Note).where(Note.version_id == version.id))))


def history_of(session: Session, shot: Shot) -> list[Note]:
    """Everything that was said and judged of a shot's versions, oldest first."""
    return list(session.scalars(_in_turn(select(Note).join(Version).where(Version.shot_id == shot.id))))


def _check_frame(shot: Shot, frame: int | None) -> None:
    first, last = shot.first_frame, shot.last_frame
    if frame is not None and first is not None and last is not None and not first <= frame <= last:
        raise RefusedError(f"The shot has no frame {frame}.", f"It has {first} to {last}.")


def _in_turn(wanted: Select[Note]) -> Select[Note]:
    return wanted.options(joinedload(Note.user)).order_by(Note.created_at, Note.id)

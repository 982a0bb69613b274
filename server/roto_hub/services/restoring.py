"""Shots and versions that were deleted, brought back while their files are in the trash."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from roto_hub.db.models import READY, AuditEntry, Job, Shot, User, Version
from roto_hub.problems import ConflictError
from roto_hub.services.audit import note_action
from roto_hub.services.events import append_event
from roto_hub.services.jobs import ALONE
from roto_hub.services.revisions import change_row
from roto_hub.services.shots import free_name, versions_of
from roto_hub.storage import Storage


def restore_shot(session: Session, by: User, shot: Shot, name: str | None, storage: Storage) -> None:
    """Bring a shot back with everything in it, under the name that it had where none is given.

    Raises ConflictError for one that was not deleted, whose files are gone, or whose name another has, FullError.
    """
    if shot.deleted_at is None:
        raise ConflictError(f"“{shot.name}” was not deleted.")
    kept = free_name(session, shot.project_id, name or _name_before(session, shot))
    change_row(session, shot, shot.revision, {"deleted_at": None, "name": kept})
    session.flush()  # a name that somebody else took just now is refused before its files are back
    if not storage.take_back("shots", shot.id) and _had_files(shot):
        raise ConflictError("Its files are not in the trash any more.", "Make a new shot of its plate.")
    note_action(session, by.id, "shot.restore", shot.id, shot.project_id, name=kept)
    append_event(session, "shot.restored", shot.id, shot.project_id, name=kept)


def restore_version(session: Session, by: User, shot: Shot, version: Version, storage: Storage) -> None:
    """Bring a version back.

    Raises ConflictError for one that was not deleted, whose files are gone, or that would be the newest although the
    shot's masks are not those of it any more, FullError.
    """
    if version.deleted_at is None:
        raise ConflictError(f"Version {version.number} was not deleted.")
    is_newest = all(other.number < version.number for other in versions_of(session, shot))
    if is_newest and _went_on_without(session, version):
        raise ConflictError(
            "A job of the shot went on without this version.", "It can be restored once the shot has a newer one."
        )
    change_row(session, version, version.revision, {"deleted_at": None})
    if not storage.take_back(version.folder):
        raise ConflictError("Its files are not in the trash any more.", "Segment the shot again.")
    note_action(session, by.id, "version.restore", version.id, shot.project_id, number=version.number)
    append_event(session, "version.restored", version.id, shot.project_id, shot=shot.id)


def _had_files(shot: Shot) -> bool:
    """Whether the hub kept anything of a shot: what was made of its plate, or the plate, if it was uploaded."""
    return shot.state == READY or bool(shot.plate and not Path(shot.plate).is_absolute())


def _name_before(session: Session, shot: Shot) -> str:
    """What a shot was called when it was deleted, which set its name free."""
    told = select(AuditEntry).where(AuditEntry.action == "shot.delete", AuditEntry.subject == shot.id)
    return str(session.scalars(told.order_by(AuditEntry.id.desc()).limit(1)).one().details["name"])


def _went_on_without(session: Session, version: Version) -> bool:
    """Whether a job that takes objects of no version out of the shot's masks began after the version was deleted."""
    began = select(Job.id).where(Job.shot_id == version.shot_id, Job.kind.in_(ALONE))
    return session.scalar(began.where(Job.started_at > version.deleted_at).limit(1)) is not None

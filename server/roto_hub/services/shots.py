"""Shots: plates by upload or by a path, checked by a worker that really opens them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from roto_hub.db.models import CHECKING, READY, REFUSED, UPLOADING, Job, Project, Shot, User, Version, now
from roto_hub.problems import ConflictError, NotFoundError, RefusedError
from roto_hub.services.audit import note_action
from roto_hub.services.events import append_event
from roto_hub.services.jobs import CHECK, create_job, open_jobs_of
from roto_hub.services.reviews import APPROVED
from roto_hub.services.revisions import change_row
from roto_hub.services.users import role_in
from roto_hub.storage import Storage

CHECK_PRIORITY, PROXY_PRIORITY = 90, 60
"""Artists wait for a shot to be ready, and then want to look at it; both are quick beside tracking."""
STATES = (UPLOADING, CHECKING, READY, REFUSED)


def create_shot(session: Session, by: User, project: Project, name: str, plate: str = "") -> Shot:
    """A new shot; with a plate it is checked at once. Raises ConflictError for a name that the project has."""
    name = free_name(session, project.id, name)
    shot = Shot(project_id=project.id, name=name, state=UPLOADING)
    session.add(shot)
    session.flush()
    note_action(session, by.id, "shot.create", shot.id, project.id, name=name, plate=plate)
    append_event(session, "shot.created", shot.id, project.id, name=name)
    if plate:
        give_plate(session, shot, plate, by)
    return shot


def give_plate(session: Session, shot: Shot, plate: str, by: User | None) -> None:
    """The shot's files are there: a worker is asked to open them."""
    shot.plate, shot.state = plate, CHECKING
    create_job(session, shot, by, CHECK, {}, priority=CHECK_PRIORITY)


def change_shot(session: Session, by: User, shot: Shot, revision: int, **fields: Any) -> Shot:
    """Change a shot. Raises ChangedError for an old copy, ConflictError for a name that another has."""
    if "name" in fields:
        fields["name"] = free_name(session, shot.project_id, fields["name"], shot.id)
    change_row(session, shot, revision, fields)
    note_action(session, by.id, "shot.change", shot.id, shot.project_id, **fields)
    append_event(session, "shot.changed", shot.id, shot.project_id)
    return shot


def assign(session: Session, by: User, shot: Shot, user_id: str | None) -> None:
    """Say who works on a shot. Raises RefusedError for who is not in its project, or whose account is closed."""
    if user_id == shot.assignee_id:
        return
    user = None if user_id is None else session.get(User, user_id)
    if user_id is not None and (user is None or role_in(session, user, shot.project_id) is None):
        raise RefusedError("That user is no member of the project.", "Make them one first.")
    if user is not None and not user.is_active:
        raise RefusedError("That user's account is closed.", "Choose somebody who can log in.")
    shot.assignee_id = user_id
    note_action(session, by.id, "shot.assign", shot.id, shot.project_id, user=user_id)
    append_event(session, "shot.assigned", shot.id, shot.project_id, shot=shot.id, user=user_id, by=by.id)


def delete_shot(session: Session, by: User, shot: Shot, revision: int, storage: Storage) -> None:
    """Take a shot out of its project, its files into the trash; a plate on shared storage stays where it is.

    Raises ChangedError for an old copy, ConflictError for one with an approved version, or while jobs of it are open.
    """
    if any(version.status == APPROVED for version in versions_of(session, shot)):
        raise ConflictError(f"A version of “{shot.name}” was approved.", "Ask for a retake first, if it is not wanted.")
    if open_jobs_of(session, shot):
        raise ConflictError(f"Jobs of “{shot.name}” are still open.", "Cancel them first.")
    name = shot.name
    change_row(session, shot, revision, {"deleted_at": now(), "name": shot.id})
    size = storage.throw_away("shots", shot.id)
    note_action(session, by.id, "shot.delete", shot.id, shot.project_id, name=name, bytes=size, plate=shot.plate)
    append_event(session, "shot.deleted", shot.id, shot.project_id, name=name)


def delete_version(session: Session, by: User, shot: Shot, version: Version, storage: Storage) -> None:
    """Throw a result away.

    Raises ConflictError for one that was approved, or that an open job goes on from, ChangedError for one that somebody
    else judged or deleted in the same moment.
    """
    if version.status == APPROVED:
        raise ConflictError("The version was approved.", "Ask for a retake first, if it is not wanted.")
    is_newest = version.id == versions_of(session, shot)[0].id
    if any(_reads(job, version) or (is_newest and job.kind == "export") for job in open_jobs_of(session, shot)):
        raise ConflictError("A job that goes on from this version is still open.", "Wait for it, or cancel it first.")
    change_row(session, version, version.revision, {"deleted_at": now()})
    size = storage.throw_away(version.folder)
    note_action(session, by.id, "version.delete", version.id, shot.project_id, number=version.number, bytes=size)
    append_event(session, "version.deleted", version.id, shot.project_id, shot=shot.id)


def free_name(session: Session, project_id: str, name: str, own: str | None = None) -> str:
    """A shot's name as it is kept. Raises ConflictError for one that another shot has."""
    kept = name.strip()
    taken = session.scalar(select(Shot.id).where(Shot.project_id == project_id, Shot.name == kept))
    if taken not in (None, own):
        raise ConflictError(f"The project has a shot “{kept}” already.", "Use another name.")
    return kept


def _reads(job: Job, version: Version) -> bool:
    """Whether a job was given files of a version."""
    masks = [prompt.get("mask", "") for prompt in job.request.get("prompts", ())]
    return any(file.startswith(f"{version.folder}/") for file in (job.request.get("shapes", ""), *masks))


def versions_of(session: Session, shot: Shot) -> list[Version]:
    """A shot's results, newest first."""
    wanted = select(Version).where(Version.shot_id == shot.id, Version.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Version.number.desc())))


def version_of(session: Session, shot: Shot, number: int | None = None) -> Version:
    """A shot's result by its number, or the newest. Raises NotFoundError."""
    found = [one for one in versions_of(session, shot) if number in (None, one.number)]
    if not found:
        raise NotFoundError("The shot has no such version.", "Segment it first.")
    return found[0]


def check_ready(shot: Shot) -> None:
    """Raises ConflictError for a shot whose plate was not opened yet, or could not be."""
    if shot.state != READY:
        raise ConflictError(f"“{shot.name}” is {shot.state}.", shot.fault or "Wait until its plate was checked.")


def check_frames(shot: Shot, frames: Iterable[int]) -> None:
    """Raises RefusedError for a frame that a shot, which is ready, does not have."""
    assert shot.first_frame is not None
    assert shot.last_frame is not None
    outside = [frame for frame in frames if not shot.first_frame <= frame <= shot.last_frame]
    if outside:
        raise RefusedError(f"The shot has no frame {outside[0]}.", f"It has {shot.first_frame} to {shot.last_frame}.")

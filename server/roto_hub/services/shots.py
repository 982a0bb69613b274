"""Shots: plates by upload or by a path, checked by a worker that really opens them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from roto_hub.db.models import Project, Shot, User, Version
from roto_hub.problems import ConflictError
from roto_hub.services.audit import note_action
from roto_hub.services.events import append_event
from roto_hub.services.jobs import create_job
from roto_hub.services.revisions import change_row

UPLOADING, CHECKING, READY, REFUSED = "uploading", "checking", "ready", "refused"
STATES = (UPLOADING, CHECKING, READY, REFUSED)


@dataclass(frozen=True)
class ShotFilter:
    """Which shots are wanted; None is any. ``after`` is the name after which the page begins."""

    state: str | None = None
    assignee_id: str | None = None
    search: str = ""
    after: str = ""


def create_shot(session: Session, by: User, project: Project, name: str, plate: str = "") -> Shot:
    """A new shot; with a plate it is checked at once. Raises ConflictError for a name that the project has."""
    name = name.strip()
    taken = select(Shot).where(Shot.project_id == project.id, Shot.name == name)
    if session.scalar(taken) is not None:
        raise ConflictError(f"The project has a shot “{name}” already.", "Use another name.")
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
    create_job(session, shot, by, "check", {}, priority=90)


def list_shots(session: Session, project: Project, wanted: ShotFilter, limit: int) -> tuple[list[Shot], int]:
    """A page of a project's shots by name, and how many there are in all."""
    found = select(Shot).where(Shot.project_id == project.id)
    if wanted.state is not None:
        found = found.where(Shot.state == wanted.state)
    if wanted.assignee_id is not None:
        found = found.where(Shot.assignee_id == wanted.assignee_id)
    if wanted.search:
        found = found.where(Shot.name.icontains(wanted.search, autoescape=True))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = found.where(Shot.name > wanted.after).order_by(Shot.name).limit(limit)
    return list(session.scalars(page)), total


def change_shot(session: Session, by: User, shot: Shot, revision: int, **fields: Any) -> Shot:
    """Change a shot. Raises ChangedError for an old copy."""
    change_row(shot, revision, fields)
    note_action(session, by.id, "shot.change", shot.id, shot.project_id, **fields)
    append_event(session, "shot.changed", shot.id, shot.project_id)
    return shot


def versions_of(session: Session, shot: Shot) -> list[Version]:
    """A shot's results, newest first."""
    return list(session.scalars(select(Version).where(Version.shot_id == shot.id).order_by(Version.number.desc())))

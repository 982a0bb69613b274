"""What an event says to people, and to whom."""

from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from roto_hub.db.models import Event, Job, Membership, Note, Project, Shot, TeamMember, TeamRole, User, Version
from roto_hub.services.jobs import DONE, FAILED

Kind = Literal[
    "project.created",
    "shot.created",
    "shot.assigned",
    "shot.deleted",
    "version.created",
    "version.judged",
    "note.added",
    "job.done",
    "job.failed",
]
"""What people and webhooks can be told."""

KINDS = get_args(Kind)

REVIEWERS = "supervisor"


@dataclass(frozen=True)
class Told:
    """An event in words; ``users`` are the ids of those whom it concerns, but for who did it."""

    kind: str
    text: str
    project_name: str
    shot_id: str | None
    users: frozenset[str]


def told(session: Session, event: Event) -> Told | None:
    """An event in words; None for one that people are not told."""
    kind = _kind(event)
    if kind not in KINDS:
        return None
    project = session.get(Project, event.project_id or "")
    shot = session.get(Shot, event.data.get("shot", event.subject))
    text, users = _words(session, kind, event, shot)
    users -= {event.data.get("by")}
    name = project.name if project is not None else ""
    return Told(kind, text, name, shot.id if shot else None, frozenset(one for one in users if one is not None))


def _kind(event: Event) -> str:
    """Of a job only its end is told."""
    ends = {DONE: "job.done", FAILED: "job.failed"}
    return ends.get(event.data.get("state", ""), "") if event.kind == "job.changed" else event.kind


def _words(session: Session, kind: str, event: Event, shot: Shot | None) -> tuple[str, set[str | None]]:
    name, data = _name(event, shot), event.data
    if kind == "version.created":
        text = f"Version {data['number']} of {name} waits for review."
        return text, {*_reviewers(session, event.project_id), *_concerned(session, event.subject, shot)}
    if kind == "version.judged":
        judged = select(Note).where(Note.version_id == event.subject, Note.status == data["status"])
        note = session.scalar(judged.order_by(Note.created_at.desc()).limit(1))
        said = f": {note.text}" if note is not None and note.text else "."
        verdict = "is approved" if data["status"] == "approved" else "needs a retake"
        return f"{name} {verdict}{said}", _concerned(session, event.subject, shot)
    if kind == "note.added":
        note = session.get(Note, event.subject)
        where = "" if data["frame"] is None else f", frame {data['frame']}"
        return f"{name}{where}: {note.text if note else ''}", _talking(session, data["version"], shot)
    if kind == "shot.assigned":
        user = session.get(User, data["user"] or "")
        return f"{name} is {'nobody' if user is None else user.name}'s now.", {data["user"]}
    if kind in ("job.done", "job.failed"):
        return _job_words(session, kind, event, name)
    return f"{name} is new." if kind.endswith("created") else f"{name} was deleted.", set()


def _job_words(session: Session, kind: str, event: Event, name: str) -> tuple[str, set[str | None]]:
    job = session.get(Job, event.subject)
    if job is None or kind == "job.done":
        wanted = job is not None and job.kind == "export"
        return f"{name}: {event.data['job']} is done.", {job.user_id} if job is not None and wanted else set()
    return f"{name}: {job.kind} failed. {(job.error or {}).get('message', '')}".strip(), {job.user_id}


def _name(event: Event, shot: Shot | None) -> str:
    return f"“{event.data.get('name') or (shot.name if shot is not None else event.subject)}”"


def _concerned(session: Session, version_id: str, shot: Shot | None) -> set[str | None]:
    """Who works on the shot, and who asked for the version."""
    version = session.get(Version, version_id)
    job = session.get(Job, version.job_id) if version is not None else None
    return {shot.assignee_id if shot else None, job.user_id if job else None}


def _talking(session: Session, version_id: str, shot: Shot | None) -> set[str | None]:
    """Whom the version concerns, and whoever said something of it."""
    said = session.scalars(select(Note.user_id).where(Note.version_id == version_id))
    return {*said, *_concerned(session, version_id, shot)}


def _reviewers(session: Session, project_id: str | None) -> set[str | None]:
    own = select(Membership.user_id).where(Membership.project_id == project_id, Membership.role == REVIEWERS)
    by_team = select(TeamMember.user_id).join(TeamRole, TeamRole.team_id == TeamMember.team_id)
    by_team = by_team.where(TeamRole.project_id == project_id, TeamRole.role == REVIEWERS)
    return set(session.scalars(own.union(by_team)))

"""Versions, and what is said of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from roto_hub.api.schemas.reviews import Drawing, JudgementIn, NoteIn, NoteOut, VersionOut
from roto_hub.auth.guards import AnyVersionGuard, HubDep, RevisionDep, SessionDep, UserDep, VersionGuard
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Shot, Version
from roto_hub.services import restoring, reviews, shots

router = APIRouter(prefix="/versions/{version_id}", tags=["review"])
Seen = Annotated[Version, Depends(VersionGuard(Permission.SEE))]
Discussed = Annotated[Version, Depends(VersionGuard(Permission.COMMENT))]
Managed = Annotated[Version, Depends(VersionGuard(Permission.MANAGE_PROJECT))]
Restorable = Annotated[Version, Depends(AnyVersionGuard(Permission.MANAGE_PROJECT))]
Judged = Annotated[Version, Depends(VersionGuard(Permission.REVIEW))]


@router.get("")
def read_version(version: Seen) -> VersionOut:
    """A version."""
    return VersionOut.model_validate(version)


@router.delete("", status_code=204)
def delete_version(version: Managed, session: SessionDep, user: UserDep, hub: HubDep) -> None:
    """Throw a version away that was not approved; its files lie in the trash for 30 days."""
    shots.delete_version(session, user, _shot(session, version), version, hub.storage)


@router.post("/restore")
def restore_version(version: Restorable, session: SessionDep, user: UserDep, hub: HubDep) -> VersionOut:
    """Bring a deleted version back while its files are in the trash."""
    restoring.restore_version(session, user, _shot(session, version), version, hub.storage)
    return VersionOut.model_validate(version)


@router.post("/judgement")
def judge(body: JudgementIn, version: Judged, session: SessionDep, user: UserDep, revision: RevisionDep) -> VersionOut:
    """Approve a version, or ask for a retake with a reason."""
    reviews.judge(
        session,
        user,
        version,
        _shot(session, version),
        revision,
        body.status,
        body.text,
        body.frame,
        _kept(body.drawing),
    )
    return VersionOut.model_validate(version)


@router.get("/notes")
def list_notes(version: Seen, session: SessionDep) -> list[NoteOut]:
    """Everything that was said of a version, oldest first."""
    return [NoteOut.model_validate(note) for note in reviews.notes_of(session, version)]


@router.post("/notes", status_code=201)
def add_note(body: NoteIn, version: Discussed, session: SessionDep, user: UserDep) -> NoteOut:
    """Say something of a version, a frame, a region, or in answer to another note."""
    note = reviews.add_note(
        session,
        user,
        version,
        _shot(session, version),
        body.text,
        body.frame,
        None if body.region is None else {"box": list(body.region)},
        _kept(body.drawing),
        body.answers,
    )
    return NoteOut.model_validate(note)


def _kept(drawing: Drawing | None) -> dict[str, Any] | None:
    return None if drawing is None else {"strokes": drawing}


def _shot(session: SessionDep, version: Version) -> Shot:
    shot = session.get(Shot, version.shot_id)
    assert shot is not None
    return shot

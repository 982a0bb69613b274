"""Segmentations that are asked for, checked before they are put into the queue."""

from typing import Any

from sqlalchemy.orm import Session

from roto_hub.db.models import Job, Project, Shot, User, Version
from roto_hub.problems import ConflictError, RefusedError
from roto_hub.services.jobs import create_job
from roto_hub.services.masks import with_masks
from roto_hub.services.shots import check_frames, check_ready, versions_of
from roto_hub.storage import Storage

QUEUED = ("priority", "depends_on", "vram_mb")
"""What of an order is the queue's own; the rest is the worker's."""


CHANGES = ("finish", "combine", "delete")
"""What can be done to a shot's objects without saying where they are."""


def order(session: Session, by: User, shot: Shot, asked: dict[str, Any], storage: Storage) -> Job:
    """Put a segmentation into the queue. ``asked`` is the body of a segmentation's request.

    Raises ConflictError for a shot that is not ready, RefusedError for a frame, range or mask that it does not have, or
    where nothing says where an object is.
    """
    check_ready(shot)
    prompts, texts = asked["prompts"], asked["texts"]
    check_frames(shot, [said["frame"] for said in (*prompts, *texts) if said.get("frame") is not None])
    says_where = texts or any(prompt["positive"] or _SHOWS & prompt.keys() for prompt in prompts)
    changes = prompts or any(asked.get(name) for name in CHANGES)
    if not says_where and not (changes and versions_of(session, shot)):
        raise RefusedError("Nothing says where an object is.", "Give a positive point, a box or a text.")
    request = {**_range_so_far(session, shot), **asked}
    _check_range(shot, request)
    request = {name: value for name, value in request.items() if name not in QUEUED}
    request["prompts"] = with_masks(session, storage, shot, prompts)
    return create_job(
        session, shot, by, "segment", request, asked["priority"], asked["depends_on"], vram_mb=asked["vram_mb"]
    )


def order_reshape(session: Session, by: User, version: Version, shapes: str, asked: dict[str, Any]) -> Job:
    """Put edits of a version's shapes into the queue; ``shapes`` is their file in the storage.

    Raises ConflictError for a version that is not the newest, for the shot's masks are those of that one, RefusedError
    for a frame that the shot does not have.
    """
    shot = session.get(Shot, version.shot_id)
    assert shot is not None
    newest = versions_of(session, shot)[0]
    if newest.id != version.id:
        raise ConflictError(
            f"Version {version.number} is not the newest of “{shot.name}”.",
            f"Change the shapes of version {newest.number}.",
        )
    check_frames(shot, [edit["frame"] for edit in asked["edits"] if "frame" in edit])
    request = {name: value for name, value in asked.items() if name != "priority"}
    request = {**_range_so_far(session, shot), **request, "shapes": shapes}
    return create_job(session, shot, by, "reshape", request, asked["priority"])


def _range_so_far(session: Session, shot: Shot) -> dict[str, Any]:
    """The frames that the newest version was asked for: a correction keeps to them, unless it names others."""
    newest = next(iter(versions_of(session, shot)), None)
    maker = None if newest is None else session.get(Job, newest.job_id)
    return {name: maker.request[name] for name in ("first", "last") if maker is not None and name in maker.request}


def _check_range(shot: Shot, request: dict[str, Any]) -> None:
    first, last = request.get("first", shot.first_frame), request.get("last", shot.last_frame)
    if max(first, shot.first_frame) > min(last, shot.last_frame):
        raise RefusedError(
            f"The shot has no frames from {first} to {last}.",
            f"It has {shot.first_frame} to {shot.last_frame}; say both, first and last.",
        )


_SHOWS = {"box", "painted", "version"}


def shot_of(session: Session, project: Project, shot_id: str) -> Shot:
    """A project's shot. Raises RefusedError for any other."""
    shot = session.get(Shot, shot_id)
    if shot is None or shot.project_id != project.id or shot.deleted_at is not None:
        raise RefusedError(f"The project has no shot {shot_id}.", "Name its own shots.")
    return shot

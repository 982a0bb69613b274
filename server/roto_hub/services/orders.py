"""Segmentations that are asked for, checked before they are put into the queue."""

from typing import Any

from sqlalchemy.orm import Session

from roto_hub.db.models import Job, Project, Shot, User
from roto_hub.problems import ConflictError, RefusedError
from roto_hub.services.jobs import create_job
from roto_hub.services.shots import READY

QUEUED = ("priority", "depends_on", "vram_mb")
"""What of an order is the queue's own; the rest is the worker's."""


def order(session: Session, by: User, shot: Shot, asked: dict[str, Any]) -> Job:
    """Put a segmentation into the queue. ``asked`` is the body of a segmentation's request.

    Raises ConflictError for a shot that is not ready, RefusedError for a frame that it does not have, or where nothing
    says where an object is.
    """
    if shot.state != READY:
        raise ConflictError(f"“{shot.name}” is {shot.state}.", shot.fault or "Wait until its plate was checked.")
    prompts, texts = asked["prompts"], asked["texts"]
    _check_frames(shot, [said["frame"] for said in (*prompts, *texts) if said.get("frame") is not None])
    if not texts and not any(prompt["positive"] or prompt.get("box") for prompt in prompts):
        raise RefusedError("Nothing says where an object is.", "Give a positive point, a box or a text.")
    request = {name: value for name, value in asked.items() if name not in QUEUED}
    return create_job(
        session, shot, by, "segment", request, asked["priority"], asked["depends_on"], vram_mb=asked["vram_mb"]
    )


def shot_of(session: Session, project: Project, shot_id: str) -> Shot:
    """A project's shot. Raises RefusedError for any other."""
    shot = session.get(Shot, shot_id)
    if shot is None or shot.project_id != project.id or shot.deleted_at is not None:
        raise RefusedError(f"The project has no shot {shot_id}.", "Name its own shots.")
    return shot


def _check_frames(shot: Shot, frames: list[int]) -> None:
    assert shot.first_frame is not None
    assert shot.last_frame is not None
    outside = [frame for frame in frames if not shot.first_frame <= frame <= shot.last_frame]
    if outside:
        raise RefusedError(f"The shot has no frame {outside[0]}.", f"It has {shot.first_frame} to {shot.last_frame}.")

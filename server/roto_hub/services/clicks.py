"""Clicks: segmentations of one frame for somebody who is looking at it. They are gone an hour later."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from roto_hub.db.models import Job, JobLine, Shot, User, now
from roto_hub.problems import RefusedError
from roto_hub.services.jobs import CANCELLED, ENDED, FLEETING, HELD, WAITING, create_job
from roto_hub.services.masks import with_masks
from roto_hub.services.shots import check_frames, check_ready
from roto_hub.storage import Storage

KIND = "click"
KEPT = timedelta(hours=1)


def click(session: Session, by: User, shot: Shot, asked: dict[str, Any], storage: Storage) -> Job:
    """Ask for the masks of a frame; an earlier click of the same person on this shot is not waited for any more.

    Raises ConflictError for a shot that is not ready, RefusedError for prompts of several frames, or of none.
    """
    check_ready(shot)
    frames = {prompt["frame"] for prompt in asked["prompts"]}
    if len(frames) != 1:
        raise RefusedError("A click is on one frame.", "Ask for one frame after the other.")
    check_frames(shot, frames)
    earlier = (Job.kind == KIND, Job.shot_id == shot.id, Job.user_id == by.id)
    session.execute(update(Job).where(*earlier, Job.state == WAITING).values(state=CANCELLED, ended_at=now()))
    session.execute(update(Job).where(*earlier, Job.state.in_(HELD)).values(is_unwanted=True))
    request = {**asked, "prompts": with_masks(session, storage, shot, asked["prompts"])}
    return create_job(session, shot, by, KIND, request, priority=100)


def old_clicks(session: Session) -> dict[str, str]:
    """Clicks that ended an hour ago: the folders of their masks, by their ids; empty for one that has none."""
    old = select(Job).where(Job.kind.in_(FLEETING), Job.state.in_(ENDED), Job.ended_at < now() - KEPT)
    return {job.id: "" if job.result is None else job.result["folder"] for job in session.scalars(old)}


def forget_click(session: Session, click_id: str) -> None:
    """Forget a click whose masks are deleted."""
    session.execute(delete(JobLine).where(JobLine.job_id == click_id))
    session.execute(delete(Job).where(Job.id == click_id))

"""Numbers by which a studio sees how a project, or a shot, fares."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from roto_hub.db.models import Job, Note, Project, Shot, Version, now
from roto_hub.services.jobs import DONE, FAILED
from roto_hub.services.reviews import APPROVED, RETAKE

DAYS = 30
"""So far back go times and days."""


@dataclass(frozen=True)
class Day:
    """What was done on a day (UTC)."""

    day: date
    done: int
    failed: int
    frames: int


@dataclass(frozen=True)
class Statistics:
    """Counts by state; medians in seconds over the last 30 days (None where nothing was done), and those days."""

    shots: dict[str, int]
    jobs: dict[str, int]
    versions: dict[str, int]
    retakes: int
    notes: int
    wait_s: float | None
    run_s: float | None
    frames_a_second: float | None
    failed_share: float | None
    days: list[Day]


def statistics_of(session: Session, of: Project | Shot) -> Statistics:
    """A project's numbers, or a shot's."""
    shots = Shot.project_id == of.id if isinstance(of, Project) else Shot.id == of.id
    jobs = Job.project_id == of.id if isinstance(of, Project) else Job.shot_id == of.id
    there = (shots, Shot.deleted_at.is_(None))
    said = select(Note).join(Version).join(Shot, Version.shot_id == Shot.id).where(*there).subquery()
    judged = dict(session.execute(select(said.c.status, func.count()).group_by(said.c.status)).all())
    versions = select(Version.status, func.count()).join(Shot, Version.shot_id == Shot.id).where(*there)
    states = select(Shot.state, func.count()).where(*there).group_by(Shot.state)
    ended = _ended(session, jobs)
    ran = [job for job in ended if job.state == DONE]
    waits = [job.wait_s for job in ran if job.wait_s is not None]
    runs = [job.run_s for job in ran if job.run_s is not None]
    speeds = [job.frames_a_second for job in ran if job.kind == "segment" and job.frames_a_second]
    failed = sum(job.state == FAILED for job in ended)
    return Statistics(
        shots=dict(session.execute(states).all()),
        jobs=dict(
            session.execute(select(Job.state, func.count()).where(jobs).group_by(Job.state)).all(),
        ),
        versions=dict(session.execute(versions.group_by(Version.status)).all()),
        retakes=judged.get(RETAKE, 0),
        notes=sum(number for status, number in judged.items() if status not in (APPROVED, RETAKE)),
        wait_s=_median(waits),
        run_s=_median(runs),
        frames_a_second=_median(speeds),
        failed_share=failed / len(ended) if ended else None,
        days=_days(ended),
    )


class _Ended(NamedTuple):
    """What is counted of a job, without all that it asked and gave."""

    state: str
    kind: str
    ended_at: datetime
    done_frames: int
    wait_s: float | None
    run_s: float | None
    frames_a_second: float | None


def _ended(session: Session, which: ColumnElement[bool]) -> list[_Ended]:
    since = now() - timedelta(days=DAYS)
    columns = (getattr(Job, name) for name in _Ended._fields)
    wanted = select(*columns).where(which, Job.ended_at > since, Job.state.in_((DONE, FAILED)))
    return [_Ended(*row) for row in session.execute(wanted)]


def _days(ended: Iterable[_Ended]) -> list[Day]:
    """Every one of the last days, the latest last, also those on which nothing was done."""
    done: Counter[date] = Counter()
    failed: Counter[date] = Counter()
    frames: Counter[date] = Counter()
    for job in ended:
        day = job.ended_at.date()
        (done if job.state == DONE else failed)[day] += 1
        frames[day] += job.done_frames if job.kind == "segment" else 0
    today = now().date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    return [Day(day, done[day], failed[day], frames[day]) for day in days]


def _median(values: list[float]) -> float | None:
    return median(values) if values else None

"""Numbers by which a studio sees how its projects, one of them, or a shot fares."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from statistics import median
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from roto_hub.db.models import Job, Note, Project, Shot, Version, now
from roto_hub.services.jobs import DONE, FAILED, FLEETING
from roto_hub.services.reviews import APPROVED, RETAKE

DAYS = 30
"""So far back go times and days."""


@dataclass(frozen=True)
class Day:
    """What was done on a day (UTC), and the medians of its jobs in seconds (None where nothing was done)."""

    day: date
    done: int
    failed: int
    frames: int
    wait_s: float | None
    run_s: float | None


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

    @property
    def done(self) -> int:
        """Jobs that were done in those days."""
        return sum(day.done for day in self.days)

    @property
    def failed(self) -> int:
        """Jobs that failed in those days."""
        return sum(day.failed for day in self.days)

    @property
    def frames(self) -> int:
        """Frames that were tracked in those days."""
        return sum(day.frames for day in self.days)


@dataclass(frozen=True)
class ProjectStatistics:
    """A project's numbers beside those of others."""

    project_id: str
    name: str
    numbers: Statistics


@dataclass(frozen=True)
class StudioStatistics:
    """The numbers of several projects together, and of each."""

    together: Statistics
    projects: list[ProjectStatistics]


def statistics_of(session: Session, of: Project | Shot) -> Statistics:
    """A project's numbers, or a shot's."""
    is_project = isinstance(of, Project)
    shots = Shot.project_id == of.id if is_project else Shot.id == of.id
    jobs = Job.project_id == of.id if is_project else Job.shot_id == of.id
    return _told(_facts(session, shots, jobs))


def studio_statistics(session: Session, projects: list[Project]) -> StudioStatistics:
    """The numbers of several projects together, and of each."""
    ids = [project.id for project in projects]
    facts = _facts(session, Shot.project_id.in_(ids), Job.project_id.in_(ids))
    parts = facts.by_project()
    each = [ProjectStatistics(one.id, one.name, _told(parts[one.id])) for one in projects]
    return StudioStatistics(_told(facts), each)


class _Count(NamedTuple):
    """So many of a project's are in a state."""

    project_id: str
    state: str
    number: int


class _Ended(NamedTuple):
    """What is counted of a job, without all that it asked and gave."""

    project_id: str
    state: str
    kind: str
    ended_at: datetime
    done_frames: int
    wait_s: float | None
    run_s: float | None
    frames_a_second: float | None


class _Facts(NamedTuple):
    """What numbers are made of, as the database tells it."""

    shots: list[_Count]
    jobs: list[_Count]
    versions: list[_Count]
    judged: list[_Count]
    ended: list[_Ended]

    @classmethod
    def none(cls) -> "_Facts":
        """Nothing."""
        return cls([], [], [], [], [])

    def by_project(self) -> "defaultdict[str, _Facts]":
        """Each project's own; none of a project without anything."""
        parts: defaultdict[str, _Facts] = defaultdict(_Facts.none)
        for name in self._fields:
            for one in getattr(self, name):
                getattr(parts[one.project_id], name).append(one)
        return parts


def _facts(session: Session, shots: ColumnElement[bool], jobs: ColumnElement[bool]) -> _Facts:
    there, jobs = (shots, Shot.deleted_at.is_(None)), jobs & Job.kind.not_in(FLEETING)
    versions = (
        select(Shot.project_id, Version.status, func.count())
        .join(Shot, Version.shot_id == Shot.id)
        .where(*there, Version.deleted_at.is_(None))
    )
    said = select(Shot.project_id, Note.status, func.count()).select_from(Note).join(Version).join(Shot).where(*there)
    return _Facts(
        _counted(session, select(Shot.project_id, Shot.state, func.count()).where(*there)),
        _counted(session, select(Job.project_id, Job.state, func.count()).where(jobs)),
        _counted(session, versions),
        _counted(session, said),
        _ended(session, jobs),
    )


def _counted(session: Session, wanted: Select[str, str, int]) -> list[_Count]:
    """One for each project and state: the first two columns."""
    project, state, _ = wanted.selected_columns
    return [_Count(*row) for row in session.execute(wanted.group_by(project, state))]


def _ended(session: Session, which: ColumnElement[bool]) -> list[_Ended]:
    since = datetime.combine(_last_days()[0], time(), UTC)
    columns = (getattr(Job, name) for name in _Ended._fields)
    wanted = select(*columns).where(which, Job.ended_at >= since, Job.state.in_((DONE, FAILED)))
    return [_Ended(*row) for row in session.execute(wanted)]


def _told(facts: _Facts) -> Statistics:
    judged, ended = _totals(facts.judged), facts.ended
    ran = [job for job in ended if job.state == DONE]
    speeds = [job.frames_a_second for job in ran if job.kind == "segment" and job.frames_a_second]
    failed = sum(job.state == FAILED for job in ended)
    return Statistics(
        shots=_totals(facts.shots),
        jobs=_totals(facts.jobs),
        versions=_totals(facts.versions),
        retakes=judged.get(RETAKE, 0),
        notes=sum(number for status, number in judged.items() if status not in (APPROVED, RETAKE)),
        wait_s=_median(job.wait_s for job in ran),
        run_s=_median(job.run_s for job in ran),
        frames_a_second=_median(speeds),
        failed_share=failed / len(ended) if ended else None,
        days=_days(ended),
    )


def _totals(counts: list[_Count]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for one in counts:
        totals[one.state] += one.number
    return dict(totals)


def _days(ended: Iterable[_Ended]) -> list[Day]:
    """Every one of the last days, the latest last, also those on which nothing was done."""
    in_order = sorted(ended, key=lambda job: job.ended_at)
    by_day = {day: list(jobs) for day, jobs in groupby(in_order, lambda job: job.ended_at.date())}
    return [_day(day, by_day.get(day, [])) for day in _last_days()]


def _last_days() -> list[date]:
    today = now().date()
    return [today - timedelta(days=back) for back in reversed(range(DAYS))]


def _day(day: date, ended: list[_Ended]) -> Day:
    ran = [job for job in ended if job.state == DONE]
    return Day(
        day,
        done=len(ran),
        failed=len(ended) - len(ran),
        frames=sum(job.done_frames for job in ended if job.kind == "segment"),
        wait_s=_median(job.wait_s for job in ran),
        run_s=_median(job.run_s for job in ran),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None

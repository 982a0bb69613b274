"""The queue of record: jobs, who holds them, and how they end. A job is held by one worker at a time.

``attempt`` fences: every time a job is given out it goes up, and who holds an older one can change nothing any more.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session, aliased, selectinload

from roto_hub.db.dialects import clock, entries_of, take_turn
from roto_hub.db.models import ATTEMPTS, CHECKING, REFUSED, Job, JobLine, Shot, User, Version, Worker
from roto_hub.problems import ConflictError, RefusedError
from roto_hub.services.audit import note_action
from roto_hub.services.events import append_event

WAITING, GIVEN, RUNNING, DONE, FAILED, CANCELLED = "waiting", "given", "running", "done", "failed", "cancelled"
STATES = (WAITING, GIVEN, RUNNING, DONE, FAILED, CANCELLED)
HELD = (GIVEN, RUNNING)
CHECK, PROXY = "check", "proxy"
"""Kinds that every shot begins with: whether its plate can be read, and pictures of it for the page."""

MAKE_VERSIONS = ("segment", "reshape")
ALONE = (*MAKE_VERSIONS, "export")
"""Kinds of which a shot's jobs run one after the other: they work on one session, or read what another leaves there."""

FLEETING = ("click",)
"""Kinds that are of the moment: they run beside a worker's other jobs, are in no list or log, and go by themselves."""

ENDED = (DONE, FAILED, CANCELLED)

CLAIM_LOCK = 0x636C61696D
"""Jobs are given out one transaction after the other, so that each sees what the one before gave out."""

FAILED_AT_ONCE = 200
"""So many jobs fail at a time with those that they depend on; the others do a moment later."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 300.0
"""A job that a machine failed waits so long before it is tried again, twice as long each time."""


@dataclass(frozen=True)
class JobFilter:
    """Which jobs are wanted; empty is any, and None is all projects."""

    projects: list[str] | None = None
    states: tuple[str, ...] = ()
    kind: str = ""
    shot_id: str = ""


def create_job(
    session: Session,
    shot: Shot,
    by: User | None,
    kind: str,
    request: dict[str, Any],
    priority: int = 50,
    depends_on: list[str] | None = None,
    vram_mb: int = 0,
) -> Job:
    """Put a job into the queue. Raises RefusedError for one that depends on a job of another project, or on none."""
    needed = depends_on or []
    for one in needed:
        other = session.get(Job, one)
        if other is None or other.project_id != shot.project_id:
            raise RefusedError(f"There is no job {one}.", "Name jobs of the same project.")
    job = Job(
        project_id=shot.project_id,
        shot_id=shot.id,
        user_id=by.id if by else None,
        kind=kind,
        request=request,
        priority=priority,
        depends_on=needed,
        engine=str(request.get("engine", "")),
        tasks=["detect"] if request.get("texts") else [],
        vram_mb=vram_mb,
    )
    session.add(job)
    session.flush()
    if kind not in FLEETING:
        note_action(session, job.user_id, "job.create", job.id, job.project_id, kind=kind)
    _tell(session, job)
    return job


def take_turn_to_claim(session: Session) -> None:
    """Wait until no other dispatcher gives jobs out; to be said before looking for workers with room."""
    take_turn(session, CLAIM_LOCK)


def claim_next(session: Session, worker: Worker, lease_s: float, is_fleeting: bool = False) -> Job | None:
    """Give a worker the most urgent job that it can do; of equals the least busy project's, then the oldest."""
    _fail_what_depends_on_failed(session)
    chosen = session.scalar(_in_turn(session, worker, is_fleeting).limit(1))
    if chosen is None:
        return None
    taken = session.execute(
        update(Job)
        .where(Job.id == chosen.id, Job.state == WAITING)
        .values(
            state=GIVEN,
            worker=worker.name,
            attempt=Job.attempt + 1,
            lease_until=clock(session) + timedelta(seconds=lease_s),
            not_before=None,
        )
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None  # it was cancelled meanwhile
    session.refresh(chosen)
    _tell(session, chosen)
    return chosen


def held(session: Session, job_id: str, attempt: int) -> Job | None:
    """The job, if that attempt still holds it."""
    wanted = select(Job).where(Job.id == job_id, Job.attempt == attempt, Job.state.in_(HELD)).with_for_update()
    return session.scalar(wanted)


def start(session: Session, job: Job) -> None:
    """Its worker begins."""
    moment = clock(session)
    job.state, job.started_at, job.ended_at, job.error = RUNNING, moment, None, None
    if job.wait_s is None:
        job.wait_s = (moment - job.created_at).total_seconds()
    add_line(session, job, f"begun by {job.worker}, attempt {job.attempt}")
    _tell(session, job)


def renew(session: Session, job_id: str, attempt: int, lease_s: float) -> bool:
    """A sign of life; whether the worker is to go on."""
    job = held(session, job_id, attempt)
    if job is None:
        return False
    job.lease_until = clock(session) + timedelta(seconds=lease_s)
    return not job.is_unwanted


def progress(session: Session, job: Job, done: int, total: int, frames_a_second: float | None) -> None:
    """So many frames are done."""
    job.done_frames, job.total_frames, job.frames_a_second = done, total, frames_a_second
    _tell(session, job)


def finish(session: Session, job: Job, result: dict[str, Any]) -> None:
    """It is done, all of it: how far it is was told now and then, and last perhaps before its end."""
    moment = clock(session)
    job.done_frames = max(job.done_frames, job.total_frames)
    job.state, job.result, job.ended_at, job.lease_until = DONE, result, moment, None
    job.run_s = (moment - job.started_at).total_seconds() if job.started_at else None
    add_line(session, job, "done")
    _tell(session, job)


def fail(session: Session, job: Job, code: str, message: str, remedy: str, is_machine: bool) -> None:
    """It went wrong: a fault of the machine is tried again after a pause, one of the input is not."""
    job.error = {"code": code, "message": message, "remedy": remedy}
    add_line(session, job, f"{code}: {message} {remedy}".strip())
    if job.is_unwanted:
        _end(session, job, CANCELLED)
    elif is_machine and job.attempts > 1:
        _put_back(session, job)
    else:
        _end(session, job, FAILED)
    _tell(session, job)


def give_back(session: Session, job: Job) -> None:
    """It could not even be sent: it waits again, and no attempt is counted; one that was cancelled meanwhile ends."""
    if job.is_unwanted:
        _end(session, job, CANCELLED)
    else:
        job.state, job.worker, job.lease_until = WAITING, None, None
    _tell(session, job)


def take_from_dead(session: Session) -> list[Job]:
    """Jobs whose worker was silent for too long wait again; those that did so too often have failed."""
    silent = select(Job).where(Job.state.in_(HELD), Job.lease_until < clock(session))
    found = list(session.scalars(silent.with_for_update(skip_locked=True)))
    for job in found:
        remedy = "It is tried again." if job.attempts > 1 else "Look at that worker's log, then retry the job."
        fail(session, job, "worker_gone", f"{job.worker} fell silent.", remedy, is_machine=True)
    return found


def cancel(session: Session, by: User, job: Job) -> None:
    """Stop a job: one that waits at once, one that runs between two frames. Raises ConflictError for one that ended."""
    session.refresh(job, with_for_update=True)  # its worker may be about to tell that it is done
    if job.state in ENDED:
        raise ConflictError(f"The job is {job.state} already.")
    job.is_unwanted = True
    if job.state == WAITING:
        _end(session, job, CANCELLED)
    note_action(session, by.id, "job.cancel", job.id, job.project_id)
    add_line(session, job, f"cancelled by {by.name}")
    _tell(session, job)


def retry(session: Session, by: User, job: Job) -> None:
    """Try a job again that failed or was cancelled. Raises ConflictError for any other, or for a deleted shot's."""
    if job.shot.deleted_at is not None:
        raise ConflictError("The job's shot was deleted.", "Make a new shot of its plate.")
    if job.state not in (FAILED, CANCELLED):
        raise ConflictError(f"The job is {job.state}.", "Only what failed or was cancelled can be tried again.")
    job.state, job.is_unwanted, job.attempts, job.ended_at, job.not_before = WAITING, False, ATTEMPTS, None, None
    if job.kind == CHECK:
        _give_shot(session, job, CHECKING)
    note_action(session, by.id, "job.retry", job.id, job.project_id)
    _tell(session, job)


def prioritise(session: Session, by: User, job: Job, priority: int) -> None:
    """Make a job more or less urgent; that of one that ended counts once it is tried again."""
    session.refresh(job, with_for_update=True)  # its worker may be about to tell that it is done
    job.priority = priority
    note_action(session, by.id, "job.prioritise", job.id, job.project_id, priority=priority)
    if job.state not in ENDED:  # how it ended was told already
        _tell(session, job)


def add_line(session: Session, job: Job, text: str) -> None:
    """A line in the job's log."""
    session.add(JobLine(job_id=job.id, text=text))


def lines_of(session: Session, job: Job) -> list[JobLine]:
    """A job's log."""
    return list(session.scalars(select(JobLine).where(JobLine.job_id == job.id).order_by(JobLine.id)))


def list_jobs(session: Session, wanted: JobFilter, limit: int, offset: int = 0) -> list[Job]:
    """A page of jobs: what is to be done first in front, then what ended, the latest first."""
    found = select(Job)
    if wanted.projects is not None:
        found = found.where(Job.project_id.in_(wanted.projects))
    if wanted.states:
        found = found.where(Job.state.in_(wanted.states))
    for column, value in ((Job.kind, wanted.kind), (Job.shot_id, wanted.shot_id)):
        if value:
            found = found.where(column == value)
    if not wanted.kind:
        found = found.where(Job.kind.not_in(FLEETING))
    order = (Job.ended_at.is_not(None), Job.ended_at.desc(), Job.priority.desc(), Job.created_at, Job.id)
    page = found.options(selectinload(Job.shot)).order_by(*order).limit(limit).offset(offset)
    return list(session.scalars(page))


def open_jobs_of(session: Session, shot: Shot) -> list[Job]:
    """A shot's jobs that have not ended, the most urgent first."""
    wanted = select(Job).where(Job.shot_id == shot.id, Job.state.not_in(ENDED), Job.kind.not_in(FLEETING))
    return list(session.scalars(wanted.order_by(Job.priority.desc(), Job.created_at)))


def remaining_s(job: Job) -> float | None:
    """How long a running job will take, from its measured speed; None where that is not known."""
    if job.state != RUNNING or not job.frames_a_second or not job.total_frames:
        return None
    return max(job.total_frames - job.done_frames, 0) / job.frames_a_second


def add_version(session: Session, job: Job, folder: str, objects: list[str]) -> Version:
    """The shot's next version, made by this job; the table allows a job one alone."""
    latest = session.scalar(select(func.max(Version.number)).where(Version.shot_id == job.shot_id)) or 0
    version = Version(shot_id=job.shot_id, job_id=job.id, number=latest + 1, folder=folder, objects=objects)
    session.add(version)
    session.flush()
    append_event(session, "version.created", version.id, job.project_id, shot=job.shot_id, number=version.number)
    return version


def _in_turn(session: Session, worker: Worker, is_fleeting: bool) -> Select[Job]:
    """What a worker can do now, in the order in which it is given out. The database looks for it: however many jobs
    nobody can do yet, what can be done behind them is found."""
    running = select(Job.project_id, func.count().label("jobs")).where(Job.state.in_(HELD))
    busy = running.group_by(Job.project_id).subquery()
    other = aliased(Job)
    busy_shots = select(other.shot_id).where(other.state.in_(HELD), other.kind.in_(ALONE))
    return (
        select(Job)
        .outerjoin(busy, busy.c.project_id == Job.project_id)
        .where(
            Job.state == WAITING,
            or_(Job.not_before.is_(None), Job.not_before <= clock(session)),
            Job.kind.in_(FLEETING) if is_fleeting else Job.kind.not_in(FLEETING),
            or_(Job.kind.not_in(ALONE), Job.shot_id.not_in(busy_shots)),
            ~_depends_on_one(session, WAITING, *HELD, FAILED, CANCELLED),
            _can_do(session, worker),
        )
        .order_by(Job.priority.desc(), func.coalesce(busy.c.jobs, 0), Job.created_at)
    )


def _can_do(session: Session, worker: Worker) -> ColumnElement[bool]:
    """Whether the worker has the memory and the models; an engine of two is named with a plus between."""
    asked = session.scalars(select(Job.engine).where(Job.state == WAITING).distinct())
    engines = [one for one in asked if one in ("", "auto") or set(one.split("+")) <= set(worker.engines)]
    task = entries_of(session, Job.tasks)
    lacks = select(task.c.value).where(task.c.value.not_in(worker.tasks)).exists()
    return (Job.vram_mb <= worker.vram_mb) & Job.engine.in_(engines) & ~lacks


def _depends_on_one(session: Session, *states: str) -> ColumnElement[bool]:
    """Whether a job depends on one in any of these states; what is not there any more has failed."""
    need, other = entries_of(session, Job.depends_on), aliased(Job)
    found = select(need.c.value).select_from(need.outerjoin(other, other.id == need.c.value))
    return found.where(func.coalesce(other.state, FAILED).in_(states)).exists()


def _fail_what_depends_on_failed(session: Session) -> None:
    doomed = select(Job).where(Job.state == WAITING, _depends_on_one(session, FAILED, CANCELLED))
    for job in session.scalars(doomed.limit(FAILED_AT_ONCE)).all():
        fail(session, job, "dependency", "A job that it depends on did not succeed.", "Retry that one first.", False)


def _put_back(session: Session, job: Job) -> None:
    tried = ATTEMPTS - job.attempts
    pause = min(FIRST_PAUSE_S * 2**tried, LONGEST_PAUSE_S)
    job.state, job.worker, job.lease_until = WAITING, None, None
    job.attempts -= 1
    job.not_before = clock(session) + timedelta(seconds=pause)


def _end(session: Session, job: Job, state: str) -> None:
    job.state, job.ended_at, job.lease_until = state, clock(session), None
    if job.kind == CHECK:
        _give_shot(session, job, REFUSED, _fault(job))


def _fault(job: Job) -> str:
    """Why a plate was not checked, and what to do."""
    if job.state == CANCELLED or job.error is None:
        return "The check of its plate was cancelled. Retry that job."
    return f"{job.error['message']} {job.error['remedy']}".strip()


def _give_shot(session: Session, job: Job, state: str, fault: str = "") -> None:
    job.shot.state, job.shot.fault = state, fault
    append_event(session, "shot.changed", job.shot_id, job.project_id)


def _tell(session: Session, job: Job) -> None:
    if job.kind in FLEETING:
        return
    append_event(
        session,
        "job.changed",
        job.id,
        job.project_id,
        shot=job.shot_id,
        job=job.kind,
        state=job.state,
        done=job.done_frames,
        total=job.total_frames,
        remaining_s=remaining_s(job),
    )

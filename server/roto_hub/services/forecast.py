"""About how long jobs still wait: told from how long others of their kind ran, and how many can run at once."""

import heapq
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from roto_hub.db.models import Job, Worker, now
from roto_hub.services.jobs import DONE, FLEETING, HELD, WAITING, remaining_s
from roto_hub.services.workers import alive_since

RECENT = 200
"""So many of the latest jobs say how long one runs."""

AHEAD = 1000
"""So many of the most urgent are told; for those behind them it would be a guess."""

_LASTING = Job.kind.not_in(FLEETING)
_IN_TURN = (Job.priority.desc(), Job.created_at, Job.id)


def starts_in(session: Session, silent_s: float) -> dict[str, float]:
    """About how long the most urgent jobs still wait, in seconds, by their ids. Those that wait for other jobs are left
    out, and all where no worker is alive or nothing was done yet."""
    slots, usual = _slots(session, silent_s), _usual_run_s(session)
    if slots == 0 or not usual:
        return {}
    any_kind, moment = median(usual.values()), now()
    free = _slots_free_in(session, slots, usual, any_kind)
    columns = (Job.id, Job.kind, Job.depends_on, Job.not_before)
    waiting = select(*columns).where(Job.state == WAITING, _LASTING).limit(AHEAD)
    found: dict[str, float] = {}
    for job, kind, depends_on, not_before in session.execute(waiting.order_by(*_IN_TURN)):
        pause = (not_before - moment).total_seconds() if not_before else 0.0
        start = max(free[0], pause, 0.0)
        heapq.heapreplace(free, free[0] + usual.get(kind, any_kind))
        if not depends_on:
            found[job] = start
    return found


def _slots(session: Session, silent_s: float) -> int:
    alive = Worker.seen_at > alive_since(session, silent_s)
    return session.scalar(select(func.sum(Worker.slots)).where(alive)) or 0


def _usual_run_s(session: Session) -> dict[str, float]:
    """How long the latest jobs ran, by kind."""
    ran = select(Job.kind, Job.run_s).where(Job.state == DONE, _LASTING)
    times: dict[str, list[float]] = {}
    for kind, run_s in session.execute(ran.order_by(Job.ended_at.desc()).limit(RECENT)):
        if run_s is not None:
            times.setdefault(kind, []).append(run_s)
    return {kind: median(some) for kind, some in times.items()}


def _slots_free_in(session: Session, slots: int, usual: dict[str, float], any_kind: float) -> list[float]:
    """When each slot is free again, as a heap: those that are free now in front."""
    held = session.scalars(select(Job).where(Job.state.in_(HELD), _LASTING))
    busy = [_left_s(job, usual.get(job.kind, any_kind)) for job in held]
    free = [0.0] * max(slots - len(busy), 0) + sorted(busy)[-slots:]
    heapq.heapify(free)
    return free


def _left_s(job: Job, usual_s: float) -> float:
    """By its own speed, else by how long others of its kind ran."""
    told = remaining_s(job)
    if told is not None:
        return told
    ran_s = (now() - job.started_at).total_seconds() if job.started_at else 0.0
    return max(usual_s - ran_s, 0.0)

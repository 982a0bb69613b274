"""Workers, as they say what they can do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from roto_hub.db.dialects import clock
from roto_hub.db.models import Job, Worker
from roto_hub.services.jobs import FLEETING, HELD

LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Ability:
    """Which models a worker can run, and what those do."""

    engines: tuple[str, ...]
    tasks: tuple[str, ...]


def register(
    session: Session, name: str, slots: int, engines: list[str], tasks: list[str], gpu: str, vram_mb: int
) -> None:
    """A worker is there, and can do this."""
    worker = session.get(Worker, name)
    if worker is None:
        worker = Worker(name=name)
        session.add(worker)
    worker.slots, worker.engines, worker.tasks = slots, engines, tasks
    worker.gpu, worker.vram_mb = gpu, vram_mb
    worker.seen_at = clock(session)


def see(session: Session, name: str, vram_used_mb: int | None = None, ability: Ability | None = None) -> None:
    """A sign of life; how much of its GPU's memory is in use, and what it can do by now, where that is known."""
    worker = session.get(Worker, name)
    if worker is None:
        return
    worker.seen_at, worker.vram_used_mb = clock(session), vram_used_mb
    if ability is not None:
        worker.engines, worker.tasks = list(ability.engines), list(ability.tasks)


def leave(session: Session, name: str) -> None:
    """A worker takes no more jobs; it is silent from now on."""
    worker = session.get(Worker, name)
    if worker is not None:
        worker.seen_at = LONG_AGO


def alive_since(session: Session, silent_s: float) -> datetime:
    """Workers that were seen since then are alive; those that were silent for longer are not."""
    return clock(session) - timedelta(seconds=silent_s)


def workers_with_room(session: Session, silent_s: float, is_fleeting: bool = False) -> list[Worker]:
    """Workers that are alive and have a free slot, the freest first; for fleeting jobs each has one beside the others,
    so that a click does not wait until a shot is tracked."""
    alive = select(Worker).where(Worker.seen_at > alive_since(session, silent_s))
    busy = busy_slots(session, is_fleeting)
    free = {one: (1 if is_fleeting else one.slots) - busy.get(one.name, 0) for one in session.scalars(alive)}
    return sorted((one for one, slots in free.items() if slots > 0), key=lambda one: -free[one])


def busy_slots(session: Session, is_fleeting: bool = False) -> dict[str, int]:
    """How many jobs each worker holds, of those that take slots or of the fleeting ones."""
    kind = Job.kind.in_(FLEETING) if is_fleeting else Job.kind.not_in(FLEETING)
    counted = select(Job.worker, func.count()).where(Job.state.in_(HELD), kind).group_by(Job.worker)
    return {worker: number for worker, number in session.execute(counted) if worker is not None}


def list_workers(session: Session) -> list[Worker]:
    """All workers that were ever here, by name."""
    return list(session.scalars(select(Worker).order_by(Worker.name)))

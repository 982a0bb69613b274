"""Workers, as they say what they can do."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from roto_hub.db.models import Job, Worker, now
from roto_hub.services.jobs import HELD

LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


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
    worker.seen_at = now()


def see(session: Session, name: str) -> None:
    """A sign of life."""
    worker = session.get(Worker, name)
    if worker is not None:
        worker.seen_at = now()


def leave(session: Session, name: str) -> None:
    """A worker takes no more jobs; it is silent from now on."""
    worker = session.get(Worker, name)
    if worker is not None:
        worker.seen_at = LONG_AGO


def workers_with_room(session: Session, silent_s: float) -> list[tuple[Worker, int]]:
    """Workers that are alive, with their free slots, the freest first."""
    alive = select(Worker).where(Worker.seen_at > now() - timedelta(seconds=silent_s))
    busy = busy_slots(session)
    rooms = [(worker, worker.slots - busy.get(worker.name, 0)) for worker in session.scalars(alive)]
    return sorted((one for one in rooms if one[1] > 0), key=lambda one: -one[1])


def busy_slots(session: Session) -> dict[str, int]:
    """How many jobs each worker holds."""
    counted = select(Job.worker, func.count()).where(Job.state.in_(HELD)).group_by(Job.worker)
    return {worker: number for worker, number in session.execute(counted) if worker is not None}


def list_workers(session: Session) -> list[Worker]:
    """All workers that were ever here, by name."""
    return list(session.scalars(select(Worker).order_by(Worker.name)))

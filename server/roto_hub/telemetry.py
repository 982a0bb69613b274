"""What a studio watches: a log line and numbers for every request, with an id that its answer carries too."""

import time
import uuid
from collections.abc import Iterable
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roto_hub.db.connect import Database
from roto_hub.db.models import Job, Worker, now
from roto_hub.services.jobs import DONE
from roto_hub.services.workers import alive_since, busy_slots

REQUEST_ID = "X-Request-ID"
LONGEST_ID = 100

log = structlog.get_logger()


class Telemetry:
    """Counts and logs requests. Several may be made: each has numbers of its own."""

    def __init__(self, database: Database, lease_s: float) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_StudioCollector(database, lease_s))
        labels = ("endpoint", "method", "status")
        self._requests = Counter("roto_requests", "Requests.", labels, registry=self.registry)
        self._seconds = Histogram("roto_request_seconds", "Their time.", ("endpoint",), registry=self.registry)

    def observe(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(endpoint, method, str(status)).inc()
        self._seconds.labels(endpoint).observe(seconds)
        log.info("request", endpoint=endpoint, method=method, status=status, ms=round(1e3 * seconds, 1))


class TelemetryMiddleware:
    """Around every HTTP request. An id that the client sends is kept, so that it can be followed through a studio."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = Headers(scope=scope).get(REQUEST_ID, "")[:LONGEST_ID] or uuid.uuid4().hex
        began, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).append(REQUEST_ID, request_id)
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self._app(scope, receive, answer)
            finally:
                # The function's name is the same for all shots, and says no more than the address would.
                endpoint = getattr(scope.get("endpoint"), "__name__", "none")
                self._telemetry.observe(endpoint, scope["method"], status, time.perf_counter() - began)


class _StudioCollector(Collector):
    """Jobs and workers, as the database has them when they are asked for."""

    def __init__(self, database: Database, lease_s: float) -> None:
        self._database = database
        self._lease_s = lease_s

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked of the database only to be registered."""
        return []

    def collect(self) -> Iterable[Metric]:
        """The numbers now."""
        with self._database.read() as session:
            states = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
            oldest = session.scalar(select(func.min(Job.created_at)).where(Job.state == "waiting"))
            alive = session.scalars(select(Worker).where(Worker.seen_at > alive_since(session, self._lease_s))).all()
            busy = busy_slots(session)
            done = session.execute(
                select(Job.kind, func.count(), func.sum(Job.wait_s), func.sum(Job.run_s), func.sum(Job.done_frames))
                .where(Job.state == DONE)
                .group_by(Job.kind)
            ).all()
        jobs = GaugeMetricFamily("roto_jobs", "Jobs by state.", labels=["state"])
        for state, number in states:
            jobs.add_metric([state], number)
        waited = 0.0 if oldest is None else (now() - oldest).total_seconds()
        slots = GaugeMetricFamily("roto_worker_slots", "Slots of workers that are alive.", labels=["worker", "use"])
        memory = GaugeMetricFamily("roto_worker_vram_bytes", "GPU memory of workers.", labels=["worker"])
        for worker in alive:
            taken = busy.get(worker.name, 0)
            slots.add_metric([worker.name, "busy"], taken)
            slots.add_metric([worker.name, "free"], worker.slots - taken)
            memory.add_metric([worker.name], worker.vram_mb * 2**20)
        oldest_wait = GaugeMetricFamily("roto_oldest_wait_seconds", "The longest wait.", waited)
        return [jobs, oldest_wait, slots, memory, *_totals([tuple(row) for row in done])]


def _totals(done: Iterable[tuple[Any, ...]]) -> list[CounterMetricFamily]:
    """What jobs that are done took; rows of kind, number, waits, runs, frames."""
    names = {
        "roto_jobs_done": "Jobs that are done.",
        "roto_job_wait_seconds": "From their requests to their starts.",
        "roto_job_run_seconds": "From their starts to their ends.",
        "roto_frames": "Frames of theirs.",
    }
    families = [CounterMetricFamily(name, about, labels=["kind"]) for name, about in names.items()]
    for kind, *totals in done:
        for family, total in zip(families, totals, strict=True):
            family.add_metric([kind], total or 0)
    return families

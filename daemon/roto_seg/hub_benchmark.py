"""What the hub costs beside bare FastAPI and the daemon alone, on this machine, with a real server, worker and daemon.

Everything is on SQLite and the folder broker unless ``ROTO_HUB_DATABASE_URL`` and ``ROTO_HUB_BROKER_URL`` say else.
"""

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import httpx2
import numpy as np
import uvicorn
import websockets
from celery import Celery
from fastapi import FastAPI, UploadFile
from sqlalchemy import insert, select

from roto_daemon.benchmarks.daemon import Figure, Say
from roto_hub.app import create_app
from roto_hub.db.connect import Database
from roto_hub.db.migrate import migrate
from roto_hub.db.models import Project, Shot
from roto_hub.logs import set_up_logs
from roto_hub.services.events import append_event
from roto_hub.settings import HubSettings
from roto_seg.bare_celery import QUEUE, TASK, make_bare

SHOTS, PAGE, RUNS = 10_000, 100, 40
CLIENTS, EVENTS = 200, 10
UPLOADS, UPLOAD_BYTES = 50, 4 * 2**20
JOBS = 20
PASSWORD = secrets.token_urlsafe(16)


def measure_hub(say: Say) -> list[Figure]:
    """Lists, live events, uploads and jobs; each beside what it costs without the hub."""
    set_up_logs("error")
    with tempfile.TemporaryDirectory() as folder:
        settings = HubSettings(data_dir=Path(folder), port=_free_port(), shared_roots=(Path(folder),))
        with _served(settings) as hub:
            say(f"A list of {SHOTS} shots")
            figures = _measure_lists(hub, settings)
            say(f"{CLIENTS} live clients")
            figures += _measure_live(hub, settings)
            say(f"{UPLOADS} uploads at once")
            figures += _measure_uploads(hub)
            say(f"{JOBS} jobs")
            return figures + _measure_jobs(hub, settings, Path(folder))


def bare_app(settings: HubSettings) -> FastAPI:
    """The same queries and bytes without log-ins, permissions, checks and events."""
    app, database = FastAPI(), Database(settings.database)

    @app.get("/shots")
    def list_shots() -> list[dict[str, Any]]:
        with database.read() as session:
            found = session.scalars(select(Shot).order_by(Shot.name).limit(PAGE))
            return [{"id": shot.id, "name": shot.name, "state": shot.state} for shot in found]

    @app.post("/upload")
    def upload(file: UploadFile) -> int:
        return len(file.file.read())

    return app


class _Hub:
    """A served hub, an administrator's client, and a bare server beside it."""

    def __init__(self, url: str, bare: str) -> None:
        self.url = url
        self.bare = httpx2.Client(base_url=bare, timeout=60)
        self.client = httpx2.Client(base_url=f"{url}/api/v1", timeout=60)
        who = {"email": "bench@roto.example", "password": PASSWORD}
        self.client.post("/setup", json={**who, "name": "Bench"}).raise_for_status()
        self.token = self.client.post("/login", json=who).json()["access"]
        self.client.headers["Authorization"] = f"Bearer {self.token}"
        self.project = self.client.post("/projects", json={"name": "bench"}).json()["id"]


@contextmanager
def _served(settings: HubSettings) -> Iterator[_Hub]:
    database = Database(settings.database)
    migrate(database)
    database.close()
    ports = (settings.port, _free_port())
    apps = (create_app(settings), bare_app(settings))
    servers = [
        uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1))
        for app, port in zip(apps, ports, strict=True)
    ]
    threads = [threading.Thread(target=server.run) for server in servers]
    for thread in threads:
        thread.start()
    while not all(server.started for server in servers):
        time.sleep(0.02)
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    hub = _Hub(*urls)
    try:
        yield hub
    finally:
        for client in (hub.client, hub.bare):
            client.close()
        for server, thread in zip(servers, threads, strict=True):
            server.should_exit = True
            thread.join()


def _measure_lists(hub: _Hub, settings: HubSettings) -> list[Figure]:
    database = Database(settings.database)
    with database.begin() as session:
        rows = [{"project_id": hub.project, "name": f"sh{number:05}", "state": "ready"} for number in range(SHOTS)]
        session.execute(insert(Shot), rows)
        assert session.get(Project, hub.project) is not None
    database.close()
    path = f"/projects/{hub.project}/shots"
    first = _median_s(lambda: hub.client.get(path, params={"limit": PAGE}).raise_for_status())
    last = _median_s(lambda: hub.client.get(path, params={"limit": PAGE, "after": "sh09800"}).raise_for_status())
    found = _median_s(lambda: hub.client.get(path, params={"search": "99"}).raise_for_status())
    bare = _median_s(lambda: hub.bare.get("/shots").raise_for_status())
    return [
        Figure(f"page of {SHOTS} shots, slowest of three", 1e3 * max(first, last, found), "ms", 100.0),
        Figure("  by bare FastAPI", 1e3 * bare, "ms"),
    ]


def _measure_live(hub: _Hub, settings: HubSettings) -> list[Figure]:
    delays = asyncio.run(_live_delays(hub, settings))
    return [Figure(f"event to the last of {CLIENTS} live clients, worst", 1e3 * max(delays), "ms", 500.0)]


async def _live_delays(hub: _Hub, settings: HubSettings) -> list[float]:
    database, url = Database(settings.database), hub.url.replace("http", "ws") + "/api/v1/live"
    sockets = [await websockets.connect(url) for _ in range(CLIENTS)]
    for socket_ in sockets:
        await socket_.send(hub.token)
        await socket_.recv()
    delays = []
    for _ in range(EVENTS):
        began = time.perf_counter()
        with database.begin() as session:
            append_event(session, "bench", "0" * 32, hub.project)
        await asyncio.gather(*(socket_.recv() for socket_ in sockets))
        delays.append(time.perf_counter() - began)
    for socket_ in sockets:
        await socket_.close()
    database.close()
    return delays


def _measure_uploads(hub: _Hub) -> list[Figure]:
    content = os.urandom(UPLOAD_BYTES)

    def ours(number: int) -> None:
        files = {"file": ("plate.mov", content)}
        path = f"/projects/{hub.project}/shots"
        hub.client.post(path, data={"name": f"up{number}"}, files=files).raise_for_status()

    def bare(_number: int) -> None:
        hub.bare.post("/upload", files={"file": ("plate.mov", content)}).raise_for_status()

    return [
        Figure(f"{UPLOADS} uploads of {UPLOAD_BYTES // 2**20} MiB at once", _all_s(ours), "s"),
        Figure("  by bare FastAPI, which keeps nothing", _all_s(bare), "s"),
    ]


def _measure_jobs(hub: _Hub, settings: HubSettings, folder: Path) -> list[Figure]:
    """From a request to its end, beside the time that the worker itself says the job took."""
    plate = folder / "plate.1001.png"
    cv2.imwrite(str(plate), np.zeros((64, 64, 3), np.uint8))
    with _worker(settings, folder):
        while not hub.client.get("/workers").json():
            time.sleep(0.05)
        _wait_for_idle(hub)
        took, worked = [], []
        for number in range(JOBS):
            began = time.perf_counter()
            data = {"name": f"job{number}", "path": str(plate)}
            shot = hub.client.post(f"/projects/{hub.project}/shots", data=data).raise_for_status().json()["shot"]["id"]
            while hub.client.get(f"/shots/{shot}").json()["state"] == "checking":
                time.sleep(0.005)
            took.append(time.perf_counter() - began)
            worked.append(_job_s(hub, shot))
    queued = median(whole - own for whole, own in zip(took, worked, strict=True))
    return [
        Figure("job from request to result", 1e3 * median(took), "ms"),
        Figure("  of it the worker's and daemon's own", 1e3 * median(worked), "ms"),
        Figure("cost of a queued job", 1e3 * queued, "ms"),
        Figure("  by bare Celery, on the same broker", 1e3 * _bare_celery_s(settings, folder), "ms"),
    ]


def _bare_celery_s(settings: HubSettings, folder: Path) -> float:
    """From sending a task that does nothing to its having been done."""
    celery = make_bare(settings)
    environment = {**os.environ, **_variables(settings)}
    worker = subprocess.Popen(
        [sys.executable, "-m", "roto_seg.bare_celery"], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        return median([_touched_s(celery, folder / f"bare-{number}") for number in range(JOBS + 1)][1:])
    finally:
        worker.terminate()
        worker.wait()


def _touched_s(celery: Celery, path: Path) -> float:
    began = time.perf_counter()
    celery.send_task(TASK, (str(path),), queue=QUEUE)
    while not path.exists():
        time.sleep(0.001)
    return time.perf_counter() - began


def _job_s(hub: _Hub, shot: str) -> float:
    (job,) = hub.client.get("/jobs", params={"shot": shot, "kind": "check"}).json()
    begun, ended = (datetime.fromisoformat(job[name]) for name in ("started_at", "ended_at"))
    return (ended - begun).total_seconds()


def _wait_for_idle(hub: _Hub) -> None:
    """The uploads' plates are no films: their checks fail one after the other."""
    while hub.client.get("/jobs", params={"state": "waiting"}).json():
        time.sleep(0.1)


@contextmanager
def _worker(settings: HubSettings, folder: Path) -> Iterator[None]:
    environment = {
        **os.environ,
        **_variables(settings),
        "ROTO_RUNTIME_DIR": str(folder / "run"),
        "ROTO_STATE_DIR": str(folder / "state"),
        "ROTO_ENGINE": "disc",
    }
    command = [sys.executable, "-m", "roto_seg"]
    worker = subprocess.Popen(
        [*command, "hub", "worker"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()
        subprocess.run([*command, "daemon", "stop"], env=environment, check=False, stdout=subprocess.DEVNULL)


def _variables(settings: HubSettings) -> dict[str, str]:
    told = {"data_dir": settings.data_dir, "database_url": settings.database_url, "broker_url": settings.broker_url}
    return {f"ROTO_HUB_{name.upper()}": str(value) for name, value in told.items()}


def _median_s(do: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        do()
        times.append(time.perf_counter() - began)
    return median(times)


def _all_s(do: Callable[[int], object]) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(UPLOADS) as pool:
        list(pool.map(do, range(UPLOADS)))
    return time.perf_counter() - began


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

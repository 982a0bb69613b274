"""A studio in a test: the hub on a real port, workers as processes of their own, each with a real daemon."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import psutil
import uvicorn
from disc_plate import FIRST, centre
from hub_servers import free_port

from roto_hub.app import create_app
from roto_hub.db.connect import Database
from roto_hub.db.migrate import migrate
from roto_hub.db.models import Job, Shot, Upload, Version
from roto_hub.settings import HubSettings
from roto_shared.discovery import connect, read_connection
from roto_shared.protocol.messages import Shutdown

ADMIN = {"email": "ada@studio.example", "password": "four words in a row"}


@dataclass
class WorkerProcess:
    """A worker with a daemon of its own; ``kill`` is kill -9 of the worker alone, as when its program crashes."""

    name: str
    folder: Path
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def stop_daemon(self) -> None:
        """It outlives a worker that was killed, or that was given its folder."""
        connection, client = read_connection(self.folder / "run"), connect(self.folder / "run", client="hub")
        if connection is None or client is None:
            return
        client.ask(Shutdown())
        client.close()
        with suppress(psutil.NoSuchProcess):
            psutil.Process(connection.pid).wait(30)


@dataclass
class Studio:
    """A running hub. ``client`` speaks to it as the administrator."""

    settings: HubSettings
    folder: Path
    workers: list[WorkerProcess] = field(default_factory=list)
    clients: list[httpx.Client] = field(default_factory=list)

    def __post_init__(self) -> None:
        database = Database(self.settings.database)
        migrate(database)
        database.close()
        self.app = create_app(self.settings)
        config = uvicorn.Config(
            self.app, host="127.0.0.1", port=self.settings.port, log_level="warning", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        self.until(lambda: self._server.started)
        self.url = f"http://127.0.0.1:{self.settings.port}"
        self.client = httpx.Client(base_url=f"{self.url}/api/v1", timeout=30)

    def set_up(self) -> None:
        """The first administrator, logged in."""
        made = self.client.post("/setup", json={**ADMIN, "name": "Ada"})
        assert made.status_code == 201, made.text
        self.client.headers["Authorization"] = f"Bearer {self.log_in(**ADMIN)['access']}"

    def log_in(self, email: str, password: str) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/api/v1/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def as_member(self, project: str, role: str | None, name: str) -> httpx.Client:
        """A client of a new user who is that in a project."""
        email = f"{name}@studio.example"
        body = {"email": email, "name": name, "password": ADMIN["password"]}
        user = self.ok(self.client.post("/users", json=body))
        if role is not None:
            path = f"/projects/{project}/members/{user['id']}"
            assert self.client.put(path, json={"role": role}).status_code == 204
        token = self.log_in(email, ADMIN["password"])["access"]
        return self.as_bearer(token)

    def as_bearer(self, token: str) -> httpx.Client:
        """A client that shows a token, or none for an empty one."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.clients.append(httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=30))
        return self.clients[-1]

    def start_worker(
        self, name: str, program: tuple[str, ...] = ("-m", "roto_seg"), **environment: str
    ) -> WorkerProcess:
        """A worker whose daemon tracks a disc by its colour."""
        folder = self.folder / name
        variables = {
            **os.environ,
            "ROTO_RUNTIME_DIR": str(folder / "run"),
            "ROTO_STATE_DIR": str(self.folder / "state"),
            "ROTO_ENGINE": "disc",
            **{f"ROTO_HUB_{key.upper()}": str(value) for key, value in self._told().items()},
            **environment,
        }
        command = [sys.executable, *program, "hub", "worker", "--name", name]
        worker = WorkerProcess(name, folder, subprocess.Popen(command, env=variables))
        self.workers.append(worker)
        self.until(lambda: name in [one["name"] for one in self.ok(self.client.get("/workers"))])
        return worker

    def fill(self, project: str) -> dict[str, str]:
        """One of everything, as rows of the database."""
        with self.app.state.hub.database.begin() as session:
            shot = Shot(project_id=project, name="sh010", state="ready", first_frame=1, last_frame=9)
            session.add(shot)
            session.flush()
            job = Job(project_id=project, shot_id=shot.id, kind="export", request={}, depends_on=[], state="done")
            upload = Upload(shot_id=shot.id, file_name="a.mov", size=10)
            session.add_all([job, upload])
            session.flush()
            version = Version(shot_id=shot.id, job_id=job.id, number=1, folder="none", objects=[])
            session.add(version)
            session.flush()
            return {
                "project_id": project,
                "shot_id": shot.id,
                "job_id": job.id,
                "upload_id": upload.id,
                "version_id": version.id,
            }

    def ok(self, answer: httpx.Response) -> Any:
        assert answer.is_success, answer.text
        return answer.json()

    def job(self, job_id: str) -> dict[str, Any]:
        return self.ok(self.client.get(f"/jobs/{job_id}"))

    def ended(self, job_id: str) -> dict[str, Any]:
        """The job, once it ended."""
        self.until(lambda: self.job(job_id)["state"] in ("done", "failed", "cancelled"), 60)
        return self.job(job_id)

    def until(self, is_so: Callable[[], object], seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.05)

    def close(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.stop()
            worker.stop_daemon()
        for client in (self.client, *self.clients):
            client.close()
        self._server.should_exit = True
        self._thread.join()

    def _told(self) -> dict[str, object]:
        told = self.settings
        return {
            "data_dir": told.data_dir,
            "database_url": told.database_url,
            "broker_url": told.broker_url,
            "media_url": told.media_url,
            "media_options": json.dumps(told.media_options),
            "lease_s": told.lease_s,
        }


def decoded(picture: bytes) -> Any:
    """A picture's pixels, blue green red."""
    return cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)


def make_settings(folder: Path, **more: Any) -> HubSettings:
    return HubSettings(**{"data_dir": folder / "hub", "port": free_port(), "lease_s": 4.0, **more})


PROMPT: dict[str, Any] = {"prompts": [{"frame": FIRST, "object": "disc", "positive": [list(centre(FIRST))]}]}


def new_shot(studio: Studio, project: str, name: str, plate: str) -> dict[str, Any]:
    made = studio.client.post(f"/projects/{project}/shots", data={"name": name, "path": plate})
    return studio.ok(made)["shot"]


def ready(studio: Studio, shot: dict[str, Any]) -> dict[str, Any]:
    """The shot, once a worker opened its plate."""
    path = f"/shots/{shot['id']}"
    studio.until(lambda: studio.ok(studio.client.get(path))["state"] != "checking", 60)
    return studio.ok(studio.client.get(path))

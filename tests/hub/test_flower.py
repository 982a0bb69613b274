"""Flower shows a studio's workers and what they run."""

from __future__ import annotations

import os
import subprocess
import sys

import httpx
import pytest
from hub_servers import free_port
from hub_studio import Studio, make_settings, new_shot, ready


@pytest.mark.needs("pg_ctlcluster", "redis-server")
def test_flower_sees_the_workers_and_their_jobs(tmp_path, servers, plate) -> None:
    port = free_port()
    studio = Studio(make_settings(tmp_path, broker_url=servers[1], shared_roots=(tmp_path / "shared",)), tmp_path)
    studio.set_up()
    command = [sys.executable, "-m", "celery", f"--broker={servers[1]}", "flower", f"--port={port}"]
    flower = subprocess.Popen(
        [*command, "--address=127.0.0.1"], env={**os.environ, "FLOWER_UNAUTHENTICATED_API": "true"}, cwd=tmp_path
    )

    def shown(what: str) -> dict[str, dict[str, object]]:
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}/api/{what}", timeout=10)
        except httpx.TransportError:
            return {}
        return answer.json() if answer.status_code == 200 else {}

    try:
        studio.until(lambda: _is_up(port))
        studio.start_worker("one")
        studio.until(lambda: "celery@one" in shown("workers?refresh=1"), 60)
        project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
        assert ready(studio, new_shot(studio, project, "sh010", plate))["state"] == "ready"
        studio.until(lambda: "roto_hub.run_job" in [task["name"] for task in shown("tasks").values()])
    finally:
        flower.terminate()
        flower.wait()
        studio.close()


def _is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthcheck", timeout=5).status_code == 200
    except httpx.TransportError:
        return False

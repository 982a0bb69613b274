"""Servers that go away for a while: requests wait or say so, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from disc_plate import make_plate
from hub_servers import create_database, free_port, postgres_folder, running_postgres, running_redis
from hub_studio import PROMPT, Studio, make_settings, new_shot, ready

pytestmark = pytest.mark.needs("pg_ctlcluster", "redis-server")


def test_jobs_wait_while_redis_is_gone_and_go_on_when_it_is_back(tmp_path: Path) -> None:
    port, shared = free_port(), tmp_path / "shared"
    with running_redis(tmp_path, port) as redis:
        studio = Studio(make_settings(tmp_path, shared_roots=(shared,), broker_url=redis), tmp_path)
        studio.set_up()
        studio.start_worker("one")
        project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
        shot = ready(studio, new_shot(studio, project, "sh010", make_plate(shared / "disc")))
    try:
        job = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"]
        studio.until(lambda: studio.job(job)["state"] in ("waiting", "given"))
        assert studio.client.get("/projects").status_code == 200, "everything else goes on"
        with running_redis(tmp_path, port):
            assert studio.ended(job)["state"] == "done"
    finally:
        studio.close()


def test_a_database_that_does_not_answer_is_told_and_is_found_again(tmp_path: Path) -> None:
    with postgres_folder() as folder:
        _without_its_database_for_a_while(tmp_path, folder, free_port())


def _without_its_database_for_a_while(tmp_path: Path, folder: Path, port: int) -> None:
    with running_postgres(folder, port) as address:
        studio = Studio(make_settings(tmp_path, database_url=create_database(address, "hub")), tmp_path)
        studio.set_up()
    try:
        gone = studio.client.get("/projects")
        assert (gone.status_code, gone.json()["code"]) == (503, "database")
        assert studio.client.get(f"{studio.url}/readyz").status_code == 503
        assert studio.client.get(f"{studio.url}/healthz").status_code == 200
        with running_postgres(folder, port):
            studio.until(lambda: studio.client.get("/projects").status_code == 200)
            assert studio.ok(studio.client.get("/me"))["name"] == "Ada", "nobody has to log in again"
    finally:
        studio.close()


def test_many_more_requests_than_connections_are_all_answered(files_studio) -> None:
    def ask(number: int) -> int:
        if number % 3 == 0:
            return files_studio.client.post("/projects", json={"name": f"show {number}"}).status_code
        return files_studio.client.get("/projects").status_code

    with ThreadPoolExecutor(90) as pool:
        assert set(pool.map(ask, range(90))) == {200, 201}

"""Servers that go away for a while: requests wait or say so, and nothing is lost."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from disc_plate import FIRST, make_plate
from hub_servers import create_database, free_port, postgres_folder, running_postgres, running_redis
from hub_studio import PROMPT, Studio, make_settings, new_shot, ready

STUMBLING = (str(Path(__file__).with_name("worker_that_stumbles.py")),)


@pytest.mark.parametrize("program", [("-m", "roto_seg"), STUMBLING], ids=["", "and celery gives up"])
@pytest.mark.needs("redis-server")
def test_jobs_wait_while_redis_is_gone_and_go_on_when_it_is_back(tmp_path: Path, program: tuple[str, ...]) -> None:
    port, shared = free_port(), tmp_path / "shared"
    with running_redis(tmp_path, port) as redis:
        studio = Studio(make_settings(tmp_path, shared_roots=(shared,), broker_url=redis), tmp_path)
        studio.set_up()
        worker = studio.start_worker("one", program)
        project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
        shot = ready(studio, new_shot(studio, project, "sh010", make_plate(shared / "disc")))
    try:
        job = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"]
        studio.until(lambda: studio.job(job)["state"] in ("waiting", "given"))
        assert studio.client.get("/projects").status_code == 200, "everything else goes on"
        with running_redis(tmp_path, port):
            assert studio.ended(job)["state"] == "done"
            worker.stop()
            assert worker.process.returncode == 0
    finally:
        studio.close()


@pytest.mark.needs("pg_ctlcluster")
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


@pytest.mark.needs("pg_ctlcluster")
def test_a_job_goes_on_while_the_database_is_gone_and_tells_its_end_when_it_is_back(tmp_path: Path) -> None:
    with postgres_folder() as folder:
        _a_job_without_its_database_for_a_while(tmp_path, folder, free_port())


def _a_job_without_its_database_for_a_while(tmp_path: Path, folder: Path, port: int) -> None:
    shared = tmp_path / "shared"
    with running_postgres(folder, port) as address:
        more = {"database_url": create_database(address, "hub"), "shared_roots": (shared,)}
        studio = Studio(make_settings(tmp_path, lease_s=60.0, **more), tmp_path)
        studio.set_up()
        studio.start_worker("one")
        project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
        shot = ready(studio, new_shot(studio, project, "sh010", make_plate(shared / "disc", FIRST + 60)))
        job = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"]
        studio.until(lambda: studio.job(job)["state"] == "running")
    try:
        folder_of_job = tmp_path / "hub" / "media" / "shots" / shot["id"] / "segment" / f"{job}-1"
        written = [folder_of_job / name for name in ("shapes.json", "shapes.nk", "shapes.fxs", "report.json")]
        studio.until(lambda: all(file.exists() for file in written))
        time.sleep(1)  # those were the last files: the job's end is being told, to nobody
        with running_postgres(folder, port):
            studio.until(lambda: studio.client.get("/projects").status_code == 200)
            assert studio.ended(job)["state"] == "done"
            log = [line["text"] for line in studio.ok(studio.client.get(f"/jobs/{job}/log"))]
            assert log == ["begun by one, attempt 1", "done"]
            studio.workers[0].stop()
    finally:
        studio.close()


def test_many_more_requests_than_connections_are_all_answered(files_studio) -> None:
    def ask(number: int) -> int:
        if number % 3 == 0:
            return files_studio.client.post("/projects", json={"name": f"show {number}"}).status_code
        return files_studio.client.get("/projects").status_code

    with ThreadPoolExecutor(90) as pool:
        assert set(pool.map(ask, range(90))) == {200, 201}


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of so many bytes at a folder; skips where this user may not mount one."""
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"A small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_job_that_fills_the_disk_waits_and_is_done_once_there_is_room(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    studio = Studio(make_settings(tmp_path, shared_roots=(shared,)), tmp_path)
    with small_disk(tmp_path / "hub" / "media", "256k") as disk:
        studio.set_up()
        try:
            studio.start_worker("one")
            project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
            shot = ready(studio, new_shot(studio, project, "sh010", make_plate(shared / "disc")))
            studio.until(lambda: studio.client.get(f"/shots/{shot['id']}/frames/1001").status_code == 200)
            with pytest.raises(OSError, match="No space left"), (disk / "full").open("wb", buffering=0) as full:
                while True:
                    full.write(bytes(1024))
            job = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"]
            studio.until(
                lambda: any("storage" in line["text"] for line in studio.ok(studio.client.get(f"/jobs/{job}/log")))
            )
            (disk / "full").unlink()
            assert studio.ended(job)["state"] == "done"
            assert len(studio.ok(studio.client.get(f"/shots/{shot['id']}/versions"))) == 1
        finally:
            studio.close()

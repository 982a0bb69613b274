"""Uploads and results in S3, spoken to over HTTP: machines that share no folder work on the same shots."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import boto3
import pytest
from disc_plate import FIRST, LAST, make_plate
from hub_servers import create_database, free_port
from hub_studio import PROMPT, Studio, decoded, make_settings, ready
from moto.server import ThreadedMotoServer

from roto_hub.bucket import Bucket
from roto_hub.db.models import now
from roto_hub.problems import NotFoundError, UnavailableError
from roto_hub.storage import Storage

KEYS = {"key": "roto", "secret": "secret"}


@pytest.fixture
def s3() -> Iterator[dict[str, object]]:
    """A server with an empty bucket; gives what a client needs."""
    server = ThreadedMotoServer("127.0.0.1", free_port())
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    made = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id="roto", aws_secret_access_key="secret", region_name="us-east-1"
    )
    made.create_bucket(Bucket="studio")
    yield {**KEYS, "endpoint_url": address}
    server.stop()


@pytest.fixture
def bucket(s3) -> Bucket:
    return Bucket("s3://studio/hub", s3)


@pytest.fixture
def machines(tmp_path: Path, bucket) -> tuple[Storage, Storage]:
    """Two machines with a root of their own each."""
    return Storage(tmp_path / "one", bucket=bucket), Storage(tmp_path / "two", bucket=bucket)


def write(storage: Storage, text: str, *parts: str) -> Path:
    path = storage.place(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_what_one_machine_publishes_another_has(machines) -> None:
    one, two = machines
    write(one, "a", "shots", "x", "masks", "1001.png")
    write(one, "bb", "shots", "x", "masks", "deep", "1002.png")
    one.publish(one.place("shots", "x"))
    assert two.names("shots", "x", "masks") == ["1001.png", "deep"]
    assert two.existing("shots", "x", "masks", "1001.png").read_text() == "a"
    assert Path(two.plate("shots/x/masks")).joinpath("deep", "1002.png").read_text() == "bb", "a folder comes whole"
    with pytest.raises(NotFoundError):
        two.existing("shots", "x", "masks", "1003.png")
    assert two.used() == 3


def test_who_asks_at_the_same_moment_as_others_has_the_whole_file_too(machines) -> None:
    one, two = machines
    text = "a whole frame" * 100_000
    one.publish(write(one, text, "shots", "x", "masks", "1001.png"))
    together = Barrier(8)

    def ask(_number: int) -> str:
        together.wait()
        return two.existing("shots", "x", "masks", "1001.png").read_text()

    with ThreadPoolExecutor(together.parties) as pool:
        assert set(pool.map(ask, range(together.parties))) == {text}
    assert [path.name for path in two.place("shots", "x", "masks").iterdir()] == ["1001.png"]


def test_what_is_thrown_away_is_in_the_trash_for_all_machines(machines) -> None:
    one, two = machines
    write(one, "a", "shots", "x", "masks", "1001.png")
    one.publish(one.place("shots", "x"))
    two.throw_away("shots", "x")
    assert two.found("shots", "x", "masks", "1001.png") is None
    assert two.existing("trash", "shots-x", "masks", "1001.png").read_text() == "a"


def test_what_was_thrown_away_long_ago_is_found_on_every_machine_and_deleted_in_the_bucket(machines) -> None:
    one, two = machines
    write(one, "abc", "shots", "old", "masks", "1001.png")
    one.publish(one.place("shots", "old"))
    time.sleep(1)  # S3 tells whole seconds
    before = now()
    assert two.throw_away("shots", "old") == 3, "so many bytes"
    assert "shots-old" not in two.untouched("trash", before - timedelta(seconds=1)), "what counts is when it was thrown"
    assert "shots-old" in two.untouched("trash", now() + timedelta(seconds=1))
    two.delete("trash/shots-old")
    assert "trash/shots-old" not in one.sizes()


def test_a_bucket_that_is_not_there_is_told(s3, tmp_path) -> None:
    away = {**s3, "endpoint_url": f"http://127.0.0.1:{free_port()}", "config_kwargs": {"retries": {"max_attempts": 1}}}
    storage = Storage(tmp_path, bucket=Bucket("s3://studio/hub", away))
    with pytest.raises(UnavailableError):
        storage.existing("shots", "x")


@pytest.mark.needs("pg_ctlcluster", "redis-server")
def test_a_hub_and_a_worker_that_share_no_folder_do_a_shot(s3, tmp_path, servers) -> None:
    postgres, redis = servers
    media = {"media_url": "s3://studio/hub", "media_options": s3}
    settings = make_settings(tmp_path, database_url=create_database(postgres, "hub_s3"), broker_url=redis, **media)
    studio = Studio(settings, tmp_path)
    studio.set_up()
    try:
        studio.start_worker("far", ROTO_HUB_DATA_DIR=str(tmp_path / "far"))
        make_plate(tmp_path / "frames")
        packed = shutil.make_archive(str(tmp_path / "frames"), "zip", tmp_path / "frames")
        project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
        with Path(packed).open("rb") as file:
            made = studio.client.post(f"/projects/{project}/shots", data={"name": "sh010"}, files={"file": file})
        shot = ready(studio, studio.ok(made)["shot"])
        assert (shot["state"], shot["last_frame"]) == ("ready", LAST), shot["fault"]
        studio.until(lambda: studio.client.get(f"/shots/{shot['id']}/frames/{FIRST}").status_code == 200)
        shutil.rmtree(tmp_path / "far" / "media")
        job = studio.ended(studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"])
        assert job["state"] == "done", job["error"]
        masks = studio.ok(studio.client.get(f"/shots/{shot['id']}/masks"))["frames"]
        assert masks == {"disc": list(range(FIRST, LAST + 1))}
        mask = decoded(studio.client.get(f"/shots/{shot['id']}/masks/disc/{LAST}").content)
        assert mask.max() == 255
    finally:
        studio.close()

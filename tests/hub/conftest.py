"""A studio on each kind of server: nothing but files, and PostgreSQL with Redis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from disc_plate import make_plate
from hub_servers import KINDS, create_database, postgres_folder, running_postgres, running_redis
from hub_studio import Studio, make_settings


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[str, str]]:
    """A PostgreSQL and a Redis for the whole run."""
    with postgres_folder() as folder, running_postgres(folder) as postgres, running_redis(folder) as redis:
        yield postgres, redis


@pytest.fixture(params=KINDS)
def studio(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Studio]:
    """A hub that was set up, without workers yet."""
    more = {}
    if request.param == "servers":
        postgres, redis = request.getfixturevalue("servers")
        name = f"hub_{abs(hash(request.node.nodeid)) % 10**12}"
        more = {"database_url": create_database(postgres, name), "broker_url": redis}
    studio = Studio(make_settings(tmp_path, shared_roots=(tmp_path / "shared",), **more), tmp_path)
    studio.set_up()
    yield studio
    studio.close()


@pytest.fixture
def files_studio(tmp_path: Path) -> Iterator[Studio]:
    """A studio on files alone, for what no database changes."""
    studio = Studio(make_settings(tmp_path, shared_roots=(tmp_path / "shared",)), tmp_path)
    studio.set_up()
    yield studio
    studio.close()


@pytest.fixture
def project(studio: Studio) -> str:
    return str(studio.ok(studio.client.post("/projects", json={"name": "The Long Night"}))["id"])


@pytest.fixture
def plate(tmp_path: Path) -> str:
    """A plate in the studio's shared folder."""
    return make_plate(tmp_path / "shared" / "disc")

"""A studio on each kind of server: nothing but files, and PostgreSQL with Redis; and browsers for the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cable import Cable, cable
from disc_plate import make_plate
from hub_servers import KINDS, create_database, postgres_folder, running_postgres, running_redis
from hub_studio import Studio, make_settings
from page_build import built_page
from page_desk import WAIT_MS, OpenPage
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from parts import PARTS


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, with the page built for it."""
    built_page()
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        program = str(PARTS["chromium"].find())
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a page of its own, as in another person's browser. Nothing in it may go wrong unseen."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(url: str, width: int = 1280, height: int = 800) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, base_url=url))
        contexts[-1].set_default_timeout(WAIT_MS)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="module")
def page_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio with a worker, for all of a module's tests of the page."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "shared").mkdir()
    studio = Studio(make_settings(folder, shared_roots=(folder / "shared",)), folder)
    studio.set_up()
    studio.start_worker("one")
    yield studio
    close_at_once(studio)


@pytest.fixture
def wired(open_page: OpenPage, page_studio: Studio) -> Iterator[tuple[Page, Cable]]:
    """A page, and the cable between it and the hub."""
    with cable(page_studio.settings.port) as wire:
        page = open_page(f"http://127.0.0.1:{wire.port}")
        yield page, wire
        page.context.close()


@pytest.fixture
def page(open_page: OpenPage, page_studio: Studio) -> Page:
    return open_page(page_studio.url)


@pytest.fixture
def unused_studio(tmp_path: Path) -> Iterator[Studio]:
    """A hub that nobody used yet."""
    studio = Studio(make_settings(tmp_path, shared_roots=(tmp_path / "shared",)), tmp_path)
    yield studio
    close_at_once(studio)


def close_at_once(studio: Studio) -> None:
    """Waits for no worker to end what it does: nobody looks at it any more."""
    for worker in studio.workers:
        worker.kill()
    studio.close()

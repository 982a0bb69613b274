"""Every view of the page in a real browser: without a fault that axe finds, as wide as the window, and soon there."""

from __future__ import annotations

import gzip

import pytest
from disc_plate import FIRST, make_plate
from hub_studio import Studio, new_shot
from page_build import built_page, npm
from page_desk import (
    Desk,
    OpenPage,
    axe_faults,
    canvas,
    log_in,
    new_project,
    newest,
    scrolls_sideways,
    to_the_player,
    tracked_shot,
)
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.needs("npm", "chromium")

FIRST_VIEW_KB = 350
TABS = ("Segment", "Refine", "Review", "Export", "Info")
LONG = "aNameOfSixtyLettersWithoutABlankWhereALineOfItCouldEndAtLast"
SETTINGS = {"general": "General", "people": "People", "templates": "people", "audit": "Audit log"}
STUDIO = {
    "users": "bob@studio.example",
    "teams": "Roto",
    "projects": "The Long Night",
    "webhooks": "Webhooks",
    "storage": "The Long Night",
    "audit": "Audit log",
}
"""The sections, each with something that is read there."""


@pytest.fixture(scope="module")
def desk(page_studio: Studio) -> Desk:
    """A shot in review, with a note; and one of everything that the views list."""
    studio, client = page_studio, page_studio.client
    desk = tracked_shot(studio, new_project(studio))
    note = {"text": "The edge boils", "frame": FIRST, "drawing": [[[20, 20], [40, 24]]]}
    studio.ok(client.post(f"/versions/{newest(studio, desk)['id']}/notes", json=note))
    template = {"name": "people", "texts": [{"text": "person"}]}
    studio.ok(client.post(f"/projects/{desk.project}/templates", json=template))
    studio.ok(client.post("/teams", json={"name": "Roto"}))
    studio.ok(client.post("/me/keys", json={"name": "pen", "scopes": ["read"]}))
    studio.as_member(desk.project, "artist", "bob")
    studio.as_member(desk.project, "artist", LONG)
    new_shot(studio, desk.project, LONG, make_plate(studio.folder / "shared" / "long"))
    return desk


def check(page: Page) -> list[str]:
    """What is wrong with the view as it is now."""
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
    return [*axe_faults(page), *(["it scrolls sideways"] if scrolls_sideways(page) else [])]


def test_the_ways_in_have_no_fault(open_page: OpenPage, unused_studio: Studio) -> None:
    page = open_page(unused_studio.url)
    page.goto("/")
    expect(page.get_by_text("Set up the roto hub")).to_be_visible()
    assert check(page) == []
    unused_studio.set_up()
    page.reload()
    expect(page.get_by_text("Log in to the roto hub")).to_be_visible()
    assert check(page) == []
    log_in(page)
    expect(page.get_by_text("No project yet.")).to_be_visible()
    assert check(page) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (768, 1024)])
def test_no_view_has_a_fault(open_page: OpenPage, page_studio: Studio, desk: Desk, width: int, height: int) -> None:
    page = open_page(page_studio.url, width, height)
    job = newest(page_studio, desk)["job_id"]
    project = f"/projects/{desk.project}"
    views = {
        "/": "The Long Night",
        project: "sh010",
        f"{project}?view=grid": "sh010",
        "/review": "sh010",
        "/jobs": "sh010",
        f"/jobs?job={job}": "What was asked",
        "/dashboard": "The Long Night",
        f"{project}/dashboard": "the last 30 days",
        "/profile": "Your account",
        **{f"{project}/settings/{section}": text for section, text in SETTINGS.items()},
        **{f"/admin/{section}": text for section, text in STUDIO.items()},
    }
    log_in(page)
    faults = {}
    for address, text in views.items():
        page.goto(address)
        expect(page.locator("main, [role=dialog]").get_by_text(text).filter(visible=True).first).to_be_visible()
        faults[address] = check(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    faults["help"] = check(page)
    assert {view: found for view, found in faults.items() if found} == {}


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080), (768, 1024), (390, 844)])
def test_the_shot_s_view_has_no_fault(
    open_page: OpenPage, page_studio: Studio, desk: Desk, width: int, height: int
) -> None:
    page = open_page(page_studio.url, width, height)
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    faults = {}
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
        faults[tab] = check(page)
    to_the_player(page)
    for key, tool in (("2", "Paint"), ("4", "Knots"), ("5", "New shape")):
        page.keyboard.press(key)
        expect(page.get_by_role("radio", name=tool)).to_be_checked()
        faults[tool] = check(page)
    page.get_by_label("Outlines").check()
    faults["outlines"] = check(page)
    assert {view: found for view, found in faults.items() if found} == {}


def test_the_first_view_is_small() -> None:
    built = [file for file in (built_page() / "assets").iterdir() if file.suffix in (".js", ".css")]
    assert built
    assert sum(len(gzip.compress(file.read_bytes())) for file in built) <= FIRST_VIEW_KB * 1024


def test_the_page_s_own_tests_pass() -> None:
    built_page()
    npm("test")

"""A project's shots in a real browser: many at once, as a list and as pictures, and plates on their way in."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from cable import Cable
from disc_plate import FIRST, LAST, make_disc_film
from hub_studio import Studio
from page_desk import JOB_MS, log_in, new_project, ready_shot
from playwright.sync_api import Page, Route, expect
from sqlalchemy import insert

from roto_hub.db.models import Shot

pytestmark = pytest.mark.needs("npm", "chromium")

PIECE = 8 * 2**20
"""So many bytes the page sends at once."""

FEW = 60
"""No list has more elements than that, however long it is."""


def test_two_shots_are_given_to_somebody_at_once(page: Page, page_studio: Studio) -> None:
    project = new_project(page_studio)
    for name in ("sh010", "sh020", "sh030"):
        ready_shot(page_studio, project, name)
    page_studio.as_member(project, "artist", "bob")
    log_in(page, address=f"/projects/{project}")
    for name in ("sh010", "sh030"):
        page.get_by_label(f"Select {name}").check()
    bar = page.get_by_role("region", name="Selected shots")
    expect(bar.get_by_role("status")).to_have_text("2 selected")
    bar.get_by_role("button", name="Assign to").click()
    page.get_by_role("menuitem", name="bob").click()
    assigned = {"sh010": "bob", "sh020": "nobody", "sh030": "bob"}
    for view in ("list", "grid"):
        page.get_by_role("button", name=view, exact=True).click()
        expect(page.get_by_role("button", name=view, exact=True)).to_have_attribute("aria-pressed", "true")
        for name, person in assigned.items():
            chosen = page.get_by_label(f"Who works on {name}").locator("option:checked")
            expect(chosen, f"{name} in the {view}").to_have_text(person)
            expect(page.get_by_role("link", name=name)).to_contain_text(f"{FIRST}–{LAST}")
    assert "view=grid" in page.url
    shots = page_studio.ok(page_studio.client.get(f"/projects/{project}/shots"))["shots"]
    assert {shot["name"]: shot["assignee"] or "nobody" for shot in shots} == assigned
    page.get_by_label("Assignee").select_option("bob")
    expect(page.get_by_role("link", name=re.compile("^sh0"))).to_have_count(2)


def test_an_upload_goes_on_after_the_page_was_loaded_again(page: Page, page_studio: Studio, tmp_path: Path) -> None:
    project = new_project(page_studio, "The Second Try")
    film = padded(make_disc_film(tmp_path / "sh010.mov"), PIECE + 2**20)
    log_in(page, address=f"/projects/{project}")
    held: list[Route] = []

    def let_one_through(route: Route) -> None:
        if f"offset={PIECE}" in route.request.url:
            held.append(route)  # as if the connection were too slow to end it
        else:
            route.continue_()

    page.route("**/api/v1/uploads/**", let_one_through)
    page.get_by_label("Add plates").set_input_files(film)
    expect(page.get_by_role("region", name="Uploads")).to_contain_text("88 %")
    page.on("dialog", lambda question: question.accept())  # the browser asks before it leaves what is under way
    page.reload()
    assert held, "the rest was not sent"
    page.unroute("**/api/v1/uploads/**")
    offsets: list[str] = []
    page.on("request", lambda asked: offsets.extend(re.findall(r"offset=(\d+)", asked.url)))
    expect(page.get_by_role("link", name="sh010")).to_be_visible()
    page.get_by_label("Add plates").set_input_files(film)
    expect(page.get_by_role("link", name="sh010")).to_contain_text("ready", timeout=JOB_MS)
    expect(page.get_by_text("1 shot", exact=True)).to_be_visible()
    assert offsets == [str(PIECE)], "what was there is not sent again"


def test_uploads_go_on_by_themselves_once_the_connection_is_back(
    wired: tuple[Page, Cable], page_studio: Studio, tmp_path: Path
) -> None:
    project = new_project(page_studio, "The Cut Cable")
    names = ("sh010", "sh020", "sh030")
    films = [padded(make_disc_film(tmp_path / f"{name}.mov"), PIECE + 2**20) for name in names]
    page, wire = wired
    log_in(page, address=f"/projects/{project}")
    with page.expect_request("**/api/v1/uploads/**"):
        page.get_by_label("Add plates").set_input_files(films)
    wire.cut()
    expect(page.get_by_text("The connection is gone")).to_be_visible()
    wire.mend()
    for name in names:
        expect(page.get_by_role("link", name=name)).to_contain_text("ready", timeout=JOB_MS)


def test_a_film_that_is_written_anew_while_it_is_sent_is_told_to_be_that(
    page: Page, page_studio: Studio, tmp_path: Path
) -> None:
    project = new_project(page_studio, "The Second Render")
    film = padded(make_disc_film(tmp_path / "sh010.mov"), PIECE + 2**20)
    log_in(page, address=f"/projects/{project}")

    def write_anew(route: Route) -> None:
        film.write_bytes(bytes(film.stat().st_size))
        route.continue_()

    page.route(f"**/api/v1/projects/{project}/uploads", write_anew)
    page.get_by_label("Add plates").set_input_files(film)
    expect(page.get_by_role("region", name="Uploads")).to_contain_text("The file was changed")


def padded(film: Path, size: int) -> Path:
    """The film with unused room at its end, as large as a file that takes more than one piece."""
    room = size - film.stat().st_size
    with film.open("ab") as file:
        file.write(struct.pack(">I4s", room, b"free") + bytes(room - 8))
    return film


def test_ten_thousand_shots_are_a_list_of_few_elements(page: Page, page_studio: Studio) -> None:
    project = new_project(page_studio, "The Long Reel")
    with page_studio.app.state.hub.database.begin() as session:
        rows = [{"project_id": project, "name": f"sh{number:05}", "state": "checking"} for number in range(10_000)]
        session.execute(insert(Shot), rows)
    log_in(page, address=f"/projects/{project}")
    expect(page.get_by_text("10000 shots")).to_be_visible()
    shots = page.get_by_role("listitem")
    assert shots.count() < FEW
    page.get_by_role("region", name="Shots").hover()
    for number in (9, 19, 29):
        while page.get_by_role("link", name=f"sh{number:03}").count() == 0:
            page.mouse.wheel(0, 2500)
            expect(shots.first).to_be_attached()
            assert shots.count() < FEW
    page.get_by_role("button", name="grid").click()
    expect(page.get_by_role("link", name="sh0").first).to_be_visible()
    page.mouse.wheel(0, 5000)
    assert shots.count() < FEW
    page.get_by_label("Search shots").fill("sh09999")
    expect(page.get_by_text("1 shot", exact=True)).to_be_visible()


def test_a_deleted_shot_is_brought_back_from_the_project_s_audit_log(page: Page, page_studio: Studio) -> None:
    project = new_project(page_studio, "The Way Back")
    ready_shot(page_studio, project)
    log_in(page, address=f"/projects/{project}")
    page.get_by_label("Select sh010").check()
    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("link", name="sh010")).to_have_count(0)
    page.goto(f"/projects/{project}/settings/audit")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("It is back.", exact=True)).to_be_visible()
    page.goto(f"/projects/{project}")
    expect(page.get_by_role("link", name="sh010")).to_contain_text(f"{FIRST}–{LAST}")


def test_what_can_be_restored_is_in_reach_however_long_the_project_s_name_is(page: Page, page_studio: Studio) -> None:
    name = "The Long Night Season 2 Episode 11 The Fall of the House and everything after"
    shot = page_studio.fill(new_project(page_studio, name))["shot_id"]
    assert page_studio.client.delete(f"/shots/{shot}", headers={"If-Match": '"1"'}).status_code == 204
    log_in(page, address="/admin/audit")
    expect(page.get_by_role("link", name=name)).not_to_have_count(0)
    expect(page.get_by_role("button", name="Restore").first).to_be_in_viewport(ratio=1)

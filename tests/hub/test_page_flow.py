"""A shot's whole way through the page, from a hub that nobody used yet to the shapes on one's own disk."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from disc_plate import FIRST, LAST, centre, make_disc_film, make_plate
from hub_studio import ADMIN, Studio
from page_desk import (
    JOB_MS,
    PROMPTS,
    OpenPage,
    canvas,
    drag,
    eventually,
    is_white,
    point_at,
    tab_to,
    text_of,
    to_the_player,
    watch_for,
)
from playwright.sync_api import Download, Page, expect

from roto_formats.nuke.script import read_nuke
from roto_shared.shapes import KeyedShape, Layer

pytestmark = pytest.mark.needs("npm", "chromium")

LENGTH = LAST - FIRST + 1


def with_worker(studio: Studio) -> None:
    """Gives a hub that was set up in the browser a worker, as the administrator does on a machine."""
    studio.client.headers["Authorization"] = f"Bearer {studio.log_in(**ADMIN)['access']}"
    studio.start_worker("one")


def only_shot(studio: Studio) -> dict[str, Any]:
    [project] = studio.ok(studio.client.get("/projects"))
    [shot] = studio.ok(studio.client.get(f"/projects/{project['id']}/shots"))["shots"]
    return shot


def masks_of(studio: Studio) -> dict[str, list[int]]:
    return studio.ok(studio.client.get(f"/shots/{only_shot(studio)['id']}/masks"))["frames"]


def check_shapes(download: Download, name: str, first: int) -> None:
    """What was taken home is a Roto node with the object, moved over all frames of the shot."""
    document = read_nuke(text_of(download))
    assert (document.first_frame, document.last_frame) == (first, first + LENGTH - 1)
    [layer] = document.children
    assert isinstance(layer, Layer)
    assert layer.name == name
    keys = [key.frame for shape in layer.children if isinstance(shape, KeyedShape) for key in shape.keys]
    assert (min(keys), max(keys)) == (first, first + LENGTH - 1)


def test_plates_are_given_as_a_zip_of_frames(open_page: OpenPage, unused_studio: Studio, tmp_path: Path) -> None:
    page = open_page(unused_studio.url)
    page.goto("/")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Address").fill(ADMIN["email"])
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 12 characters")
    page.get_by_label("Password").fill(ADMIN["password"])
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("No project yet.")).to_be_visible()
    page.get_by_label("Name of a new project").fill("The Long Night")
    page.get_by_role("button", name="Make a project").click()
    page.get_by_role("link", name="The Long Night").click()
    expect(page.get_by_text("Drop plates here")).to_be_visible()
    with_worker(unused_studio)
    make_plate(tmp_path / "sh020", FIRST + 3)
    packed = shutil.make_archive(str(tmp_path / "sh020"), "zip", tmp_path / "sh020")
    page.get_by_label("Add plates").set_input_files(packed)
    row = page.get_by_role("link", name="sh020")
    expect(row).to_contain_text("ready", timeout=JOB_MS)
    expect(row).to_contain_text(f"{FIRST}–{FIRST + 3}")


def test_a_shot_goes_from_the_first_run_to_the_shapes_at_home(
    open_page: OpenPage, unused_studio: Studio, tmp_path: Path
) -> None:
    studio, page = unused_studio, open_page(unused_studio.url)
    page.goto("/")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Address").fill(ADMIN["email"])
    page.get_by_label("Password").fill(ADMIN["password"])
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Name of a new project").fill("The Long Night")
    page.get_by_role("button", name="Make a project").click()
    page.get_by_role("link", name="The Long Night").click()
    with_worker(studio)
    page.get_by_label("Add plates").set_input_files(make_disc_film(tmp_path / "sh010.mp4"))
    row = page.get_by_role("link", name="sh010")
    expect(row).to_contain_text("ready", timeout=JOB_MS)
    row.click()
    first = only_shot(studio)["first_frame"]
    canvas(page, first)

    click_and_track(page, studio, first)
    ask_for_a_retake(page, first)
    correct(page, first)
    page.get_by_role("tab", name="Review").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="sh010").locator("xpath=..")).to_contain_text("approved")
    check_shapes(export(page), "hero", first)


def click_and_track(page: Page, studio: Studio, first: int) -> None:
    """The mask is there before anything is tracked; then it is followed through the shot."""
    (x, y), far = centre(FIRST), centre(LAST)
    page.get_by_label("Name of a new object").fill("hero")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Look").select_option("Matte")
    point_at(page, PROMPTS, (x, y))
    expect(page.get_by_text("1 point on 1 frame")).to_be_visible()
    eventually(lambda: is_white(page, x, y) and not is_white(page, *far), "the click's mask is seen at once")
    assert studio.ok(studio.client.get(f"/shots/{only_shot(studio)['id']}/versions")) == [], "before it is tracked"
    was_shown = watch_for(page, "[role=progressbar][aria-label=Tracking]")
    page.get_by_role("button", name="Segment and track").click()
    expect(page.get_by_label("Version", exact=True)).to_have_value("1", timeout=JOB_MS)
    assert was_shown(), "how far it is, over the timeline"
    expect(page.get_by_role("tab", name="Segment", selected=True)).to_be_visible()
    assert masks_of(studio) == {"hero": list(range(first, first + LENGTH))}
    to_the_player(page)
    page.keyboard.press("End")
    canvas(page, first + LENGTH - 1)
    eventually(lambda: is_white(page, *far) and not is_white(page, x, y), "it was followed")


def ask_for_a_retake(page: Page, first: int) -> None:
    page.get_by_role("tab", name="Review").click()
    page.get_by_label("Timeline").fill(str(first + 4))
    canvas(page, first + 4)
    page.get_by_role("button", name="Draw").click()
    drag(page, "Drawn notes", (30, 20), (44, 24), (40, 40))
    page.get_by_label("Note, or the reason").fill("There is a hole in it")
    page.get_by_role("button", name="Retake").click()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("There is a hole in it")
    expect(page.get_by_role("heading", name="sh010").locator("xpath=..")).to_contain_text("retake")


def correct(page: Page, first: int) -> None:
    """On the note's frame: the ground is taken in by a click too many, put out again, and the disc's middle erased."""
    x, y = centre(FIRST + 4)
    page.get_by_role("tab", name="Segment").click()
    point_at(page, PROMPTS, (80, 10))
    eventually(lambda: is_white(page, 90, 50), "the ground is taken in")
    point_at(page, PROMPTS, (80, 50), modifiers=["Shift"])
    eventually(lambda: not is_white(page, 90, 50) and is_white(page, x, y), "the ground is out again")
    expect(page.get_by_text("2 points on 1 frame")).to_be_visible()
    page.get_by_role("tab", name="Refine").click()
    page.get_by_role("radio", name="Erase").click()
    drag(page, "The mask to paint on", (x - 2, y), (x + 2, y))
    eventually(lambda: not is_white(page, x, y), "erased")
    page.get_by_role("button", name="Apply to masks").click()
    expect(page.get_by_label("Version", exact=True)).to_have_value("2", timeout=JOB_MS)
    canvas(page, first + 4)
    eventually(lambda: not is_white(page, x, y), "the new version's mask is the corrected one")


def export(page: Page) -> Download:
    page.get_by_role("tab", name="Export").click()
    page.get_by_label("SVG").check()
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="export")).to_contain_text("done", timeout=JOB_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile(r"\.nk$")).first.click()
    return download.value


def test_the_same_way_needs_no_mouse(open_page: OpenPage, unused_studio: Studio, tmp_path: Path) -> None:
    studio, page = unused_studio, open_page(unused_studio.url)
    page.goto("/")
    expect(page.get_by_text("Set up the roto hub")).to_be_visible()
    write(page, "Your name", "Ada")
    write(page, "Address", ADMIN["email"])
    write(page, "Password", ADMIN["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_text("No project yet.")).to_be_visible()
    write(page, "Name of a new project", "The Long Night")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="The Long Night")).to_be_visible()
    press(page, "The Long Night")
    expect(page.get_by_text("Drop plates here")).to_be_visible()
    with_worker(studio)
    with page.expect_file_chooser() as chooser:  # before Tab: the browser is told to hand the chooser over meanwhile
        tab_to(page, "Add plates")
        page.keyboard.press("Space")
    chooser.value.set_files(make_disc_film(tmp_path / "sh010.mp4"))
    expect(page.get_by_role("link", name="sh010")).to_contain_text("ready", timeout=JOB_MS)
    press(page, "sh010")
    first = only_shot(studio)["first_frame"]
    canvas(page, first)

    tab_to(page, "Player")
    page.keyboard.press("a")
    write(page, "x", str(centre(FIRST)[0]))
    write(page, "y", str(centre(FIRST)[1]))
    press(page, "Add point")
    eventually(lambda: is_white(page, *centre(FIRST)), "the point's mask is seen at once")
    press(page, "Segment and track")
    expect(page.get_by_label("Version", exact=True)).to_have_value("1", timeout=JOB_MS)

    go_to_panel(page, "Review")
    write(page, "Note, or the reason", "The edge is too tight")
    expect(page.get_by_role("button", name="Retake")).to_be_enabled()
    press(page, "Retake")
    expect(page.get_by_role("region", name="Notes")).to_contain_text("The edge is too tight")
    go_to_panel(page, "Refine")
    tab_to(page, "Grow, px")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    press(page, "Apply to masks")
    expect(page.get_by_label("Version", exact=True)).to_have_value("2", timeout=JOB_MS)
    go_to_panel(page, "Review")
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()  # once one has looked at the version
    press(page, "Approve")
    expect(page.get_by_role("heading", name="sh010").locator("xpath=..")).to_contain_text("approved")
    go_to_panel(page, "Export")
    press(page, "Export")
    expect(page.get_by_role("listitem").filter(has_text="export")).to_contain_text("done", timeout=JOB_MS)
    tab_to(page, "shapes.nk")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    check_shapes(download.value, "object", first)


def write(page: Page, field: str, text: str) -> None:
    tab_to(page, field)
    page.keyboard.type(text)


def press(page: Page, name: str) -> None:
    """Goes to a button or a link by Tab, and presses it."""
    tab_to(page, name)
    page.keyboard.press("Enter")


PANELS = ["Segment", "Refine", "Review", "Export", "Info"]


def go_to_panel(page: Page, name: str) -> None:
    """Tab comes to the panel that is open; the arrows go to the others."""
    opened = page.get_by_role("tab", selected=True).inner_text()
    tab_to(page, opened)
    while page.evaluate("document.activeElement.role") != "tab":  # a link may be called the same
        tab_to(page, opened)
    way = 1 if PANELS.index(name) > PANELS.index(opened) else -1
    for number in range(PANELS.index(opened) + way, PANELS.index(name) + way, way):
        page.keyboard.press("ArrowRight" if way > 0 else "ArrowLeft")
        expect(page.get_by_role("tab", name=PANELS[number], selected=True)).to_be_focused()

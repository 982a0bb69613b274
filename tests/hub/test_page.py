"""The hub's page in a real browser, against a real hub, worker and daemon."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from cable import cable
from disc_plate import FIRST, HEIGHT, LAST, WIDTH, centre, make_film, make_plate
from hub_studio import ADMIN, PROMPT, Studio, make_settings, new_shot, ready
from page_build import WEB, built_page, npm
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from parts import PARTS

pytestmark = pytest.mark.needs("npm", "chromium")

FIRST_VIEW_KB = 350
ROOM = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    built_page()
    with sync_playwright() as playwright:
        program = str(PARTS["chromium"].find())
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A hub that nobody used yet."""
    studio = Studio(make_settings(tmp_path, shared_roots=(tmp_path / "shared",)), tmp_path)
    yield studio
    studio.close()


@pytest.fixture
def page(browser: Browser, studio: Studio) -> Iterator[Page]:
    context = browser.new_context(viewport=ROOM, base_url=studio.url)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def log_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Address").fill(ADMIN["email"])
    page.get_by_label("Password").fill(ADMIN["password"])
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()


def tracked_shot(studio: Studio, tmp_path: Path) -> dict[str, str]:
    """A shot with its pictures and one version."""
    studio.set_up()
    studio.start_worker("one")
    project = studio.ok(studio.client.post("/projects", json={"name": "The Long Night"}))["id"]
    shot = ready(studio, new_shot(studio, project, "sh010", make_plate(tmp_path / "shared" / "disc")))
    job = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"]
    assert studio.ended(job)["state"] == "done"
    studio.until(lambda: studio.client.get(f"/shots/{shot['id']}/frames/{LAST}").status_code == 200)
    return {"project": project, "shot": shot["id"], "address": f"/projects/{project}/shots/{shot['id']}"}


def canvas(page: Page, frame: int):
    """The player's picture, once it is that frame's."""
    shown = page.locator(f"canvas[data-frame='{frame}']")
    expect(shown).to_be_visible()
    return shown


def red_at(page: Page, x: int, y: int) -> bool:
    """Whether the picture is red there, in its own pixels."""
    red, green, _blue, _alpha = page.evaluate(
        "([x, y]) => [...document.querySelector('canvas').getContext('2d').getImageData(x, y, 1, 1).data]", [x, y]
    )
    return red > green + 60


def test_from_the_first_run_to_a_shot_that_is_ready(page: Page, studio: Studio, tmp_path: Path) -> None:
    page.goto("/")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Address").fill(ADMIN["email"])
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 12 letters")
    page.get_by_label("Password").fill(ADMIN["password"])
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("No project yet.")).to_be_visible()
    page.get_by_label("Name of a new project").fill("The Long Night")
    page.get_by_role("button", name="Make a project").click()
    page.get_by_role("link", name="The Long Night").click()
    expect(page.get_by_text("Drop plates here")).to_be_visible()
    studio.client.headers["Authorization"] = f"Bearer {studio.log_in(**ADMIN)['access']}"
    studio.start_worker("one")
    make_plate(tmp_path / "sh020", FIRST + 3)
    packed = shutil.make_archive(str(tmp_path / "sh020"), "zip", tmp_path / "sh020")
    page.get_by_label("Add plates").set_input_files(packed)
    row = page.get_by_role("link", name="sh020")
    expect(row).to_contain_text("ready", timeout=30_000)
    expect(row).to_contain_text(f"{FIRST}–{FIRST + 3}")


def test_the_frame_that_is_named_is_the_frame_that_is_shown(page: Page, studio: Studio, tmp_path: Path) -> None:
    at = tracked_shot(studio, tmp_path)
    log_in(page)
    page.goto(f"{at['address']}?frame={FIRST + 2}")
    canvas(page, FIRST + 2)
    page.get_by_label("Look").select_option("plate")

    def is_right(frame: int) -> bool:
        canvas(page, frame)
        x, y = (round(one) for one in centre(frame))
        return red_at(page, x, y) and not red_at(page, x + 14, y)

    assert is_right(FIRST + 2), "linked to"
    page.get_by_role("group", name="Player").focus()
    for key, frame in (("ArrowRight", 3), (".", 4), ("ArrowLeft", 3), (",", 2), ("End", LAST - FIRST), ("Home", 0)):
        page.keyboard.press(key)
        assert is_right(FIRST + frame), f"stepped by {key}"
    page.get_by_label("Frame", exact=True).fill(str(FIRST + 7))
    page.get_by_label("Frame", exact=True).press("Enter")
    assert is_right(FIRST + 7), "typed"
    page.get_by_label("Timeline").fill(str(FIRST + 9))
    assert is_right(FIRST + 9), "scrubbed"
    assert f"frame={FIRST + 9}" in page.url, "and can be linked to"
    page.get_by_role("group", name="Player").focus()
    page.keyboard.press(" ")
    expect(page.locator("canvas")).not_to_have_attribute("data-frame", str(FIRST + 9))
    page.keyboard.press("k")
    page.wait_for_timeout(300)
    assert is_right(int(page.locator("canvas").get_attribute("data-frame") or 0)), "played"


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001)], ids=str)
def test_a_film_of_any_rate_shows_each_frame_under_its_number(page: Page, studio: Studio, tmp_path: Path, fps) -> None:
    studio.set_up()
    studio.start_worker("one")
    (tmp_path / "shared").mkdir()
    film = make_film(tmp_path / "shared" / "bar.mp4", fps)
    project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
    shot = ready(studio, new_shot(studio, project, "bar", str(film)))
    first, last = shot["first_frame"], shot["last_frame"]
    assert last - first == 23
    studio.until(lambda: studio.client.get(f"/shots/{shot['id']}/frames/{last}").status_code == 200)
    log_in(page)
    page.goto(f"/projects/{project}/shots/{shot['id']}")
    for frame in range(first, last + 1):
        canvas(page, frame)
        place = 8 * (frame - first) + 4
        assert [red_at(page, x, 32) for x in (place - 8, place, place + 8) if x >= 0].count(True) == 1
        assert red_at(page, place, 32), f"frame {frame}"
        page.get_by_role("group", name="Player").focus()
        page.keyboard.press("ArrowRight")


def test_a_retake_is_asked_for_and_a_second_browser_sees_it_at_once(
    browser: Browser, page: Page, studio: Studio, tmp_path: Path
) -> None:
    at = tracked_shot(studio, tmp_path)
    other = browser.new_context(base_url=studio.url).new_page()
    for one in (page, other):
        log_in(one)
        one.goto(f"{at['address']}?frame={FIRST + 4}")
        canvas(one, FIRST + 4)
    page.get_by_role("button", name="Retake").click()
    expect(page.get_by_role("alert")).to_contain_text("A retake needs a note.")
    page.get_by_label("Note, or the reason").fill("The edge boils")
    page.get_by_role("button", name=f"Note on frame {FIRST + 4}").click()
    expect(other.get_by_text("The edge boils")).to_be_visible()
    page.get_by_label("Note, or the reason").fill("Steady the left side")
    page.get_by_role("button", name="Retake").click()
    expect(other.get_by_text("Steady the left side")).to_be_visible()
    expect(other.get_by_role("heading", name="sh010").locator("xpath=..")).to_contain_text("retake")
    other.keyboard.press("Tab")
    other.get_by_role("button", name=f"frame {FIRST + 4}", exact=True).first.click()
    other.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="sh010").locator("xpath=..")).to_contain_text("approved")
    other.context.close()


def test_what_happened_while_the_connection_was_cut_is_shown_when_it_is_back(
    browser: Browser, studio: Studio, tmp_path: Path
) -> None:
    at = tracked_shot(studio, tmp_path)
    version = studio.ok(studio.client.get(f"/shots/{at['shot']}/versions"))[0]["id"]
    with cable(studio.settings.port) as wire:
        page = browser.new_context(base_url=f"http://127.0.0.1:{wire.port}").new_page()
        log_in(page)
        page.goto(at["address"])
        canvas(page, FIRST)
        wire.cut()
        expect(page.get_by_text("The connection is gone")).to_be_visible()
        studio.ok(studio.client.post(f"/versions/{version}/notes", json={"text": "While you were away"}))
        wire.mend()
        expect(page.get_by_text("While you were away")).to_be_visible(timeout=15_000)
        expect(page.get_by_text("The connection is gone")).to_be_hidden()
        page.context.close()


def test_the_way_in_and_a_judgement_need_no_mouse(page: Page, studio: Studio, tmp_path: Path) -> None:
    at = tracked_shot(studio, tmp_path)
    page.goto(at["address"])
    page.get_by_label("Address").focus()
    page.keyboard.type(ADMIN["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(ADMIN["password"])
    page.keyboard.press("Enter")
    canvas(page, FIRST)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Approve":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="sh010").locator("xpath=..")).to_contain_text("approved")


def test_an_artist_clicks_tracks_corrects_and_takes_the_shapes_home(page: Page, studio: Studio, tmp_path: Path) -> None:
    studio.set_up()
    studio.start_worker("one")
    project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
    shot = ready(studio, new_shot(studio, project, "sh010", make_plate(tmp_path / "shared" / "disc")))
    studio.until(lambda: studio.client.get(f"/shots/{shot['id']}/frames/{LAST}").status_code == 200)
    log_in(page)
    page.goto(f"/projects/{project}/shots/{shot['id']}")
    canvas(page, FIRST)
    layer = page.get_by_label("What is said of this frame")
    layer.click(position=on_screen(layer, centre(FIRST)))
    expect(page.get_by_text("1 points, 0 boxes on 1 frames")).to_be_visible()
    page.get_by_label("Name of the object").fill("hero")
    page.get_by_role("button", name="Segment and track").click()
    expect(page.get_by_label("Version")).to_contain_text("Version 1", timeout=30_000)
    masks = studio.ok(studio.client.get(f"/shots/{shot['id']}/masks"))["frames"]
    assert masks == {"hero": list(range(FIRST, LAST + 1))}
    page.get_by_role("group", name="Player").focus()
    page.keyboard.press("End")
    canvas(page, LAST)
    start, end = (on_screen(layer, (centre(LAST)[0] + side, centre(LAST)[1] + side)) for side in (-14, 14))
    room = layer.bounding_box()
    assert room is not None
    page.mouse.move(room["x"] + start["x"], room["y"] + start["y"])
    page.mouse.down()
    page.mouse.move(room["x"] + end["x"], room["y"] + end["y"], steps=4)
    page.mouse.up()
    expect(page.get_by_text("0 points, 1 boxes on 1 frames")).to_be_visible()
    page.get_by_label("Name of the object").fill("again")
    page.get_by_role("button", name="Segment and track").click()
    expect(page.get_by_label("Version")).to_contain_text("Version 2", timeout=30_000)
    page.get_by_label("Compare with").select_option(label="with version 1")
    page.get_by_label("Comparison").select_option(label="Side by side")
    canvas(page, LAST)
    studio.until(lambda: page.evaluate("document.querySelector('canvas').width") == 2 * WIDTH + 2)
    page.get_by_role("tab", name="Export").click()
    page.get_by_label("SVG").check()
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="export")).to_contain_text("done", timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile(r"\.nk$")).first.click()
    assert "Roto {" in Path(download.value.path()).read_text(encoding="utf-8")


def on_screen(layer: Locator, at: tuple[float, float]) -> dict[str, float]:
    """Where a plate's pixel is in the layer, in which the picture is shown whole."""
    room = layer.bounding_box()
    assert room is not None
    scale = min(room["width"] / WIDTH, room["height"] / HEIGHT)
    left, top = (room["width"] - WIDTH * scale) / 2, (room["height"] - HEIGHT * scale) / 2
    return {"x": left + at[0] * scale, "y": top + at[1] * scale}


def test_no_view_has_a_fault_that_axe_finds(page: Page, studio: Studio, tmp_path: Path) -> None:
    axe = (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    faults = {}

    def look(name: str) -> None:
        page.evaluate(axe)
        found = page.evaluate("axe.run()")["violations"]
        faults[name] = [(one["id"], [node["html"] for node in one["nodes"]][:2]) for one in found]

    page.goto("/")
    page.get_by_text("Set up the roto hub").wait_for()
    look("set-up")
    at = tracked_shot(studio, tmp_path)
    page.reload()
    page.get_by_text("Log in to the roto hub").wait_for()
    look("sign-in")
    log_in(page)
    look("projects")
    page.goto(f"/projects/{at['project']}")
    page.get_by_role("link", name="sh010").wait_for()
    look("shots")
    page.goto(at["address"])
    canvas(page, FIRST)
    for tab in ("Review", "Segment", "Export"):
        page.get_by_role("tab", name=tab).click()
        look(f"shot, {tab}")
    page.goto("/jobs")
    page.get_by_role("cell", name="segment").wait_for()
    look("jobs")
    assert {name: found for name, found in faults.items() if found} == {}


def test_ten_thousand_shots_are_a_list_of_few_elements(page: Page, studio: Studio) -> None:
    from sqlalchemy import insert

    from roto_hub.db.models import Shot

    studio.set_up()
    project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
    with studio.app.state.hub.database.begin() as session:
        rows = [{"project_id": project, "name": f"sh{number:05}", "state": "checking"} for number in range(10_000)]
        session.execute(insert(Shot), rows)
    log_in(page)
    page.goto(f"/projects/{project}")
    expect(page.get_by_text("10000 shots")).to_be_visible()
    assert page.get_by_role("listitem").count() < 60
    for _ in range(5):
        page.get_by_role("region", name="Shots").evaluate("list => list.scrollTo(0, list.scrollHeight)")
        page.wait_for_timeout(300)
    expect(page.get_by_role("link", name=re.compile("sh0(09|1)")).first).to_be_visible()
    assert page.get_by_role("listitem").count() < 60
    page.get_by_label("Search shots").fill("sh09999")
    expect(page.get_by_text("1 shots")).to_be_visible()


def test_the_first_view_is_small() -> None:
    built = [file for file in (built_page() / "assets").iterdir() if file.suffix in (".js", ".css")]
    assert built
    assert sum(len(gzip.compress(file.read_bytes())) for file in built) <= FIRST_VIEW_KB * 1024


def test_the_page_s_own_tests_pass() -> None:
    built_page()
    npm("test")

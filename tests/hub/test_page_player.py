"""The page's player in a real browser: each frame under its number, and the ways to look at it."""

from __future__ import annotations

import re
from fractions import Fraction

import cv2
import numpy as np
import pytest
from disc_plate import FIRST, HEIGHT, LAST, WIDTH, centre, make_film
from hub_studio import Studio, new_shot, ready
from page_desk import (
    PROMPTS,
    Desk,
    OpenPage,
    canvas,
    eventually,
    is_red,
    is_white,
    log_in,
    new_project,
    on_screen,
    picture,
    pixel,
    point_at,
    segment,
    to_the_player,
    tracked_shot,
)
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.needs("npm", "chromium")


@pytest.fixture(scope="module")
def desk(page_studio: Studio) -> Desk:
    """A shot with two versions: the disc, and all that is not the disc."""
    desk = tracked_shot(page_studio, new_project(page_studio))
    segment(page_studio, desk, {"prompts": [{"frame": FIRST, "object": "disc", "positive": [[2, 2]]}]})
    return desk


def test_the_frame_that_is_named_is_the_frame_that_is_shown(page: Page, desk: Desk) -> None:
    log_in(page, address=f"{desk.address}?frame={FIRST + 2}")
    canvas(page, FIRST + 2)
    page.get_by_label("Look").select_option("Plate")

    def is_right(frame: int) -> bool:
        canvas(page, frame)
        x, y = centre(frame)
        return is_red(page, x, y) and not is_red(page, x + 14, y)

    assert is_right(FIRST + 2), "linked to"
    to_the_player(page)
    for key, frame in (("ArrowRight", 3), (".", 4), ("ArrowLeft", 3), (",", 2), ("End", LAST - FIRST), ("Home", 0)):
        page.keyboard.press(key)
        assert is_right(FIRST + frame), f"stepped by {key}"
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert is_right(FIRST + 5), "steps that come faster than pictures are all taken"
    page.get_by_label("Frame", exact=True).fill(str(FIRST + 7))
    page.get_by_label("Frame", exact=True).press("Enter")
    assert is_right(FIRST + 7), "typed"
    page.get_by_label("Timeline").fill(str(FIRST + 9))
    assert is_right(FIRST + 9), "scrubbed"
    expect(page).to_have_url(re.compile(f"frame={FIRST + 9}"))  # and can be linked to
    to_the_player(page)
    page.keyboard.press(" ")
    expect(page.locator("canvas")).not_to_have_attribute("data-frame", str(FIRST + 9))
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert is_right(int(page.get_by_label("Frame", exact=True).input_value())), "played"


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001)], ids=str)
def test_a_film_of_any_rate_shows_each_frame_under_its_number(page: Page, page_studio: Studio, fps: Fraction) -> None:
    film = make_film(page_studio.folder / "shared" / f"bar{fps.numerator}.mp4", fps)
    project = new_project(page_studio, f"At {fps}")
    shot = ready(page_studio, new_shot(page_studio, project, "bar", str(film)))
    first, last = shot["first_frame"], shot["last_frame"]
    assert last - first == 23
    page_studio.until(lambda: page_studio.client.get(f"/shots/{shot['id']}/frames/{last}").status_code == 200)
    log_in(page, address=f"/projects/{project}/shots/{shot['id']}")
    canvas(page, first)
    to_the_player(page)
    for frame in range(first, last + 1):
        canvas(page, frame)
        place = 8 * (frame - first) + 4
        assert [is_red(page, x, 32) for x in (place - 8, place, place + 8) if x >= 0].count(True) == 1
        assert is_red(page, place, 32), f"frame {frame}"
        page.keyboard.press("ArrowRight")


def test_the_object_lies_over_another_shot_s_plate(page: Page, page_studio: Studio, desk: Desk) -> None:
    folder = page_studio.folder / "shared" / "green"
    folder.mkdir()
    for frame in range(FIRST, FIRST + 3):
        assert cv2.imwrite(str(folder / f"green.{frame}.png"), np.full((HEIGHT, WIDTH, 3), (0, 200, 0), np.uint8))
    shot = ready(page_studio, new_shot(page_studio, desk.project, "green", str(folder / "green.####.png")))
    page_studio.until(lambda: page_studio.client.get(f"/shots/{shot['id']}/frames/{FIRST}").status_code == 200)
    log_in(page, address=f"{desk.address}?version=1&frame={FIRST}")
    canvas(page, FIRST)
    page.get_by_label("Ground").fill("green")
    page.get_by_label("Look").select_option("Over another plate")

    def is_green(x: float, y: float) -> bool:
        red, green, blue = pixel(page, x, y)
        return green > 150 and red < 80 and blue < 80

    x, y = centre(FIRST)
    eventually(lambda: is_green(x + 30, y) and is_red(page, x, y), "the disc lies over green")


def test_channels_and_gain_change_the_view_and_not_the_picture(page: Page, desk: Desk) -> None:
    log_in(page, address=desk.address)
    shown = canvas(page, FIRST)
    page.get_by_label("Look").select_option("Plate")
    before = picture(page)
    expect(shown).not_to_have_css("filter", re.compile("url"))
    matrix = page.locator("filter feColorMatrix")
    plain = matrix.get_attribute("values") or ""
    to_the_player(page)
    page.keyboard.press("r")
    expect(page.get_by_label("Channel")).to_have_value("red")
    expect(shown).to_have_css("filter", re.compile("url"))
    expect(matrix).not_to_have_attribute("values", plain)
    page.keyboard.press("r")
    expect(shown).not_to_have_css("filter", re.compile("url"))
    page.get_by_label("Gain").fill("2.5")
    expect(page.locator("filter feFuncG")).to_have_attribute("amplitude", "2.5")
    expect(shown).to_have_css("filter", re.compile("url"))
    assert picture(page) == before, "the picture's own pixels stay"
    page.get_by_role("button", name="As it is").click()
    expect(shown).not_to_have_css("filter", re.compile("url"))


def test_a_wipe_shows_one_version_left_of_its_place_and_the_other_right_of_it(page: Page, desk: Desk) -> None:
    log_in(page, address=f"{desk.address}?frame={FIRST}&version=1&compare=2")
    canvas(page, FIRST)
    page.get_by_label("Look").select_option("Matte")
    page.get_by_label("Comparison").select_option("Wipe")
    (x, y), far = centre(FIRST), WIDTH - 3
    eventually(lambda: is_white(page, far, y), "right of it is version 2, all but the disc")
    assert is_white(page, x, y), "left of it is version 1, the disc"
    assert not is_white(page, 3, y)
    page.get_by_label("Comparison").select_option("Side by side")
    eventually(lambda: page.evaluate("document.querySelector('canvas').width") == 2 * WIDTH + 2, "twice as wide")
    assert is_white(page, x, y)
    assert not is_white(page, WIDTH + 2 + x, y)
    page.get_by_label("Comparison").select_option("Difference")
    eventually(lambda: page.evaluate("document.querySelector('canvas').width") == WIDTH, "one picture again")
    assert is_white(page, x, y), "one has the disc and the other does not"
    page.get_by_label("Compare with").select_option("compare with …")
    expect(page.get_by_label("Comparison").get_by_role("option", name="Wipe")).to_have_count(0)


def test_a_frame_is_found_by_its_timecode(page: Page, desk: Desk) -> None:
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    timecode = page.get_by_label("Timecode")
    expect(timecode).to_have_value("00:00:41:17")
    timecode.fill("41:20")
    timecode.press("Enter")
    canvas(page, FIRST + 3)
    expect(timecode).to_have_value("00:00:41:20")
    page.keyboard.press("ArrowRight")
    canvas(page, FIRST + 4)  # typing is over: keys are the player's again
    timecode.fill("01:00:00:00")
    timecode.press("Enter")
    canvas(page, LAST)


def test_without_the_loop_it_plays_to_the_end_and_stops(page: Page, desk: Desk) -> None:
    log_in(page, address=f"{desk.address}?frame={LAST - 3}")
    canvas(page, LAST - 3)
    page.get_by_label("Loop").uncheck()
    page.get_by_role("button", name="Play").click()
    canvas(page, LAST)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    comes(page, FIRST + 1)  # it begins again
    canvas(page, LAST)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_label("Loop").check()
    page.get_by_role("button", name="Play").click()
    comes(page, FIRST)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()


def comes(page: Page, frame: int) -> None:
    """Waits for a frame that is shown for a moment only."""
    page.wait_for_function("(frame) => document.querySelector('canvas').dataset.frame === frame", arg=str(frame))


def test_alt_and_an_arrow_are_the_browser_s_and_step_no_frame(page: Page, desk: Desk) -> None:
    log_in(page, address=f"{desk.address}?frame={FIRST + 4}")
    canvas(page, FIRST + 4)
    to_the_player(page)
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("ArrowRight")
    canvas(page, FIRST + 5)


def test_zooming_keeps_the_point_under_the_pointer_there(page: Page, desk: Desk) -> None:
    log_in(page, address=desk.address)
    shown = canvas(page, FIRST)
    at = (40.0, 20.0)
    before, room = on_screen(shown, at), shown.bounding_box()
    assert room is not None
    where = (room["x"] + before["x"], room["y"] + before["y"])
    page.mouse.move(*where)
    page.mouse.wheel(0, -400)
    eventually(lambda: (shown.bounding_box() or room)["width"] > 1.5 * room["width"], "it is larger")
    grown, after = shown.bounding_box(), on_screen(shown, at)
    assert grown is not None
    assert (grown["x"] + after["x"], grown["y"] + after["y"]) == pytest.approx(where, abs=1)
    to_the_player(page)
    page.keyboard.press("f")
    eventually(lambda: shown.bounding_box() == room, "it fits again")


def test_outlines_and_keys_are_drawn_where_the_object_is(page: Page, desk: Desk) -> None:
    log_in(page, address=f"{desk.address}?version=1")
    canvas(page, FIRST)
    shapes = page.get_by_label("Shapes on this frame")
    expect(shapes).to_be_hidden()
    page.get_by_label("Outlines").check()
    for frame in (FIRST, FIRST + 5):
        page.get_by_label("Frame", exact=True).fill(str(frame))
        page.get_by_label("Frame", exact=True).press("Enter")
        canvas(page, frame)
        drawn = shapes.locator("path").first.bounding_box()
        room = shapes.bounding_box()
        assert drawn is not None
        assert room is not None
        middle = on_screen(shapes, centre(frame))
        assert drawn["x"] + drawn["width"] / 2 - room["x"] == pytest.approx(middle["x"], abs=6)
        assert drawn["y"] + drawn["height"] / 2 - room["y"] == pytest.approx(middle["y"], abs=6)
    expect(page.get_by_text(re.compile(r"\d+ with a key"))).to_be_visible()


def test_a_picture_that_comes_late_is_shown_once_it_is_there(page: Page, desk: Desk) -> None:
    missing = f"**/frames/{FIRST}"
    page.route(missing, lambda route: route.fulfill(status=404, json={"title": "No such frame."}))
    log_in(page, address=desk.address)
    expect(page.get_by_text(f"Frame {FIRST} has no picture yet.")).to_be_visible()
    page.unroute(missing)
    canvas(page, FIRST)
    expect(page.get_by_text("has no picture yet")).to_be_hidden()


def test_a_mask_that_could_not_be_loaded_is_named_until_it_is_there(page: Page, desk: Desk) -> None:
    broken = f"**/masks/disc/{FIRST + 2}?*"
    page.route(broken, lambda route: route.fulfill(status=500, json={}))
    log_in(page, address=f"{desk.address}?frame={FIRST + 2}&version=1")
    canvas(page, FIRST + 2)
    page.get_by_label("Look").select_option("Matte")
    expect(page.get_by_text("Shown without disc; loading again …")).to_be_visible()
    assert not is_white(page, *centre(FIRST + 2))
    page.unroute(broken)
    eventually(lambda: is_white(page, *centre(FIRST + 2)), "it was loaded again")
    expect(page.get_by_text("Shown without")).to_be_hidden()


def test_a_click_is_not_taken_for_a_frame_that_is_not_shown_yet(page: Page, desk: Desk) -> None:
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route(f"**/frames/{FIRST + 5}", hold)
    log_in(page, address=f"{desk.address}?frame={FIRST + 4}&version=1&tab=segment")
    canvas(page, FIRST + 4)
    to_the_player(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(f"Loading frame {FIRST + 5} …")).to_be_visible()
    room = page.get_by_label(PROMPTS).bounding_box()
    assert room is not None
    page.mouse.click(room["x"] + room["width"] / 2, room["y"] + room["height"] / 2)
    for route in late:
        route.continue_()
    canvas(page, FIRST + 5)
    point_at(page, PROMPTS, centre(FIRST + 5))
    expect(page.get_by_text("1 point on 1 frame")).to_be_visible()


def test_the_ring_around_the_player_that_has_the_keys_lies_inside_it(page: Page, desk: Desk) -> None:
    """Beside it lie the window's edge and the panels, which would hide it."""
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    player = page.get_by_role("group", name="Player")
    expect(player).to_be_focused()
    expect(player).to_have_css("outline-offset", "-2px")
    expect(player).to_have_css("outline-color", "rgb(168, 168, 168)")  # without a hue, as all around a picture


def test_the_help_of_a_shot_is_seen_whole(open_page: OpenPage, page_studio: Studio, desk: Desk) -> None:
    page = open_page(page_studio.url, 1440, 900)
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Help")
    expect(help_).to_contain_text("write a note, or the reason for a retake")
    assert help_.evaluate("(one) => one.scrollHeight <= one.clientHeight")

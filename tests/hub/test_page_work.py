"""Masks and shapes made better by hand in a real browser: brushes, knots, edges, objects, and the steps taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import pytest
from disc_plate import FIRST, LAST, centre
from hub_studio import PROMPT, Studio, decoded
from page_desk import (
    JOB_MS,
    PROMPTS,
    Desk,
    canvas,
    drag,
    eventually,
    is_white,
    log_in,
    new_project,
    newest,
    point_at,
    ready_shot,
    segment,
    to_the_player,
    tracked_shot,
    unsent_point,
)
from playwright.sync_api import Dialog, Locator, Page, Route, expect

pytestmark = pytest.mark.needs("npm", "chromium")

BESIDE = (80.0, 12.0)
"""A place that the disc is not at, on the frames that are worked on here."""

NUMBERS = count(10, 10)


@pytest.fixture(scope="module")
def project(page_studio: Studio) -> str:
    return new_project(page_studio)


@pytest.fixture
def desk(page_studio: Studio, project: str) -> Desk:
    return tracked_shot(page_studio, project, f"sh{next(NUMBERS):03}")


def refine(page: Page, desk: Desk, frame: int) -> None:
    """Opens the frame where it is refined, and shows the masks alone."""
    log_in(page, address=f"{desk.address}?frame={frame}&tab=refine")
    canvas(page, frame)
    page.get_by_label("Look").select_option("Matte")
    eventually(lambda: is_white(page, *centre(frame)), "the mask is there")


def apply(page: Page, what: str) -> None:
    """Has it done, and waits for the version that comes of it."""
    page.get_by_role("button", name=f"Apply to {what}").click()
    expect(page.get_by_label("Version", exact=True)).to_have_value("2", timeout=JOB_MS)


def take_brush(page: Page, key: str, loads: str) -> None:
    """Takes a brush by its key; it paints once the mask is here that it paints on."""
    to_the_player(page)
    with page.expect_response(lambda answer: loads in answer.url):
        page.keyboard.press(key)


def mask_of(studio: Studio, desk: Desk, number: int, frame: int, name: str = "disc") -> Any:
    answer = studio.client.get(f"/shots/{desk.shot}/masks/{name}/{frame}", params={"version": number})
    assert answer.status_code == 200, answer.text
    return decoded(answer.content)[..., 0]


def test_what_is_painted_and_erased_is_seen_taken_back_and_becomes_the_version_s_mask(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    x, y = centre(FIRST)
    refine(page, desk, FIRST)
    take_brush(page, "2", f"/masks/disc/{FIRST}")
    expect(page.get_by_role("radio", name="Paint")).to_be_checked()
    size = page.get_by_label("Size, px")
    size.fill("6")
    size.blur()
    drag(page, "The mask to paint on", BESIDE, (BESIDE[0] + 8, BESIDE[1]))
    steps = page.get_by_label("Steps").get_by_role("listitem")
    expect(steps).to_have_text(["Begun", f"Painted on {FIRST}"])
    eventually(lambda: is_white(page, BESIDE[0] + 4, BESIDE[1]), "paint is seen")
    to_the_player(page)
    page.keyboard.press("3")
    drag(page, "The mask to paint on", (x - 4, y), (x + 4, y))
    brush = page.get_by_label("The mask to paint on").locator("circle").last
    expect(brush).to_have_attribute("stroke-dasharray", "4 3")  # not by its colour alone
    expect(steps).to_have_text(["Begun", f"Painted on {FIRST}", f"Erased on {FIRST}"])
    eventually(lambda: not is_white(page, x, y), "what was erased is gone")
    assert is_white(page, x, y - 6), "the rest of the disc is there"

    def shows(paint: bool, hole: bool) -> None:
        eventually(lambda: is_white(page, BESIDE[0] + 4, BESIDE[1]) == paint, "the paint, as it was at that step")
        eventually(lambda: is_white(page, x, y) != hole, "the hole, as it was at that step")

    to_the_player(page)
    page.keyboard.press("Control+z")
    shows(paint=True, hole=False)
    page.keyboard.press("Control+z")
    shows(paint=False, hole=False)
    page.keyboard.press("Control+Shift+z")
    shows(paint=True, hole=False)
    page.get_by_role("button", name="Begun").click()
    shows(paint=False, hole=False)
    page.get_by_role("button", name=f"Erased on {FIRST}").click()
    shows(paint=True, hole=True)
    apply(page, "masks")
    expect(steps).to_have_text(["Begun"])
    shows(paint=True, hole=True)
    mask = mask_of(page_studio, desk, 2, FIRST)
    assert mask[round(BESIDE[1]), round(BESIDE[0]) + 4] == 255
    assert mask[round(y), round(x)] == 0


def test_a_stroke_that_follows_at_once_keeps_the_one_before(page: Page, page_studio: Studio, desk: Desk) -> None:
    refine(page, desk, FIRST)
    take_brush(page, "2", f"/masks/disc/{FIRST}")
    size = page.get_by_label("Size, px")
    size.fill("6")
    size.blur()
    x, y = BESIDE
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/painted", hold, times=1)
    with page.expect_request("**/painted"):
        drag(page, "The mask to paint on", BESIDE, (x + 8, y))
    drag(page, "The mask to paint on", (x, y + 35), (x + 8, y + 35))
    expect(page.get_by_role("button", name="Apply to masks")).to_be_disabled()
    held[0].continue_()
    steps = page.get_by_label("Steps").get_by_role("listitem")
    expect(steps).to_have_text(["Begun", f"Painted on {FIRST}", f"Painted on {FIRST}"])
    eventually(lambda: is_white(page, x + 4, y) and is_white(page, x + 4, y + 35), "both are seen")
    page.get_by_role("button", name="Undo").click()
    eventually(
        lambda: is_white(page, x + 4, y) and not is_white(page, x + 4, y + 35), "the first is, without the second"
    )


def test_a_stroke_is_kept_once_the_hub_answers_again(page: Page, desk: Desk) -> None:
    refine(page, desk, FIRST)
    take_brush(page, "2", f"/masks/disc/{FIRST}")
    page.route("**/painted", lambda route: route.abort(), times=2)
    drag(page, "The mask to paint on", BESIDE, (BESIDE[0] + 8, BESIDE[1]))
    expect(page.get_by_label("Steps").get_by_role("listitem")).to_have_text(["Begun", f"Painted on {FIRST}"])
    assert is_white(page, BESIDE[0] + 4, BESIDE[1])


def test_a_knot_that_was_dragged_is_held_and_the_shapes_are_others(page: Page, page_studio: Studio, desk: Desk) -> None:
    frame = FIRST + 3
    before = newest(page_studio, desk)
    knot = knots_on(page_studio, before, frame)[0]
    outward = np.array(knot) - centre(frame)
    target = np.array(knot) + 7 * outward / np.hypot(*outward)
    refine(page, desk, frame)
    to_the_player(page)
    page.keyboard.press("4")
    layer = page.get_by_label("Shapes on this frame")
    expect(layer.locator("rect").first).to_be_visible()
    drag(page, "Shapes on this frame", knot, target)
    expect(page.get_by_label("Steps")).to_contain_text(f"on {frame}")
    expect(page.get_by_text("1 knot of disc")).to_be_visible()
    apply(page, "shapes")
    after = newest(page_studio, desk)
    distances = np.hypot(*(np.array(knots_on(page_studio, after, frame)) - target).T)
    assert distances.min() < 1, "the knot is where it was dragged to"
    assert outlines(page_studio, after, frame)[0]["is_key"]
    assert nuke_shapes(page_studio, after) != nuke_shapes(page_studio, before)


def outlines(studio: Studio, version: dict[str, Any], frame: int) -> list[dict[str, Any]]:
    answer = studio.client.get(f"/versions/{version['id']}/outlines", params={"first": frame, "last": frame})
    return studio.ok(answer)["frames"][str(frame)]


def knots_on(studio: Studio, version: dict[str, Any], frame: int) -> list[list[float]]:
    """Where the knots of the version's one shape are."""
    [shape] = outlines(studio, version, frame)
    return [knot[:2] for knot in shape["knots"]]


def nuke_shapes(studio: Studio, version: dict[str, Any]) -> str:
    answer = studio.client.get(f"/jobs/{version['job_id']}/files/shapes.nk")
    assert "Roto {" in answer.text
    return answer.text


def test_an_edge_that_grows_makes_the_object_larger_on_every_frame(page: Page, page_studio: Studio, desk: Desk) -> None:
    refine(page, desk, FIRST)
    grow = page.get_by_label("Grow, px")
    grow.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Steps")).to_contain_text("Edges of disc")
    apply(page, "masks")
    for frame in (FIRST, FIRST + 6, LAST):
        was, now = (int((mask_of(page_studio, desk, number, frame) > 127).sum()) for number in (1, 2))
        assert now > was + 50, f"frame {frame}"
    expect(grow).to_have_value("2")


def test_two_objects_become_one(page: Page, page_studio: Studio, project: str) -> None:
    desk = ready_shot(page_studio, project, "two")
    rest = {"frame": FIRST, "object": "rest", "positive": [[2, 2]]}
    segment(page_studio, desk, {"prompts": [*PROMPT["prompts"], rest]})
    refine(page, desk, FIRST)
    page.get_by_label("Merge with").select_option("rest")
    expect(page.get_by_label("Steps")).to_contain_text("disc and rest merged")
    apply(page, "masks")
    masks = page_studio.ok(page_studio.client.get(f"/shots/{desk.shot}/masks"))["frames"]
    assert masks == {"disc + rest": list(range(FIRST, LAST + 1))}
    assert mask_of(page_studio, desk, 2, LAST, "disc + rest").min() == 255
    expect(page.get_by_role("button", name="disc + rest", exact=True)).to_be_visible()


def test_frames_between_in_and_out_are_segmented_again_and_the_others_stay(
    page: Page, page_studio: Studio, project: str
) -> None:
    desk = ready_shot(page_studio, project, "again")
    wrong, before, after = FIRST + 5, FIRST + 4, FIRST + 7
    right = [{"frame": one, "object": "disc", "positive": [centre(one)]} for one in (FIRST, before, after, LAST)]
    segment(page_studio, desk, {"prompts": [*right, {"frame": wrong, "object": "disc", "positive": [[2, 2]]}]})
    assert mask_of(page_studio, desk, 1, wrong)[2, 2] == 255
    refine(page, desk, before)
    to_the_player(page)
    page.keyboard.press("ArrowRight")
    canvas(page, wrong)
    eventually(lambda: is_white(page, 2, 2), "all but the disc is the object there")
    page.keyboard.press("i")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    page.get_by_role("button", name=f"Segment {wrong}–{wrong + 1} again").click()
    apply(page, "masks")
    for frame in (FIRST, before, wrong, wrong + 1, after, LAST):
        mask, (x, y) = mask_of(page_studio, desk, 2, frame), centre(frame)
        assert (mask[round(y), round(x)], mask[2, 2]) == (255, 0), f"frame {frame}"


def test_a_double_click_tracks_once_and_exports_once(page: Page, page_studio: Studio, desk: Desk) -> None:
    log_in(page, address=f"{desk.address}?tab=segment")
    canvas(page, FIRST)
    point_at(page, PROMPTS, centre(FIRST))
    page.get_by_role("button", name="Segment and track").dblclick()
    expect(page.get_by_text("Nothing is said yet.")).to_be_visible()
    page.get_by_role("tab", name="Export").click()
    with page.expect_response("**/export"):
        page.get_by_role("button", name="Export", exact=True).dblclick()
    expect(page.get_by_role("listitem").filter(has_text="export")).to_contain_text("done", timeout=JOB_MS)
    kinds = [job["kind"] for job in page_studio.ok(page_studio.client.get("/jobs", params={"shot": desk.shot}))]
    assert (kinds.count("segment"), kinds.count("export")) == (2, 1), "the desk's own, and one of each"


def test_what_was_done_to_shapes_is_sent_before_masks_make_the_next_version(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    frame = FIRST + 3
    knot = knots_on(page_studio, newest(page_studio, desk), frame)[0]
    refine(page, desk, frame)
    to_the_player(page)
    page.keyboard.press("4")
    expect(page.get_by_label("Shapes on this frame").locator("rect").first).to_be_visible()
    drag(page, "Shapes on this frame", knot, (knot[0] + 5, knot[1]))
    page.get_by_label("Grow, px").focus()
    page.keyboard.press("ArrowRight")
    steps = page.get_by_label("Steps").get_by_role("listitem")
    expect(steps).to_have_count(3)
    masks = page.get_by_role("button", name="Apply to masks")
    expect(masks).to_be_disabled()
    expect(page.get_by_text("Apply to shapes first")).to_be_visible()
    with page.expect_response("**/reshape") as taken:
        page.get_by_role("button", name="Apply to shapes").click()
    assert [edit["do"] for edit in taken.value.json()["request"]["edits"]] == ["move"]
    expect(steps).to_have_text(["Begun", "Edges of disc"])
    with page.expect_request("**/segment"):
        masks.click()
    expect(steps).to_have_text(["Begun"])


def edge_of(shape: dict[str, Any]) -> tuple[float, float]:
    """The middle of a shape's first edge."""
    one, other = np.array(shape["knots"][0]), np.array(shape["knots"][1])
    start, end = one[:2], other[:2]
    x, y = (start + 3 * (start + one[4:]) + 3 * (end + other[2:4]) + end) / 8
    return float(x), float(y)


def test_a_knot_is_added_another_removed_and_a_third_moved_before_all_is_sent(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    frame = FIRST + 3
    [shape] = outlines(page_studio, newest(page_studio, desk), frame)
    knots = [tuple(knot[:2]) for knot in shape["knots"]]
    removed, moved = knots[3], knots[5]
    target = (moved[0] + 3, moved[1] + 3)
    refine(page, desk, frame)
    to_the_player(page)
    page.keyboard.press("4")
    seen = page.get_by_label("Shapes on this frame").locator("rect")
    expect(seen).to_have_count(len(knots))
    point_at(page, "Shapes on this frame", edge_of(shape), click_count=2)
    steps = page.get_by_label("Steps").get_by_role("listitem")
    expect(steps).to_have_text(["Begun", re.compile("A knot of disc.* more")])
    page.keyboard.press("Escape")
    point_at(page, "Shapes on this frame", removed)
    page.keyboard.press("Delete")
    expect(seen).to_have_count(len(knots) - 1)
    page.keyboard.press("Delete")
    drag(page, "Shapes on this frame", moved, target)
    expect(steps).to_have_count(4)
    apply(page, "shapes")
    after = np.array(knots_on(page_studio, newest(page_studio, desk), frame))
    assert len(after) == len(knots)
    distances = {place: float(np.hypot(*(after - place).T).min()) for place in (removed, target, edge_of(shape))}
    assert distances[removed] > 1, "it is gone"
    assert max(distances[target], distances[edge_of(shape)]) < 1, "it was moved, and one is there more"


def test_delete_on_a_shape_that_was_selected_by_its_edge_deletes_it_in_one_step_and_says_so(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    [shape] = outlines(page_studio, newest(page_studio, desk), FIRST)
    refine(page, desk, FIRST)
    to_the_player(page)
    page.keyboard.press("4")
    knots = page.get_by_label("Shapes on this frame").locator("rect")
    expect(knots).to_have_count(len(shape["knots"]))
    point_at(page, "Shapes on this frame", edge_of(shape))
    expect(page.get_by_text(f"All of {shape['shape']}")).to_be_visible()
    expect(page.get_by_role("button", name="Remove knots")).to_be_disabled()
    page.keyboard.press("Delete")
    said = page.get_by_role("listitem").filter(has_text=f"{shape['shape']} is deleted, on all frames.")
    expect(said).to_contain_text("Undo brings it back.")
    steps = page.get_by_label("Steps").get_by_role("listitem")
    expect(steps).to_have_text(["Begun", f"{shape['shape']} deleted"])
    expect(knots).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(knots).to_have_count(len(shape["knots"]))
    point_at(page, "Shapes on this frame", edge_of(shape))
    page.keyboard.press("1")
    page.keyboard.press("Delete")  # not while the knots are not seen
    page.keyboard.press("4")
    expect(knots).to_have_count(len(shape["knots"]))
    page.keyboard.press("Backspace")  # the key that Macs have
    expect(knots).to_have_count(0)


def test_why_what_was_sent_is_not_done_is_told(page: Page, page_studio: Studio, desk: Desk) -> None:
    [shape] = outlines(page_studio, newest(page_studio, desk), FIRST)
    refine(page, desk, FIRST)
    to_the_player(page)
    page.keyboard.press("4")
    expect(page.get_by_label("Shapes on this frame").locator("rect").first).to_be_visible()
    point_at(page, "Shapes on this frame", edge_of(shape))
    page.get_by_role("button", name="Delete the shape").click()
    page.get_by_role("button", name="Apply to shapes").click()
    told = page.get_by_role("listitem").filter(has_text="What was sent is not done.")
    expect(told).to_contain_text("Delete the object instead.", timeout=JOB_MS)


def take_knots(page: Page, knots: int) -> Locator:
    """Takes the tool for knots by its key; answers all that it shows."""
    to_the_player(page)
    page.keyboard.press("4")
    shown = page.get_by_label("Shapes on this frame").locator("rect")
    expect(shown).to_have_count(knots)
    return shown


def test_what_was_sent_and_not_done_is_in_the_history_again(page: Page, page_studio: Studio, desk: Desk) -> None:
    [shape] = outlines(page_studio, newest(page_studio, desk), FIRST)
    x, y = shape["knots"][0][:2]
    refine(page, desk, FIRST)
    take_knots(page, len(shape["knots"]))
    drag(page, "Shapes on this frame", (x, y), (x + 5, y))
    page.get_by_role("button", name="Delete the shape").click()
    steps = page.get_by_label("Steps").get_by_role("listitem")
    expect(steps).to_have_count(3)
    page.get_by_role("button", name="Apply to shapes").click()
    told = page.get_by_role("listitem").filter(has_text="It is in the history again.")
    expect(told).to_be_visible(timeout=JOB_MS)
    expect(steps).to_have_count(3)
    page.get_by_role("tab", name="Export").click()
    failed = page.get_by_role("listitem").filter(has_text="reshape")
    expect(failed).to_contain_text("Delete the object instead.")
    page.get_by_role("tab", name="Refine").click()
    page.get_by_role("button", name="Undo").click()
    apply(page, "shapes")


def test_knots_are_of_the_version_that_they_were_moved_on_whichever_is_looked_at(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    first = newest(page_studio, desk)
    [shape] = outlines(page_studio, first, FIRST)
    x, y = shape["knots"][0][:2]
    segment(page_studio, desk, PROMPT)
    refine(page, desk, FIRST)
    page.get_by_label("Version", exact=True).select_option("1")
    knots = take_knots(page, len(shape["knots"]))
    as_it_is = knots.first.get_attribute("x")
    drag(page, "Shapes on this frame", (x, y), (x + 5, y))
    steps = page.get_by_label("Steps").get_by_role("listitem")
    expect(steps).to_have_count(2)
    expect(knots.first).not_to_have_attribute("x", as_it_is or "")
    page.get_by_label("Version", exact=True).select_option("2")
    expect(knots.first).to_have_attribute("x", as_it_is or "")
    drag(page, "Shapes on this frame", (x, y), (x - 5, y))
    expect(page.get_by_role("listitem").filter(has_text="Shapes of version 1 were changed.")).to_be_visible()
    expect(steps).to_have_count(2)
    with page.expect_request("**/reshape") as sent:
        page.get_by_role("button", name="Apply to shapes").click()
    assert f"/versions/{first['id']}/" in sent.value.url


def test_moving_the_picture_keeps_the_knots_that_are_selected(page: Page, page_studio: Studio, desk: Desk) -> None:
    [shape] = outlines(page_studio, newest(page_studio, desk), FIRST)
    refine(page, desk, FIRST)
    take_knots(page, len(shape["knots"]))
    point_at(page, "Shapes on this frame", edge_of(shape))
    selected = page.get_by_text(f"All of {shape['shape']}")
    expect(selected).to_be_visible()
    point_at(page, "Shapes on this frame", BESIDE, button="middle")
    expect(selected).to_be_visible()
    point_at(page, "Shapes on this frame", BESIDE)
    expect(selected).to_be_hidden()


def test_shapes_that_are_drawn_on_one_version_after_the_other_have_names_of_their_own(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    refine(page, desk, FIRST)
    for number in (2, 3):
        to_the_player(page)
        page.keyboard.press("5")
        x, y = BESIDE[0], BESIDE[1] + 15 * (number - 2)
        for corner in ((x, y), (x + 10, y), (x + 10, y + 10), (x, y)):
            point_at(page, "A new shape", corner)
        page.get_by_role("button", name="Apply to shapes").click()
        expect(page.get_by_label("Version", exact=True)).to_have_value(str(number), timeout=JOB_MS)
    names = [one["shape"] for one in outlines(page_studio, newest(page_studio, desk), FIRST)]
    assert len(names) == len(set(names)) == 3


def test_what_was_not_sent_is_asked_for_before_another_view_is_opened(page: Page, desk: Desk) -> None:
    said = unsent_point(page, desk)
    jobs = page.get_by_role("navigation", name="Main").get_by_role("link", name="Jobs")
    answer(page, jobs, lambda asked: asked.dismiss())
    expect(said).to_be_visible()
    answer(page, jobs, lambda asked: asked.accept())
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()


def answer(page: Page, link: Locator, choice: Callable[[Dialog], None]) -> None:
    """Follow a link that asks first, and wait for what it asks: it may do so after the click."""
    with page.expect_event("dialog"):
        page.once("dialog", choice)
        link.click()

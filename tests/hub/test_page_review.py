"""Review in real browsers: what one says, draws and judges is seen by the others at once, and who may do what."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from cable import Cable
from disc_plate import FIRST, LAST
from hub_studio import ADMIN, PROMPT, Studio
from page_desk import (
    Desk,
    OpenPage,
    canvas,
    drag,
    log_in,
    new_project,
    newest,
    ready_shot,
    scrolls_sideways,
    segment,
    tab_to,
    to_the_player,
    tracked_shot,
)
from playwright.sync_api import Locator, Page, Request, Route, expect

pytestmark = pytest.mark.needs("npm", "chromium")

NUMBERS = count(10, 10)

ASKED_TIMES = 4
"""So often something is asked for until it counts as failed."""


@pytest.fixture(scope="module")
def project(page_studio: Studio) -> str:
    return new_project(page_studio)


@pytest.fixture
def desk(page_studio: Studio, project: str) -> Desk:
    return tracked_shot(page_studio, project, f"sh{next(NUMBERS):03}")


def headed(page: Page) -> Locator:
    """The line above the player, which says how the version was judged."""
    return page.get_by_role("heading", level=1).locator("xpath=..")


def test_a_retake_is_asked_for_and_a_second_browser_sees_it_at_once(
    page: Page, open_page: OpenPage, page_studio: Studio, desk: Desk
) -> None:
    other = open_page(page_studio.url)
    for one in (page, other):
        log_in(one, address=f"{desk.address}?frame={FIRST + 4}")
        canvas(one, FIRST + 4)
    page.get_by_role("button", name="Retake").click()
    expect(page.get_by_role("alert")).to_have_text("A retake needs a reason.")
    note = page.get_by_label("Note, or the reason")
    expect(note).to_be_focused()
    note.fill("The edge boils")
    page.get_by_role("button", name=f"Note on frame {FIRST + 4}").click()
    expect(other.get_by_text("The edge boils")).to_be_visible()
    expect(note).to_have_value("")
    note.fill("Steady the left side")
    page.get_by_role("button", name="Retake").click()
    expect(other.get_by_text("Steady the left side")).to_be_visible()
    expect(headed(other)).to_contain_text("retake")
    other.get_by_role("button", name="Approve").click()
    expect(headed(page)).to_contain_text("approved")


def test_what_is_drawn_is_seen_by_others_on_its_frame_and_answered_below(
    page: Page, open_page: OpenPage, page_studio: Studio, desk: Desk
) -> None:
    other = open_page(page_studio.url)
    for one in (page, other):
        log_in(one, address=f"{desk.address}?frame={FIRST + 2}")
        canvas(one, FIRST + 2)
    page.get_by_role("button", name="Draw").click()
    drag(page, "Drawn notes", (20, 20), (40, 24), (40, 40))
    page.get_by_label("Note, or the reason").fill("This corner")
    page.get_by_role("button", name=f"Note on frame {FIRST + 2}").click()
    noted = other.get_by_role("region", name="Notes").get_by_role("listitem").filter(has_text="This corner").first
    expect(noted).to_contain_text("drawing")
    line = other.get_by_label("Drawn notes").locator("polyline[points*=' ']")
    expect(line).to_have_count(1)
    expect(line).to_be_visible()
    other.get_by_role("button", name="Answer “This corner”").click()
    expect(other.get_by_text("In answer to “This corner”")).to_be_visible()
    other.get_by_label("Note, or the reason").fill("It is done")
    other.get_by_role("button", name="Answer", exact=True).click()
    answers = page.get_by_role("region", name="Notes").get_by_role("listitem").filter(has_text="This corner").first
    expect(answers.get_by_role("listitem")).to_have_text("Ada: It is done")
    other.get_by_label("Timeline").fill(str(LAST))
    canvas(other, LAST)
    expect(line).to_have_count(0)
    noted.get_by_role("button", name=f"frame {FIRST + 2}").click()
    canvas(other, FIRST + 2)
    expect(line).to_have_count(1)


def test_one_long_word_in_a_note_or_an_answer_stays_inside_the_panel(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    notes = f"/versions/{newest(page_studio, desk)['id']}/notes"
    note = page_studio.ok(page_studio.client.post(notes, json={"text": "n" * 300}))
    page_studio.ok(page_studio.client.post(notes, json={"text": "a" * 300, "answers": note["id"]}))
    log_in(page, address=desk.address)
    said = page.get_by_role("region", name="Notes")
    expect(said).to_contain_text("a" * 300)
    assert said.evaluate("(region) => region.scrollWidth <= region.clientWidth")


def test_lines_of_a_note_and_of_an_answer_stay_lines(page: Page, page_studio: Studio, desk: Desk) -> None:
    notes = f"/versions/{newest(page_studio, desk)['id']}/notes"
    text = "<b>Left</b> 🙂\nRight"
    note = page_studio.ok(page_studio.client.post(notes, json={"text": text}))
    page_studio.ok(page_studio.client.post(notes, json={"text": "One\nTwo", "answers": note["id"]}))
    log_in(page, address=desk.address)
    said = page.get_by_role("region", name="Notes")
    expect(said.get_by_role("listitem").last).to_contain_text("One")
    assert text in said.inner_text()
    assert "One\nTwo" in said.inner_text()


def test_an_answer_to_an_answer_is_seen_below_it(page: Page, page_studio: Studio, desk: Desk) -> None:
    notes, answered = f"/versions/{newest(page_studio, desk)['id']}/notes", None
    for text in ("Too soft", "Where is that", "At the hand"):
        said = {"text": text, "answers": answered}
        answered = page_studio.ok(page_studio.client.post(notes, json=said))["id"]
    log_in(page, address=desk.address)
    first = page.get_by_role("region", name="Notes").get_by_role("listitem").filter(has_text="Too soft").first
    expect(first.get_by_role("listitem").filter(has_text="Where is that")).to_contain_text("Ada: At the hand")


def test_many_objects_and_long_names_leave_room_for_the_notes_and_the_judgement(
    page: Page, page_studio: Studio, project: str
) -> None:
    desk = ready_shot(page_studio, project, "sh" + "_and_so_on" * 12)
    names = [f"object {number} {'x' * 80}" for number in range(30)]
    prompts = [{**PROMPT["prompts"][0], "object": name} for name in names]
    segment(page_studio, desk, {"prompts": prompts})
    log_in(page, address=desk.address)
    expect(page.get_by_role("button", name=names[29], exact=True)).to_be_attached()
    assert not scrolls_sideways(page)
    for one in (page.get_by_label("Version", exact=True), page.get_by_role("button", name="Approve")):
        expect(one).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name=names[29], exact=True).click()


def test_a_retake_keeps_what_was_drawn_for_it(page: Page, page_studio: Studio, desk: Desk) -> None:
    log_in(page, address=f"{desk.address}?frame={FIRST + 5}")
    canvas(page, FIRST + 5)
    page.get_by_role("button", name="Draw").click()
    drag(page, "Drawn notes", (20, 20), (60, 24))
    page.get_by_label("Note, or the reason").fill("Wider here")
    page.get_by_role("button", name="Retake").click()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("drawing")
    [said] = page_studio.ok(page_studio.client.get(f"/shots/{desk.shot}/history"))
    assert (said["status"], said["text"], said["frame"]) == ("retake", "Wider here", FIRST + 5)
    [stroke] = said["drawing"]["strokes"]
    assert stroke[0] == pytest.approx([20, 20], abs=0.5)
    assert stroke[-1] == pytest.approx([60, 24], abs=0.5)


def test_what_happened_while_the_connection_was_cut_is_shown_when_it_is_back(
    wired: tuple[Page, Cable], page_studio: Studio, desk: Desk
) -> None:
    version = newest(page_studio, desk)["id"]
    page, wire = wired
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    wire.cut()
    expect(page.get_by_text("The connection is gone")).to_be_visible()
    page_studio.ok(page_studio.client.post(f"/versions/{version}/notes", json={"text": "While you were away"}))
    wire.mend()
    expect(page.get_by_text("While you were away")).to_be_visible()
    expect(page.get_by_text("The connection is gone")).to_be_hidden()


def test_what_could_not_be_loaded_or_said_is_told_rightly_and_loaded_when_the_hub_is_back(
    wired: tuple[Page, Cable], page_studio: Studio, desk: Desk
) -> None:
    page, wire = wired
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    page_studio.ok(
        page_studio.client.post(f"/versions/{newest(page_studio, desk)['id']}/notes", json={"text": "An event"})
    )
    expect(page.get_by_text("An event")).to_be_visible()
    wire.cut()
    note = page.get_by_label("Note, or the reason")
    note.fill("Is it there?")
    page.get_by_role("button", name=f"Note on frame {FIRST}").click()
    told = page.get_by_role("listitem").filter(has_text="The hub does not answer.")
    expect(told).to_contain_text("if it was not, do it again")
    expect(note).to_have_value("Is it there?")
    note.fill("")
    page.get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("button", name="Try again").first).to_be_visible()
    wire.mend()
    expect(page.get_by_role("term").filter(has_text="Jobs done")).to_be_visible()


def test_a_note_that_is_written_stays_while_the_hub_does_not_answer(page: Page, desk: Desk) -> None:
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    for address in ("**/versions", "**/notes"):
        page.route(address, lambda route: route.abort())
    note = page.get_by_label("Note, or the reason")
    note.fill("Steady the left side")
    times = count(1)

    def is_last(request: Request) -> bool:
        return request.url.endswith("/versions") and next(times) == ASKED_TIMES

    with page.expect_event("requestfailed", is_last):
        page.get_by_role("button", name=f"Note on frame {FIRST}").click()
    expect(note).to_have_value("Steady the left side")
    page.unroute_all()
    page.get_by_role("button", name=f"Note on frame {FIRST}").click()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("Steady the left side")


def test_the_way_in_and_a_judgement_need_no_mouse(page: Page, desk: Desk) -> None:
    page.goto(desk.address)
    page.get_by_label("Address").focus()
    page.keyboard.type(ADMIN["email"])
    page.keyboard.press("Tab")
    page.keyboard.type(ADMIN["password"])
    page.keyboard.press("Enter")
    canvas(page, FIRST)
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()  # once one has looked at the version
    tab_to(page, "Approve")
    page.keyboard.press("Enter")
    expect(headed(page)).to_contain_text("approved")


def test_keys_go_to_the_note_and_to_the_judgement_and_back_to_the_player(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    log_in(page, address=f"{desk.address}?tab=info")
    canvas(page, FIRST)
    page.keyboard.press("n")
    note = page.get_by_label("Note, or the reason")
    expect(note).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Never mind")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Notes")).to_contain_text("Never mind")
    page.keyboard.type("Not sent")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    canvas(page, FIRST + 1)
    expect(note).to_have_value("Not sent")
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="Approve")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(headed(page)).to_contain_text("retake")
    assert [said["text"] for said in said_of(page_studio, desk)] == ["Never mind", "Not sent"]


def test_the_key_for_the_judgement_waits_until_the_version_was_seen(page: Page, desk: Desk) -> None:
    log_in(page)
    pictures: list[Route] = []

    def hold(route: Route) -> None:
        pictures.append(route)

    page.route("**/frames/*", hold)
    page.goto(f"{desk.address}?tab=info")
    expect(page.get_by_role("group", name="Player")).to_be_focused()
    page.keyboard.press("v")
    approve = page.get_by_role("button", name="Approve")
    expect(approve).to_be_disabled()
    for picture in pictures:
        picture.continue_()
    expect(approve).to_be_focused()


def test_the_review_queue_goes_on_with_the_next_shot_after_a_judgement(page: Page, page_studio: Studio) -> None:
    project = new_project(page_studio, "The Short Day")
    for name in ("first", "second"):
        tracked_shot(page_studio, project, name)
    page_studio.as_member(project, "supervisor", "sue")
    log_in(page, "sue@studio.example")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Review").click()
    expect(page.get_by_text("2 versions")).to_be_visible()
    page.get_by_role("region", name="Review queue").get_by_role("link", name="first").click()
    expect(page.get_by_role("heading", name="first")).to_be_visible()
    page.get_by_label("Note, or the reason").fill("Once more")
    page.get_by_role("button", name="Retake").click()
    expect(page.get_by_role("heading", name="second")).to_be_visible()
    expect(page.get_by_role("group", name="Player")).to_be_focused()  # who works by the keyboard goes on from here
    expect(page.get_by_label("Note, or the reason")).to_have_value("")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("All is reviewed.")).to_be_visible()


def test_the_review_queue_of_one_project_goes_on_after_the_shot_that_was_opened(
    page: Page, page_studio: Studio
) -> None:
    other, project = (new_project(page_studio, name) for name in ("The Old Way", "The New Way"))
    tracked_shot(page_studio, other, "elsewhere")
    for name in ("skipped", "opened", "after it"):
        tracked_shot(page_studio, project, name)
    for one in (other, project):
        page_studio.as_member(one, "supervisor", f"pat-{one}")
    log_in(page, f"pat-{project}@studio.example")
    page.goto(f"/review?project={project}")
    page.get_by_role("region", name="Review queue").get_by_role("link", name="opened").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="after it")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="skipped")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("All is reviewed.")).to_be_visible()
    expect(page.get_by_label("Project", exact=True)).to_have_value(project)


def test_a_second_click_does_not_judge_the_next_shot_before_it_was_seen(page: Page, page_studio: Studio) -> None:
    project = new_project(page_studio, "The Long Day")
    for name in ("first", "second"):
        tracked_shot(page_studio, project, name)
    page_studio.as_member(project, "supervisor", "tess")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    log_in(page, "tess@studio.example", "/review")
    page.get_by_role("region", name="Review queue").get_by_role("link", name="first").click()
    approve = page.get_by_role("button", name="Approve")
    approve.hover()
    expect(approve).to_be_enabled()
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_role("heading", name="second")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    approve.click()
    expect(page.get_by_text("All is reviewed.")).to_be_visible()
    assert asked.count("judgement") == 2


def test_a_double_click_says_a_note_once(page: Page, page_studio: Studio, desk: Desk) -> None:
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    page.get_by_label("Note, or the reason").fill("Once is enough")
    page.get_by_role("button", name=f"Note on frame {FIRST}").dblclick()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("Once is enough")
    assert [note["text"] for note in said_of(page_studio, desk)] == ["Once is enough"]


def said_of(studio: Studio, desk: Desk) -> list[dict[str, Any]]:
    return studio.ok(studio.client.get(f"/shots/{desk.shot}/history"))


def test_a_version_that_comes_is_offered_and_the_one_that_is_looked_at_stays(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    looked_at = newest(page_studio, desk)
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    page.get_by_label("Note, or the reason").fill("The edge boils")
    segment(page_studio, desk, PROMPT)
    expect(page.get_by_text("Version 2 is there.")).to_be_visible()
    expect(page.get_by_label("Version", exact=True)).to_have_value("1")
    page.get_by_role("button", name=f"Note on frame {FIRST}").click()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("The edge boils")
    assert [note["version_id"] for note in said_of(page_studio, desk)] == [looked_at["id"]]
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_label("Version", exact=True)).to_have_value("2")
    expect(page.get_by_text("Version 2 is there.")).to_be_hidden()


def test_a_note_that_is_written_stays_and_goes_to_the_frame_of_its_drawing(
    page: Page, page_studio: Studio, desk: Desk
) -> None:
    log_in(page, address=f"{desk.address}?frame={FIRST + 1}")
    canvas(page, FIRST + 1)
    page.get_by_role("button", name="Draw").click()
    drag(page, "Drawn notes", (20, 20), (60, 24))
    page.get_by_label("Note, or the reason").fill("Wider here")
    to_the_player(page)
    page.keyboard.press("ArrowRight")
    canvas(page, FIRST + 2)
    page.get_by_role("tab", name="Info").click()
    page.get_by_role("tab", name="Review").click()
    expect(page.get_by_label("Note, or the reason")).to_have_value("Wider here")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.get_by_role("button", name=f"Note on frame {FIRST + 1}").click()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("drawing")
    [said] = said_of(page_studio, desk)
    assert (said["text"], said["frame"], len(said["drawing"]["strokes"])) == ("Wider here", FIRST + 1, 1)


def test_a_word_without_end_stays_in_the_panel(page: Page, page_studio: Studio, desk: Desk) -> None:
    note = {"text": "n" + "o" * 300}
    page_studio.ok(page_studio.client.post(f"/versions/{newest(page_studio, desk)['id']}/notes", json=note))
    log_in(page, address=desk.address)
    notes = page.get_by_role("region", name="Notes")
    expect(notes).to_contain_text(note["text"])
    assert notes.evaluate("(panel) => panel.scrollWidth <= panel.clientWidth")


def test_an_artist_judges_nothing_and_a_viewer_changes_nothing(
    open_page: OpenPage, page_studio: Studio, desk: Desk
) -> None:
    for role, tabs in (("artist", ["Segment", "Refine", "Review", "Export", "Info"]), ("viewer", ["Review", "Info"])):
        page_studio.as_member(desk.project, role, f"some-{role}")
        page = open_page(page_studio.url)
        log_in(page, f"some-{role}@studio.example", desk.address)
        canvas(page, FIRST)
        expect(page.get_by_role("tab")).to_have_text(tabs)
        expect(page.get_by_role("region", name="Notes")).to_be_visible()
        for key in "nv":
            page.keyboard.press(key)
        for judgement in ("Approve", "Retake"):
            expect(page.get_by_role("button", name=judgement)).to_have_count(0)
        expect(page.get_by_label("Note, or the reason")).to_have_count(1 if role == "artist" else 0)
        page.goto(f"{desk.address}?tab=segment")
        canvas(page, FIRST)
        expect(page.get_by_role("button", name="Segment and track")).to_have_count(1 if role == "artist" else 0)

"""Staying logged in, in a real browser: several tabs, a hub that is gone, somebody else at the same tab."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cable import Cable
from disc_plate import FIRST
from hub_studio import ADMIN, Studio, make_settings
from identity_provider import IdentityProvider, running
from page_desk import JOB_MS, Desk, OpenPage, canvas, log_in, new_project, ready_shot, unsent_point
from playwright.sync_api import Page, Request, expect

pytestmark = pytest.mark.needs("npm", "chromium")

TABS = 4

ACCESS_S = 3
"""So long an access token is good where log-ins are quick."""


@pytest.fixture(scope="module")
def desk(page_studio: Studio) -> Desk:
    desk = ready_shot(page_studio, new_project(page_studio))
    page_studio.as_member(desk.project, "viewer", "vic")
    return desk


@pytest.fixture
def sso(tmp_path: Path) -> Iterator[Studio]:
    """A studio whose administrator can also log in by a provider."""
    provider = IdentityProvider(claims={"sub": "ada-1", "email_verified": True, **ADMIN})
    said = {"name": "Studio", "issuer": provider.issuer, "client_id": "roto", "client_secret": "shared"}
    with running(provider):
        studio = Studio(make_settings(tmp_path, oidc={"idp": said}), tmp_path)
        studio.set_up()
        yield studio
        studio.close()


@pytest.fixture
def quick_log_ins(tmp_path: Path) -> Iterator[Studio]:
    """A hub whose access tokens are soon too old."""
    studio = Studio(make_settings(tmp_path, access_s=ACCESS_S), tmp_path)
    studio.set_up()
    yield studio
    studio.close()


def let_it_lapse(page: Page) -> None:
    """The access token gets too old, and the hub takes the refresh token for none of its own."""
    page.clock.install()
    page.evaluate("localStorage.setItem('roto-hub-refresh', 'what is long over')")
    page.clock.fast_forward("20:00")


def test_tabs_that_are_opened_at_once_stay_logged_in_and_send_no_token_twice(page: Page, desk: Desk) -> None:
    log_in(page)
    sent: Counter[str | None] = Counter()

    def note(request: Request) -> None:
        if request.url.endswith("/refresh"):
            sent.update([request.post_data])

    page.context.on("request", note)
    tabs = [page, *(page.context.new_page() for _ in range(TABS - 1))]
    for tab in tabs:
        tab.goto(desk.address, wait_until="commit")
    for tab in tabs:
        canvas(tab, FIRST)
    assert len(sent) == sent.total() == TABS


def test_who_logs_out_in_one_tab_is_logged_out_in_the_others_at_once(page: Page, desk: Desk) -> None:
    log_in(page)
    other = page.context.new_page()
    other.goto(desk.address)
    canvas(other, FIRST)
    page.get_by_role("button", name="Log out").click()
    expect(other.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    expect(other.get_by_role("navigation", name="Main")).to_be_hidden()


def test_who_logs_in_after_somebody_else_at_the_same_tab_sees_nothing_of_them(page: Page, desk: Desk) -> None:
    log_in(page)
    me = page.locator("header a[href='/profile']")
    expect(me).to_have_text("Ada")
    expect(page.get_by_role("link", name="Studio")).to_be_visible()
    let_it_lapse(page)
    page.get_by_role("link", name="Jobs").click()
    expect(page.get_by_role("dialog", name="Your log-in has ended")).to_be_visible()
    page.route("**/api/v1/me", lambda _: None)
    page.get_by_label("Address").fill("vic@studio.example")
    page.get_by_label("Password").fill(ADMIN["password"])
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(me).to_have_text("")
    expect(page.get_by_role("link", name="Studio")).to_be_hidden()
    page.unroute("**/api/v1/me")  # what was held goes on, and what is only asked now is not held
    expect(me).to_have_text("vic")


def test_a_log_in_that_ends_in_mid_work_keeps_the_work_for_who_logs_in_again(page: Page, desk: Desk) -> None:
    said = unsent_point(page, desk)
    let_it_lapse(page)
    ended = page.get_by_role("dialog", name="Your log-in has ended")
    expect(ended).to_contain_text("Log in again as Ada")
    expect(ended.get_by_label("Address")).to_have_value(ADMIN["email"])
    page.keyboard.press("Escape")
    ended.get_by_label("Password").fill(ADMIN["password"])
    ended.get_by_role("button", name="Log in", exact=True).click()
    expect(ended).to_be_hidden()
    expect(said).to_be_visible()
    page.get_by_role("button", name="Segment and track").click()
    expect(page.get_by_label("Version", exact=True)).to_have_value("1", timeout=JOB_MS)


def test_a_tab_that_is_opened_after_the_log_in_ended_costs_another_one_no_work(page: Page, desk: Desk) -> None:
    said = unsent_point(page, desk)
    let_it_lapse(page)
    ended = page.get_by_role("dialog", name="Your log-in has ended")
    expect(ended).to_be_visible()
    other = page.context.new_page()
    log_in(other)
    expect(ended).to_be_hidden()
    expect(said).to_be_visible()


def test_a_clock_that_is_set_back_while_one_works_logs_nobody_out(open_page: OpenPage, quick_log_ins: Studio) -> None:
    page = open_page(quick_log_ins.url)
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=2))
    log_in(page)
    page.clock.set_system_time(datetime.now(UTC))
    page.wait_for_timeout(1000 * ACCESS_S)  # by the hub's clock, which goes right
    page.get_by_role("link", name="Dashboard").click()
    expect(page.get_by_text("No project yet.")).to_be_visible()


def test_a_token_that_gets_too_old_while_the_hub_is_gone_is_no_other_fault(
    wired: tuple[Page, Cable], desk: Desk
) -> None:
    page, wire = wired
    log_in(page, address=desk.address)
    canvas(page, FIRST)
    wire.cut()
    page.clock.install()
    page.clock.fast_forward("20:00")
    page.get_by_role("link", name="Dashboard").click()
    page.clock.run_for(20_000)
    expect(page.get_by_role("alert").first).to_contain_text("The hub does not answer.")
    wire.mend()
    page.clock.resume()
    expect(page.get_by_role("term").filter(has_text="Jobs done")).to_be_visible()


def test_who_logs_in_again_by_a_provider_goes_on_with_what_was_not_sent(open_page: OpenPage, sso: Studio) -> None:
    page = open_page(sso.url)
    log_in(page, address="/profile")
    you = page.get_by_role("region", name="You")
    you.get_by_label("Name").fill("Ada Lovelace")
    let_it_lapse(page)
    you.get_by_role("button", name="Save").click()
    ended = page.get_by_role("dialog", name="Your log-in has ended")
    with page.context.expect_page() as opened:
        ended.get_by_role("link", name="Log in with Studio").click()
    expect(opened.value.get_by_role("heading", name="Projects")).to_be_visible()
    expect(ended).to_be_hidden()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.locator("header a[href='/profile']")).to_have_text("Ada Lovelace")


def test_what_a_provider_says_is_wrong_is_read_where_an_old_log_in_is_kept(page: Page, page_studio: Studio) -> None:
    page.goto("/")
    page.evaluate("localStorage.setItem('roto-hub-refresh', 'what is long over')")
    other = page.context.new_page()
    other.goto("/sign-in#problem=The+address+is+not+known.")
    expect(other.get_by_role("alert")).to_have_text("The address is not known.")


def test_who_logs_out_while_the_hub_is_gone_is_logged_out(page: Page, desk: Desk) -> None:
    log_in(page)
    page.route("**/logout", lambda route: route.abort())
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    log_in(page, "vic@studio.example")
    expect(page.locator("header a[href='/profile']")).to_have_text("vic")

"""What tests of the page do again and again in the browser: log in, point at the plate, look at its pixels."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disc_plate import FIRST, HEIGHT, LAST, WIDTH, centre, make_plate
from hub_studio import ADMIN, PROMPT, Studio, new_shot, ready
from page_build import WEB
from playwright.sync_api import Download, Locator, Page, Position, expect

WAIT_MS = 15_000
JOB_MS = 30_000

OpenPage = Callable[..., Page]
"""Opens the hub at an address in a browser of its own."""

PROMPTS = "What is said of this frame"
"""The layer over the picture that takes clicks and boxes."""


@dataclass
class Desk:
    """A shot, and where it is in the page."""

    project: str
    shot: str

    @property
    def address(self) -> str:
        return f"/projects/{self.project}/shots/{self.shot}"


def log_in(page: Page, email: str = ADMIN["email"], address: str = "/") -> None:
    """Comes in by the form, and goes to an address."""
    page.goto("/")
    page.get_by_label("Address").fill(email)
    page.get_by_label("Password").fill(ADMIN["password"])
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    if address != "/":
        page.goto(address)


def new_project(studio: Studio, name: str = "The Long Night") -> str:
    return str(studio.ok(studio.client.post("/projects", json={"name": name}))["id"])


def ready_shot(studio: Studio, project: str, name: str = "sh010") -> Desk:
    """A shot that has its pictures, and no version."""
    shot = ready(studio, new_shot(studio, project, name, make_plate(studio.folder / "shared" / name)))
    studio.until(lambda: studio.client.get(f"/shots/{shot['id']}/frames/{LAST}").status_code == 200)
    return Desk(project, shot["id"])


def tracked_shot(studio: Studio, project: str, name: str = "sh010") -> Desk:
    """A shot with its pictures and one version, in which the disc was followed."""
    desk = ready_shot(studio, project, name)
    segment(studio, desk, PROMPT)
    return desk


def segment(studio: Studio, desk: Desk, asked: dict[str, Any]) -> None:
    """One version more."""
    job = studio.ok(studio.client.post(f"/shots/{desk.shot}/segment", json=asked))["id"]
    assert studio.ended(job)["state"] == "done", studio.job(job)


def newest(studio: Studio, desk: Desk) -> dict[str, Any]:
    """The shot's newest version."""
    return studio.ok(studio.client.get(f"/shots/{desk.shot}/versions"))[0]


def canvas(page: Page, frame: int) -> Locator:
    """The player's picture, once it is that frame's."""
    shown = page.locator(f"canvas[data-frame='{frame}']")
    expect(shown).to_be_visible()
    return shown


def pixel(page: Page, x: float, y: float) -> tuple[int, int, int]:
    """A pixel of the player's picture, as it was drawn: red, green, blue."""
    red, green, blue, _alpha = page.evaluate(
        "([x, y]) => [...document.querySelector('canvas').getContext('2d').getImageData(x, y, 1, 1).data]",
        [round(x), round(y)],
    )
    return red, green, blue


def is_red(page: Page, x: float, y: float) -> bool:
    red, green, _blue = pixel(page, x, y)
    return red > green + 60


def is_white(page: Page, x: float, y: float) -> bool:
    return min(pixel(page, x, y)) > 200


def eventually(is_so: Callable[[], bool], what: str) -> None:
    """Waits for what no ``expect`` can see, such as pixels."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while not is_so():
        assert time.monotonic() < deadline, f"not so: {what}"
        time.sleep(0.05)


def picture(page: Page) -> str:
    """All pixels of the player's picture."""
    return page.evaluate("document.querySelector('canvas').toDataURL()")


def on_screen(layer: Locator, at: Sequence[float]) -> dict[str, float]:
    """Where a plate's pixel is in the layer, in which the picture is shown whole."""
    room = layer.bounding_box()
    assert room is not None
    scale = min(room["width"] / WIDTH, room["height"] / HEIGHT)
    left, top = (room["width"] - WIDTH * scale) / 2, (room["height"] - HEIGHT * scale) / 2
    return {"x": left + at[0] * scale, "y": top + at[1] * scale}


def point_at(page: Page, label: str, at: tuple[float, float], **how: Any) -> None:
    """Clicks a plate's pixel in the layer of that name."""
    layer = page.get_by_label(label)
    layer.click(position=Position(**on_screen(layer, at)), **how)


def unsent_point(page: Page, desk: Desk) -> Locator:
    """Log in and point at the object, which is sent to nobody yet; what the page says of that."""
    log_in(page, address=f"{desk.address}?tab=segment")
    canvas(page, FIRST)
    point_at(page, PROMPTS, centre(FIRST))
    said = page.get_by_text("1 point on 1 frame")
    expect(said).to_be_visible()
    return said


def drag(page: Page, label: str, *points: Sequence[float]) -> None:
    """Draws over the plate's pixels, in the layer of that name."""
    layer = page.get_by_label(label)
    room = layer.bounding_box()
    assert room is not None
    start, *rest = ((room["x"] + at["x"], room["y"] + at["y"]) for at in (on_screen(layer, point) for point in points))
    page.mouse.move(*start)
    page.mouse.down()
    for place in rest:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def to_the_player(page: Page) -> None:
    """Puts the focus where the player's keys are taken."""
    page.get_by_role("group", name="Player").focus()


def watch_for(page: Page, selector: str) -> Callable[[], bool]:
    """Looks out for something that may be there only for a moment; tells whether it was."""
    page.evaluate(
        """(selector) => {
          window.wasSeen = false;
          const look = () => (window.wasSeen ||= document.querySelector(selector) !== null);
          new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
        }""",
        selector,
    )
    return lambda: page.evaluate("window.wasSeen")


MOST_STOPS = 120

FOCUSED = """() => {
  const one = document.activeElement;
  const labels = [...(one.labels ?? [])].map((label) => label.querySelector("span")?.textContent ?? label.textContent);
  return (one.ariaLabel ?? (labels.join(" ") || one.textContent)).trim();
}"""


def tab_to(page: Page, name: str) -> None:
    """Goes on by Tab until what has the focus is called like that, or begins so."""
    seen = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if seen[-1].startswith(name):
            return
    raise AssertionError(f"Tab does not come to “{name}”, but to {seen}")


def text_of(download: Download) -> str:
    return Path(download.path()).read_text(encoding="utf-8")


def axe_faults(page: Page) -> list[str]:
    """What axe finds against the view as it is now."""
    page.evaluate((WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"][:2]]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page, or what it shows below its head, is wider than the window."""
    rooms = "[document.scrollingElement, ...document.querySelectorAll('main')]"
    return page.evaluate(f"{rooms}.some((room) => room.scrollWidth > room.clientWidth)")

"""``roto hub demo``: a hub of its own with the demo clip in it, tracked, so that a newcomer sees the page full."""

import os
import secrets
import threading
import time
from pathlib import Path
from typing import Any

import httpx2

from roto_daemon.demo_clip import ATTRIBUTION, FRAMES, OBJECT, PROMPTS, obtain_clip
from roto_hub.run import run_create_admin, run_up
from roto_hub.settings import HubSettings, load_settings
from roto_seg.commands.models import pull_missing
from roto_seg.output import note
from roto_shared.errors import DaemonError

EMAIL, PROJECT, SHOT = "demo@roto.example", "Big Buck Bunny", "bunny_010"
ENGINE = "embedded"
START_S = 60.0


def run_demo(folder: Path) -> None:
    """Serve until interrupted; what is there already is kept."""
    pull_missing(ENGINE)
    clip = obtain_clip()
    note(f"{ATTRIBUTION}.")
    os.environ["ROTO_HUB_DATA_DIR"] = str(folder.resolve())
    settings = load_settings()
    password = _password(settings.data_dir)
    note(f"Log in at {settings.page_url} as {EMAIL} with the password {password}")
    threading.Thread(target=_fill, args=(settings, password, clip), daemon=True).start()
    run_up(1)


def _password(data_dir: Path) -> str:
    """The demo's password, made the first time; there is none that everybody knows."""
    kept = data_dir / "demo-password"
    if not kept.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        password = secrets.token_urlsafe(12)
        run_create_admin(EMAIL, "Demo", password)
        kept.touch(mode=0o600)
        kept.write_text(password, encoding="ascii")
    return kept.read_text(encoding="ascii")


def _fill(settings: HubSettings, password: str, clip: Path) -> None:
    """Put the clip in and have it tracked, as any client would, unless it is there."""
    with httpx2.Client(base_url=f"http://{settings.host}:{settings.port}/api/v1", timeout=60) as client:
        _wait_for(client)
        tokens = _said(client.post("/login", json={"email": EMAIL, "password": password}))
        client.headers["Authorization"] = f"Bearer {tokens['access']}"
        if PROJECT in [one["name"] for one in _said(client.get("/projects"))]:
            return
        project = _said(client.post("/projects", json={"name": PROJECT}))["id"]
        with clip.open("rb") as file:
            made = client.post(f"/projects/{project}/shots", data={"name": SHOT}, files={"file": file})
        shot = _said(made)["shot"]["id"]
        while _said(client.get(f"/shots/{shot}"))["state"] != "ready":
            time.sleep(0.2)
        prompts = [{"frame": at, "object": OBJECT, "positive": said.positive} for at, said in PROMPTS.items()]
        asked = {"prompts": prompts, "first": FRAMES.first, "last": FRAMES.last, "engine": ENGINE}
        _said(client.post(f"/shots/{shot}/segment", json=asked))


def _wait_for(client: httpx2.Client) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            if client.get("/setup").is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise DaemonError("The hub did not start.", "Look at its log above.")


def _said(answer: httpx2.Response) -> Any:
    return answer.raise_for_status().json()

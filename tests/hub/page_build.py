"""The page, built as `make page` builds it, once for a test run."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from roto_hub.describe import write_description
from roto_hub.page import STATIC

WEB = Path(__file__).parents[2] / "server" / "web"


@cache
def built_page() -> Path:
    """The folder of the built page. Its types are made of the interface as it is now: both fit, or this fails."""
    write_description(WEB / "openapi.json")
    npm("ci", "--no-audit", "--no-fund")
    npm("run", "build")
    return STATIC


def npm(*arguments: str) -> str:
    """What npm says. Fails with it where it fails."""
    done = subprocess.run(["npm", "--silent", *arguments], cwd=WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

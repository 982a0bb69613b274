"""Kombu's broker in a folder, mended: a message appears whole, or not at all.

Kombu's own writes a message where a worker may read it half-written, which ends the worker (celery/kombu#1551).
"""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

SCHEME = "roto-folder"


class Channel(filesystem.Channel):
    """Puts messages by renaming them into place."""

    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.unfinished"
        unfinished.write_text(dumps(payload), encoding="utf-8")
        unfinished.replace(folder / f"{name}.{queue}.msg")


class Transport(filesystem.Transport):
    """The folder as a broker."""

    Channel = Channel


def register() -> str:
    """Make the scheme known to kombu; answers the broker's address."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
    return f"{SCHEME}://localhost//"

"""Handlers that need no engine: greeting, status, models, settings, cancelling, stopping."""

import os
import sys
import time
from typing import Any

import psutil

from roto_daemon.backends.table import MODELS
from roto_daemon.rpc.desk import Request
from roto_daemon.rpc.house import House
from roto_daemon.settings import CHANGEABLE, change_settings, settings_texts
from roto_shared.errors import CancelledError, InputError
from roto_shared.protocol import messages
from roto_shared.protocol.version import PROTOCOL
from roto_shared.version import VERSION


def hello(_: House, request: Request) -> None:
    """Answer who we are."""
    request.replies.tell(messages.Welcome(VERSION, os.getpid(), PROTOCOL))


def status(house: House, request: Request) -> None:
    """Answer how we are."""
    waiting = [task for lane in house.lanes for task in lane.tasks()]
    request.replies.tell(
        messages.Status(
            version=VERSION,
            pid=os.getpid(),
            uptime_s=time.monotonic() - house.started,
            memory_mb=psutil.Process().memory_info().rss / 2**20,
            sessions=house.shelf.names(),
            engines=house.engines.names(),
            jobs=tuple(messages.Job(task.name, task.session) for task in waiting),
            log=str(house.settings.log_file),
            store=str(house.settings.weights_dir),
            **_graphics(),
        )
    )


def _graphics() -> dict[str, Any]:
    """The GPU's part of a status; asked only once PyTorch is there, which takes seconds to come."""
    if "torch" not in sys.modules:
        return {}
    from roto_daemon.backends.neural.device import graphics_memory

    found = graphics_memory()
    return {} if found is None else dict(zip(("gpu", "gpu_used_mb", "gpu_total_mb"), found, strict=True))


def models(house: House, request: Request) -> None:
    """Answer which engines there are and what each lacks."""
    loaded = house.engines.names()
    absent = {holding.weights.name for holding in house.weights.list() if holding.path is None}
    engines = tuple(
        messages.Engine(
            name=engine.name,
            about=engine.purpose,
            tasks=tuple(engine.tasks),
            weights=engine.weights,
            missing=tuple(name for name in engine.weights if name in absent),
            loaded=engine.name in loaded,
        )
        for engine in MODELS.values()
    )
    request.replies.tell(messages.Models(engines))


def settings(house: House, request: Request) -> None:
    """Answer all settings."""
    request.replies.tell(messages.Settings(settings_texts(house.settings)))


def set_settings(house: House, request: Request) -> None:
    """Change settings until the daemon stops."""
    values = request.message.values
    fixed = [name for name in values if name not in CHANGEABLE]
    if fixed:
        raise InputError(
            f"The setting “{fixed[0]}” cannot be changed in a running daemon.",
            f"Changeable are {', '.join(CHANGEABLE)}; others go into the settings file.",
        )
    house.settings = change_settings(house.settings, values, "in the request")
    settings(house, request)


def cancel(house: House, request: Request) -> None:
    """Stop another request of the same client before its next step."""
    job = house.job(request.client, request.message.request)
    if job is not None:
        job.stop(CancelledError("Stopped.", "What was done is kept; run it again to go on."))
    request.replies.tell(messages.Done())


def shutdown(house: House, request: Request) -> None:
    """Stop the daemon."""
    request.replies.tell(messages.Done())
    house.shutdown()

"""``roto doctor``: what this machine has and what roto makes of it, for a TD or for a report of a fault."""

import os
import platform
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import typer

from roto_seg.output import JsonOption, finish, table

Facts = dict[str, dict[str, str]]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("doctor")(doctor_command)


def doctor_command(as_json: JsonOption = False) -> None:
    """What this machine has, which models can run on it, and whether the folders can be written."""
    facts: Facts = {
        "machine": inspect_machine(),
        "networks": inspect_networks(),
        "models": inspect_models(),
        "folders": inspect_folders(),
        "daemon": inspect_daemon(),
    }
    parts = [f"{name}\n{table(('', ''), list(found.items()))}" for name, found in facts.items()]
    finish(as_json, facts, "\n\n".join(part.replace("\n\n", "\n", 1) for part in parts))


def inspect_machine() -> dict[str, str]:
    """The program and what it runs on."""
    import psutil

    from roto_shared.version import VERSION

    return {
        "roto": VERSION,
        "Python": f"{platform.python_version()} at {sys.executable}",
        "system": platform.platform(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.1f} GiB",
    }


def inspect_networks() -> dict[str, str]:
    """PyTorch and its devices."""
    if find_spec("torch") is None:
        return {"PyTorch": "not installed; `pip install 'roto-bezier[torch]'` brings SAM 2, Cutie, ViTMatte and more"}
    from roto_daemon.backends.neural.inspection import inspect_torch

    return inspect_torch()


def inspect_models() -> dict[str, str]:
    """Which models can run, and what ``auto`` means here."""
    from roto_daemon.backends.choice import AUTO, can_run, resolve_engine
    from roto_daemon.backends.table import MODELS, Place
    from roto_daemon.settings import load_settings
    from roto_daemon.weights.store import WeightStore

    settings = load_settings()
    store = WeightStore(settings.weights_dir, settings.mirror_dir)
    ready = [model.name for model in MODELS.values() if can_run(model, store)]
    place = Place(store, settings.device, settings.precision)
    held = [holding.weights.name for holding in store.list() if holding.path is not None]
    return {
        "weights here": ", ".join(held) or "none",
        "can run": ", ".join(ready),
        "auto is": resolve_engine(AUTO, place, settings.auto_tracker),
    }


def inspect_folders() -> dict[str, str]:
    """Where things lie, whether they can be written, and how much room there is."""
    from roto_daemon.settings import load_settings

    settings = load_settings()
    folders = {"runtime": settings.runtime_dir, "state": settings.state_dir, "weights": settings.weights_dir}
    if settings.mirror_dir is not None:
        folders["mirror"] = settings.mirror_dir
    return {name: f"{path}, {_room(path)}" for name, path in folders.items()}


def inspect_daemon() -> dict[str, str]:
    """Whether one serves this user."""
    import psutil

    from roto_daemon.settings import load_settings
    from roto_shared.discovery import read_connection
    from roto_shared.errors import DaemonError

    try:
        found = read_connection(load_settings().runtime_dir)
    except DaemonError as error:
        return {"running": f"no: {error}"}
    if found is None or not psutil.pid_exists(found.pid):
        return {"running": "no"}
    return {"running": f"process {found.pid} at {found.endpoint}, version {found.version}"}


def _room(path: Path) -> str:
    there = next(folder for folder in (path, *path.parents) if folder.is_dir())
    rights = "writable" if os.access(there, os.W_OK) else "read-only"
    is_new = "" if there == path else ", not made yet"
    return f"{rights}{is_new}, {shutil.disk_usage(there).free / 2**30:.1f} GiB free"

"""Everything that can be set, read once at start: defaults, then the settings file, then ``ROTO_…`` variables."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import platformdirs

from roto_shared.discovery import runtime_folder
from roto_shared.errors import InputError

CHANGEABLE = ("engine", "idle_unload_s", "cache_mb")


@dataclass(frozen=True)
class DaemonSettings:
    """Settings of a daemon. Folders may lie on shared storage, except ``runtime_dir``.

    ``runtime_dir`` holds the connection file; ``state_dir`` sessions and logs; ``weights_dir`` the weight store;
    ``mirror_dir`` a studio's mirror of it (empty: none). ``engine`` is what a session uses that names none.
    ``cache_mb`` bounds decoded frames read ahead per plate; ``keep_sessions_days`` how long untouched sessions stay;
    ``idle_unload_s`` when an unused engine gives its memory back.
    """

    runtime_dir: Path = field(default_factory=runtime_folder)
    state_dir: Path = field(default_factory=lambda: platformdirs.user_state_path("roto", appauthor=False))
    weights_dir: Path = field(default_factory=lambda: platformdirs.user_data_path("roto", appauthor=False) / "weights")
    mirror_dir: Path = Path()
    engine: str = "embedded"
    idle_unload_s: float = 600.0
    cache_mb: int = 512
    keep_sessions_days: float = 30.0
    log_level: str = "info"

    @property
    def log_file(self) -> Path:
        """The rotating log."""
        return self.state_dir / "daemon.log"


def settings_file(environment: Mapping[str, str] = os.environ) -> Path:
    """``ROTO_SETTINGS``, or ``daemon.toml`` in the user's configuration folder."""
    named = environment.get("ROTO_SETTINGS")
    return Path(named) if named else platformdirs.user_config_path("roto", appauthor=False) / "daemon.toml"


def load_settings(environment: Mapping[str, str] = os.environ) -> DaemonSettings:
    """Settings of this user. Raises InputError, naming file or variable, for values that make no sense."""
    path = settings_file(environment)
    settings = DaemonSettings(runtime_dir=runtime_folder(environment))
    settings = change_settings(settings, _read_file(path), f"in {path}")
    names = {f.name: f"ROTO_{f.name.upper()}" for f in fields(DaemonSettings)}
    told = {name: environment[variable] for name, variable in names.items() if environment.get(variable)}
    return change_settings(settings, told, "in the environment")


def change_settings(settings: DaemonSettings, values: Mapping[str, str], where: str) -> DaemonSettings:
    """``settings`` with texts put in by name; ``where`` is for the error's sentence. Raises InputError."""
    known = {f.name: type(getattr(settings, f.name)) for f in fields(settings)}
    changed = {}
    for name, text in values.items():
        if name not in known:
            raise InputError(f"There is no setting “{name}” ({where}).", f"Known: {', '.join(known)}.")
        form = Path if issubclass(known[name], Path) else known[name]
        try:
            changed[name] = form(text)
        except ValueError as error:
            raise InputError(
                f"The setting {name} {where} is “{text}”, not a {form.__name__}.", "Correct it."
            ) from error
    return replace(settings, **changed)


def settings_texts(settings: DaemonSettings) -> dict[str, str]:
    """Every setting as a text."""
    return {f.name: str(getattr(settings, f.name)) for f in fields(settings)}


def _read_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        return {name: str(value) for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not valid TOML: {error}.", "Correct or remove it.") from error

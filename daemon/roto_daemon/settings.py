"""Everything that can be set, read once at start: defaults, then the settings file, then ``ROTO_…`` variables."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import platformdirs

from roto_shared.discovery import runtime_folder
from roto_shared.errors import InputError

CHANGEABLE = ("engine", "auto_tracker", "vram_mb", "idle_unload_s", "cache_mb")


@dataclass(frozen=True)
class DaemonSettings:
    """Settings of a daemon. Folders may lie on shared storage, except ``runtime_dir``.

    ``runtime_dir`` holds the connection file; ``state_dir`` sessions and logs; ``weights_dir`` the weight store;
    ``mirror_dir`` a studio's mirror of it, if there is one. ``engine`` is what a session uses that names none, and
    ``auto_tracker`` (sam2 or cutie) what follows objects where that is ``auto``. ``device`` and ``precision`` are where
    networks run and in which numbers, ``compile_networks`` whether PyTorch compiles them first; ``vram_mb`` is what all
    of them may take of a GPU, 0 for nine tenths of it.
    ``ocio`` is the studio's colour configuration, by default what the variable OCIO says.
    ``cache_mb`` bounds decoded frames read ahead per plate; ``keep_sessions_days`` how long untouched sessions stay;
    ``idle_unload_s`` when an unused engine gives its memory back.
    """

    runtime_dir: Path = field(default_factory=runtime_folder)
    state_dir: Path = field(default_factory=lambda: platformdirs.user_state_path("roto", appauthor=False))
    weights_dir: Path = field(default_factory=lambda: platformdirs.user_data_path("roto", appauthor=False) / "weights")
    mirror_dir: Path | None = None
    engine: str = "auto"
    auto_tracker: str = "sam2"
    device: str = "auto"
    precision: str = "auto"
    compile_networks: bool = False
    vram_mb: int = 0
    idle_unload_s: float = 600.0
    ocio: str = ""
    cache_mb: int = 512
    keep_sessions_days: float = 30.0
    log_level: str = "info"

    @property
    def log_file(self) -> Path:
        """The rotating log."""
        return self.state_dir / "daemon.log"


def _yes_or_no(text: str) -> bool:
    answers = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in answers:
        raise ValueError(text)
    return answers[text.lower()]


_FORMS: dict[str, Callable[[str], Any]] = {
    "runtime_dir": Path,
    "state_dir": Path,
    "weights_dir": Path,
    "mirror_dir": Path,
    "engine": str,
    "auto_tracker": str,
    "device": str,
    "precision": str,
    "compile_networks": _yes_or_no,
    "vram_mb": int,
    "idle_unload_s": float,
    "ocio": str,
    "cache_mb": int,
    "keep_sessions_days": float,
    "log_level": str,
}


def settings_file(environment: Mapping[str, str] = os.environ) -> Path:
    """``ROTO_SETTINGS``, or ``daemon.toml`` in the user's configuration folder."""
    named = environment.get("ROTO_SETTINGS")
    return Path(named) if named else platformdirs.user_config_path("roto", appauthor=False) / "daemon.toml"


def load_settings(environment: Mapping[str, str] = os.environ) -> DaemonSettings:
    """Settings of this user. Raises InputError, naming file or variable, for values that make no sense."""
    path = settings_file(environment)
    settings = DaemonSettings(runtime_dir=runtime_folder(environment), ocio=environment.get("OCIO", ""))
    settings = change_settings(settings, _read_file(path), f"in {path}")
    variables = {name: f"ROTO_{name.upper()}" for name in _FORMS}
    told = {name: environment[variable] for name, variable in variables.items() if environment.get(variable)}
    return change_settings(settings, told, "in the environment")


def change_settings(settings: DaemonSettings, values: Mapping[str, str], where: str) -> DaemonSettings:
    """``settings`` with texts put in by name; ``where`` is for the error's sentence. Raises InputError."""
    return replace(settings, **{name: _read_value(name, text, where) for name, text in values.items()})


def _read_value(name: str, text: str, where: str) -> Any:
    if name not in _FORMS:
        raise InputError(f"There is no setting “{name}” ({where}).", f"Known: {', '.join(_FORMS)}.")
    try:
        return _FORMS[name](text)
    except ValueError as error:
        raise InputError(f"The setting {name} {where} cannot be “{text}”.", "Correct it.") from error


def settings_texts(settings: DaemonSettings) -> dict[str, str]:
    """Every setting as a text."""
    return {name: _text(getattr(settings, name)) for name in _FORMS}


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        return {name: _text(value) for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not valid TOML: {error}.", "Correct or remove it.") from error

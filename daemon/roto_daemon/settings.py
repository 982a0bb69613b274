"""Everything that can be set, read once at start: defaults, then the settings file, then ``ROTO_…`` variables."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs

from roto_shared.discovery import runtime_folder
from roto_shared.errors import InputError

CHANGEABLE = ("engine", "auto_tracker", "vram_mb", "idle_unload_s", "cache_mb")
TRACKERS = ("sam2", "cutie")
DEVICES = ("auto", "cuda", "mps", "cpu")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class DaemonSettings:
    """Settings of a daemon. Weights may lie on shared storage; ``runtime_dir`` must be local, and ``state_dir`` belongs
    to one daemon at a time, on whichever machine: two would write over each other's sessions.

    ``runtime_dir`` holds the connection file; ``state_dir`` sessions and logs; ``weights_dir`` the weight store;
    ``mirror_dir`` a studio's mirror of it, if there is one. ``engine`` is what a session uses that names none, and
    ``auto_tracker`` (sam2 or cutie) what follows objects where that is ``auto``. ``device`` and ``precision`` are where
    networks run and in which numbers, ``compile_networks`` whether PyTorch compiles them first; ``vram_mb`` is what all
    of them may take of a GPU, 0 for nine tenths of it.
    ``ocio`` is the studio's colour configuration, by default what the variable OCIO says.
    ``cache_mb`` bounds decoded frames read ahead per plate; ``keep_sessions_days`` how long untouched sessions stay, 0
    for ever; ``idle_unload_s`` when an unused engine gives its memory back.
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


class _Form(NamedTuple):
    """How a setting's text is read, which may raise ValueError; and what has to be written."""

    read: Callable[[str], Any]
    wanted: str


def _whole_place(text: str) -> Path:
    place = Path(text).expanduser()
    if not place.is_absolute():  # else it would depend on where the program that starts the daemon was started
        raise ValueError(text)
    return place


def _at_least_zero(number: Callable[[str], float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not number(text) >= 0:
            raise ValueError(text)
        return number(text)

    return read


def _one_of(*known: str) -> _Form:
    def read(text: str) -> str:
        if text.lower() not in known:
            raise ValueError(text)
        return text.lower()

    return _Form(read, f"one of {', '.join(known)}")


def _yes_or_no(text: str) -> bool:
    answers = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in answers:
        raise ValueError(text)
    return answers[text.lower()]


_PLACE = _Form(_whole_place, "a whole path; ~ is the home folder")
_TEXT = _Form(str, "a text")
_COUNT = _Form(_at_least_zero(int), "a whole number, 0 or more")

_FORMS: dict[str, _Form] = {
    "runtime_dir": _PLACE,
    "state_dir": _PLACE,
    "weights_dir": _PLACE,
    "mirror_dir": _PLACE,
    "engine": _TEXT,
    "auto_tracker": _one_of(*TRACKERS),
    "device": _one_of(*DEVICES),
    "precision": _one_of(*PRECISIONS),
    "compile_networks": _Form(_yes_or_no, "true or false"),
    "vram_mb": _COUNT,
    "idle_unload_s": _Form(float, "a number"),
    "ocio": _TEXT,
    "cache_mb": _COUNT,
    "keep_sessions_days": _Form(_at_least_zero(float), "a number, 0 or more"),
    "log_level": _one_of(*LOG_LEVELS),
}


def settings_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The file that ``ROTO_SETTINGS`` names, or ``daemon.toml`` in the user's configuration folder if it is there.

    Raises InputError where what is named is no file.
    """
    named = environment.get("ROTO_SETTINGS")
    if named:
        return _named_file(Path(named))
    try:
        usual = platformdirs.user_config_path("roto", appauthor=False) / "daemon.toml"
    except RuntimeError:  # a user without a home has no such folder
        return None
    return usual if usual.is_file() else None


def _named_file(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"ROTO_SETTINGS names {path}, which is no file.", "Correct it, or take it away.")
    return path


def load_settings(environment: Mapping[str, str] = os.environ) -> DaemonSettings:
    """Settings of this user. Raises InputError, naming file or variable, for values that make no sense."""
    path = settings_file(environment)
    in_file = _read_values(_read_file(path), f"in {path}") if path else {}
    variables = {name: f"ROTO_{name.upper()}" for name in _FORMS}
    told = {name: environment[variable] for name, variable in variables.items() if environment.get(variable)}
    usual = {"runtime_dir": runtime_folder(environment), "ocio": environment.get("OCIO", "")}
    try:
        return DaemonSettings(**{**usual, **in_file, **_read_values(told, "in the environment")})
    except RuntimeError as error:
        raise InputError(
            f"This user has no home to keep things in: {error}.", "Set HOME, or ROTO_STATE_DIR and ROTO_WEIGHTS_DIR."
        ) from error


def change_settings(settings: DaemonSettings, values: Mapping[str, str], where: str) -> DaemonSettings:
    """``settings`` with texts put in by name; ``where`` is for the error's sentence. Raises InputError."""
    return replace(settings, **_read_values(values, where))


def _read_values(texts: Mapping[str, str], where: str) -> dict[str, Any]:
    return {name: _read_value(name, text, where) for name, text in texts.items()}


def _read_value(name: str, text: str, where: str) -> Any:
    if name not in _FORMS:
        raise InputError(f"There is no setting “{name}” ({where}).", f"Known: {', '.join(_FORMS)}.")
    try:
        return _FORMS[name].read(text)
    except (ValueError, RuntimeError) as error:  # RuntimeError: ~ of somebody without a home
        raise InputError(f"The setting {name} {where} cannot be “{text}”.", f"Write {_FORMS[name].wanted}.") from error


def settings_texts(settings: DaemonSettings) -> dict[str, str]:
    """Every setting as a text."""
    return {name: _text(getattr(settings, name)) for name in _FORMS}


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_file(path: Path) -> dict[str, str]:
    try:
        return {name: _text(value) for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except ValueError as error:  # of TOML, or of UTF-8
        raise InputError(f"{path} is not valid TOML: {error}.", "Correct or remove it.") from error

"""The daemon's settings: what makes no sense is refused with what may be written, and a place is what it says."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from roto_daemon.backends.choice import TRACKING
from roto_daemon.settings import TRACKERS, load_settings
from roto_shared.discovery import runtime_folder
from roto_shared.errors import InputError

NAMES = ("HOME", "USER", "LOGNAME", "LNAME", "USERNAME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")


@pytest.fixture
def settings_in(tmp_path: Path):
    """Reads settings that are written into a file, with more variables beside."""
    file = tmp_path / "daemon.toml"

    def read(text: str = "", more: Mapping[str, str] | None = None):
        file.write_text(text, encoding="utf-8")
        return load_settings({"ROTO_SETTINGS": str(file), **(more or {})})

    return read


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is of a user without name and home, as of a container that was started with a bare number."""
    pwd = pytest.importorskip("pwd")

    def refuse(number: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {number}")

    monkeypatch.setattr(pwd, "getpwuid", refuse)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ('weights_dir = "weights"', "a whole path"),
        ('mirror_dir = ""', "a whole path"),
        ('state_dir = "~nobody-of-that-name/state"', "a whole path"),
        ('device = "gpu"', "one of auto, cuda, mps, cpu"),
        ('precision = "half"', "one of auto, float32, bfloat16, float16"),
        ('auto_tracker = "kalman"', "one of sam2, cutie"),
        ('log_level = "verbose"', "one of debug, info, warning, error"),
        ("compile_networks = 2", "true or false"),
        ("vram_mb = -1", "a whole number, 0 or more"),
        ("cache_mb = -512", "a whole number, 0 or more"),
        ("cache_mb = 0.5", "a whole number, 0 or more"),
        ("keep_sessions_days = -1", "a number, 0 or more"),
        ("keep_sessions_days = nan", "a number, 0 or more"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_with_what_may_be_written(settings_in, written, remedy):
    name = written.partition(" ")[0]
    with pytest.raises(InputError, match=rf"The setting {name} in .* cannot be .*Write {re.escape(remedy)}"):
        settings_in(written)


def test_a_wave_is_the_home_folder(settings_in, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    settings = settings_in('weights_dir = "~/weights"', {"ROTO_RUNTIME_DIR": "~/run"})
    assert settings.weights_dir == tmp_path / "weights"
    assert settings.runtime_dir == runtime_folder({"ROTO_RUNTIME_DIR": "~/run"}) == tmp_path / "run"


def test_what_is_chosen_may_be_written_in_capitals(settings_in):
    assert settings_in(more={"ROTO_LOG_LEVEL": "INFO"}).log_level == "info"


def test_every_tracker_that_there_is_can_be_set():
    assert tuple(TRACKING) == TRACKERS


def test_a_settings_file_that_is_named_and_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match=r"ROTO_SETTINGS names .*none\.toml, which is no file"):
        load_settings({"ROTO_SETTINGS": str(tmp_path / "none.toml")})


@pytest.mark.parametrize("content", [b"engine", b"\xff\xfe"], ids=["not TOML", "not UTF-8"])
def test_a_settings_file_that_cannot_be_understood_is_named(tmp_path, content):
    (tmp_path / "daemon.toml").write_bytes(content)
    with pytest.raises(InputError, match=r"daemon\.toml is not valid TOML"):
        load_settings({"ROTO_SETTINGS": str(tmp_path / "daemon.toml")})


@pytest.mark.usefixtures("nobody")
def test_without_a_home_what_to_set_is_said_and_suffices(tmp_path):
    with pytest.raises(InputError, match="Set HOME, or ROTO_STATE_DIR and ROTO_WEIGHTS_DIR"):
        load_settings({})
    told = {"ROTO_STATE_DIR": str(tmp_path / "state"), "ROTO_WEIGHTS_DIR": str(tmp_path / "weights")}
    assert load_settings(told).state_dir == tmp_path / "state"


@pytest.mark.usefixtures("nobody")
def test_without_a_name_the_runtime_folder_has_the_user_s_number():
    assert re.fullmatch(r"roto-\d+", runtime_folder({}).name)

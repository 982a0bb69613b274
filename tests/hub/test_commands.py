"""``roto hub`` from the command line, and that its page names every setting."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from roto_hub.settings import HubSettings

PAGE = Path(__file__).parents[2] / "docs" / "hub.md"


def roto_hub(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "ROTO_HUB_DATA_DIR": str(folder), **environment}
    command = [sys.executable, "-m", "roto_seg", "hub", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_an_administrator_is_made_and_made_once(tmp_path: Path) -> None:
    secret = {"ROTO_HUB_ADMIN_PASSWORD": "four words in a row"}
    made = roto_hub(tmp_path, "create-admin", "ada@studio.example", **secret)
    assert (made.returncode, made.stdout.strip()) == (0, "ada@studio.example is an administrator.")
    again = roto_hub(tmp_path, "create-admin", "ada@studio.example", **secret)
    assert again.returncode != 0
    assert "has an account already" in again.stderr
    weak = roto_hub(tmp_path, "create-admin", "bob@studio.example", ROTO_HUB_ADMIN_PASSWORD="short")
    assert "at least 12 letters" in weak.stderr


def test_the_database_goes_up_and_down(tmp_path: Path) -> None:
    assert roto_hub(tmp_path, "migrate").stdout.strip() == "The database is up to date."
    assert roto_hub(tmp_path, "migrate", "--down").stdout.strip() == "The tables are gone."


def test_settings_come_from_the_file_and_variables_come_before_it(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('port = 9000\nlease_s = 7.5\nshared_roots = ["/show"]\n')
    monkeypatch.setenv("ROTO_HUB_FILE", str(file))
    monkeypatch.setenv("ROTO_HUB_PORT", "9001")
    settings = HubSettings()
    assert (settings.port, settings.lease_s, settings.shared_roots) == (9001, 7.5, (Path("/show"),))


def test_the_secret_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    settings = HubSettings(data_dir=tmp_path)
    assert settings.signing_secret() == HubSettings(data_dir=tmp_path).signing_secret()
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_the_page_names_every_setting() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in HubSettings.model_fields if f"`ROTO_HUB_{name.upper()}`" not in page] == []

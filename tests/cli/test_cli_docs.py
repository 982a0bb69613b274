"""The pages say what the program does."""

import re
from pathlib import Path

import pytest

from roto_daemon.settings import DaemonSettings, settings_texts
from roto_seg.exits import Exit

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = (
    "info",
    "segment",
    "find",
    "doctor",
    "track",
    "matte",
    "curves",
    "preview",
    "convert",
    "check",
    "edit",
    "score",
    "models",
    "daemon",
    "install",
    "hub",
    "demo",
    "bench",
)


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def section(command: str) -> str:
    """What the page says of a command, with those of other commands where it points to them."""
    told = page("command-line.md").split(f"\n## roto {command}\n")[1].split("\n## ")[0]
    for anchor, home in (("how-the-curves-should-be", "curves"), ("how-masks-are-finished", "track")):
        told += section(home) if command != home and f"(#{anchor})" in told else ""
    return told


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    broken = [t for t in targets if not t.startswith("http") and not (path.parent / t).exists()]
    assert broken == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_section_with_its_options(roto, command):
    told = roto(command, "--help").output
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", told, re.M)) - {"--help", "--json", "--in-process"}
    assert [option for option in sorted(options) if option not in section(command)] == []


def test_every_command_is_in_the_first_table_in_the_order_of_the_page():
    text = page("command-line.md")
    assert re.findall(r"^\| \[`roto (\w+)`\]", text, re.M) == re.findall(r"^## roto (\w+)$", text, re.M)


def test_the_page_says_which_commands_can_do_without_the_daemon(roto):
    told = re.search(r"- \*\*`--in-process`\*\* makes (.*?) do", page("command-line.md"))
    assert told is not None
    able = {command for command in COMMANDS if "--in-process" in roto(command, "--help").output}
    assert set(re.findall(r"`(\w+)`", told[1])) == able


@pytest.mark.parametrize("group", ["edit", "score", "models", "daemon", "hub", "install", "bench"])
def test_every_subcommand_is_in_its_section(roto, group):
    listed = roto(group, "--help").output.split("Commands:")[1]
    names = re.findall(r"^  ([a-z-]+)", listed, re.M)
    assert [name for name in names if name not in section(group)] == []


def test_every_exit_code_is_documented():
    rows = re.findall(r"^\| (\d+) \|", page("command-line.md"), re.M)
    assert [int(row) for row in rows] == [code.value for code in Exit]


def test_every_setting_is_documented_with_its_variable_and_default():
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| `([A-Z_]+)` \|", page("install.md"), re.M))
    assert rows == {name: f"ROTO_{name.upper()}" for name in settings_texts(DaemonSettings())}
    for name in ("engine", "idle_unload_s", "cache_mb", "keep_sessions_days", "log_level"):
        told = re.search(rf"^\| `{name}` \| \S+ \| `?([^|`]+)`? \|", page("install.md"), re.M)
        assert told is not None
        assert float_or_text(told[1].strip()) == float_or_text(str(getattr(DaemonSettings(), name)))


def float_or_text(text: str) -> float | str:
    return float(text) if text.replace(".", "").isdigit() else text

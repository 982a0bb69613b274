"""``roto install nuke``: the plugin in its place, and out again, and nobody else's file touched."""

import zipfile
import zlib
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from roto_shared.discovery import start

CONTENT = {"roto/VERSION": "0.1.0 linux\n", "roto/init.py": "", "roto/roto_nuke/__init__.py": ""}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    return home


def pack(folder: Path, **changed: str) -> Path:
    path = folder / "roto-nuke-0.1.0-linux.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in {**CONTENT, **changed}.items():
            packed.writestr(name, text)
    return path


def test_the_plugin_goes_where_nuke_finds_it_and_leaves_nothing_behind(roto, home, tmp_path):
    told = roto("install", "nuke", str(pack(tmp_path))).output
    assert told == f"Installed 0.1.0 linux at {home}/.nuke/roto.\n"
    assert (home / ".nuke/roto/roto_nuke/__init__.py").is_file()
    assert 'nuke.pluginAddPath("./roto")' in (home / ".nuke/init.py").read_text()
    assert roto("install", "nuke", "--undo").output == f"Took out 0.1.0 linux at {home}/.nuke/roto.\n"
    assert list((home / ".nuke").iterdir()) == []


def test_an_init_py_that_is_there_is_never_touched(roto, home, tmp_path):
    (home / ".nuke").mkdir()
    (home / ".nuke/init.py").write_text("nuke.pluginAddPath('./mine')\n")
    assert "Add " in roto("install", "nuke", str(pack(tmp_path))).output
    (home / ".nuke/init.py").write_text("nuke.pluginAddPath('./mine')\nnuke.pluginAddPath('./roto')\n")
    assert "still names it; take the line out." in roto("install", "nuke", "--undo").output
    assert (home / ".nuke/init.py").read_text() == "nuke.pluginAddPath('./mine')\nnuke.pluginAddPath('./roto')\n"


@pytest.mark.parametrize(
    "line",
    ["nuke.pluginAddPath('./roto')", 'nuke.pluginAddPath(os.path.join(here, "roto"))', 'add("C:\\\\me\\\\roto")'],
)
def test_a_user_s_init_py_that_names_the_folder_is_not_asked_for_the_line_again(roto, home, tmp_path, line):
    (home / ".nuke").mkdir()
    (home / ".nuke/init.py").write_text(f"import os, nuke\n{line}\n")
    assert roto("install", "nuke", str(pack(tmp_path))).output == f"Installed 0.1.0 linux at {home}/.nuke/roto.\n"


@pytest.mark.parametrize("line", ["# nuke.pluginAddPath('./roto')", "nuke.pluginAddPath('./rotopaint')"])
def test_an_init_py_that_names_it_in_a_comment_or_in_another_word_is_asked_for_the_line(roto, home, tmp_path, line):
    (home / ".nuke").mkdir()
    (home / ".nuke/init.py").write_text(f"{line}\n")
    assert "to an init.py that Nuke reads" in roto("install", "nuke", str(pack(tmp_path))).output


def test_a_newer_plugin_replaces_the_older_one_whole(roto, home, tmp_path):
    roto("install", "nuke", str(pack(tmp_path, **{"roto/old.py": ""})))
    roto("install", "nuke", str(pack(tmp_path, **{"roto/VERSION": "0.2.0 linux\n"})))
    assert not (home / ".nuke/roto/old.py").exists()
    assert (home / ".nuke/roto/VERSION").read_text() == "0.2.0 linux\n"


def test_elsewhere_it_says_what_makes_nuke_find_it(roto, home, tmp_path):
    told = roto("install", "nuke", str(pack(tmp_path)), "--folder", str(tmp_path / "studio" / "roto")).output
    assert f"Add {tmp_path}/studio/roto to NUKE_PATH" in told
    assert not (home / ".nuke").exists()


def test_a_folder_with_other_things_is_refused(roto, home, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "work.nk").write_text("")
    for told in (("install", "nuke", str(pack(tmp_path))), ("install", "nuke", "--undo")):
        result = roto(*told, "--folder", str(tmp_path / "mine"))
        assert "holds something else" in result.stderr
    assert (tmp_path / "mine" / "work.nk").is_file()


@pytest.mark.parametrize(
    "changed", [{"roto/../../evil.py": ""}, {"other/file": ""}, {"/etc/x": ""}], ids=["upward", "other", "absolute"]
)
def test_a_zip_that_is_not_ours_is_refused(roto, home, tmp_path, changed):
    assert "is not the plugin" in roto("install", "nuke", str(pack(tmp_path, **changed))).stderr
    assert not (home / ".nuke").exists()


def test_what_is_no_zip_and_what_is_not_there_are_told(roto, home, tmp_path):
    (tmp_path / "x.zip").write_text("no zip")
    assert "is no zip" in roto("install", "nuke", str(tmp_path / "x.zip")).stderr
    assert "There is no plugin" in roto("install", "nuke", "--undo").stderr
    assert "No zip is named" in roto("install", "nuke").stderr


@pytest.mark.parametrize("hit", [b"stored as it is", b"PK\x03\x04"], ids=["content", "header"])
def test_a_zip_damaged_in_its_middle_is_to_be_fetched_again_and_the_older_plugin_stays(roto, home, tmp_path, hit):
    roto("install", "nuke", str(pack(tmp_path)))
    packed = pack(tmp_path, **{"roto/VERSION": "0.2.0 linux\n", "roto/menu.py": "stored as it is"})
    content = packed.read_bytes()
    packed.write_bytes(content.replace(hit, bytes(len(hit))))
    result = roto("install", "nuke", str(packed))
    assert result.exit_code == 3
    assert "is no zip that can be read" in result.stderr and "Fetch it again." in result.stderr
    assert (home / ".nuke/roto/VERSION").read_text() == "0.1.0 linux\n"
    assert sorted(path.name for path in (home / ".nuke").iterdir()) == ["init.py", "roto"]


def test_a_compressed_zip_with_a_damaged_stream_is_to_be_fetched_again(roto, home, tmp_path):
    packed = tmp_path / "roto-nuke-0.1.0-linux.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as content:
        for name, text in CONTENT.items():
            content.writestr(name, text)
    stream = zlib.compress(CONTENT["roto/VERSION"].encode(), wbits=-15)
    packed.write_bytes(packed.read_bytes().replace(stream, b"\xff" * len(stream)))
    assert "Fetch it again." in roto("install", "nuke", str(packed)).stderr


@pytest.fixture
def linked(roto: Run, home: Path, tmp_path: Path) -> Path:
    """The studio's plugin, to which the user's folder is a link."""
    studio = tmp_path / "studio" / "roto"
    roto("install", "nuke", str(pack(tmp_path)), "--folder", str(studio))
    (home / ".nuke").mkdir()
    (home / ".nuke/roto").symlink_to(studio)
    return studio


def test_undo_takes_out_a_link_and_not_what_it_leads_to(roto, home, linked):
    assert "Took out 0.1.0 linux" in roto("install", "nuke", "--undo").output
    assert not (home / ".nuke/roto").is_symlink()
    assert (linked / "VERSION").is_file()


def test_a_link_is_not_replaced_by_a_copy(roto, home, linked, tmp_path):
    result = roto("install", "nuke", str(pack(tmp_path, **{"roto/VERSION": "0.2.0 linux\n"})))
    assert result.exit_code == 3
    assert f"{home}/.nuke/roto is a link to {linked}" in result.stderr
    assert (home / ".nuke/roto").is_symlink()
    assert (linked / "VERSION").read_text() == "0.1.0 linux\n"


def test_a_host_s_python_path_is_not_handed_to_the_daemon_s_python(tmp_path, monkeypatch):
    program, told = tmp_path / "program", tmp_path / "told"
    program.write_text(f"#!/bin/sh\nenv > {told}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", "/opt/nuke/python")
    monkeypatch.setenv("PYTHONHOME", "/opt/nuke")
    start([str(program)], tmp_path).wait()
    assert "ROTO_RUNTIME_DIR" in told.read_text()
    assert not {"PYTHONPATH", "PYTHONHOME"} & {line.split("=")[0] for line in told.read_text().splitlines()}


def test_silhouette_s_plugin_goes_beside_and_says_the_variable(roto, home, tmp_path):
    packed = pack(tmp_path, **{"roto/roto_silhouette/__init__.py": "", "roto/roto_startup/__init__.py": ""})
    told = roto("install", "silhouette", str(packed)).output
    assert f"Add {home}/.roto/silhouette/roto_startup to SFX_SCRIPT_IMPORTS" in told
    assert "Took out" in roto("install", "silhouette", "--undo").output
    assert "is not the plugin for Silhouette" in roto("install", "silhouette", str(pack(tmp_path))).stderr

"""Folders of rendered plates go with their panel; those of a host that was killed go with the next panel."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from roto_panel.plate_folder import PlateFolder, delete_abandoned

HOST = """
from roto_panel.plate_folder import PlateFolder
folder = PlateFolder()
(folder.path / "plate.1001.exr").write_bytes(b"pixels")
print(folder.path, flush=True)
input()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def other_host() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process with a rendered plate, and the plate's folder."""
    with subprocess.Popen(
        [sys.executable, "-c", HOST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_a_deleted_folder_leaves_nothing(temporary) -> None:
    folder = PlateFolder()
    (folder.path / "plate.1001.exr").write_bytes(b"pixels")
    folder.delete()
    assert list(temporary.iterdir()) == []


def test_what_another_host_works_on_stays(other_host) -> None:
    _, folder = other_host
    delete_abandoned()
    assert (folder / "plate.1001.exr").read_bytes() == b"pixels"


def test_what_a_killed_host_left_is_deleted(other_host) -> None:
    process, folder = other_host
    process.kill()
    process.wait()
    assert folder.exists(), "nobody was there to delete it"
    delete_abandoned()
    assert not folder.exists()


def test_what_this_host_works_on_stays() -> None:
    folder = PlateFolder()
    delete_abandoned()
    assert folder.path.exists()
    folder.delete()


def test_folders_of_other_programs_stay(temporary) -> None:
    (temporary / "roto-plate-of-an-artist").mkdir()
    (temporary / "another").mkdir()
    delete_abandoned()
    assert len(list(temporary.iterdir())) == 2

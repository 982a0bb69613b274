"""What a person gave is never written over: a command refuses before it does any work."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from roto_seg.exits import Exit


@pytest.fixture
def given(clip, own_folders: Path) -> dict[Path, bytes]:
    """Copies of the clip's plate and masks in the current folder, with what they hold."""
    shutil.copytree(clip.image(1001).parent, own_folders / "plate")
    shutil.copytree(clip.mask(1001).parent, own_folders / "masks")
    return contents(own_folders)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def refused(roto, given):
    """Run a command that would write over ``what``; it is refused, and every file is as it was."""

    def run(what: str, *arguments: object) -> None:
        there = contents(Path.cwd())
        result = roto(*arguments)
        assert result.exit_code == Exit.INPUT, result.output
        assert f"would overwrite the {what}. Choose another folder or name: --out, --file-name." in result.stderr
        assert contents(Path.cwd()) == there

    return run


@pytest.mark.parametrize("kind", ["png", "exr,png"])
def test_a_track_never_writes_over_its_plate(refused, clip, kind):
    asked = ["--frame", 1006, "--point", clip.click(1006), "--in-process", "--format", kind]
    refused("plate", "track", "plate", "--out", "plate", "--file-name", "disc.{frame:04}", *asked)
    refused(
        "plate", "track", "plate", "--out", ".", "--file-name", "{object}/disc.{frame}", "--object", "plate", *asked
    )


def test_a_plate_is_known_by_any_name(refused, clip, own_folders):
    (own_folders / "link").symlink_to(own_folders / "plate")
    asked = ["--frame", 1006, "--point", clip.click(1006), "--in-process", "--format", "png"]
    refused("plate", "track", "plate/disc.####.png", "--out", "link", "--file-name", "disc.{frame:04}", *asked)


def test_a_track_never_writes_its_preview_over_a_plate_of_that_name(refused, roto, clip):
    assert roto("curves", "masks", "--out", "disc.nk").exit_code == 0
    assert roto("preview", "plate", "--shapes", "disc.nk", "--out", "out/preview.mp4").exit_code == 0
    asked = ["--frame", 6, "--point", clip.click(1006), "--in-process", "--format", "png"]
    refused("plate", "track", "out/preview.mp4", "--out", "out", *asked)


def test_mattes_never_take_the_place_of_plate_or_masks(refused):
    asked = ["matte", "plate", "--masks", "masks", "--in-process", "--grow", 3]
    refused("plate", *asked, "--out", "plate", "--file-name", "disc.{frame:04}")
    refused("masks", *asked, "--out", ".", "--file-name", "masks/mask.{frame:04}")


@pytest.mark.parametrize("kind", ["png", "exr"])
def test_mattes_of_a_track_s_masks_leave_masks_and_report_as_they_are(roto, refused, clip, kind):
    track = ["track", "plate", "--out", "out", "--in-process", "--frame", 1006, "--point", clip.click(1006)]
    assert roto(*track, "--object", "disc").exit_code == 0
    there = contents(Path("out"))
    asked = ["matte", "plate", "--masks", "out/disc/mask.####.png", "--object", "disc", "--in-process", "--grow", 3]
    result = roto(*asked, "--out", "out", "--format", kind)
    assert result.exit_code == Exit.INPUT
    assert "out holds a track, whose report would be lost. Give another --out." in result.stderr
    assert contents(Path("out")) == there
    assert roto(*asked, "--out", "grown", "--format", kind).exit_code == 0


def test_mattes_are_made_again_into_their_own_folder(roto, given):
    asked = ["matte", "plate", "--masks", "masks", "--in-process", "--out", "out", "--steady", 1]
    assert roto(*asked).exit_code == 0
    assert roto(*asked, "--grow", 2).exit_code == 0


def test_a_cut_out_picture_stays(refused, clip):
    asked = ["--point", clip.click(1006), "--in-process", "--out", "plate/disc.1006.png"]
    refused("picture", "segment", "plate/disc.1006.png", *asked)


def test_a_preview_never_takes_the_place_of_its_plate(refused, roto):
    assert roto("curves", "masks", "--out", "disc.nk").exit_code == 0
    assert roto("preview", "plate", "--shapes", "disc.nk", "--out", "film.mp4").exit_code == 0
    refused("plate", "preview", "film.mp4", "--shapes", "disc.nk", "--start", 1001, "--out", "film.mp4")

"""Numbers that do not meet are told by every command that matches frames by number."""

from __future__ import annotations

from pathlib import Path

import pytest

from roto_seg.exits import Exit

ALIKE = "Number them alike: --start N"


@pytest.fixture
def from_zero(clip, tmp_path: Path):
    """Pictures of the clip, numbered from 0."""

    def copy(source, folder: str, frames=range(1001, 1013)) -> Path:
        (tmp_path / folder).mkdir()
        for frame in frames:
            (tmp_path / folder / f"p.{frame - 1001}.png").write_bytes(source(frame).read_bytes())
        return tmp_path / folder

    return copy


@pytest.fixture
def shapes(roto, clip) -> Path:
    assert roto("curves", clip.masks, "--out", "disc.nk").exit_code == 0
    return Path("disc.nk")


def refused(result, sentence: str) -> None:
    assert result.exit_code == Exit.INPUT, result.output
    assert sentence in result.stderr


def test_frames_that_are_missing_in_the_middle_are_named(roto, clip, from_zero):
    there = [1001, 1002, 1004, 1005, 1009]
    plate, masks = from_zero(clip.image, "plate", there), from_zero(clip.mask, "masks", there)
    track = ["track", plate, "--frame", "0", "--point", clip.click(1001), "--in-process", "--out", "shot"]
    for command, told in (
        (["curves", masks, "--out", "disc.nk"], "The masks lack 2, 5-7; shapes go on through that."),
        (track, "The plate lacks 2, 5-7; shapes go on through that."),
    ):
        result = roto(*command)
        assert (result.exit_code, told in result.stderr) == (Exit.OK, True), result.output
    assert "lacks" not in roto(*track[:-1], "short", "--range", "0-1").stderr


def test_of_many_gaps_the_first_are_named(roto, clip, from_zero, monkeypatch):
    monkeypatch.setattr("roto_seg.numbering.SHOWN_GAPS", 2)
    told = roto("curves", from_zero(clip.mask, "twos", range(1001, 1013, 2)), "--out", "disc.nk").stderr
    assert "The masks lack 1, 3 and more, 5 gaps in all; shapes" in told


def test_curves_say_that_masks_and_plate_do_not_meet(roto, clip, from_zero):
    command = ["curves", clip.masks, "--plate", from_zero(clip.image, "zero"), "--out", "disc.nk"]
    refused(roto(*command), f"The masks run from 1001 to 1012, the plate from 0 to 11. {ALIKE}")
    assert roto(*command, "--start", 1).exit_code == 0


def test_curves_tell_masks_that_have_no_picture(roto, clip, from_zero):
    plate = from_zero(clip.image, "short", range(1001, 1009))
    result = roto("curves", from_zero(clip.mask, "masks"), "--plate", plate, "--out", "disc.nk")
    assert result.exit_code == 0
    assert "Masks of frames that the plate lacks are fitted without it: 4, from 8 to 11." in result.stderr


def test_a_preview_says_that_shapes_and_plate_do_not_meet(roto, clip, shapes, from_zero):
    command = ["preview", from_zero(clip.image, "zero"), "--shapes", shapes]
    refused(roto(*command), f"The shapes run from 1001 to 1012, the plate from 0 to 11. {ALIKE} for the plate.")
    assert not Path("preview.mp4").exists()
    result = roto(*command, "--start", 1009)
    assert result.exit_code == 0
    assert "Frames of the plate on which no shape lives stay bare: 8, from 1013 to 1020." in result.stderr


def test_a_preview_shows_shapes_that_live_for_ever_over_any_frames(roto, clip, shapes, from_zero):
    assert roto("convert", shapes, "disc.json").exit_code == 0
    text = Path("disc.json").read_text()
    assert '"lifetime"' in text
    Path("held.json").write_text(text.replace('"lifetime"', '"no_lifetime"'))
    result = roto("preview", from_zero(clip.image, "zero"), "--shapes", "held.json")
    assert result.exit_code == 0, result.output


def test_a_score_says_that_shapes_and_masks_do_not_meet(roto, clip, shapes, from_zero):
    command = ["score", "curves", shapes, from_zero(clip.mask, "zero")]
    refused(roto(*command), f"The shapes run from 1001 to 1012, the masks from 0 to 11. {ALIKE} for the masks.")
    assert roto(*command, "--start", 1001).exit_code == 0


def test_a_score_tells_masks_that_no_shape_is_there_for(roto, clip, shapes, from_zero):
    result = roto("score", "curves", shapes, from_zero(clip.mask, "zero"), "--start", 1003)
    assert result.exit_code == 0
    assert "Masks of frames on which no shape lives are scored too: 2, from 1013 to 1014." in result.stderr


@pytest.mark.parametrize("command", ["track", "matte", "preview"])
def test_a_range_off_the_plate_is_named_as_such(roto, clip, shapes, command):
    more = {
        "track": ["--frame", 1001, "--point", clip.click(1001), "--out", "out", "--in-process"],
        "matte": ["--masks", clip.masks, "--out", "out", "--in-process"],
        "preview": ["--shapes", shapes],
    }
    result = roto(command, clip.plate, *more[command], "--range", "900-910")
    refused(result, f"The range 900-910 lies outside the plate. {clip.plate} has frames 1001 to 1012.")


def test_a_range_without_masks_is_named_as_such(roto, clip, from_zero):
    masks = from_zero(clip.mask, "masks", range(1001, 1005))
    command = ["matte", clip.plate, "--masks", masks, "--masks-start", 1001, "--out", "out", "--in-process"]
    refused(roto(*command, "--range", "1008-1010"), f"lies outside the masks. {masks} has frames 1001 to 1004.")

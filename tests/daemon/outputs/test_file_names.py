"""Names of mattes' files: what a template gives, and which ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_daemon.outputs.names import FileName
from roto_shared.errors import InputError

FOLDER = Path("out")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{shot}_{object}_v{version:03}.{frame:04}", "out/sh010_hero_v007.1001.exr"),
        ("{object}/{object}.{frame:06d}", "out/hero/hero.001001.exr"),
        ("v{version}/{frame}", "out/v7/1001.exr"),
        ("{{braces}}.{frame}", "out/{braces}.1001.exr"),
    ],
)
def test_a_template_gives_the_name_that_it_reads_like(template: str, expected: str) -> None:
    assert FileName(template, "sh010", 7).path(FOLDER, 1001, "hero", ".exr") == Path(expected)


def test_negative_frames_keep_their_sign() -> None:
    assert FileName("m.{frame:04}").path(FOLDER, -3, "a", ".png").name == "m.-003.png"


@pytest.mark.parametrize(
    "template",
    [
        *("", "/etc/mattes.{frame}", "..\\up.{frame}", "../{frame}", "a/../../{frame}", "C:{frame}", "a//{frame}"),
        *("{nobody}.{frame}", "{frame", "{frame:x}", "{object:3}", "{frame!r}", "{frame.real}", "{0}", "{}"),
    ],
)
def test_a_template_that_leaves_the_folder_or_makes_no_sense_is_refused(template: str) -> None:
    with pytest.raises(InputError, match="file name"):
        FileName(template, "shot")


def test_a_shot_that_is_named_must_be_given() -> None:
    with pytest.raises(InputError, match="wants a shot"):
        FileName("{shot}.{frame}")


@pytest.mark.parametrize("shot", ["../../etc", "a/b", "..", "C:\\x"])
def test_a_shot_is_a_name_and_no_way_out_of_the_folder(shot: str) -> None:
    with pytest.raises(InputError, match="shot"):
        FileName("{shot}/{frame}", shot)


@given(st.text(alphabet="ab{}:/\\.!04dframeobjct ", max_size=24))
def test_whatever_the_template_files_stay_below_the_folder(template: str) -> None:
    try:
        name = FileName(template)
    except InputError:
        return
    assert name.path(Path("/out"), 7, "hero", ".png").resolve().is_relative_to("/out")

"""``roto preview``: shapes of any origin over their plate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roto_daemon.plates import open_plate
from roto_seg.exits import Exit


@pytest.fixture
def shapes(roto, clip) -> Path:
    assert roto("curves", clip.masks, "--out", "disc.nk").exit_code == 0
    return Path("disc.nk")


def test_shapes_are_drawn_over_their_frames(roto, clip, shapes):
    result = roto("preview", clip.plate, "--shapes", shapes, "--out", "p.mp4", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["frames"] == 12
    with open_plate("p.mp4") as film, open_plate(clip.plate) as plate:
        assert len(film.frames) == 12
        x, y = map(int, clip.centre(1006))
        drawn, plain = film.read(6)[y, x].astype(int), plate.read(1006)[y, x].astype(int)
        assert abs(drawn - plain).max() > 20
        assert abs(film.read(6)[90, 120].astype(int) - plate.read(1006)[90, 120]).max() <= 3


def test_a_range_bounds_the_film(roto, clip, shapes):
    assert roto("preview", clip.plate, "--shapes", shapes, "--range", "1003-1005").exit_code == 0
    with open_plate("preview.mp4") as film:
        assert len(film.frames) == 3


def test_shapes_of_another_plate_are_refused(roto, clip, tmp_path):
    other = tmp_path / "other.json"
    assert roto("curves", clip.masks, "--out", other).exit_code == 0
    told = json.loads(other.read_text())
    other.write_text(json.dumps(told | {"width": 640}))
    result = roto("preview", clip.plate, "--shapes", other)
    assert result.exit_code == Exit.INPUT
    assert "640×96" in result.stderr


def test_only_shapes_that_can_be_read_are_offered(roto, clip, shapes):
    assert roto("convert", shapes, "disc.svg").exit_code == 0
    refused = roto("preview", clip.plate, "--shapes", "disc.svg")
    assert refused.exit_code == Exit.INPUT
    assert ".svg" not in roto("preview", "--help").stdout


def test_a_film_is_an_mp4(roto, clip, shapes):
    assert roto("preview", clip.plate, "--shapes", shapes, "--out", "p.avi").exit_code == Exit.INPUT

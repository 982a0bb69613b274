"""ProRes 4444 as editing programs take it."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from roto_daemon.outputs.prores import write_prores
from roto_shared.errors import StorageError

HEIGHT, WIDTH = 50, 66


def write(path: Path, colour: tuple[int, int, int], matte: np.ndarray, count: int = 3, **more) -> Path:
    image = np.full((*matte.shape, 3), colour, np.uint8)
    assert list(write_prores(path, iter([(image, matte)] * count), more.pop("fps", 24.0), **more)) == [1, 2, 3][:count]
    return path


def read(path: Path) -> np.ndarray:
    with av.open(str(path)) as film:
        return next(film.decode(video=0)).to_ndarray(format="rgba64le")


def test_the_matte_comes_back_finer_than_eight_bits(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 1, 130, dtype=np.float32), (64, 1))
    for _ in range(5):  # conversions on several threads went wrong once in a while
        found = read(write(tmp_path / "m.mov", (90, 90, 90), ramp))[..., 3] / 65535
        assert np.abs(found - ramp).max() < 1 / 768  # ten bits, converted twice


@pytest.mark.parametrize("colour", [(200, 60, 30), (10, 20, 240), (128, 128, 128)])
def test_the_colours_are_the_plate_s(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    found = read(write(tmp_path / "m.mov", colour, np.ones((HEIGHT, WIDTH), np.float32)))[25, 33, :3] / 257
    assert np.abs(found - colour).max() <= 1.5


def test_the_film_is_4444_with_the_rate_the_aspect_and_the_tags_of_video(tmp_path: Path) -> None:
    matte = np.zeros((HEIGHT, WIDTH), np.float32)
    path = write(tmp_path / "m.mov", (0, 0, 0), matte, fps=23.976, pixel_aspect=2.0)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert stream.codec_context.name == "prores"
        assert stream.codec_context.codec_tag == "ap4h"
        assert (stream.average_rate.numerator, stream.average_rate.denominator) == (24000, 1001)
        assert stream.sample_aspect_ratio == 2
        assert stream.frames == 3


def test_an_odd_size_is_padded_by_its_own_edge(tmp_path: Path) -> None:
    found = read(write(tmp_path / "m.mov", (90, 90, 90), np.ones((49, 65), np.float32)))
    assert found.shape[:2] == (50, 66)
    assert found[-1, -1, 3] > 65000


def test_a_full_disk_leaves_no_film_and_says_so(tmp_path: Path, hardly_any_disk) -> None:
    picture = (np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((HEIGHT, WIDTH), np.float32))
    with hardly_any_disk(), pytest.raises(StorageError):
        list(write_prores(tmp_path / "m.mov", iter([picture] * 3), 24.0))
    assert list(tmp_path.iterdir()) == []

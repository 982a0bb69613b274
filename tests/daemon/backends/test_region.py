"""The part of a large plate that is looked at again."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from roto_daemon.backends.base import Prompt
from roto_daemon.backends.neural.region import Region, agree, closer_look

whole = st.integers(-40, 60)
regions = st.builds(Region, whole, whole, st.integers(1, 90)).filter(
    lambda r: r.left < 50 and r.top < 40 and r.left + r.side > 0 and r.top + r.side > 0
)


@given(regions)
def test_a_part_cut_out_and_put_back_changes_nothing(region):
    plate = np.random.default_rng(1).random((40, 50)).astype(np.float32)
    part = region.crop(plate)
    assert part.shape == region.shape
    assert np.array_equal(region.paste(part, plate), plate)


@given(regions, st.floats(0, 50), st.floats(0, 40))
def test_a_point_shows_the_same_pixel_in_the_part(region, x, y):
    plate = np.arange(2000, dtype=np.float32).reshape(40, 50)
    px, py = region.prompt(Prompt(positive=((x, y),))).positive[0]
    if 0 <= px < region.side and 0 <= py < region.side and x < 50 and y < 40:
        assert region.crop(plate)[int(np.floor(py)), int(np.floor(px))] == plate[int(y), int(x)]


def test_beyond_the_border_the_last_pixels_go_on():
    plate = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert np.array_equal(Region(-2, -1, 3).crop(plate), [[0, 0, 0], [0, 0, 0], [4, 4, 4]])


def test_a_large_object_and_a_small_plate_need_no_closer_look():
    mask = np.zeros((500, 500), np.float32)
    mask[10:450, 10:450] = 1
    assert closer_look(mask, Prompt(), 128) is None
    mask[:] = 0
    mask[10:50, 10:50] = 1
    assert closer_look(mask, Prompt(), 256) is None
    assert closer_look(mask, Prompt(), 128) is not None
    assert closer_look(np.zeros((500, 500), np.float32), Prompt(), 128) is None


def test_every_positive_point_lies_in_the_closer_look():
    mask = np.zeros((1000, 1000), np.float32)
    mask[100:140, 100:140] = 1
    region = closer_look(mask, Prompt(positive=((300.0, 260.0),)), 128)
    assert region is not None
    (x, y), *_ = region.prompt(Prompt(positive=((300.0, 260.0),))).positive
    assert 0 <= x <= region.side and 0 <= y <= region.side


def test_looks_agree_when_they_share_most_of_what_they_show():
    one = np.zeros((10, 10), np.float32)
    one[:, :8] = 1
    other = np.zeros((10, 10), np.float32)
    other[:, :6] = 1
    assert agree(one, other)
    other[:, 4:] = 0
    assert not agree(one, other)

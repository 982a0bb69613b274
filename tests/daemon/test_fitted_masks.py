"""Masks that shapes in a host were fitted to."""

from pathlib import Path

import numpy as np
import pytest

from roto_daemon.outputs.masks import encode_png
from roto_daemon.sessions.fitted_masks import FittedMasks


@pytest.fixture
def masks(tmp_path: Path) -> FittedMasks:
    return FittedMasks(tmp_path / "given.masks")


def picture(inside: int) -> bytes:
    mask = np.zeros((8, 8), np.float32)
    mask[:inside] = 1
    return encode_png(mask)


def test_the_same_mask_is_kept_once_and_read_by_its_name(masks: FittedMasks, tmp_path: Path):
    assert masks.keep(picture(3)) == masks.keep(picture(3)) != masks.keep(picture(4))
    assert len(list((tmp_path / "given.masks").iterdir())) == 2
    found = masks.read(masks.keep(picture(3)))
    assert found is not None and found.sum() == 24


def test_what_nothing_was_fitted_to_any_more_goes(masks: FittedMasks):
    old, new = masks.keep(picture(3)), masks.keep(picture(4))
    masks.keep_only({new})
    assert masks.read(old) is None and masks.read(new) is not None


def test_while_shapes_are_fitted_to_masks_none_of_them_goes(masks: FittedMasks):
    with masks.held():
        fresh = masks.keep(picture(3))
        with masks.held():
            masks.keep_only(())
        masks.keep_only(())
        assert masks.read(fresh) is not None
    masks.keep_only(())
    assert masks.read(fresh) is None


def test_a_damaged_mask_counts_as_one_that_is_not_known(masks: FittedMasks, tmp_path: Path):
    name = masks.keep(picture(3))
    (tmp_path / "given.masks" / f"{name}.png").write_bytes(b"")
    assert masks.read(name) is None


@pytest.mark.parametrize("left", [0, 20])
def test_a_damaged_mask_is_whole_again_once_it_is_kept_again(masks: FittedMasks, tmp_path: Path, left: int):
    name = masks.keep(picture(3))
    (tmp_path / "given.masks" / f"{name}.png").write_bytes(picture(3)[:left])
    assert masks.keep(picture(3)) == name
    found = masks.read(name)
    assert found is not None and found.sum() == 24

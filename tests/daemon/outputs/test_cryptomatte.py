"""Cryptomatte: every object comes back by its name, to the bit."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_daemon.outputs.cryptomatte import cryptomatte_attributes, cryptomatte_planes, object_id


def pick(planes: dict[str, np.ndarray], name: str) -> np.ndarray:
    """What a picker of compositing programs does: the coverage of all ranks whose id is the name's."""
    wanted = np.float32(struct.unpack("<f", struct.pack("<I", object_id(name)))[0])
    layers = sorted({channel.rsplit(".", 1)[0] for channel in planes})
    pairs = [(f"{layer}.{first}", f"{layer}.{second}") for layer in layers for first, second in ("RG", "BA")]
    return sum(np.where(planes[i] == wanted, planes[c], np.float32(0)) for i, c in pairs)


def test_every_object_is_picked_again_with_its_soft_edge_and_overlap() -> None:
    rng = np.random.default_rng(5)
    masks = {name: rng.random((9, 7), np.float32) for name in ("hero", "tree", "дом", "a", "b")}
    masks["tree"][2:] = 0
    planes = cryptomatte_planes(masks)
    assert len(planes) == 12  # five objects on a pixel are five ranks: three layers of two
    for name, mask in masks.items():
        assert np.array_equal(pick(planes, name), mask)


def test_the_one_that_covers_most_comes_first() -> None:
    masks = {"less": np.full((2, 2), 0.25, np.float32), "more": np.full((2, 2), 0.75, np.float32)}
    planes = cryptomatte_planes(masks)
    assert (planes["crypto_object00.G"] == 0.75).all()
    assert (planes["crypto_object00.A"] == 0.25).all()


def test_nothing_there_is_the_number_nought() -> None:
    planes = cryptomatte_planes({"a": np.zeros((2, 3), np.float32)})
    assert all((plane == 0).all() and plane.dtype == np.float32 for plane in planes.values())


def test_the_hash_is_murmur3_as_published() -> None:
    assert object_id("hello") == 0x248BFA47


@given(st.text(min_size=1, max_size=20))
def test_an_id_is_always_a_finite_normal_float(name: str) -> None:
    exponent = object_id(name) >> 23 & 255
    assert exponent not in (0, 255)


def test_the_attributes_name_the_layers_and_all_objects() -> None:
    told = cryptomatte_attributes(["hero", "tree"])
    prefixes = {key.rsplit("/", 1)[0] for key in told}
    assert len(prefixes) == 1
    prefix = prefixes.pop()
    assert prefix.startswith("cryptomatte/")
    assert len(prefix.removeprefix("cryptomatte/")) == 7
    assert told[f"{prefix}/name"] == "crypto_object"
    assert json.loads(told[f"{prefix}/manifest"]) == {n: f"{object_id(n):08x}" for n in ("hero", "tree")}


@pytest.mark.parametrize("value", [-0.5, 1.5])
def test_coverage_stays_between_none_and_all(value: float) -> None:
    planes = cryptomatte_planes({"a": np.full((1, 1), value, np.float32)})
    assert planes["crypto_object00.G"] == np.clip(value, 0, 1)

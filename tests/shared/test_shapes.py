"""The interchange model: what may be said, and what it means on a frame."""

from dataclasses import FrozenInstanceError, replace

import pytest

from roto_shared.errors import InputError
from roto_shared.shapes import (
    Foreign,
    KeyedShape,
    Knot,
    Layer,
    Lifetime,
    Native,
    ShapeDocument,
    ShapeKey,
    knots_at,
    knots_from_values,
    opacity_at,
    without_natives,
)
from roto_shared.timeline import Interpolation, Key

TWO = (Knot(0.0, 0.0, -1.0, 0.0, 1.0, 0.0), Knot(10.0, 4.0))
MOVED = (Knot(8.0, 0.0, -1.0, 2.0, 1.0, 0.0), Knot(10.0, 8.0))
SHAPE = KeyedShape("a", (ShapeKey(1.0, TWO), ShapeKey(5.0, MOVED)))


def test_a_shape_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        SHAPE.name = "b"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ((), "has no keys"),
        ((ShapeKey(1.0, TWO), ShapeKey(2.0, TWO[:1])), "changes its number of knots"),
        ((ShapeKey(2.0, TWO), ShapeKey(1.0, TWO)), "ascending"),
        ((ShapeKey(2.0, TWO), ShapeKey(2.0, MOVED)), "ascending"),
    ],
)
def test_an_impossible_shape_is_told_by_its_name_and_what_to_do(keys, sentence):
    with pytest.raises(InputError, match=sentence) as caught:
        KeyedShape("left arm", keys)
    assert "left arm" in caught.value.message
    assert caught.value.remedy


def test_knots_and_tangents_run_together_between_keys():
    assert knots_at(SHAPE, 3.0) == (Knot(4.0, 0.0, -1.0, 1.0, 1.0, 0.0), Knot(10.0, 6.0))
    assert knots_at(SHAPE, 0.0) == TWO
    assert knots_at(SHAPE, 99.0) == MOVED


def test_slopes_of_knots_shape_the_way_between_keys():
    fast = tuple(Knot(4.0, 0.0) for _ in TWO)
    still = tuple(Knot(0.0, 0.0) for _ in TWO)
    keys = (
        ShapeKey(1.0, TWO, Interpolation.SMOOTH, slope_out=fast),
        ShapeKey(5.0, MOVED, Interpolation.SMOOTH, slope_in=still),
    )
    assert knots_at(KeyedShape("a", keys), 3.0)[0].x == pytest.approx(4.0 + 16.0 / 8)


def test_six_numbers_make_a_knot():
    assert knots_from_values(tuple(float(i) for i in range(12))) == (Knot(0, 1, 2, 3, 4, 5), Knot(6, 7, 8, 9, 10, 11))
    assert SHAPE.knot_count == 2


@pytest.mark.parametrize(
    ("lifetime", "frames"),
    [
        (Lifetime(), [0, 1, 2, 3, 4]),
        (Lifetime(1.0, 3.0), [1, 2, 3]),
        (Lifetime(2.0, None), [2, 3, 4]),
        (Lifetime(None, 1.0), [0, 1]),
    ],
)
def test_a_lifetime_includes_its_first_and_last_frame(lifetime, frames):
    assert [frame for frame in range(5) if lifetime.covers(frame)] == frames
    shape = replace(SHAPE, lifetime=lifetime)
    assert [frame for frame in range(5) if opacity_at(shape, frame) == 1.0] == frames


def test_opacity_follows_its_keys_and_a_hidden_shape_has_none():
    fading = replace(SHAPE, opacity=(Key(0.0, (1.0,)), Key(4.0, (0.0,))))
    assert opacity_at(fading, 1.0) == 0.75
    assert opacity_at(replace(fading, visible=False), 1.0) == 0.0


def test_a_document_lists_its_shapes_through_all_layers_topmost_first():
    foreign = Foreign("brush", "cubiccurve", Native("nuke", "{}"))
    names = [replace(SHAPE, name=name) for name in "abc"]
    document = ShapeDocument(1, 1, (names[0], Layer("l", (foreign, Layer("m", (names[1],)))), names[2]))
    assert [shape.name for shape in document.shapes()] == ["a", "b", "c"]


def test_the_hosts_own_texts_come_off_everything_but_what_is_nothing_else():
    native = Native("nuke", "{}")
    foreign = Foreign("brush", "cubiccurve", native)
    layer = Layer("l", (replace(SHAPE, native=native), foreign), native=native)
    assert without_natives(layer) == Layer("l", (SHAPE, foreign))

"""Keys put between finished ones: what was drawn elsewhere is drawn still."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_geometry.bezier import outline_array
from roto_geometry.edits.splice import way_after, with_key_at, with_keys
from roto_shared.shapes import KeyedShape, Knot, ShapeKey, feather_at, knots_at
from roto_shared.timeline import Interpolation

EVERY = np.arange(-8, 50, 0.5)


def outline(frame: float) -> tuple[Knot, ...]:
    """A triangle that speeds up."""
    x = frame * frame / 20
    return (Knot(x, 0.0, 1.0, 0.0, -1.0, x), Knot(x + 9, 0.0), Knot(x, 9.0))


def keyed(way: Interpolation) -> KeyedShape:
    """Keys on every tenth frame, with a soft edge that grows."""
    edges = {f: (Knot(f / 10, 1.0), Knot(0.0, f / 10), Knot(1.0, 1.0)) for f in range(0, 50, 10)}
    return KeyedShape("box", tuple(ShapeKey(float(f), outline(f), way, feather=edge) for f, edge in edges.items()))


ways = st.sampled_from(list(Interpolation))


@given(ways, st.floats(-8, 49))
def test_a_key_more_changes_nothing_on_any_frame(way: Interpolation, frame: float):
    was = keyed(way)
    now = with_key_at(was, frame)
    assert frame in {key.frame for key in now.keys}
    for at in EVERY:
        assert outline_array(knots_at(now, at)) == pytest.approx(outline_array(knots_at(was, at)), abs=1e-9)
        if way is not Interpolation.SMOOTH:
            assert outline_array(feather_at(now, at)) == pytest.approx(outline_array(feather_at(was, at)), abs=1e-9)


def test_a_key_after_the_last_one_changes_nothing_though_that_one_was_written_with_slopes():
    was = keyed(Interpolation.SMOOTH)
    steep = tuple(Knot(2.0, -3.0) for _ in was.keys[-1].knots)
    was = replace(was, keys=(*was.keys[:-1], replace(was.keys[-1], slope_in=steep, slope_out=steep)))
    now = with_key_at(was, 47.0)
    for at in EVERY:
        assert outline_array(knots_at(now, at)) == pytest.approx(outline_array(knots_at(was, at)), abs=1e-9)


@given(ways, st.sampled_from([(-inf, 10.0), (10.0, 20.0), (20.0, 30.0), (10.0, 30.0), (30.0, inf)]))
def test_keys_in_a_gap_change_nothing_beside_it(way: Interpolation, gap: tuple[float, float]):
    was = keyed(way)
    middle = ShapeKey(min(max(sum(gap) / 2, 5.0), 45.0), outline(-30), way)
    now = with_keys(was, [gap], [middle])
    for frame in EVERY:
        if not gap[0] < frame < gap[1]:
            assert knots_at(now, frame) == knots_at(was, frame)


def test_keys_in_the_place_of_others_move_as_they_are_given():
    fresh = [ShapeKey(20.0, outline(5), Interpolation.SMOOTH), ShapeKey(30.0, outline(7), Interpolation.SMOOTH)]
    now = with_keys(keyed(Interpolation.SMOOTH), [(10.0, 40.0)], fresh)
    assert list(now.keys[2:4]) == fresh


@pytest.mark.parametrize(
    ("frame", "way"), [(-5, "smooth"), (0, "smooth"), (10, "linear"), (15, "linear"), (60, "linear")]
)
def test_values_run_on_as_they_did_before(frame: float, way: str):
    smooth = keyed(Interpolation.SMOOTH)
    keys = tuple(replace(key, interpolation=Interpolation.LINEAR) if key.frame > 5 else key for key in smooth.keys[:-1])
    assert way_after(replace(smooth, keys=(*keys, smooth.keys[-1])), frame) is Interpolation(way)

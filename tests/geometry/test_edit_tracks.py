"""Tracks of layers gone on with: what moves as a whole stays motion of its layer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from roto_geometry.bezier import Array
from roto_geometry.edits.sites import placed, sites
from roto_geometry.edits.tracks import with_tracks_gone_on
from roto_shared.placement import matrix_at
from roto_shared.shapes import KeyedShape, Knot, Layer, Matrix, ShapeDocument, ShapeKey, Transform, TransformKey
from roto_shared.timeline import Interpolation

SIZE = (96, 72)
EDGE = 4.0
FRAMES = (5.0, 6.0, 7.0)
KITE = (Knot(10.0, 10.0, 0, 4, 0, -4), Knot(40.0, 12.0), Knot(44.0, 50.0, 3, 0, -3, 0), Knot(8.0, 30.0))

FORMS: dict[str, dict[str, Any]] = {
    "plain": {"rotate": 370.0, "skew_x": 0.1, "pivot": (20.0, 30.0)},
    "a mirror": {"scale": (-1.0, 1.0), "pivot": (30.0, 0.0)},
    "pins": {"pins": ((0.0, 0.0), (90.0, 6.0), (96.0, 72.0), (0.0, 60.0))},
    "a matrix": {"matrix": (1.0, 0.1, 3.0, 0.0, 1.0, 0.0, 0.0, 0.001, 1.0)},
    "a matrix without perspective": {"matrix": (1.0, 0.1, 3.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), "pivot": (9.0, 5.0)},
    "pins under a matrix": {
        "pins": ((0.0, 0.0), (96.0, 0.0), (96.0, 72.0), (0.0, 60.0)),
        "matrix": (1.0, 0.1, 3.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
    },
    "pins beside a mirror": {
        "pins": ((0.0, 0.0), (90.0, 6.0), (96.0, 72.0), (0.0, 60.0)),
        "scale": (-1.0, 1.0),
        "pivot": (30.0, 0.0),
    },
}


def track(*frames: float, form: str = "plain", way: Interpolation = Interpolation.LINEAR) -> tuple[TransformKey, ...]:
    """A placement that moves by 2 px a frame, to and fro by one more."""
    base = Transform(**FORMS[form])
    return tuple(TransformKey(f, replace(base, translate=(2 * f + f % 2, 3.0)), way) for f in frames)


OLD = track(1.0, 2.0, 3.0, EDGE)
OUTER = tuple(TransformKey(f, Transform((0.0, 5 * f), 12.0 * f)) for f in (1.0, 7.0))
"""A layer around others that moves beyond the last finished frame by itself, as a camera does."""


def document(*layers: Layer) -> ShapeDocument:
    return ShapeDocument(*SIZE, children=layers, last_frame=4)


def kite(x: float = 0.0, **looks: Any) -> KeyedShape:
    return KeyedShape("kite", (ShapeKey(1.0, tuple(k._replace(x=k.x + x) for k in KITE)),), **looks)


def moved_on(shapes: ShapeDocument, frames: tuple[float, ...] = FRAMES) -> dict[tuple[int, ...], dict[float, Array]]:
    """Outlines of all shapes as drawn on the edge, and turning and gliding from there on."""
    drawn = {}
    for site in sites(shapes):
        start = site.outline(EDGE)
        drawn[site.path] = {EDGE: start, **{f: placed(start, glide(f - EDGE)) for f in frames}}
    return drawn


def glide(steps: float) -> Matrix:
    """Turned by three degrees a frame about the picture's corner, and moved."""
    c, s = float(np.cos(np.radians(3 * steps))), float(np.sin(np.radians(3 * steps)))
    return (c, -s, 4 * steps, s, c, -steps, 0.0, 0.0, 1.0)


def farthest(shapes: ShapeDocument, drawn: Mapping[tuple[int, ...], Mapping[float, Array]]) -> float:
    """How far the shapes lie from what is ``drawn``, px, on the frame where it is most."""
    return max(
        float(np.abs(site.outline(frame) - outline)[:, :2].max())
        for site in sites(shapes)
        for frame, outline in drawn[site.path].items()
    )


@pytest.mark.parametrize("form", FORMS)
def test_shapes_at_rest_in_a_layer_of_any_placement_move_on_with_it(form: str):
    was = document(Layer("object", (kite(),), track(1.0, 2.0, 3.0, EDGE, form=form)))
    drawn = moved_on(was)
    done = with_tracks_gone_on(was, drawn, list(sites(was)), EDGE)
    (layer,) = done.children
    assert isinstance(layer, Layer)
    assert layer.transform[:4] == track(1.0, 2.0, 3.0, EDGE, form=form)
    assert [key.frame for key in layer.transform[4:]] == list(FRAMES)
    assert farthest(done, drawn) < 0.05
    turns = [key.transform.rotate for key in layer.transform[3:]]
    assert max(np.abs(np.diff(turns))) < 90
    assert {key.transform.pivot for key in layer.transform} == {FORMS[form].get("pivot", (0.0, 0.0))}
    middle = np.mean([farther.outline(f) for farther in sites(done) for f in (EDGE, EDGE + 1)], axis=0)
    assert np.abs(next(sites(done)).outline(EDGE + 0.5) - middle)[:, :2].max() < 0.5


def test_the_innermost_layer_that_moves_goes_on_inside_of_one_that_moves_by_itself():
    still = Layer("group", (Layer("track", (kite(),), OLD),))
    was = document(Layer("camera", (Layer("tilted", (still,), OUTER[:1]),), OUTER))
    drawn = moved_on(was)
    done = with_tracks_gone_on(was, drawn, list(sites(was)), EDGE)
    (site,) = sites(done)
    assert [len(layer.transform) for layer in site.layers] == [2, 1, 0, 7]
    assert farthest(done, drawn) < 0.05


def test_a_layer_inside_of_one_in_perspective_goes_on():
    corners = ((0.0, 0.0), (96.0, 0.0), (96.0, 72.0), (0.0, 72.0))
    tilted = ((0.0, 0.0), (96.0, 0.0), (70.0, 60.0), (20.0, 60.0))
    card = tuple(TransformKey(f, Transform(pins=pins)) for f, pins in ((1.0, corners), (9.0, tilted)))
    was = document(Layer("card", (Layer("track", (kite(),), OLD),), card))
    drawn = moved_on(was)
    done = with_tracks_gone_on(was, drawn, list(sites(was)), EDGE)
    assert farthest(done, drawn) < 0.05


def test_of_two_layers_that_moved_up_to_the_end_the_inner_one_goes_on():
    was = document(Layer("outer", (Layer("inner", (kite(),), OLD),), OLD))
    done = with_tracks_gone_on(was, moved_on(was), list(sites(was)), EDGE)
    (site,) = sites(done)
    assert [len(layer.transform) for layer in site.layers] == [4, 7]


def test_a_layer_goes_on_as_all_shapes_in_it_do_that_are_still_seen():
    was = document(Layer("object", (kite(), kite(30.0), kite(5.0)), OLD))
    drawn = moved_on(was)
    del drawn[0, 2]
    apart = {f: outline + np.array([6.0, 0, 0, 0, 0, 0]) if f > EDGE else outline for f, outline in drawn[0, 1].items()}
    done = with_tracks_gone_on(was, {**drawn, (0, 1): apart}, list(sites(was)), EDGE)
    first, second, _ = sites(done)
    off = [(site.outline(7.0) - drawn[site.path][7.0])[:, 0].mean() for site in (first, second)]
    assert 1 < off[0] < 3 < off[1] < 5


@pytest.mark.parametrize(
    "layer",
    [
        Layer("locked", (kite(),), OLD, locked=True),
        Layer("smooth", (kite(),), track(1.0, 2.0, 3.0, EDGE, way=Interpolation.SMOOTH)),
        Layer("ended before", (kite(),), track(1.0, 2.0, 3.0)),
        Layer("tracked beyond", (kite(),), track(1.0, EDGE, 9.0)),
        Layer("still", (kite(),), OLD[-1:]),
    ],
    ids=lambda layer: layer.name,
)
def test_a_layer_that_is_locked_or_does_not_move_up_to_the_end_stays(layer: Layer):
    was = document(layer)
    assert with_tracks_gone_on(was, moved_on(was), list(sites(was)), EDGE) == was


@pytest.mark.parametrize(("smooth", "goes_on"), [(0, True), (1, False), (2, False)])
def test_a_track_whose_last_keys_are_linear_goes_on_and_smooth_ones_before_bend_as_they_did(smooth: int, goes_on: bool):
    keys = tuple(
        replace(key, interpolation=Interpolation.SMOOTH) if index <= smooth else key for index, key in enumerate(OLD)
    )
    was = document(Layer("object", (kite(),), keys))
    done = with_tracks_gone_on(was, moved_on(was), list(sites(was)), EDGE)
    (layer,) = done.children
    assert isinstance(layer, Layer)
    assert (len(layer.transform) > 4) is goes_on
    for frame in np.arange(1, 4.25, 0.25):
        assert matrix_at(layer.transform, frame, *SIZE) == matrix_at(keys, frame, *SIZE)


@pytest.mark.parametrize("smooth", [True, False])
def test_a_track_goes_on_before_its_first_frame_where_the_first_keys_are_linear(smooth: bool):
    ways = {1.0: Interpolation.SMOOTH if smooth else Interpolation.LINEAR, 4.0: Interpolation.SMOOTH}
    keys = tuple(replace(key, interpolation=ways.get(key.frame, key.interpolation)) for key in OLD)
    was = document(Layer("object", (kite(),), keys))
    (site,) = sites(was)
    start = site.outline(1.0)
    drawn = {site.path: {1.0: start, 0.0: placed(start, glide(-1)), -1.0: placed(start, glide(-2))}}
    done = with_tracks_gone_on(was, drawn, [site], 1.0)
    if smooth:
        assert done == was
    else:
        assert farthest(done, drawn) < 0.05
        (after,) = sites(done)
        assert [key.frame for key in after.layers[0].transform] == [-1, 0, 1, 2, 3, 4]
        assert np.array_equal(after.outline(3.5), site.outline(3.5))

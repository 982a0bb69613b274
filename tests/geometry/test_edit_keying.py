"""Keys between held frames: few, as close as was asked for on the plate, and on a place that an artist moved."""

from dataclasses import replace

import numpy as np
import pytest

from roto_geometry.bezier import Array, outline_array, outline_knots, reversed_outline
from roto_geometry.edits.keying import PEAK, keys_between
from roto_geometry.edits.sites import Site, placed, sites
from roto_geometry.settings import FitSettings
from roto_shared.shapes import KeyedShape, Layer, ShapeDocument, ShapeKey, Transform, TransformKey, knots_at
from roto_shared.timeline import Interpolation

KNOTS = 48
FRAMES = [float(frame) for frame in range(1, 10)]
HELD = (1.0, 9.0)
PULLED = 10


def ring(frame: float, pull_px: float = 0.0) -> Array:
    """A still, clockwise circle, of which one knot is pulled outwards on frame 5 and a little beside it."""
    angles = np.arange(KNOTS) * (2 * np.pi / KNOTS)
    way, along = np.column_stack([np.cos(angles), np.sin(angles)]), np.column_stack([-np.sin(angles), np.cos(angles)])
    radius = np.full(KNOTS, 60.0)
    radius[PULLED] += pull_px * max(0.0, 1 - abs(frame - 5) / 3)
    handles = along * (80 * np.tan(np.pi / (2 * KNOTS)))
    return np.hstack([way * radius[:, None] + 100, -handles, handles])


def site_at(scale: float = 1.0) -> Site:
    """The circle's place in a layer of its own, which scales."""
    layer = Layer("layer", (KeyedShape("ring", (ShapeKey(1.0, outline_knots(ring(1))),)),))
    scaled = replace(layer, transform=(TransformKey(1.0, Transform(scale=(scale, scale))),))
    return next(sites(ShapeDocument(200, 200, (scaled,))))


def drawn(site: Site, keys: list[ShapeKey], frame: float) -> Array:
    shape = replace(site.shape, keys=tuple(keys))
    return placed(outline_array(knots_at(shape, frame)), site.matrix(frame))


LINEAR = Interpolation.LINEAR


@pytest.mark.parametrize("is_reversed", [False, True], ids=["clockwise", "counter-clockwise"])
def test_a_place_that_an_artist_moved_gets_a_key_where_it_would_stray_though_the_outline_hardly_does(is_reversed: bool):
    goals = {frame: reversed_outline(ring(frame, 5.0)) if is_reversed else ring(frame, 5.0) for frame in FRAMES}
    pulled = int(np.argmax(np.abs(goals[5.0] - goals[1.0])[:, :2].max(axis=1)))
    watched = np.isin(np.arange(KNOTS), (pulled - 1, pulled))
    site, settings = site_at(), FitSettings(tolerance_px=1.0)
    blind = keys_between(site, goals, HELD, settings, 1.0, LINEAR)
    assert [key.frame for key in blind] == list(HELD)
    assert [k.frame for k in keys_between(site, goals, HELD, settings, 1.0, LINEAR, ~watched)] == list(HELD)
    keys = keys_between(site, goals, HELD, settings, 1.0, LINEAR, watched)
    assert 2 < len(keys) < len(FRAMES)
    for frame in FRAMES:
        assert np.abs(drawn(site, keys, frame) - goals[frame])[pulled, :2].max() < PEAK


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_the_tolerance_means_the_same_on_the_plate_in_a_layer_that_scales(scale: float):
    def goal(frame: float) -> Array:
        return ring(frame) + np.array([40 * np.sin(frame / 2), 0, 0, 0, 0, 0])

    counts = []
    for site in (site_at(), site_at(scale)):
        keys = keys_between(site, {f: goal(f) for f in FRAMES}, HELD, FitSettings(tolerance_px=1.0), 1.0, LINEAR)
        counts.append([key.frame for key in keys])
        assert max(np.abs(drawn(site, keys, frame) - goal(frame)).max() for frame in FRAMES) < PEAK
    assert counts[0] == counts[1]


@pytest.mark.parametrize("way", [Interpolation.LINEAR, Interpolation.SMOOTH])
@pytest.mark.parametrize("is_reversed", [False, True], ids=["clockwise", "counter-clockwise"])
def test_held_frames_are_kept_and_others_met_whichever_way_round_and_however_calm(
    way: Interpolation, is_reversed: bool
):
    def goal(frame: float) -> Array:
        shaken = 6 * (frame % 2) if frame in HELD else 0
        moved = ring(frame) * (1 + frame * frame / 300) + np.array([frame * frame + shaken, 0, 0, 0, 0, 0])
        return reversed_outline(moved) if is_reversed else moved

    goals = {frame: goal(frame) for frame in FRAMES}
    keys = keys_between(site_at(), goals, HELD, FitSettings(tolerance_px=0.5, smoothness=1.0), 1.0, way)
    for frame in HELD:
        assert drawn(site_at(), keys, frame) == pytest.approx(goals[frame], abs=1e-6)
    for frame in (3.0, 4.0, 5.0, 6.0, 7.0):
        assert np.abs(drawn(site_at(), keys, frame) - goals[frame]).max() < 2.5


def test_a_counter_clockwise_shape_that_grows_faster_and_faster_needs_no_smooth_keys_between():
    goals = {frame: reversed_outline(ring(frame) * (1 + frame * frame / 300)) for frame in FRAMES}
    keys = keys_between(site_at(), goals, HELD, FitSettings(tolerance_px=0.5), 1.0, Interpolation.SMOOTH)
    assert [key.frame for key in keys] == list(HELD)
    for frame in FRAMES:
        assert np.abs(drawn(site_at(), keys, frame) - goals[frame]).max() < 0.5

"""Frames around changed keys, fitted anew."""

from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest
from edited_shapes import (
    FRAMES,
    box_masks,
    davis_masks,
    edited,
    fitted,
    keyed_on_thirds,
    masks_of,
    only_site,
    with_knot_moved,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pictures import Mask, plane, soft

from roto_formats.registry import read_document, write_document
from roto_geometry.bezier import outline_array, outline_knots
from roto_geometry.edits.changes import choose_changes, found_changes, told_changes
from roto_geometry.edits.refit import refit, stretches_around
from roto_geometry.edits.settings import EditSettings
from roto_geometry.edits.sites import sites
from roto_geometry.edits.splice import with_key_at
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_geometry.settings import FitSettings
from roto_shared.errors import InputError
from roto_shared.shapes import (
    Knot,
    Layer,
    Lifetime,
    ShapeDocument,
    ShapeKey,
    ShapeKind,
    Transform,
    TransformKey,
    feather_at,
    key_track,
    knots_at,
)
from roto_shared.sites import with_elements
from roto_shared.timeline import Interpolation, Key

MASKS = box_masks()
BOX = fitted(MASKS, track=False)
"""What the fitter makes of the box: one shape, which the tests key on every third frame."""


def keyed_box(way: Interpolation = Interpolation.LINEAR) -> ShapeDocument:
    return keyed_on_thirds(BOX, way)


def agreement(document: ShapeDocument, frame: int) -> float:
    return jaccard(rasterise(document, frame) >= 0.5, MASKS.read(frame) >= 0.5)


def key_at(document: ShapeDocument, frame: float) -> ShapeKey:
    return next(key for key in only_site(document).shape.keys if key.frame == frame)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([1.0, 4.0, 10.0, 16.0, 19.0]),
    st.integers(0, 3),
    st.floats(-5, 5),
    st.floats(-5, 5),
    st.sampled_from([0.0, 3.0, 6.0]),
    st.sampled_from([1.0, 3.0, 8.0]),
    st.sampled_from(list(Interpolation)),
)
def test_the_changed_key_is_kept_exactly_and_so_is_everything_out_of_reach(frame, knot, along, aside, fade, reach, way):
    was = keyed_box(way)
    now = edited(was, only_site(was), frame, knot, along=along, aside=aside)
    done = refit(now, MASKS, told_changes(now, (frame,)), EditSettings(reach, fade)).document
    assert key_at(done, frame).knots == key_at(now, frame).knots
    before, after = only_site(now).shape, only_site(done).shape
    assert after.knot_count == before.knot_count
    for f in np.arange(1, 21.5, 0.5):
        if abs(f - frame) >= reach + 3:
            assert knots_at(after, f) == knots_at(before, f)


def test_the_edge_is_good_again_beside_a_changed_key():
    was = keyed_box()
    now = edited(was, only_site(was), 10.0, 1, aside=5)
    done = refit(now, MASKS, found_changes(now, was), EditSettings(fade_frames=0)).document
    assert agreement(now, 9) < agreement(was, 9) - 0.03
    assert min(agreement(done, frame) for frame in (7, 8, 9, 11, 12, 13)) > 0.975
    worst_before = min(agreement(was, frame) for frame in FRAMES)
    assert min(agreement(done, frame) for frame in FRAMES if frame != 10) > worst_before
    assert agreement(done, 9) > agreement(was, 9) - 0.002


@pytest.mark.parametrize("is_known", [True, False], ids=["the shapes before are known", "only the frame is told"])
def test_a_knot_that_was_slid_along_the_edge_slides_along_beside_it(is_known: bool):
    was = keyed_box()
    site = only_site(was)
    now = edited(was, site, 10.0, 0, along=5)
    changes = found_changes(now, was) if is_known else told_changes(now, (10.0,))
    done = only_site(refit(now, MASKS, changes).document)
    for frame in (8, 9, 11, 12):
        here, before = done.outline(frame)[0], site.outline(frame)[0]
        along = before[4:6] / np.hypot(*before[4:6])
        assert (here[:2] - before[:2]) @ along == pytest.approx(5, abs=1.5)


def test_an_edge_that_was_moved_off_the_mask_comes_back_over_the_frames_told():
    was = keyed_box()
    site = only_site(was)
    now = edited(was, site, 10.0, 1, aside=6)
    settings = EditSettings(fade_frames=6, fit=FitSettings(tolerance_px=0.25))
    done = refit(now, MASKS, found_changes(now, was), settings).document
    missing = np.array([np.clip(MASKS.read(f) - rasterise(done, f), 0, 1).sum() for f in (10, 11, 13, 15, 16)])
    assert (np.diff(missing) < 0).all()
    assert missing[2] > 0.25 * missing[0]
    believed = refit(now, MASKS, found_changes(now, was), replace(settings, fade_frames=0)).document
    assert missing[-1] == pytest.approx(np.clip(MASKS.read(16) - rasterise(believed, 16), 0, 1).sum(), abs=3)


def test_a_thin_shape_that_turns_stays_on_its_mask_beside_a_knot_that_was_pulled_past_another():
    masks = masks_of({frame: turning_line(frame) for frame in FRAMES})
    was = fitted(masks, (320, 240))
    site = only_site(was)
    changed = with_key_at(site.shape, 10.0)
    knots = changed.keys[[key.frame for key in changed.keys].index(10.0)].knots
    tip = min(range(len(knots)), key=lambda index: knots[index].x)
    pulled = tuple(k._replace(x=k.x + 12) if index == tip else k for index, k in enumerate(knots))
    keys = tuple(replace(key, knots=pulled) if key.frame == 10 else key for key in changed.keys)
    now = with_elements(was, {site.path: replace(changed, keys=keys)})
    done = refit(now, masks, found_changes(now, was)).document
    assert key_at(done, 10.0).knots == pulled
    for frame in (8, 9, 11, 12):
        truth = masks.read(frame) >= 0.5
        edited_alone, beside = (jaccard(rasterise(each, frame) >= 0.5, truth) for each in (now, done))
        assert beside > edited_alone - 0.05


def turning_line(frame: int) -> Mask:
    """A line 5 px wide, whose ends go up and down by 2 px a frame."""
    x, y = plane(320, 240)
    start, end = np.array([20.0, 20 + 2 * frame]), np.array([300.0, 200 - 2 * frame])
    way = (end - start) / np.linalg.norm(end - start)
    along, across = (x - start[0]) * way[0] + (y - start[1]) * way[1], (x - start[0]) * way[1] - (y - start[1]) * way[0]
    return soft((np.abs(across) < 2.5) & (along > 0) & (along < np.linalg.norm(end - start)))


def test_a_neighbour_that_an_artist_changed_before_is_held_too():
    was = keyed_box()
    site = only_site(was)
    earlier = replace(with_knot_moved(site, 7.0, 2, aside=4), edited=(7.0,))
    now = edited(was, replace(site, shape=earlier), 13.0, 0, along=4)
    assert found_changes(now, was).frames == {site.path: (7.0, 13.0)}
    done = refit(now, MASKS, told_changes(now, (13.0,)), EditSettings()).document
    for frame in (7.0, 13.0):
        assert key_at(done, frame).knots == key_at(now, frame).knots
    assert knots_at(only_site(done).shape, 5) == knots_at(only_site(now).shape, 5)
    assert only_site(done).shape.edited == (7.0, 13.0)


def test_a_changed_key_that_is_not_asked_for_is_held_too():
    was = keyed_box()
    now = edited(was, only_site(was), 7.0, 2, aside=4)
    now = edited(now, only_site(now), 13.0, 0, along=4)
    done = refit(now, MASKS, choose_changes(now, (13.0,), was=was)).document
    assert key_at(done, 7.0).knots == key_at(now, 7.0).knots
    assert knots_at(only_site(done).shape, 5) == knots_at(only_site(now).shape, 5)
    assert only_site(done).shape.edited == (7.0, 13.0)


@pytest.mark.parametrize(("first", "second"), [(7.0, 16.0), (16.0, 7.0)])
def test_an_earlier_correction_fades_out_as_it_did_beside_a_later_one(first: float, second: float):
    was = keyed_box()
    now = edited(was, only_site(was), first, 1, aside=6)
    once = refit(now, MASKS, found_changes(now, was)).document
    site = only_site(once)
    shape = with_key_at(site.shape, second)
    now = edited(once, replace(site, shape=shape), second, 5, aside=1)
    twice = refit(now, MASKS, choose_changes(now, was=once)).document
    assert only_site(twice).shape.edited == (7.0, 16.0)
    for steps in (1, 2, 3):
        frame = first + np.copysign(steps, second - first)
        off, still_off = (np.abs(rasterise(each, frame) - MASKS.read(int(frame))).sum() for each in (once, twice))
        assert still_off == pytest.approx(off, rel=0.25)


def test_a_shape_that_lives_for_a_while_gets_no_keys_beyond_that():
    was = keyed_box()
    site = only_site(was)
    keys = tuple(key for key in site.shape.keys if 7 <= key.frame <= 13)
    was = with_elements(was, {site.path: replace(site.shape, keys=keys, lifetime=Lifetime(6, 14))})
    now = edited(was, only_site(was), 10.0, 1, aside=4)
    done = refit(now, MASKS, found_changes(now, was)).document
    frames = [key.frame for key in only_site(done).shape.keys]
    assert 6 <= frames[0] <= frames[-1] <= 14
    assert min(agreement(done, frame) for frame in (6, 7, 13, 14)) > 0.96


@pytest.mark.parametrize("other", [0.0, 1.0], ids=["nothing", "something else"])
def test_a_shape_that_goes_away_for_a_while_gets_no_keys_there_whatever_is_seen_instead(other: float):
    masks = masks_of({frame: MASKS.read(frame) * float(frame not in range(11, 15)) for frame in FRAMES})
    was = fitted(masks, track=False)
    site = only_site(was)
    now = edited(was, replace(site, shape=with_key_at(site.shape, 8.0)), 8.0, 1, aside=4)
    instead = {f: MASKS.read(f) if f not in range(11, 15) else np.roll(MASKS.read(f), 7, 0) * other for f in FRAMES}
    done = refit(now, masks_of(instead), told_changes(now, (8.0,))).document
    before, after = only_site(now).shape, only_site(done).shape
    assert key_at(done, 8.0).knots == key_at(now, 8.0).knots
    assert after.opacity == before.opacity
    assert {key.frame for key in after.keys}.isdisjoint(range(11, 15))
    assert all(not rasterise(done, frame).any() for frame in range(11, 15))
    assert min(agreement(done, frame) for frame in FRAMES if frame not in range(7, 15)) > 0.96


def test_a_shape_that_an_artist_faded_out_altogether_is_fitted_around_an_edit_all_the_same():
    was = keyed_box()
    now = edited(was, only_site(was), 10.0, 1, aside=4)
    site = only_site(now)
    faded = with_elements(now, {site.path: replace(site.shape, opacity=(Key(1.0, (0.0,)),))})
    done, seen = (refit(each, MASKS, told_changes(each, (10.0,))).document for each in (faded, now))
    assert only_site(done).shape.keys == only_site(seen).shape.keys != site.shape.keys


def test_frames_in_reach_of_two_changed_keys_are_fitted_once_from_one_to_the_other():
    shape = replace(only_site(keyed_box()).shape, edited=(7.0, 16.0))
    around = [stretch.gap for stretch in stretches_around(shape, (7.0, 16.0), 6)]
    assert around == [(1, 7), (7, 16), (16, inf)]
    was = keyed_box()
    now = edited(was, only_site(was), 7.0, 1, aside=4)
    now = edited(now, only_site(now), 16.0, 1, aside=4)
    settings = EditSettings(6, 0, FitSettings(tolerance_px=0.25))
    done = refit(now, MASKS, found_changes(now, was), settings).document
    assert min(agreement(done, frame) for frame in range(9, 15)) > 0.988


def test_a_shape_is_fitted_in_its_own_layer_that_turns_scales_and_mirrors():
    was = keyed_box()
    site = only_site(was)
    moves = tuple(
        TransformKey(float(f), Transform((2.0 * f, -f), 3.0 * f, (-1.2, 0.8), pivot=(40.0, 30.0))) for f in (1, 11, 21)
    )
    track = Layer("track", (site.shape,), moves)
    placed = with_elements(was, {site.path[:1]: replace(was.children[0], children=(track,))})
    inner = only_site(placed)
    keys = tuple(
        replace(key, knots=outline_knots(inner.unplaced(site.outline(key.frame), key.frame))) for key in site.shape.keys
    )
    was = with_elements(placed, {inner.path: replace(inner.shape, keys=keys)})
    now = edited(was, only_site(was), 10.0, 1, aside=5)
    settings = EditSettings(fade_frames=0, fit=FitSettings(tolerance_px=0.5))
    masks = replace(MASKS, frames=[frame for frame in FRAMES if frame != 13])
    done = refit(now, masks, found_changes(now, was), settings).document
    assert key_at(done, 10.0) == key_at(now, 10.0)
    assert key_at(done, 13.0).knots == key_at(now, 13.0).knots
    assert done.children[0].children[0].transform == moves
    assert min(agreement(done, frame) for frame in FRAMES if frame != 10) > 0.97


def test_shapes_drawn_counter_clockwise_are_fitted_as_well():
    was = keyed_box()
    site = only_site(was)
    now = with_knot_moved(site, 10.0, 1, along=4)
    backwards = replace(now, keys=tuple(replace(key, knots=reversed_knots(key.knots)) for key in now.keys))
    done = []
    for shape in (now, backwards):
        document = with_elements(was, {site.path: shape})
        done.append(refit(document, MASKS, told_changes(document, (10.0,))).document)
    for frame in FRAMES:
        assert agreement(done[1], frame) == pytest.approx(agreement(done[0], frame), abs=0.01)


def reversed_knots(knots):
    return tuple(Knot(k.x, k.y, k.out_x, k.out_y, k.in_x, k.in_y) for k in reversed(knots))


def test_of_several_shapes_only_the_changed_one_is_fitted_and_only_to_its_own_part_of_the_mask():
    was = keyed_box()
    site = only_site(was)
    below = replace(site.shape, name="below", keys=tuple(shifted(key, 0.0, 12.0) for key in site.shape.keys))
    pair = with_elements(was, {site.path[:1]: replace(was.children[0], children=(site.shape, below))})
    masks = replace(MASKS, read=lambda frame: rasterise(pair, frame))
    upper = next(s for s in sites(pair) if s.shape.name != "below")
    now = edited(pair, upper, 10.0, 1, along=4)
    done = refit(now, masks, found_changes(now, pair)).document
    assert done.children[0].children[1] is below
    whole = [jaccard(rasterise(done, f) >= 0.5, masks.read(f) >= 0.5) for f in FRAMES]
    assert min(whole) > 0.97


def shifted(key: ShapeKey, x: float, y: float) -> ShapeKey:
    return replace(key, knots=tuple(k._replace(x=k.x + x, y=k.y + y) for k in key.knots))


def test_locked_open_and_bspline_shapes_are_left_alone_and_said_to_be():
    was = keyed_box()
    site = only_site(was)
    for change, word in (
        ({"locked": True}, "locked"),
        ({"closed": False}, "open"),
        ({"kind": ShapeKind.BSPLINE}, "B-spline"),
    ):
        now = with_elements(was, {site.path: replace(site.shape, **change)})
        done = refit(now, MASKS, told_changes(now, (10.0,)))
        assert done.document is now
        assert word in done.notes[0]


def test_smooth_shapes_stay_smooth():
    was = keyed_box(Interpolation.SMOOTH)
    now = edited(was, only_site(was), 10.0, 1, aside=5)
    settings = EditSettings(fade_frames=0, fit=FitSettings(tolerance_px=0.5))
    done = refit(now, MASKS, found_changes(now, was), settings).document
    keys = only_site(done).shape.keys
    assert {key.interpolation for key in keys[:-1]} == {Interpolation.SMOOTH}
    assert key_at(done, 10.0).knots == key_at(now, 10.0).knots
    assert min(agreement(done, frame) for frame in FRAMES if frame != 10) > 0.96


def test_a_shape_that_held_its_keys_moves_with_the_mask_around_an_edit_and_holds_beyond():
    was = keyed_box(Interpolation.HOLD)
    now = edited(was, only_site(was), 10.0, 1, aside=3)
    done = refit(now, MASKS, found_changes(now, was), EditSettings(3, 0)).document
    assert key_at(done, 10.0).knots == key_at(now, 10.0).knots
    assert agreement(now, 12) < 0.8
    assert min(agreement(done, frame) for frame in (7, 8, 9, 11, 12, 13)) > 0.95
    for frame in (4, 5, 6, 14, 15, 16):
        assert knots_at(only_site(done).shape, frame) == knots_at(only_site(now).shape, frame)


@pytest.mark.parametrize("soft_frames", [range(1, 22), (1, 10, 19)], ids=["on all keys", "on some keys"])
def test_fresh_keys_have_the_soft_edge_of_before_and_opacity_stays(soft_frames):
    hard = keyed_box()
    site = only_site(hard)
    keys = [replace(k, feather=soft_edge(k)) if k.frame in soft_frames else k for k in site.shape.keys]
    fading = (Key(1.0, (1.0,)), Key(21.0, (0.3,)))
    was = with_elements(hard, {site.path: replace(site.shape, keys=tuple(keys), opacity=fading)})
    now = edited(was, only_site(was), 10.0, 1, aside=5)
    done = only_site(refit(now, MASKS, found_changes(now, was)).document).shape
    assert done.opacity == fading
    assert {key.frame for key in done.keys} - {key.frame for key in keys}
    for key in done.keys:
        edges = [outline_array(feather_at(shape, key.frame)) for shape in (done, only_site(now).shape)]
        assert edges[0] == pytest.approx(edges[1], abs=1e-6)


def soft_edge(key: ShapeKey) -> tuple[Knot, ...]:
    """An edge that leaves the shape by more from frame to frame."""
    return tuple(Knot(key.frame / 4, 2.0, *knot[2:]) for knot in key.knots)


def test_keys_on_frames_without_a_mask_stay_where_they_were():
    was = keyed_box()
    now = edited(was, only_site(was), 10.0, 1, aside=4)
    some = replace(MASKS, frames=[11, 12])
    done = refit(now, some, told_changes(now, (10.0,)))
    kept = [key for key in only_site(done.document).shape.keys if key.frame not in (11, 12)]
    assert [key.frame for key in kept] == [key.frame for key in only_site(now).shape.keys]
    assert kept[:4] == list(only_site(now).shape.keys[:4])
    none = refit(now, replace(MASKS, frames=[]), told_changes(now, (10.0,)))
    assert only_site(none.document).shape.keys == only_site(now).shape.keys
    assert "no mask" in none.notes[0]


def test_masks_of_another_size_are_refused():
    was = keyed_box()
    with pytest.raises(InputError, match="10×10"):
        refit(was, replace(MASKS, read=lambda _: np.zeros((10, 10))), told_changes(was, (10.0,)))


@pytest.mark.parametrize("ending", [".nk", ".fxs", ".json"])
@pytest.mark.parametrize("sequence", ["blackswan", "dog"])
def test_a_correction_made_in_a_host_survives_the_way_there_and_back(davis: Path, tmp_path: Path, sequence, ending):
    masks = davis_masks(davis, sequence, 14)
    write_document(fitted(masks, (854, 480)), tmp_path / f"was{ending}")
    was = read_document(tmp_path / f"was{ending}")
    site = max(sites(was), key=lambda s: s.shape.knot_count * len(s.shape.keys))
    frame = site.shape.keys[len(site.shape.keys) // 2].frame
    write_document(edited(was, site, frame, 3, along=6), tmp_path / f"now{ending}")
    now = read_document(tmp_path / f"now{ending}")
    changes = found_changes(now, was)
    assert changes.frames == {site.path: (frame,)}

    close = EditSettings(fade_frames=0, fit=FitSettings(tolerance_px=0.5))
    done = refit(now, masks, changes, close).document
    write_document(done, tmp_path / f"done{ending}")
    back = read_document(tmp_path / f"done{ending}")
    held = {s.path: knots_at(s.shape, frame) for s in sites(now)}
    for s in sites(back):
        assert np.abs(outline_array(knots_at(s.shape, frame)) - outline_array(held[s.path])).max() < 1e-3
        if s.path != site.path:
            assert key_track(s.shape) == key_track(next(o.shape for o in sites(now) if o.path == s.path))
    for f in masks.frames:
        truth = masks.read(f) >= 128
        before, after = (jaccard(rasterise(d, f) >= 0.5, truth) for d in (was, back))
        assert after > before - 0.012

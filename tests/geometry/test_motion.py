"""Motion goes into the placement, shape into the keys."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import blob, disc, superellipse

from roto_formats.nuke.script import nuke_script, read_nuke
from roto_formats.silhouette.read import read_silhouette
from roto_formats.silhouette.write import write_silhouette
from roto_geometry.fitted import FittedShape
from roto_geometry.fitting import FitResult, fit_shapes, fitted_document
from roto_geometry.follow.registration import inverse, place, place_outlines, register, unmoved
from roto_geometry.guards import is_sound, mend_between
from roto_geometry.keys.keytimes import span_errors
from roto_geometry.keys.motion import affordable_keys, after, cheapest_keys, own_motion, reduce_placed
from roto_geometry.keys.placed import PlacedKeys
from roto_geometry.keys.spacetime import Keying, PlacedWanted, exact_values, refine_values
from roto_geometry.keys.timebase import basis, with_slopes
from roto_geometry.keys.transforms import transform_keys
from roto_geometry.keys.wanted import Wanted, sampled
from roto_geometry.measure.curve_metrics import score_curves
from roto_geometry.measure.raster import shape_outline
from roto_geometry.settings import FitSettings
from roto_shared.placement import placed_shapes, placement_matrix
from roto_shared.shapes import KeyedShape, Layer, ShapeDocument, knots_at
from roto_shared.timeline import Interpolation

SIZE = (128, 96)
FRAMES = 16


def outline(power: float, knots: int = 12) -> np.ndarray:
    """A superellipse of radii 40 and 25 px about the origin as straight-sided knots with short tangents."""
    angle = np.arange(knots) * (2 * np.pi / knots)
    c, s = np.cos(angle), np.sin(angle)
    spoke = np.column_stack([40 * np.sign(c) * np.abs(c) ** (2 / power), 25 * np.sign(s) * np.abs(s) ** (2 / power)])
    handle = (np.roll(spoke, -1, axis=0) - np.roll(spoke, 1, axis=0)) / 6
    return np.hstack([spoke, -handle, handle])


def wandering(seed: int, frames: int = FRAMES) -> np.ndarray:
    """Placements (frames, 2, 3) that shake, turn by up to two turns and grow."""
    random = np.random.default_rng(seed)
    turn = np.cumsum(random.normal(0, 0.4, frames))
    size = np.exp(np.cumsum(random.normal(0, 0.05, frames)))
    move = np.cumsum(random.normal(0, 6, (frames, 2)), axis=0) + 200
    linear = size[:, None, None] * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]).transpose(
        2, 0, 1
    )
    return np.concatenate([linear, move[..., None]], axis=2)


def placed(shape: np.ndarray, placement: np.ndarray) -> np.ndarray:
    return place_outlines(placement, np.repeat(shape[None], len(placement), axis=0))


def document(result: FitResult, frames: int = FRAMES) -> ShapeDocument:
    return fitted_document([result], SIZE, (1, frames))


def turning(frames: int = FRAMES) -> list[tuple[int, np.ndarray]]:
    """A superellipse that shakes and grows."""
    random = np.random.default_rng(4)
    shake = random.normal(0, 4, (frames, 2))
    return [
        (f + 1, superellipse(SIZE, (64 + shake[f, 0], 48 + shake[f, 1]), (30 + 0.8 * f, 20 + 0.5 * f), 3.0))
        for f in range(frames)
    ]


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.5, 2.0, 4.0]))
@settings(max_examples=5)
def test_a_shape_that_only_shakes_turns_and_grows_needs_two_keys_and_lies_exactly_where_it_should(seed, power):
    outlines = placed(outline(power), wandering(seed))
    keys = cheapest_keys(Wanted(outlines, range(FRAMES), 0.5), True)
    assert len(keys.chosen) <= 2
    assert keys.drawn(np.arange(float(FRAMES)))[..., :2] == pytest.approx(outlines[..., :2], abs=0.05)


def test_a_pinned_frame_is_kept_to_the_bit_without_a_placement():
    outlines = placed(outline(2.0), wandering(2))
    outlines[5] += 1.0
    keys = cheapest_keys(Wanted(outlines, range(FRAMES), 0.5, pinned=frozenset({5})), True)
    assert keys.placement is None
    assert (keys.values[keys.chosen.index(5)] == outlines[5]).all()


def test_a_limb_that_another_shape_hides_needs_no_keys_under_a_placement():
    outlines = placed(outline(2.0), wandering(5))
    outlines[:, 3:6, :2] += np.random.default_rng(1).normal(0, 1.5, (FRAMES, 3, 2))
    weight = np.ones(outlines.shape[:2])
    weight[:, 2:6] = 0
    keys = cheapest_keys(Wanted(outlines, range(FRAMES), 0.3, weight=weight), True)
    assert keys.placement is not None
    assert len(keys.chosen) == 2


def test_without_leave_to_place_all_motion_is_in_the_points():
    outlines = placed(outline(3.0), wandering(1))
    keys = cheapest_keys(Wanted(outlines, range(FRAMES), 0.5), False)
    assert keys.placement is None
    assert len(keys.chosen) > 2


def test_a_placement_that_does_not_pay_is_not_made():
    steady = np.repeat(np.eye(2, 3)[None], FRAMES, axis=0)
    steady[:, 0, 2] = np.arange(FRAMES) * 3.0
    keys = cheapest_keys(Wanted(placed(outline(3.0, 6), steady), range(FRAMES), 0.5), True)
    assert keys.placement is None
    assert len(keys.chosen) == 2


def breathing(frames: int, px: float, every: int) -> Wanted:
    """A superellipse that two knots leave and come back to, ``every`` so many frames, to be held within 1 px."""
    outlines = np.repeat(outline(3.0)[None], frames, axis=0)
    outlines[:, 2:4, :2] += px * np.sin(np.arange(frames) * 2 * np.pi / every)[:, None, None]
    return Wanted(outlines, range(frames), 1.0)


def test_a_shape_that_hardly_changes_is_held_twice_as_closely_with_few_keys():
    wanted = breathing(60, 2.5, 40)
    cheap, closer = cheapest_keys(wanted, True), affordable_keys(wanted, True)
    assert wanted.errors(sampled(cheap.drawn(wanted.times))[0]).max() > 0.6
    assert wanted.errors(sampled(closer.drawn(wanted.times))[0]).max() <= 0.6  # half, and what fast frames may more
    assert len(cheap.chosen) <= len(closer.chosen) <= 13


@pytest.mark.parametrize(("px", "every"), [(6.0, 5), (2.5, 9)])
def test_a_shape_that_changes_much_or_would_need_many_keys_to_be_closer_keeps_the_fewest(px, every):
    wanted = breathing(60, px, every)
    assert affordable_keys(wanted, True).chosen == cheapest_keys(wanted, True).chosen


@pytest.mark.parametrize("may_place", [True, False])
def test_a_frame_alone_is_its_own_key_to_the_bit(may_place):
    alone = Wanted(placed(outline(3.0), wandering(1)[:1]), [7], 1.0, interpolation=Interpolation.SMOOTH)
    keys = affordable_keys(alone, may_place)
    assert keys.chosen == [0]
    assert (keys.values == alone.outlines).all()
    assert (keys.drawn(alone.times) == alone.outlines).all()


def test_an_outline_that_moves_as_a_whole_does_not_change_by_itself_and_one_that_jumps_does_on_both_frames():
    outlines = placed(outline(3.0), wandering(3))
    still = own_motion(Wanted(outlines, range(FRAMES), 1.0))
    jump = np.zeros((FRAMES, 12, 6))
    jump[8:, 2:5, :2] = 20
    outlines = place_outlines(wandering(3), outline(3.0) + jump)
    jumping = own_motion(Wanted(outlines, range(FRAMES), 1.0))
    weight = np.ones(outlines.shape[:2])
    weight[8:, 1:5] = 0
    hidden = own_motion(Wanted(outlines, range(FRAMES), 1.0, weight=weight))
    unseen_before = own_motion(Wanted(outlines[::-1], range(FRAMES), 1.0, weight=weight[::-1]))
    away_between = own_motion(Wanted(outlines, range(FRAMES), 1.0, returns=[8]))
    assert max(still.max(), hidden.max(), unseen_before.max(), away_between.max()) < 0.1
    assert jumping[7:9].min() > 3
    assert np.delete(jumping, [7, 8]).max() < 0.1


def test_where_an_outline_changes_fast_it_may_err_more_but_never_by_more_than_half():
    wanted = replace(breathing(40, 30.0, 10), interpolation=Interpolation.SMOOTH)
    error = wanted.errors(sampled(cheapest_keys(wanted, False).drawn(wanted.times))[0])
    assert 1.01 < error.max() <= 1.5


def test_a_few_frames_may_be_placed_too():
    outlines = placed(outline(3.0), wandering(1)[:4])
    assert cheapest_keys(Wanted(outlines, range(4), 0.5), True).placement is not None


def test_what_turns_edge_on_is_never_flattened_by_its_placement():
    narrow = np.cos(np.linspace(0, np.radians(86), FRAMES))
    turning_card = np.repeat(outline(3.0)[None], FRAMES, axis=0)
    turning_card[..., ::2] *= narrow[:, None, None]
    keys = cheapest_keys(Wanted(turning_card, range(FRAMES), 0.5), True)
    assert keys.placement is not None
    shape = np.linalg.svd(keys.placement[:, :, :2], compute_uv=False)
    assert (shape[:, 1] > 0.25 * shape[:, 0]).all()


def test_keys_with_placements_are_only_given_where_they_are_fewer_than_asked():
    wanted = Wanted(placed(outline(2.0), wandering(5)), range(FRAMES), 0.5)
    found = reduce_placed(wanted, FRAMES)
    assert found is not None
    assert reduce_placed(wanted, len(found.chosen)) is None
    assert reduce_placed(wanted, len(found.chosen) + 1) is not None


def test_one_placement_after_another_takes_points_where_both_in_turn_do():
    points = placed(outline(3.0), unmoved(FRAMES))[..., :2]
    both = after(wandering(2), wandering(1))
    assert place(both, points) == pytest.approx(place(wandering(2), place(wandering(1), points)))


@given(st.integers(0, 2**32 - 1), st.floats(0.3, 2))
@settings(max_examples=5)
def test_a_wobbling_shape_stays_sound_and_within_its_tolerance_on_every_frame(seed, tolerance):
    random = np.random.default_rng(seed)
    outlines = placed(outline(2.5), wandering(seed))
    outlines[..., :2] += random.normal(0, 1.0, (FRAMES, 12, 2))
    keys = cheapest_keys(Wanted(outlines, range(FRAMES), tolerance), True)
    drawn = keys.drawn(np.arange(float(FRAMES)))
    assert all(is_sound(item) for item in drawn)
    assert drawn.shape == outlines.shape


def test_what_moves_on_its_own_does_not_drag_the_placement_along():
    still = outline(2.0, 40)[None, :, :2]
    goal = still.copy()
    goal[0, :8, 1] += 30
    across = still / np.linalg.norm(still, axis=-1, keepdims=True)
    found = place(register(still, goal, across, np.ones((1, 40)), 1.0), still)
    assert found[0, 20:] == pytest.approx(goal[0, 20:], abs=0.5)


@given(st.integers(0, 2**32 - 1))
def test_transform_keys_say_the_same_placement_with_turns_that_do_not_jump(seed):
    placement = wandering(seed)
    placement[:, :, :2] = placement[:, :, :2] @ np.array([[1.0, 0.3], [0.0, 0.8]])
    keys = transform_keys(placement, range(FRAMES), np.array([50.0, 20.0]))
    for key, wanted in zip(keys, placement, strict=True):
        assert np.reshape(placement_matrix(key.transform, *SIZE), (3, 3))[:2] == pytest.approx(wanted, abs=1e-6)
    assert np.abs(np.diff([key.transform.rotate for key in keys])).max() <= 180


def test_going_there_and_back_changes_nothing():
    outlines = placed(outline(3.0), wandering(3))
    assert place_outlines(inverse(wandering(3)), outlines) == pytest.approx(
        np.repeat(outline(3.0)[None], FRAMES, axis=0), abs=1e-9
    )


def test_a_shaking_object_becomes_a_layer_with_a_track_and_few_keys():
    result = fit_shapes(turning())
    (layer,) = result.layer.children
    assert isinstance(layer, Layer)
    assert len(layer.transform) == FRAMES
    assert len(result.shapes[0].keys) <= 3
    figures = score_curves(document(result), turning())
    assert figures.iou > 0.97
    assert figures.iou == pytest.approx(result.mean_iou, abs=0.005)
    plain = fit_shapes(turning(), FitSettings(track=False))
    assert plain.layer.children == plain.shapes
    assert figures.stored_values < score_curves(document(plain), turning()).stored_values


@given(st.integers(0, 10_000), st.floats(0.1, 0.6))
@settings(max_examples=4)
def test_placed_shapes_never_cross_themselves_flip_or_change_their_knots(seed, speed):
    random = np.random.default_rng(seed)
    shake = random.integers(-6, 7, (10, 2))
    masks = [(f + 1, np.roll(blob(SIZE, seed, f * speed), shake[f], (0, 1))) for f in range(10)]
    drawn = document(fit_shapes(masks), 10)
    figures = score_curves(drawn, masks)
    assert (figures.self_intersections, figures.orientation_flips, figures.point_count_changes) == (0, 0, 0)


def test_nuke_and_silhouette_hold_the_track_and_the_sparse_keys():
    before = document(fit_shapes(turning(), FitSettings(interpolation=Interpolation.LINEAR)))
    fxs, notes = write_silhouette(before)
    assert notes == []
    for read in (read_nuke(nuke_script(before)[0]), read_silhouette(fxs)):
        assert [len(shape.keys) for shape in read.shapes()] == [len(shape.keys) for shape in before.shapes()]
        for frame in range(1, FRAMES + 1):
            for (a, there), (b, here) in zip(placed_shapes(before, frame), placed_shapes(read, frame), strict=True):
                assert shape_outline(b, frame, here) == pytest.approx(shape_outline(a, frame, there), abs=0.01)


@pytest.mark.parametrize("track", [True, False])
def test_nuke_draws_smooth_keys_on_every_frame_as_they_were_checked(track):
    chosen = FitSettings(interpolation=Interpolation.SMOOTH, track=track)
    result = fit_shapes(turning(), chosen)
    before = document(result)
    read = read_nuke(nuke_script(before)[0])
    (shape,) = read.shapes()
    assert {key.interpolation for key in shape.keys[:-1]} == {Interpolation.SMOOTH}
    assert result.mean_iou > 0.97
    assert score_curves(read, turning()).iou == pytest.approx(score_curves(before, turning()).iou, abs=1e-4)
    for frame in range(1, FRAMES + 1):
        for (a, there), (b, here) in zip(placed_shapes(before, frame), placed_shapes(read, frame), strict=True):
            assert shape_outline(b, frame, here) == pytest.approx(shape_outline(a, frame, there), abs=0.01)


@given(st.integers(0, 2**32 - 1), st.sampled_from([Interpolation.LINEAR, Interpolation.SMOOTH]))
def test_the_basis_in_time_is_what_the_model_says_a_host_draws(seed, interpolation):
    random = np.random.default_rng(seed)
    frames = np.cumsum(random.integers(1, 6, 12)).tolist()
    chosen = [0, *sorted(random.choice(np.arange(1, 11), 3, replace=False).tolist()), 11]
    wanted = Wanted(random.normal(0, 9, (12, 4, 6)), frames, 1.0, interpolation=interpolation)
    keying = Keying.of(wanted, chosen)
    unknowns = exact_values(wanted.outlines, wanted, keying)
    keys = PlacedKeys.of(chosen, unknowns, interpolation)
    shape = FittedShape(False, frames, keys.drawn(wanted.times), keys).named("square")
    assert isinstance(shape, KeyedShape)
    for frame, drawn in zip(frames, keys.drawn(wanted.times), strict=True):
        assert np.array(knots_at(shape, frame)) == pytest.approx(drawn, abs=1e-9)


def test_a_disc_that_moves_evenly_keeps_its_motion_in_two_keys():
    masks = [(f, disc(SIZE, (40 + 3 * f, 48), 20)) for f in range(1, 10)]
    (shape,) = fit_shapes(masks).shapes
    assert len(shape.keys) <= 3


def test_key_values_fitted_over_all_frames_err_less_than_exact_ones():
    times = np.arange(9.0)
    bent = np.repeat(outline(2.0)[None], 9, axis=0)
    bent[..., :2] *= (1 + 0.03 * np.sin(times / 8 * np.pi))[:, None, None]
    wanted = Wanted(bent, times, 1.0)
    keying = Keying.of(wanted, [0, 8])
    exact = exact_values(bent, wanted, keying)
    fitted = refine_values(exact, PlacedWanted.unplaced(wanted), keying)
    drawn = [keying.basis @ values.reshape(2, -1) for values in (exact, fitted)]
    errors = [wanted.errors(sampled(values.reshape(bent.shape))[0]).max() for values in drawn]
    assert errors[1] < 0.8 * errors[0]


def test_loops_between_keys_are_mended_by_shorter_handles():
    first, last = outline(2.0), outline(2.0)
    first[3, 4:6] *= -8
    weights = basis(np.arange(5.0), [0, 4], Interpolation.LINEAR)
    mended = mend_between(np.array([first, last]), weights, np.zeros(2, dtype=bool))
    assert not is_sound(first)
    assert all(map(is_sound, np.einsum("tk,knc->tnc", weights, mended)))


def test_loops_between_keys_leave_pinned_keys_to_the_bit():
    first, last = outline(2.0), outline(2.0)
    first[3, 4:6] *= -8
    weights = basis(np.arange(5.0), [0, 4], Interpolation.LINEAR)
    mended = mend_between(np.array([first, last]), weights, np.array([True, False]))
    assert (mended[0] == first).all()
    assert (mended[1] != last).any()


def test_between_keys_under_placements_that_may_change_a_motion_is_no_error_and_a_bend_is():
    moving = Wanted(place_outlines(wandering(3), outline(2.5)[None].repeat(FRAMES, axis=0)), range(FRAMES), 1.0)
    assert span_errors(moving, unmoved(FRAMES)).worst.max() < 0.1 < 10 < span_errors(moving).worst.max()
    bending = Wanted(np.array([outline(2 + 2 * (frame % 2)) for frame in range(FRAMES)]), range(FRAMES), 1.0)
    assert 0.5 < span_errors(bending, unmoved(FRAMES)).worst.max() < span_errors(bending).worst.max()


def test_slopes_of_an_even_acceleration_are_exact_on_every_frame_where_there_are_three():
    times = np.array([1.0, 2.0, 4.0])
    slopes = with_slopes(times**2, times, Interpolation.SMOOTH)[:, 1]
    assert slopes == pytest.approx(2 * times)

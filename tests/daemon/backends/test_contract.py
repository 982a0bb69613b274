"""What every engine owes its callers, whatever it is made of."""

import numpy as np
import pytest

from roto_daemon.backends.base import Backend, Mask, Prompt, TrackState
from roto_geometry.measure.mask_metrics import jaccard

SIZES = [(1, 1), (1, 40), (40, 1), (2, 3), (7, 5), (33, 31), (97, 61), (64, 200), (50, 300)]
"""(width, height)"""


def covers(mask: Mask, point: tuple[float, float]) -> bool:
    return bool(mask[int(point[1]), int(point[0])] >= 0.5)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_any_size_gives_a_mask_of_that_size(backend: Backend, make_scene, width, height):
    image = make_scene(width, height, (width / 2, height / 2), min(width, height) / 3).image
    frame = backend.embed(image)
    for prompt in (Prompt(positive=((width / 2, height / 2),)), Prompt(box=(0.0, 0.0, width, height))):
        result = frame.segment(prompt)
        assert result.mask.shape == (height, width)
        assert result.mask.dtype == np.float32
        assert result.mask.min() >= 0 and result.mask.max() <= 1
        assert 0 <= result.confidence <= 1


def test_click_selects_the_object_under_it(backend: Backend, make_scene):
    scene = make_scene()
    mask = backend.embed(scene.image).segment(Prompt(positive=(scene.centre,))).mask
    assert covers(mask, scene.centre)
    assert jaccard(mask >= 0.5, scene.truth) > 0.8


def test_negative_click_is_outside_and_positive_ones_stay_inside(backend: Backend, make_scene):
    scene = make_scene()
    frame = backend.embed(scene.image)
    first = frame.segment(Prompt(positive=(scene.centre,)))
    second = frame.segment(Prompt(positive=(scene.centre,), negative=((140.5, 15.5),)), first.mask)
    assert covers(second.mask, scene.centre)
    assert not covers(second.mask, (140.5, 15.5))


def test_second_click_adds_another_part(backend: Backend, make_scene):
    scene = make_scene()
    image = scene.image.copy()
    image[10:30, 120:150] = (60, 160, 60)
    frame = backend.embed(image)
    first = frame.segment(Prompt(positive=(scene.centre,)))
    both = frame.segment(Prompt(positive=(scene.centre, (135.5, 20.5))), first.mask).mask
    assert covers(both, scene.centre)
    assert covers(both, (135.5, 20.5))


def test_box_holds_most_of_its_mask(backend: Backend, make_scene):
    scene = make_scene()
    mask = backend.embed(scene.image).segment(Prompt(box=scene.box)).mask >= 0.5
    x0, y0, x1, y1 = (round(side) for side in scene.box)
    assert mask[y0:y1, x0:x1].sum() > 0.95 * mask.sum()
    assert jaccard(mask, scene.truth) > 0.75


def test_supplied_mask_is_taken_as_it_is(backend: Backend, make_scene):
    scene = make_scene()
    given = scene.truth.astype(np.float32)
    assert np.array_equal(backend.embed(scene.image).segment(Prompt(mask=given)).mask, given)


def test_same_prompt_gives_the_same_mask(backend: Backend, make_scene):
    scene = make_scene()
    masks = [backend.embed(scene.image).segment(Prompt(positive=(scene.centre,))).mask for _ in range(2)]
    assert np.array_equal(*masks)


def test_works_again_after_unload(backend: Backend, make_scene):
    scene = make_scene()
    frame = backend.embed(scene.image)
    before = frame.segment(Prompt(positive=(scene.centre,))).mask
    backend.unload()
    assert np.array_equal(frame.segment(Prompt(positive=(scene.centre,))).mask, before)


@pytest.mark.parametrize("direction", [1, -1])
def test_follows_a_moving_object(backend: Backend, make_scene, direction):
    scenes = {
        frame: make_scene(centre=(50.0 + 3 * direction * frame, 60.0)) for frame in range(0, 8 * direction, direction)
    }
    tracking = backend.start_tracking()
    for frame, scene in scenes.items():
        if frame == 0:
            tracking.add_keyframe(frame, scene.image, {"ball": scene.truth.astype(np.float32)})
            continue
        tracked = tracking.step(frame, scene.image)["ball"]
        assert jaccard(tracked.mask >= 0.5, scene.truth) > 0.8
        assert tracked.state is not TrackState.NEEDS_CLICK


def test_two_objects_never_share_a_pixel(backend: Backend, make_scene):
    left, right = make_scene(centre=(45.0, 60.0), radius_px=24), make_scene(centre=(105.0, 60.0), radius_px=24)
    tracking = backend.start_tracking()
    for frame in range(4):
        image = left.image.copy()
        shifted = np.roll(right.truth, -3 * frame, axis=1)
        image[shifted] = (60, 170, 70)
        if frame == 0:
            masks = {"left": left.truth.astype(np.float32), "right": shifted.astype(np.float32)}
            tracking.add_keyframe(frame, image, masks)
            continue
        tracked = tracking.step(frame, image)
        assert not ((tracked["left"].mask >= 0.5) & (tracked["right"].mask >= 0.5)).any()
        assert jaccard(tracked["right"].mask >= 0.5, shifted) > 0.7


def test_a_keyframe_corrects_the_track(backend: Backend, make_scene):
    red, green = make_scene(centre=(40.0, 60.0), radius_px=22), make_scene(centre=(115.0, 60.0), radius_px=22)
    image = red.image.copy()
    image[green.truth] = (60, 170, 70)
    tracking = backend.start_tracking()
    tracking.add_keyframe(0, image, {"it": red.truth.astype(np.float32)})
    tracking.step(1, image)
    tracking.add_keyframe(2, image, {"it": green.truth.astype(np.float32)})
    tracked = tracking.step(3, image)["it"]
    assert jaccard(tracked.mask >= 0.5, green.truth) > 0.7


def test_a_vanished_object_needs_a_click_and_is_not_empty(backend: Backend, make_scene):
    scene = make_scene()
    empty = np.full_like(scene.image, (70, 90, 110))
    tracking = backend.start_tracking()
    tracking.add_keyframe(0, scene.image, {"ball": scene.truth.astype(np.float32)})
    states = [tracking.step(frame, empty)["ball"] for frame in range(1, 5)]
    assert states[-1].state is TrackState.NEEDS_CLICK
    assert all(tracked.mask.max() >= 0.5 for tracked in states)


def test_a_vanished_object_is_found_again(backend: Backend, make_scene):
    scene = make_scene()
    empty = np.full_like(scene.image, (70, 90, 110))
    tracking = backend.start_tracking()
    tracking.add_keyframe(0, scene.image, {"ball": scene.truth.astype(np.float32)})
    for frame in range(1, 4):
        tracking.step(frame, empty)
    back = make_scene(centre=(85.0, 60.0))
    for frame in range(4, 8):
        tracked = tracking.step(frame, back.image)["ball"]
    assert jaccard(tracked.mask >= 0.5, back.truth) > 0.6

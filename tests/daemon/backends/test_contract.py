"""What every engine owes its callers, whatever it is made of.

``any_backend`` are all engines, networks with random weights too: what they keep to. ``backend`` are those that were
trained: what they find.
"""

import numpy as np
import pytest

from roto_daemon.backends.base import Backend, Mask, Prompt, TrackState
from roto_geometry.measure.mask_metrics import jaccard

SIZES = [(1, 1), (1, 40), (40, 1), (2, 3), (7, 5), (33, 31), (97, 61), (64, 200), (50, 300)]
"""(width, height)"""


def covers(mask: Mask, point: tuple[float, float]) -> bool:
    return bool(mask[int(point[1]), int(point[0])] >= 0.5)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_any_size_gives_a_mask_of_that_size(any_backend: Backend, make_scene, width, height):
    image = make_scene(width, height, (width / 2, height / 2), min(width, height) / 3).image
    frame = any_backend.embed(image)
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


def test_supplied_mask_is_taken_as_it_is(any_backend: Backend, make_scene):
    scene = make_scene()
    given = scene.truth.astype(np.float32)
    assert np.array_equal(any_backend.embed(scene.image).segment(Prompt(mask=given)).mask, given)


def test_same_prompt_gives_the_same_mask(any_backend: Backend, make_scene):
    scene = make_scene()
    masks = [any_backend.embed(scene.image).segment(Prompt(positive=(scene.centre,))).mask for _ in range(2)]
    assert np.array_equal(*masks)


def test_works_again_after_unload(any_backend: Backend, make_scene):
    scene = make_scene()
    frame = any_backend.embed(scene.image)
    before = frame.segment(Prompt(positive=(scene.centre,))).mask
    any_backend.unload()
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


def truth_of(scene) -> Mask:
    return scene.truth.astype(np.float32)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_track_at_any_size_gives_masks_of_that_size(any_backend: Backend, make_scene, width, height):
    scene = make_scene(width, height, (width / 2, height / 2), max(1.0, min(width, height) / 3))
    tracking = any_backend.start_tracking()
    tracking.add_keyframe(7, scene.image, {"it": truth_of(scene)})
    tracked = tracking.step(8, scene.image)["it"]
    assert tracked.mask.shape == (height, width)
    assert tracked.mask.dtype == np.float32
    assert tracked.mask.min() >= 0 and tracked.mask.max() <= 1
    assert 0 <= tracked.confidence <= 1


def test_every_object_is_followed_from_its_own_keyframe_on(any_backend: Backend, make_scene):
    left, right = make_scene(centre=(45.0, 60.0), radius_px=24), make_scene(centre=(115.0, 60.0), radius_px=24)
    tracking = any_backend.start_tracking()
    tracking.add_keyframe(0, left.image, {"left": truth_of(left)})
    assert set(tracking.step(1, left.image)) == {"left"}
    tracking.add_keyframe(1, left.image, {"right": truth_of(right)})
    for frame in range(2, 5):
        tracked = tracking.step(frame, left.image)
        assert set(tracked) == {"left", "right"}
        assert not ((tracked["left"].mask >= 0.5) & (tracked["right"].mask >= 0.5)).any()


def test_the_same_track_gives_the_same_masks(any_backend: Backend, make_scene):
    scenes = [make_scene(centre=(50.0 + 4 * frame, 60.0)) for frame in range(5)]
    assert np.array_equal(follow(any_backend, scenes), follow(any_backend, scenes))


def test_a_track_goes_on_after_unload(any_backend: Backend, make_scene):
    scenes = [make_scene(centre=(50.0 + 4 * frame, 60.0)) for frame in range(5)]
    assert np.array_equal(follow(any_backend, scenes), follow(any_backend, scenes, unload_after=2))


def test_a_stopped_track_can_be_resumed(any_backend: Backend, make_scene):
    scenes = [make_scene(centre=(50.0 + 4 * frame, 60.0)) for frame in range(5)]
    tracking = any_backend.start_tracking()
    tracking.add_keyframe(0, scenes[0].image, {"it": truth_of(scenes[0])})
    tracking.resume(3, scenes[3].image, {"it": truth_of(scenes[3])})
    assert set(tracking.step(4, scenes[4].image)) == {"it"}


def test_a_lost_object_keeps_a_mask_and_says_that_it_is_lost(any_backend: Backend, make_scene):
    scene = make_scene()
    tracking = any_backend.start_tracking()
    tracking.add_keyframe(0, scene.image, {"it": truth_of(scene)})
    for frame in range(1, 5):
        tracked = tracking.step(frame, np.full_like(scene.image, (70, 90, 110)))["it"]
        assert tracked.mask.max() >= 0.5
        assert tracked.confidence == 0 or tracked.state is not TrackState.NEEDS_CLICK


def follow(backend: Backend, scenes, unload_after: int | None = None) -> np.ndarray:
    tracking = backend.start_tracking()
    tracking.add_keyframe(0, scenes[0].image, {"it": truth_of(scenes[0])})
    masks = []
    for frame, scene in enumerate(scenes[1:], 1):
        masks.append(tracking.step(frame, scene.image)["it"].mask)
        if frame == unload_after:
            backend.unload()
    return np.array(masks)

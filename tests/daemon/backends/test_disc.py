"""The disc engine's rule, to the pixel."""

import numpy as np

from roto_daemon.backends.base import Prompt, TrackState
from roto_daemon.backends.disc import TOLERANCE, DiscBackend


def test_a_click_selects_exactly_the_connected_colour(make_scene):
    scene = make_scene()
    image = scene.image.copy()
    image[5:12, 5:12] = image[60, 70]
    frame = DiscBackend().embed(image)
    assert np.array_equal(frame.segment(Prompt(positive=(scene.centre,))).mask, scene.truth)
    both = frame.segment(Prompt(positive=(scene.centre, (6.0, 6.0)))).mask
    assert both.sum() == scene.truth.sum() + 49
    assert np.array_equal(frame.segment(Prompt((scene.centre, (6.0, 6.0)), ((8.0, 8.0),))).mask, scene.truth)


def test_the_tolerance_is_inclusive():
    image = np.zeros((1, 3, 3), np.uint8)
    image[0, 1, 2], image[0, 2, 0] = TOLERANCE, TOLERANCE + 1
    assert DiscBackend().embed(image).segment(Prompt(positive=((0.5, 0.5),))).mask.tolist() == [[1, 1, 0]]


def test_a_box_selects_what_differs_from_its_corner(make_scene):
    scene = make_scene()
    assert np.array_equal(DiscBackend().embed(scene.image).segment(Prompt(box=(30, 20, 110, 100))).mask, scene.truth)


def test_tracking_takes_the_nearest_where_none_overlaps(make_scene):
    scene = make_scene(centre=(30.0, 60.0), radius_px=10)
    tracking = DiscBackend().start_tracking()
    tracking.add_keyframe(1, scene.image, {"a": scene.truth.astype(np.float32)})
    moved = make_scene(centre=(80.0, 60.0), radius_px=10)
    found = tracking.step(2, moved.image)["a"]
    assert np.array_equal(found.mask, moved.truth)
    assert found.state is TrackState.UNCERTAIN

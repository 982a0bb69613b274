"""One mask of the two that a forward and a backward pass found, and pixels that several objects claim."""

import numpy as np
import pytest

from roto_daemon.backends.base import Mask
from roto_daemon.pipelines.blend import blend_directions
from roto_daemon.pipelines.overlap import rivals, share_pixels, without_pixels


def row(*values: float) -> Mask:
    return np.array([values], np.float32)


@pytest.mark.parametrize(
    ("confidences", "distances", "share"),
    [
        ((0.9, 0.9), (5, 5), 0.5),
        ((0.9, 0.9), (1, 3), 0.75),
        ((0.8, 0.4), (5, 5), 0.8),
        ((0.0, 0.4), (1, 9), 0.0),
        ((0.0, 0.0), (1, 3), 0.5),
    ],
    ids=["alike", "nearer to its keyframe", "surer", "lost beside one that is not", "both lost"],
)
def test_of_two_passes_the_surer_one_rules_and_then_the_one_whose_keyframe_is_nearer(confidences, distances, share):
    blended = blend_directions((row(1, 1, 0), row(1, 0, 0)), confidences, distances)
    assert blended.dtype == np.float32
    np.testing.assert_allclose(blended, row(1, share, 0), atol=1e-6)


def test_where_objects_claim_more_than_a_pixel_each_gets_its_share_and_elsewhere_all_of_it():
    shared = share_pixels({"dog": row(1, 1, 0.4), "cat": row(0, 1, 0.4), "bird": row(0, 0.5, 0)})
    np.testing.assert_allclose(shared["dog"], row(1, 0.4, 0.4), atol=1e-6)
    np.testing.assert_allclose(shared["cat"], row(0, 0.4, 0.4), atol=1e-6)
    np.testing.assert_allclose(shared["bird"], row(0, 0.2, 0), atol=1e-6)
    assert share_pixels({}) == {}


def test_what_was_prompted_keeps_its_pixels_and_others_have_what_is_left_of_them():
    left = without_pixels({"dog": row(1, 1, 0.4)}, [row(1, 0.5, 0.25), row(0.5, 0, 0)])
    assert np.allclose(left["dog"], row(0, 0.5, 0.4))
    assert np.allclose(without_pixels({"dog": row(1, 0.4)}, [])["dog"], row(1, 0.4))


def test_objects_share_with_those_alone_that_claim_pixels_of_which_more_is_claimed_than_there_is():
    masks = {"dog": row(1, 1, 0.4, 0), "cat": row(0, 1, 0.4, 0), "bird": row(0, 0, 0.2, 1), "fly": row(0, 0, 0, 0.5)}
    assert rivals(masks) == {"dog": ["cat"], "cat": ["dog"], "bird": ["fly"], "fly": ["bird"]}
    assert rivals({}) == {}

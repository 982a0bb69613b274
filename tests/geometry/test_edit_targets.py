"""What of a mask is whose: what is drawn as opaque, and what an artist's keys say."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from edited_shapes import box_masks, fitted, only_site

from roto_geometry.arclength import Contour
from roto_geometry.edits.targets import Target, rasterise_opaque, said
from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import ShapeDocument
from roto_shared.sites import with_elements
from roto_shared.timeline import Key

BOX = fitted(box_masks(), track=False)


def with_shape(**looks: Any) -> ShapeDocument:
    site = only_site(BOX)
    return with_elements(BOX, {site.path: replace(site.shape, **looks)})


def test_what_shows_through_is_drawn_as_opaque_and_what_is_faded_out_is_not_drawn():
    faint = with_shape(opacity=(Key(1.0, (0.4,)), Key(5.0, (0.0,))))
    assert np.array_equal(rasterise_opaque(faint, 4), rasterise(BOX, 4))
    assert not rasterise_opaque(faint, 5).any()


def test_an_artists_keys_say_what_is_drawn_on_their_own_frames():
    edited = with_shape(edited=(5.0,))
    assert np.array_equal(said(edited, 5), rasterise(BOX, 5) >= 0.5)
    assert not said(edited, 6).any()
    assert not said(edited, 5, own=[only_site(BOX).name]).any()


@pytest.mark.parametrize(
    "looks",
    [{"visible": False}, {"closed": False}, {"opacity": (Key(1.0, (0.0,)),)}],
    ids=["hidden", "open", "faded out"],
)
def test_keys_of_what_is_not_shown_and_of_lines_say_nothing(looks: dict[str, Any]):
    assert not said(with_shape(edited=(5.0,), **looks), 5).any()


def test_an_edge_is_seen_where_neither_another_shape_nor_the_picture_ends_it():
    has_say = np.ones((40, 40), bool)
    has_say[:, 20:] = False
    box = Contour(np.array([(0.0, 10.0), (20.0, 10.0), (20.0, 30.0), (0.0, 30.0)]))
    seen = Target(box, has_say).exposed(np.array([10.0, 30.0, 50.0, 70.0]))
    assert dict(zip(("above", "right", "below", "left"), seen.tolist(), strict=True)) == {
        "above": True,
        "right": False,  # another shape lies beside it
        "below": True,
        "left": False,  # the picture ends there
    }

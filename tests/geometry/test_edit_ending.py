"""Shapes that are off, or end, where they cannot follow the masks."""

from dataclasses import replace

import numpy as np
import pytest
from edited_shapes import FRAMES, box_masks, fitted, only_site
from hypothesis import given
from hypothesis import strategies as st

from roto_geometry.edits.ending import ended, gaps
from roto_geometry.edits.sites import sites
from roto_geometry.edits.splice import with_key_at
from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import Layer, Lifetime, ShapeDocument, opacity_at
from roto_shared.sites import with_elements
from roto_shared.timeline import Key

FITTED = fitted(box_masks())
LIFE = (FRAMES[0], FRAMES[-1])
PLACE = only_site(FITTED).path


def living(first: float | None, last: float | None) -> ShapeDocument:
    site = only_site(FITTED)
    return with_elements(FITTED, {site.path: replace(site.shape, lifetime=Lifetime(first, last))})


@pytest.mark.parametrize("life", [(None, None), LIFE], ids=["open", "closed"])
@given(first=st.integers(*LIFE), count=st.integers(1, 25))
def test_on_other_frames_it_draws_what_it_drew(life, first: int, count: int):
    gap = (first, min(first + count - 1, LIFE[1]))
    whole = living(*life)
    pieces = ended(whole, {PLACE: [gap]})
    for frame in FRAMES:
        drawn = rasterise(pieces, frame)
        if gap[0] <= frame <= gap[1]:
            assert not drawn.any()
        else:
            np.testing.assert_allclose(drawn, rasterise(whole, frame), atol=1e-3)


def test_it_stays_one_shape_that_is_off_for_a_while_and_has_keys_where_it_is_there_alone():
    keyed = only_site(FITTED).shape
    for frame in (2.0, 6.5, 7.0, 13.0, 20.5):
        keyed = with_key_at(keyed, frame)
    document = with_elements(FITTED, {PLACE: keyed})
    site = only_site(ended(document, {PLACE: [(1, 2), (5, 8), (12, 14), (20, 21)]}))
    assert (site.path, site.shape.name) == (PLACE, keyed.name)
    assert site.shape.lifetime == Lifetime(3.0, 19.0)
    switches = [(3, 1), (5, 0), (9, 1), (12, 0), (15, 1)]
    assert [(key.frame, key.values[0]) for key in site.shape.opacity] == switches
    assert {3, 4, 9, 11, 15, 19} <= {key.frame for key in site.shape.keys}
    assert all(opacity_at(site.shape, key.frame) for key in site.shape.keys)


def test_one_that_fades_fades_on_beside_the_frames_on_which_it_is_off():
    site = only_site(FITTED)
    fading = with_elements(FITTED, {PLACE: replace(site.shape, opacity=(Key(1.0, (1.0,)), Key(21.0, (0.0,))))})
    after = only_site(ended(fading, {PLACE: [(5, 8)]})).shape
    expected = [0.0 if 5 <= frame <= 8 else 1 - (frame - 1) / 20 for frame in FRAMES]
    assert [opacity_at(after, frame) for frame in FRAMES] == pytest.approx(expected)


def test_a_layer_that_nothing_is_left_in_goes_but_that_of_the_object():
    wrapped = replace(FITTED, children=(Layer("object", (Layer("track", FITTED.children),)),))
    (site,) = sites(wrapped)
    assert ended(wrapped, {site.path: [LIFE]}).children == (Layer("object", ()),)


@pytest.mark.parametrize(
    ("lost", "spare", "expected"),
    [
        ([10, 11], FRAMES, []),
        ([10, 11, 12], FRAMES, [(10, 12)]),
        ([10, 12, 15], FRAMES, [(10, 15)]),
        ([10, 12, 15], [10, 12, 13, 14, 15], [(12, 15)]),
        ([1, 10, 21], FRAMES, [(1, 1), (21, 21)]),
    ],
    ids=["too few to end for", "enough", "few between are lost too", "not on frames that must stay", "at its ends"],
)
def test_it_ends_for_several_frames_or_from_there_on(lost, spare, expected):
    assert gaps(only_site(living(None, None)).shape, dict.fromkeys(lost, False), spare, LIFE) == expected


def test_it_ends_for_a_single_frame_that_shows_nothing_of_it():
    assert gaps(only_site(living(None, None)).shape, {10: True}, FRAMES, LIFE) == [(10, 10)]

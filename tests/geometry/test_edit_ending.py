"""Shapes that end where they cannot follow the masks, and begin again."""

from dataclasses import replace

import numpy as np
import pytest
from edited_shapes import FRAMES, box_masks, fitted, only_site
from hypothesis import given
from hypothesis import strategies as st

from roto_geometry.edits.ending import ended, gaps
from roto_geometry.edits.sites import sites
from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import Layer, Lifetime, ShapeDocument
from roto_shared.sites import with_elements

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


def test_its_pieces_stand_side_by_side_under_names_of_their_own():
    pieces = list(sites(ended(FITTED, {PLACE: [(5, 8), (12, 14)]})))
    name = only_site(FITTED).name
    assert [site.name for site in pieces] == [name, f"{name} from 9", f"{name} from 15"]
    assert [site.path[:-1] for site in pieces] == [PLACE[:-1]] * 3
    assert all(site.shape.lifetime.covers(key.frame) for site in pieces for key in site.shape.keys)


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

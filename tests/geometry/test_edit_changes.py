"""Which keys of which shapes an artist changed."""

from dataclasses import replace
from pathlib import Path

import pytest
from edited_shapes import FRAMES, box_masks, fitted, keyed_on_thirds, masks_of, only_site, with_knot_moved

from roto_formats.registry import read_document, write_document
from roto_geometry.edits.changes import choose_changes, found_changes, remembered_changes, told_changes
from roto_shared.errors import InputError
from roto_shared.shapes import opacity_at
from roto_shared.sites import with_elements

MASKS = box_masks()
KEYED = keyed_on_thirds(fitted(MASKS, track=False))


def test_what_the_document_remembers_as_edited_is_found():
    site = only_site(KEYED)
    now = with_elements(KEYED, {site.path: replace(site.shape, edited=(4.0, 5.0))})
    assert remembered_changes(now).frames == {site.path: (4.0,)}


def test_a_frame_without_a_key_is_refused():
    with pytest.raises(InputError, match="frame 5"):
        told_changes(KEYED, (5.0,))


def test_a_shape_with_other_knots_than_before_is_told_and_left():
    site = only_site(KEYED)
    fewer = tuple(replace(key, knots=key.knots[:-1]) for key in site.shape.keys)
    changes = found_changes(with_elements(KEYED, {site.path: replace(site.shape, keys=fewer)}), KEYED)
    assert not changes.frames
    assert "other knots" in changes.notes[0]


def test_a_changed_shape_that_was_renamed_too_is_told_and_one_that_an_artist_added_is_not():
    site = only_site(KEYED)
    moved = with_knot_moved(site, 10.0, 0, along=3.0)
    renamed = with_elements(KEYED, {site.path: replace(moved, name="mine")})
    with pytest.raises(InputError, match=r"No key is known to be changed\..*mine: no shape before has this name"):
        choose_changes(renamed, was=KEYED)
    layer = KEYED.children[0]
    added = replace(KEYED, children=(replace(layer, children=(*layer.children, replace(moved, name="mine"))),))
    assert found_changes(added, KEYED).notes == ()


def test_shapes_over_another_picture_are_not_taken_for_changed_ones():
    with pytest.raises(InputError, match="before were drawn over 96×80, those to edit over 96×72"):
        choose_changes(KEYED, was=replace(KEYED, height=80))


@pytest.mark.parametrize("ending", [".nk", ".fxs", ".json"])
def test_a_shape_that_goes_away_for_a_while_comes_back_from_a_host_unchanged(tmp_path: Path, ending: str):
    gone = (5, 6, 7, 12)
    was = fitted(masks_of({frame: MASKS.read(frame) * float(frame not in gone) for frame in FRAMES}))
    write_document(was, tmp_path / f"shot{ending}")
    back = read_document(tmp_path / f"shot{ending}")
    assert [frame for frame in FRAMES if not opacity_at(only_site(back).shape, frame)] == list(gone)
    assert not found_changes(back, was).frames

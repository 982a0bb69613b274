"""A layer with edits, brought up to masks that have changed."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from edited_shapes import (
    FRAMES,
    SIZE,
    box_masks,
    davis_masks,
    edited,
    fitted,
    keyed_on_thirds,
    masks_of,
    only_site,
    rounded_box,
)
from pictures import Mask, disc

from roto_geometry.edits.changes import choose_changes
from roto_geometry.edits.mask_change import MaskChange
from roto_geometry.edits.refit import refit
from roto_geometry.edits.renew import renew
from roto_geometry.edits.sites import sites
from roto_geometry.edits.targets import Masks
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import (
    Blend,
    KeyedShape,
    Knots,
    Layer,
    Lifetime,
    ShapeDocument,
    ShapeKey,
    Transform,
    TransformKey,
    knots_at,
    opacity_at,
)
from roto_shared.sites import with_elements
from roto_shared.timeline import Interpolation, Key

MASKS = box_masks()
EDITED = 4.0
WRONG = range(12, 17)


def agreement(document: ShapeDocument, masks: Masks, frames: Iterable[int] = FRAMES) -> float:
    return min(jaccard(rasterise(document, f) >= 0.5, np.asarray(masks.read(f), dtype=float) >= 0.5) for f in frames)


def with_edit(masks: Masks) -> ShapeDocument:
    """Shapes with linear keys on every third frame, of which an artist changed one, and what is around is fitted."""
    was = keyed_on_thirds(fitted(masks, track=False))
    now = edited(was, only_site(was), EDITED, 0, aside=2.0)
    return refit(now, masks, choose_changes(now, was=was)).document


def half_gone() -> Masks:
    """The box, of which a third is missing on some frames, as where a track went wrong."""
    pictures = {frame: rounded_box(frame).copy() for frame in FRAMES}
    for frame in WRONG:
        columns = np.flatnonzero(pictures[frame].max(axis=0) > 0.5)
        pictures[frame][:, columns[len(columns) * 2 // 3] :] = 0
    return masks_of(pictures)


def change(was: Masks, now: Masks, frames: Collection[int] = FRAMES) -> MaskChange:
    """Masks of which those of ``frames`` are others now."""
    return MaskChange(now, frames, was.frames, was.read)


def a_quarter_gone(true: Masks, wrong: Collection[int]) -> Masks:
    """The masks, without the rightmost quarter of the object on ``wrong`` frames."""

    def read(frame: int) -> Mask:
        mask = true.read(frame).copy()
        if frame in wrong:
            mask[:, int(np.quantile(np.nonzero(mask)[1], 0.75)) :] = 0
        return mask

    return Masks(true.frames, read)


HELD = with_edit(MASKS)


def test_where_the_masks_are_what_they_were_nothing_is_touched():
    assert renew(HELD, change(MASKS, MASKS, ())).document == HELD
    assert renew(HELD, change(MASKS, MASKS, ())).notes == ()


def test_masks_that_are_others_by_name_alone_leave_everything():
    assert renew(HELD, change(MASKS, MASKS)).document == HELD


def test_frames_whose_masks_changed_are_fitted_anew_and_the_edit_is_held():
    wrong = half_gone()
    done = renew(HELD, change(MASKS, wrong, WRONG))
    before, after = only_site(HELD).shape, only_site(done.document).shape
    assert agreement(HELD, wrong, WRONG) < 0.75
    assert agreement(done.document, wrong, WRONG) > 0.93
    assert after.edited == (EDITED,)
    for frame in (*np.arange(1, 10.5, 0.5), *np.arange(19, 21.5, 0.5)):
        assert np.array(knots_at(after, frame)) == pytest.approx(np.array(knots_at(before, frame)), abs=1e-9)
    untouched = [key for key in before.keys if key.frame < min(WRONG) or key.frame > max(WRONG)]
    assert untouched
    assert {key.frame: key.knots for key in untouched}.items() <= {key.frame: key.knots for key in after.keys}.items()
    assert "fitted to the masks of now" in done.notes[0]


def test_a_shape_all_of_whose_keys_are_wrong_is_drawn_anew_beside_the_one_that_was_edited():
    apart = masks_of({f: np.maximum(rounded_box(f), disc(SIZE, (20.0, 10.0), 7.0)) for f in FRAMES})
    moved = masks_of({f: np.maximum(rounded_box(f), disc(SIZE, (80.0, 60.0), 7.0)) for f in FRAMES})
    was = fitted(apart, track=False)
    box = max(sites(was), key=lambda site: site.shape.keys[0].knots[0].y)
    held = with_elements(was, {box.path: replace(box.shape, edited=(box.shape.keys[0].frame,))})
    done = renew(held, change(apart, moved))
    assert any("the masks do not show it" in note for note in done.notes)
    assert [child.name for child in done.document.children] == [child.name for child in held.children]
    away_from_the_edit = [f for f in FRAMES if f > box.shape.keys[0].frame + 6]
    assert agreement(done.document, moved, away_from_the_edit) > 0.9


def test_an_artists_own_shape_is_never_fitted():
    layer = HELD.children[0]
    assert isinstance(layer, Layer)
    own = KeyedShape("garbage", (only_site(HELD).shape.keys[0],), blend=Blend.SUBTRACT)
    document = replace(HELD, children=(replace(layer, children=(own, *layer.children)),))
    done = renew(document, change(MASKS, half_gone()), own=(f"{layer.name}/garbage",))
    assert next(site.shape for site in sites(done.document) if site.shape.name == "garbage") == own


def test_the_shot_goes_on_in_the_same_layer():
    short = Masks([frame for frame in MASKS.frames if frame <= 12], MASKS.read)
    was = fitted(short, track=False)
    first = only_site(was).shape.keys[0].frame
    held = with_elements(was, {only_site(was).path: replace(only_site(was).shape, edited=(first,))})
    longer = masks_of({f: np.maximum(rounded_box(f), disc(SIZE, (20.0, 10.0), 7.0) * float(f > 12)) for f in FRAMES})
    done = renew(held, change(short, longer, range(13, 22)))
    assert [child.name for child in done.document.children] == [was.children[0].name]
    assert agreement(done.document, longer) > 0.93
    assert (done.document.first_frame, done.document.last_frame) == (1, 21)


@pytest.mark.parametrize("is_gone", [False, True], ids=["a part is missing", "nothing is shown"])
def test_an_edited_key_is_held_though_the_mask_of_its_own_frame_changed(is_gone: bool):
    around = range(int(EDITED) - 2, int(EDITED) + 3)
    empty = masks_of({f: rounded_box(f) * float(f not in around) for f in FRAMES})
    now = empty if is_gone else a_quarter_gone(MASKS, around)
    done = renew(HELD, change(MASKS, now, around)).document
    assert edited_key(done) == edited_key(HELD)
    np.testing.assert_array_equal(rasterise(done, EDITED), rasterise(HELD, EDITED))
    assert is_gone or agreement(done, now, [f for f in around if f != EDITED]) > 0.85


def edited_key(document: ShapeDocument) -> ShapeKey:
    (shape,) = (site.shape for site in sites(document) if site.shape.edited == (EDITED,))
    return next(key for key in shape.keys if key.frame == EDITED and shape.lifetime.covers(EDITED))


@pytest.mark.parametrize("looks", [{"name": "own"}, {"visible": False}], ids=["own", "hidden"])
def test_an_artists_own_shape_and_a_hidden_one_stay_though_masks_changed_beside_them(looks: dict):
    other = replace(only_site(HELD).shape, **looks, edited=())
    document = with_layer(children=(other, *HELD.children[0].children))
    done = renew(document, change(MASKS, half_gone(), WRONG), own=(f"{HELD.children[0].name}/own",)).document
    assert other in [site.shape for site in sites(done)]


@pytest.mark.parametrize("looks", [{"name": "own"}, {"lifetime": Lifetime(1.0, 10.0)}], ids=["own", "trimmed"])
def test_where_the_shot_goes_on_an_artists_own_shape_and_a_trimmed_one_stay_and_new_ones_draw_it(looks: dict):
    short = Masks([frame for frame in MASKS.frames if frame <= 12], MASKS.read)
    was = fitted(short, track=False)
    layer, shape = was.children[0], replace(only_site(was).shape, **{"lifetime": Lifetime(), **looks})
    held = replace(was, children=(replace(layer, children=(shape,)),))
    done = renew(held, change(short, MASKS, range(13, 22)), own=(f"{layer.name}/own",)).document
    assert shape in [site.shape for site in sites(done)]
    assert agreement(without(done, shape), MASKS, range(13, 22)) > 0.9


def without(document: ShapeDocument, shape: KeyedShape) -> ShapeDocument:
    return with_elements(document, {site.path: None for site in sites(document) if site.shape == shape})


@pytest.mark.parametrize("name", ["blackswan", "dog"])
def test_a_track_that_is_put_right_puts_the_shapes_right_around_an_edit(davis: Path, name: str):
    true = davis_masks(davis, name, 30)
    wrong = range(15, 23)
    was = fitted(a_quarter_gone(true, wrong), true.read(0).shape[::-1])
    site = max((s for s in sites(was) if s.shape.lifetime.covers(2)), key=lambda s: s.shape.knot_count)
    key = site.shape.keys[0]
    held = with_elements(was, {site.path: replace(site.shape, edited=(key.frame,))})
    done = renew(held, change(a_quarter_gone(true, wrong), true, wrong)).document
    assert agreement(was, true, wrong) < 0.8
    assert agreement(done, true, [f for f in wrong if f > key.frame + 6]) > 0.93
    same = next(s.shape for s in sites(done) if s.name == site.name)
    assert next(k.knots for k in same.keys if k.frame == key.frame) == key.knots


def test_where_knots_cannot_follow_what_was_missing_another_shape_takes_over_for_a_while(davis: Path):
    true = davis_masks(davis, "libby", 49)
    wrong = range(24, 37)
    was = fitted(a_quarter_gone(true, wrong), true.read(0).shape[::-1])
    held = next(s for s in sites(was) if s.shape.lifetime.covers(18) and s.shape.blend is Blend.ADD)
    document = with_elements(was, {held.path: replace(held.shape, edited=(held.shape.keys[0].frame,))})
    done = renew(document, change(a_quarter_gone(true, wrong), true, wrong))
    assert any("its knots cannot follow" in note for note in done.notes)
    scores = [agreement(done.document, true, [frame]) for frame in wrong]
    assert np.mean(scores) > 0.96
    assert sum(len(s.shape.keys) * s.shape.knot_count for s in sites(done.document)) < 2200


def soft_edge(knots: Knots) -> Knots:
    """An edge that lies half as far again from the middle as the knots."""
    x, y = np.mean([knot[:2] for knot in knots], axis=0)
    return tuple(k._replace(x=(k.x - x) / 2, y=(k.y - y) / 2) for k in knots)


def own_shape(blend: Blend) -> KeyedShape:
    return KeyedShape("own", (ShapeKey(1.0, knots_at(only_site(HELD).shape, 20.0)),), blend=blend)


def with_shape(**looks) -> ShapeDocument:
    return with_elements(HELD, {only_site(HELD).path: replace(only_site(HELD).shape, **looks)})


def with_layer(**what) -> ShapeDocument:
    return replace(HELD, children=(replace(HELD.children[0], **what),))


MOVED = (TransformKey(1.0, Transform(translate=(15.0, 4.0))),)
OWN_DOING = {
    "a life that was trimmed": with_shape(lifetime=Lifetime(1.0, 10.0)),
    "a shape that was hidden": with_shape(visible=False),
    "an opacity that fades": with_shape(opacity=(Key(1.0, (1.0,)), Key(20.0, (0.2,)))),
    "a soft edge": with_shape(feather_px=10.0),
    "a layer that was moved": with_layer(transform=MOVED),
    "a shape of the artist's": with_layer(children=(own_shape(Blend.ADD), *HELD.children[0].children)),
    "a cut of the artist's": with_layer(children=(own_shape(Blend.SUBTRACT), *HELD.children[0].children)),
}


@pytest.mark.parametrize("document", OWN_DOING.values(), ids=OWN_DOING)
def test_what_the_artist_did_is_no_error_of_the_masks(document: ShapeDocument):
    own = (f"{HELD.children[0].name}/own",)
    assert renew(document, change(MASKS, MASKS), own=own).document == document


SOFT_KEYS = tuple(replace(key, feather=soft_edge(key.knots)) for key in only_site(HELD).shape.keys)
LOOKS = {
    **{what: document for what, document in OWN_DOING.items() if what != "a life that was trimmed"},
    "a soft edge on keys": with_shape(keys=SOFT_KEYS),
    "a layer that was hidden": with_layer(visible=False),
    "a fade to nothing much": with_shape(opacity=(Key(1.0, (0.2,)),)),
}


@pytest.mark.parametrize("document", LOOKS.values(), ids=LOOKS)
def test_what_the_artist_did_is_no_error_either_where_masks_are_put_right_that_the_shapes_never_followed(document):
    own = (f"{HELD.children[0].name}/own",)
    assert renew(document, change(a_quarter_gone(MASKS, WRONG), MASKS, WRONG), own=own).document == document


RING = masks_of({f: np.clip(disc(SIZE, (40, 36), 28) - disc(SIZE, (40, 36), 12), 0, 1) for f in FRAMES})
FILLED = masks_of({f: disc(SIZE, (40, 36), 28) if f in WRONG else RING.read(f) for f in FRAMES})


def test_a_hole_that_the_masks_fill_for_a_while_is_off_and_the_shape_around_it_goes_on():
    done = renew(fitted(RING, track=False), change(RING, FILLED, WRONG)).document
    assert agreement(done, FILLED) > 0.98
    (around,) = (site.shape for site in sites(done) if site.shape.blend is Blend.ADD)
    assert around.lifetime == Lifetime(1, 21)
    (hole,) = (site.shape for site in sites(done) if site.shape.blend is Blend.SUBTRACT)
    assert [frame for frame in FRAMES if not opacity_at(hole, frame)] == list(WRONG)


def test_what_is_new_moves_with_a_layer_that_the_artist_moved():
    arm = masks_of({f: np.maximum(rounded_box(f), disc(SIZE, (80.0, 60.0), 7.0) * float(f > 14)) for f in FRAMES})
    still, moved = (
        renew(document, change(MASKS, arm)).document for document in (HELD, OWN_DOING["a layer that was moved"])
    )
    assert len(moved.children) == 1
    assert moved == replace(still, children=(replace(still.children[0], transform=MOVED),))
    assert len(list(sites(still))) > 1


def test_what_was_missing_close_to_an_edit_is_drawn():
    wrong = [int(EDITED) + 2, int(EDITED) + 3]
    pictures = {
        f: rounded_box(f) if f not in wrong else rounded_box(f) * (np.arange(SIZE[1]) < 36)[:, None] for f in FRAMES
    }
    spoilt = masks_of(pictures)
    held = with_edit(spoilt)
    assert agreement(held, MASKS, wrong) < 0.7
    assert agreement(renew(held, change(spoilt, MASKS, wrong)).document, MASKS, wrong) > 0.9


@pytest.mark.parametrize(
    "gone", [range(7, 12), [6], range(16, 22)], ids=["beside the edit", "for a frame", "to its end"]
)
def test_where_the_masks_show_nothing_any_more_nothing_is_drawn_and_nothing_cut(gone: Collection[int]):
    empty = masks_of({f: rounded_box(f) * float(f not in gone) for f in FRAMES})
    done = renew(HELD, change(MASKS, empty, gone)).document
    assert all(not rasterise(done, frame).any() for frame in gone)
    assert all(site.shape.blend is Blend.ADD for site in sites(done))
    assert agreement(done, empty, [f for f in FRAMES if f not in gone and f != EDITED]) > 0.9


def test_frames_whose_masks_are_the_same_are_drawn_as_they_were():
    done = renew(HELD, change(MASKS, half_gone(), WRONG)).document
    for frame in (f for f in FRAMES if f not in WRONG):
        np.testing.assert_allclose(rasterise(done, frame), rasterise(HELD, frame), atol=1e-3)


def away(masks: Masks, gone: Collection[int]) -> Masks:
    return masks_of({f: np.asarray(masks.read(f)) * float(f not in gone) for f in FRAMES})


def away_and(gone: Collection[int], **looks: Any) -> ShapeDocument:
    """The box as it is fitted where it is away on ``gone`` frames, with these looks."""
    was = fitted(away(MASKS, gone), track=False)
    return with_elements(was, {only_site(was).path: replace(only_site(was).shape, **looks)})


def test_what_is_away_for_a_while_stays_so_where_the_masks_of_other_frames_changed():
    gone, wrong = range(8, 11), away(half_gone(), range(8, 11))
    held = away_and(gone, edited=(1.0,))
    assert renew(held, change(away(MASKS, gone), away(MASKS, gone))).document == held
    done = renew(held, change(away(MASKS, gone), wrong, WRONG)).document
    assert all(not rasterise(done, frame).any() for frame in gone)
    assert only_site(done).shape.opacity == only_site(held).shape.opacity
    assert agreement(done, wrong, [f for f in FRAMES if f not in gone]) > 0.93


@pytest.mark.parametrize("shown", [MASKS, a_quarter_gone(MASKS, range(8, 11))], ids=["whole", "in part"])
def test_a_shape_that_is_away_is_on_where_the_masks_have_come_to_show_it(shown: Masks):
    gone = range(7, 12)
    held = away_and(gone, edited=(1.0,))
    now = away(shown, (7, 11))
    done = renew(held, change(away(MASKS, gone), now, range(8, 11)))
    shape = only_site(done.document).shape
    assert shape.edited == (1.0,)
    assert [frame for frame in FRAMES if not opacity_at(shape, frame)] == [7, 11]
    assert agreement(done.document, now, [frame for frame in FRAMES if frame not in (7, 11)]) > 0.93
    assert "on again where the masks show it now, on 3 frames from 8 on" in done.notes[0]


def test_a_hole_that_is_away_is_on_where_the_masks_have_come_to_leave_it_out():
    done = renew(fitted(FILLED, track=False), change(FILLED, RING, WRONG)).document
    (hole,) = (site.shape for site in sites(done) if site.shape.blend is Blend.SUBTRACT)
    assert hole.opacity == ()
    assert agreement(done, RING) > 0.98


@pytest.mark.parametrize(
    "looks", [{"name": "own"}, {"visible": False}, {"locked": True}], ids=["own", "hidden", "locked"]
)
def test_a_shape_that_is_away_stays_so_where_it_is_not_to_be_touched(looks: dict):
    gone = range(8, 11)
    held = away_and(gone, **looks)
    done = renew(held, change(away(MASKS, gone), MASKS, gone), own=(f"{held.children[0].name}/own",)).document
    assert only_site(held).shape in [site.shape for site in sites(done)]


def test_what_an_artist_switched_off_where_the_masks_showed_it_stays_off_though_they_change_there():
    was = fitted(half_gone(), track=False)
    off = tuple(Key(frame, (value,), Interpolation.HOLD) for frame, value in ((1.0, 1.0), (12.0, 0.0), (17.0, 1.0)))
    held = with_elements(was, {site.path: replace(site.shape, opacity=off) for site in sites(was)})
    done = renew(held, change(half_gone(), MASKS, WRONG)).document
    assert {site.shape.opacity for site in sites(done) if site.name in {each.name for each in sites(held)}} == {off}


def test_what_the_masks_show_elsewhere_than_a_shape_that_is_away_is_another_shape():
    gone = range(8, 11)
    other = masks_of({f: disc(SIZE, (80, 10), 8) if f in gone else MASKS.read(f) for f in FRAMES})
    was = fitted(away(MASKS, gone), track=False)
    done = renew(was, change(away(MASKS, gone), other, gone)).document
    assert agreement(done, other) > 0.9
    assert only_site(was).shape in [site.shape for site in sites(done)]

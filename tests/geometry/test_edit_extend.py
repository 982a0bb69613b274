"""A finished shot gone on with on new frames."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from edited_shapes import FRAMES, SIZE, box_masks, davis_masks, fitted, masks_of, only_site, rounded_box
from pictures import disc

from roto_formats.registry import read_document, write_document
from roto_geometry.edits.cover import add_part
from roto_geometry.edits.extend import extend
from roto_geometry.edits.sites import sites
from roto_geometry.edits.splice import with_key_at
from roto_geometry.edits.targets import Masks
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_shared.errors import InputError
from roto_shared.shapes import Blend, KeyedShape, Layer, Lifetime, ShapeDocument, Transform, TransformKey, knots_at
from roto_shared.sites import with_elements
from roto_shared.timeline import Interpolation, Key

MASKS = box_masks()


def part(masks: Masks, first: int, last: int) -> Masks:
    return Masks([frame for frame in masks.frames if first <= frame <= last], masks.read)


def agreement(document: ShapeDocument, masks: Masks, frames) -> list[float]:
    return [jaccard(rasterise(document, f) >= 0.5, np.asarray(masks.read(f), dtype=float) >= 0.5) for f in frames]


@pytest.mark.parametrize(("first", "last"), [(1, 10), (12, 21), (7, 14)])
def test_a_shape_goes_on_with_its_knots_and_nothing_old_is_drawn_differently(first, last):
    was = fitted(part(MASKS, first, last), track=False)
    done = extend(was, MASKS).document
    before, after = only_site(was).shape, only_site(done).shape
    assert after.knot_count == before.knot_count
    old = [(key.frame, key.knots) for key in after.keys if first <= key.frame <= last]
    assert old == [(key.frame, key.knots) for key in before.keys]
    for frame in np.arange(first, last + 0.5, 0.5):
        assert knots_at(after, frame) == knots_at(before, frame)
    assert (done.first_frame, done.last_frame) == (1, 21)
    assert (after.lifetime.first, after.lifetime.last) == (1, 21)
    assert min(agreement(done, MASKS, FRAMES)) > 0.95


@pytest.mark.parametrize(("first", "last", "set_on"), [(1, 12, 16), (1, 12, 40), (10, 21, 5)])
def test_a_key_that_an_artist_set_beyond_the_finished_frames_is_held(first, last, set_on):
    was = fitted(part(MASKS, first, last), track=False)
    site = only_site(was)
    edge = last if set_on > last else first
    ahead = box_centre(min(set_on, 21)) - box_centre(edge)
    knots = tuple(k._replace(x=k.x + ahead, y=k.y - 9 * (i == 0)) for i, k in enumerate(knots_at(site.shape, edge)))
    keyed = with_key_at(replace(site.shape, lifetime=Lifetime()), float(set_on))
    keys = tuple(replace(key, knots=knots) if key.frame == set_on else key for key in keyed.keys)
    now = with_elements(was, {site.path: replace(keyed, keys=keys, edited=(float(set_on),))})
    done = extend(now, MASKS, finished=(first, last)).document
    shape = only_site(done).shape
    assert knots_at(shape, set_on) == knots
    assert (shape.edited, shape.lifetime) == ((set_on,), Lifetime())
    assert np.array_equal(rasterise(done, set_on), rasterise(now, set_on))
    assert min(agreement(done, MASKS, [frame for frame in FRAMES if frame != set_on])) > 0.93


def box_centre(frame: float) -> float:
    return 26 + 4 * frame - 0.09 * frame**2


@pytest.mark.parametrize("form", ["plain", "pins", "mirror"])
@pytest.mark.parametrize("way", ["forward", "backward"])
def test_a_layers_track_goes_on_and_its_old_keys_stay(form, way):
    frames = (1, 10) if way == "forward" else (12, 21)
    was = with_track(fitted(part(MASKS, *frames), track=False), frames, form)
    assert min(agreement(was, MASKS, range(frames[0], frames[1] + 1))) > 0.95
    done = extend(was, MASKS).document
    old, new = was.children[0].children[0].transform, done.children[0].children[0].transform
    assert [key for key in new if frames[0] <= key.frame <= frames[1]] == list(old)
    assert len(new) == len(FRAMES)
    assert min(agreement(done, MASKS, FRAMES)) > 0.95
    assert [key.frame for key in only_site(done).shape.keys if frames[0] <= key.frame <= frames[1]] == [
        key.frame for key in only_site(was).shape.keys
    ]


def with_track(document: ShapeDocument, frames: tuple[int, int], form: str) -> ShapeDocument:
    """The document with its shape in a layer that moves along x and turns, the points the other way."""

    def placed(frame: int) -> Transform:
        if form == "pins":
            x = 2.0 * frame
            return Transform(pins=((x, 0.0), (96.0 + x, 0.0), (96.0 + x, 72.0), (x, 72.0)))
        return Transform((2.0 * frame, 0.0), 400.0 + frame, (-1.0, 1.0) if form == "mirror" else (1.0, 1.0), 0.1)

    site = only_site(document)
    track = tuple(TransformKey(float(f), placed(f)) for f in range(frames[0], frames[1] + 1))
    layer = replace(document.children[0], children=(Layer("track", (site.shape,), track),))
    framed = with_elements(document, {site.path[:1]: layer})
    inner = only_site(framed)
    from roto_geometry.bezier import outline_knots
    from roto_shared.shapes import ShapeKey

    keys = tuple(
        ShapeKey(float(f), outline_knots(inner.unplaced(site.outline(f), f))) for f in range(frames[0], frames[1] + 1)
    )
    return with_elements(framed, {inner.path: replace(inner.shape, keys=keys)})


def test_a_smooth_shape_goes_on_smoothly_and_its_old_frames_do_not_bend():
    was = fitted(part(MASKS, 1, 10), track=False)
    site = only_site(was)
    smooth = tuple(replace(key, interpolation=Interpolation.SMOOTH) for key in site.shape.keys)
    was = with_elements(was, {site.path: replace(site.shape, keys=smooth)})
    done = extend(was, MASKS).document
    before, after = only_site(was).shape, only_site(done).shape
    assert {key.interpolation for key in after.keys[:-1]} == {Interpolation.SMOOTH}
    for frame in np.arange(1, 10.5, 0.5):
        assert knots_at(after, frame) == knots_at(before, frame)
    assert min(agreement(done, MASKS, range(11, 22))) > 0.95


@pytest.mark.parametrize("above", [False, True])
def test_shapes_that_show_through_go_on_as_opaque_ones_do(above):
    def pair(frame: int) -> np.ndarray:
        return np.maximum(rounded_box(frame), disc(SIZE, (26 + 4 * frame - 0.09 * frame**2, 58), 12))

    masks = masks_of({frame: pair(frame) for frame in FRAMES})
    was = fitted(part(MASKS, 1, 10), track=False)
    rest = {f: np.where(MASKS.read(f) >= 0.5, 0, masks.read(f)) for f in range(1, 11)}
    both = add_part(was, masks_of(rest), "disc", whole=True).document
    faint = 0 if above else 1
    layers = list(both.children)
    shapes = tuple(replace(shape, opacity=(Key(1.0, (0.4,)),)) for shape in layers[faint].children)
    layers[faint] = replace(layers[faint], children=shapes)
    opaque, through = (extend(each, masks).document for each in (both, replace(both, children=tuple(layers))))
    assert [s.name for s in sites(through)] == [s.name for s in sites(opaque)]
    for s, same in zip(sites(through), sites(opaque), strict=True):
        assert s.shape.keys == same.shape.keys


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("way", [1, -1], ids=["forward", "backward"])
def test_a_shape_ends_where_the_masks_lose_it(way: int, is_open: bool):
    masks = masks_of({way * f: disc(SIZE, (60 + 6 * f, 36), 14) for f in range(1, 14)})
    was = fitted(part(masks, *sorted((way, 4 * way))), track=False)
    site = only_site(was)
    was = with_elements(was, {site.path: replace(site.shape, lifetime=Lifetime())}) if is_open else was
    done = extend(was, masks)
    life = only_site(done.document).shape.lifetime
    end, other = (life.last, life.first) if way > 0 else (life.first, life.last)
    assert end is not None
    assert 8 <= way * end <= 10
    assert other == (None if is_open else way)
    assert (done.document.last_frame if way > 0 else done.document.first_frame) == 13 * way
    assert f"to frame {end:g}" in done.notes[0]


def test_a_shape_that_went_away_and_came_back_goes_on_and_stays_away_where_it_was():
    masks = masks_of({frame: MASKS.read(frame) * float(frame not in range(5, 8)) for frame in FRAMES})
    was = fitted(part(masks, 1, 12), track=False)
    done = extend(was, masks).document
    assert only_site(done).shape.opacity == only_site(was).shape.opacity
    assert all(not rasterise(done, frame).any() for frame in range(5, 8))
    assert min(agreement(done, masks, [frame for frame in FRAMES if frame not in range(5, 8)])) > 0.95


def test_a_shape_that_is_never_lost_lives_on_without_an_end_if_it_had_none():
    was = fitted(part(MASKS, 7, 14), track=False)
    site = only_site(was)
    endless = with_elements(was, {site.path: replace(site.shape, lifetime=Lifetime())})
    assert only_site(extend(endless, MASKS).document).shape.lifetime == Lifetime()


def test_a_fast_shape_goes_on_as_it_moved_whatever_range_the_script_has():
    masks = masks_of({f: disc(SIZE, (8 + 16 * f, 36), 7) for f in range(1, 6)})
    was = fitted(part(masks, 1, 3), track=False)
    done = extend(replace(was, first_frame=50, last_frame=90), masks).document
    assert only_site(done).shape.lifetime.last == 5
    assert min(agreement(done, masks, range(1, 6))) > 0.9


def test_what_nothing_covers_becomes_a_layer_of_its_own():
    def two(frame):
        box = rounded_box(frame)
        return box if frame < 14 else np.maximum(box, disc(SIZE, (14, 14), 10))

    masks = masks_of({f: two(f) for f in FRAMES})
    was = fitted(part(masks, 1, 10), track=False)
    extended = extend(was, masks)
    done = extended.document
    assert any("goes on" in note for note in extended.notes)
    assert any("new" in note for note in extended.notes)
    assert [child.name for child in done.children] == ["new", "object"]
    (found,) = ShapeDocument(1, 1, done.children[:1]).shapes()
    assert (found.lifetime.first, found.lifetime.last) == (14, 21)
    assert min(agreement(done, masks, FRAMES)) > 0.95


def test_parts_that_overlap_go_on_each_by_its_own_edge():
    def upper(frame):
        return disc((128, 96), (40 + 2 * frame, 40), 20)

    def lower(frame):
        return disc((128, 96), (40 + 2 * frame + frame, 64), 16)

    one, other = (
        fitted(masks_of({f: each(f) for f in range(1, 9)}), (128, 96), track=False) for each in (upper, lower)
    )
    layer = Layer("both", (only_site(one).shape, replace(only_site(other).shape, name="other")))
    was = replace(one, children=(layer,))
    masks = masks_of({f: np.maximum(upper(f), lower(f)) for f in range(1, 17)})
    done = extend(was, masks).document
    assert [site.shape.name for site in sites(done)] == ["shape 1", "other"]
    assert min(agreement(done, masks, range(1, 17))) > 0.95
    last = list(sites(done))[1].outline(16)[:, :2].mean(axis=0)
    assert last == pytest.approx([88, 64], abs=3)


def test_holes_go_on_as_holes():
    def ring(frame):
        return np.clip(disc(SIZE, (30 + 2 * frame, 36), 24) - disc(SIZE, (30 + 2 * frame, 34), 10), 0, 1)

    masks = masks_of({f: ring(f) for f in range(1, 13)})
    done = extend(fitted(part(masks, 1, 6), track=False), masks).document
    assert [site.shape.blend for site in sites(done)] == [Blend.SUBTRACT, Blend.ADD]
    assert min(agreement(done, masks, range(1, 13))) > 0.93


def with_window(frame: int) -> np.ndarray:
    """The box, from frame 12 on with a hole."""
    column, row = (int(value) for value in np.argwhere(rounded_box(frame) >= 0.5).mean(axis=0)[::-1])
    return rounded_box(frame) if frame < 12 else np.clip(rounded_box(frame) - disc(SIZE, (column, row), 7), 0, 1)


def test_a_hole_that_opens_on_new_frames_alone_is_cut_out():
    masks = masks_of({f: with_window(f) for f in FRAMES})
    was = fitted(part(masks, 1, 11), track=False)
    done = extend(was, masks)
    (holes,) = (child for child in done.document.children if child.name == "new holes")
    assert {shape.blend for shape in ShapeDocument(1, 1, (holes,)).shapes()} == {Blend.SUBTRACT}
    assert min(agreement(done.document, masks, FRAMES)) > 0.93
    for frame in np.arange(1, 11.5, 0.5):
        assert np.array_equal(rasterise(done.document, frame), rasterise(was, frame))


def test_a_line_is_drawn_on_and_no_web_beside_it():
    def kite(frame):
        picture = disc(SIZE, (16 + frame, 52), 14)
        for x in range(50):
            picture[45 - x // 2 : 47 - x // 2, 26 + frame + x] = 1
        return picture

    masks = masks_of({f: kite(f) for f in range(1, 19)})
    was = fitted(part(masks, 1, 13), track=False)
    assert [site.shape.closed for site in sites(was)] == [False, True]
    done = extend(was, masks).document
    strands = [site.shape for site in sites(done) if not site.shape.closed]
    assert [shape.lifetime.last for shape in strands] == [18, 13]
    assert min(agreement(done, masks, range(14, 19))) > 0.9


def test_new_frames_are_those_after_the_shapes_own_whatever_range_the_script_has():
    was = replace(fitted(part(MASKS, 1, 10), track=False), first_frame=-20, last_frame=15)
    done = extend(was, MASKS).document
    assert only_site(done).shape.lifetime.last == 21
    assert min(agreement(done, MASKS, FRAMES)) > 0.95


@pytest.mark.parametrize("script", [(-90, 5), (15, 90), (40, 90)])
def test_keys_outside_of_the_scripts_range_are_finished_too(script):
    was = fitted(part(MASKS, 7, 14), track=False)
    site = only_site(was)
    endless = with_elements(was, {site.path: replace(site.shape, lifetime=Lifetime())})
    done = extend(replace(endless, first_frame=script[0], last_frame=script[1]), MASKS).document
    old = [key for key in only_site(done).shape.keys if 7 <= key.frame <= 14]
    assert [(key.frame, key.knots) for key in old] == [(key.frame, key.knots) for key in site.shape.keys]


def test_locked_shapes_and_those_that_ended_before_are_left_as_they_are():
    was = fitted(part(MASKS, 1, 10), track=False)
    site = only_site(was)
    locked = replace(site.shape, name="held", locked=True)
    ended = replace(site.shape, name="ended", lifetime=Lifetime(1, 5))
    layer = replace(was.children[0], children=(site.shape, locked, ended))
    done = extend(with_elements(was, {site.path[:1]: layer}), MASKS)
    held = done.document.children[-1].children[1:]
    assert held[0] is locked
    assert held[1] is ended
    assert any("locked" in note for note in done.notes)


@pytest.mark.parametrize("what", ["shape", "layer", "faded out"])
def test_what_an_artist_hid_stays_as_it_is_and_new_shapes_draw_what_the_masks_show(what: str):
    was = fitted(part(MASKS, 1, 10), track=False)
    looks = {"shape": {"visible": False}, "faded out": {"opacity": (Key(1.0, (1.0,)), Key(9.0, (0.0,)))}}.get(what, {})
    hidden = replace(only_site(was).shape, **looks)
    layer = replace(was.children[0], children=(hidden,), visible=what != "layer")
    done = extend(replace(was, children=(layer,)), MASKS).document
    assert done.children[-1] == layer
    assert min(agreement(done, MASKS, range(11, 22))) > 0.95


def test_masks_of_no_new_frame_are_refused():
    with pytest.raises(InputError, match="1-10"):
        extend(fitted(part(MASKS, 1, 10)), part(MASKS, 3, 9))


@pytest.mark.parametrize("ending", [".nk", ".fxs", ".json"])
def test_a_real_shot_read_from_a_file_goes_on(davis: Path, tmp_path: Path, ending):
    masks = davis_masks(davis, "blackswan", 20)
    write_document(fitted(part(masks, 0, 11), (854, 480)), tmp_path / f"was{ending}")
    was = read_document(tmp_path / f"was{ending}")
    write_document(extend(was, masks).document, tmp_path / f"done{ending}")
    done = read_document(tmp_path / f"done{ending}")
    before, after = ([jaccard(rasterise(d, f) >= 0.5, masks.read(f) >= 128) for f in masks.frames] for d in (was, done))
    assert after[:12] == pytest.approx(before[:12], abs=1e-3)
    assert min(after) > 0.97
    assert isinstance(next(done.shapes()), KeyedShape)

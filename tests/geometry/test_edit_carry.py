"""One correction carried to other frames."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_geometry.bezier import outline_array
from roto_geometry.edits.carry import Carriage, carry_changes, carry_correction
from roto_geometry.edits.changes import choose_changes, found_changes
from roto_geometry.edits.splice import with_key_at
from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, Knot, Layer, Lifetime, ShapeDocument, ShapeKey, knots_at
from roto_shared.timeline import Interpolation

FRAMES = [0.0, 10.0, 20.0, 30.0, 40.0]
EVERY = np.arange(-3, 45, 0.5)


def square(turn_degrees: float = 0.0, size: float = 10.0, shift: float = 0.0) -> tuple[Knot, ...]:
    angles = np.radians(turn_degrees + np.array([0.0, 90, 180, 270]))
    return tuple(Knot(float(size * np.cos(a)) + shift, float(size * np.sin(a))) for a in angles)


def keyed(way: Interpolation = Interpolation.LINEAR) -> KeyedShape:
    return KeyedShape("box", tuple(ShapeKey(f, square(shift=f * f / 20), way) for f in FRAMES))


def pulled(shape: KeyedShape, frame: float, knot: int = 0, x: float = 3.0, y: float = 0.0) -> KeyedShape:
    def pull(knots):
        return tuple(k._replace(x=k.x + x, y=k.y + y) if i == knot else k for i, k in enumerate(knots))

    return replace(shape, keys=tuple(replace(k, knots=pull(k.knots)) if k.frame == frame else k for k in shape.keys))


def moved(after: KeyedShape, before: KeyedShape, frame: float) -> np.ndarray:
    return outline_array(knots_at(after, frame)) - outline_array(knots_at(before, frame))


carriages = st.builds(Carriage, st.sampled_from([inf, -inf, 1.0, 7.0, 10.0, 15.0, -4.0, -20.0, 100.0]), st.booleans())
ways = st.sampled_from(list(Interpolation))


@given(carriages, ways)
def test_a_correction_of_nothing_changes_nothing(carriage, way):
    shape = keyed(way)
    assert carry_correction(shape, shape, 20, carriage) is shape


@given(st.sampled_from([3.0, 7.0, 10.0, 15.0]), st.booleans(), st.sampled_from([1, -1]), ways)
def test_frames_outside_of_the_stretch_stay_as_the_artist_left_them(frames, fading, direction, way):
    before = keyed(way)
    edited = pulled(before, 20)
    after = carry_correction(edited, before, 20, Carriage(direction * frames, fading))
    for frame in EVERY:
        gone = direction * (frame - 20)
        if not 0 < gone < (max(frames, 10) if fading else frames + 1):
            assert np.abs(moved(after, edited, frame)).max() < 1e-9


@given(st.sampled_from([3.0, 7.0]), st.sampled_from([1, -1]), ways)
def test_between_two_keys_a_correction_is_whole_to_its_end_or_fades_to_nothing(frames, direction, way):
    before = keyed(way)
    edited = pulled(before, 20)
    whole = carry_correction(edited, before, 20, Carriage(direction * frames))
    fading = carry_correction(edited, before, 20, Carriage(direction * frames, fading=True))
    for gone in np.arange(0, frames + 0.5, 0.5):
        if way is not Interpolation.HOLD:
            assert moved(whole, before, 20 + direction * gone)[0, 0] == pytest.approx(3)
    for gone in np.arange(frames, 10.5, 0.5):
        assert np.abs(moved(fading, before, 20 + direction * gone)).max() < 1e-9


@pytest.mark.parametrize("fading", [False, True])
@pytest.mark.parametrize("frame", [30.0, 40.0])
def test_a_shape_that_lives_on_after_its_last_key_is_as_it_was_where_the_way_has_ended(fading, frame):
    before = keyed()
    edited = pulled(before, frame)
    after = carry_correction(edited, before, frame, Carriage(15, fading))
    rest = before if fading or frame < 40 else edited
    for later in (frame + 16, 99):
        assert np.abs(moved(after, rest, later)).max() < 1e-9
    assert moved(after, before, frame + 5)[0, 0] == pytest.approx(2 if fading else 3)


@pytest.mark.parametrize("fading", [False, True])
@given(st.sampled_from([1, -1]), st.sampled_from([Interpolation.LINEAR, Interpolation.SMOOTH]))
def test_a_key_that_the_artist_added_is_carried_as_any_other(fading, direction, way):
    before = keyed(way)
    other = 25 + 4 * direction
    added = pulled(with_key_at(pulled(with_key_at(before, other), other, knot=2), 25), 25)
    after = carry_correction(added, before, 25, Carriage(3 * direction, fading))
    assert moved(after, before, 25 + 2 * direction)[0, 0] == pytest.approx(1 if fading else 3, abs=0.3)
    assert not moved(after, added, other).any()
    if fading:
        assert np.abs(moved(after, before, 25 + 3 * direction)).max() < 1e-9


def test_a_correction_is_whole_on_its_last_frame_beyond_other_keys_and_gone_on_the_next():
    before = keyed()
    edited = pulled(before, 20)
    after = carry_correction(edited, before, 20, Carriage(15))
    assert [moved(after, before, f)[0, 0] for f in (25, 30, 35, 36)] == pytest.approx([3, 3, 3, 0])


@pytest.mark.parametrize("frames", [10, 15])
@pytest.mark.parametrize(("life", "way"), [((0.0, 30.0), 1), ((10.0, 40.0), -1)])
def test_a_correction_that_outlasts_the_shape_adds_no_key_beyond_its_life(life, way, frames):
    before = replace(keyed(), lifetime=Lifetime(*life))
    after = carry_correction(pulled(before, 20), before, 20, Carriage(frames * way))
    assert [key.frame for key in after.keys] == FRAMES
    assert moved(after, before, 20 + 10 * way)[0, 0] == pytest.approx(3)


def test_a_fading_correction_without_an_end_fades_over_all_keys_that_are_left():
    before = keyed()
    after = carry_correction(pulled(before, 10), before, 10, Carriage(fading=True))
    assert [moved(after, before, f)[0, 0] for f in (10, 20, 30, 40)] == pytest.approx([3, 2, 1, 0])


@pytest.mark.parametrize(("frame", "carriage"), [(40, Carriage(fading=True)), (40, Carriage(7)), (0, Carriage(-7))])
def test_no_key_is_added_where_the_changed_one_goes_on_by_itself(frame, carriage):
    edited = pulled(keyed(), frame)
    assert carry_correction(edited, keyed(), frame, carriage) is edited


def test_a_correction_goes_on_to_the_end():
    before = keyed()
    after = carry_correction(pulled(before, 20), before, 20, Carriage())
    assert [moved(after, before, f)[0, 0] for f in (20, 25, 30, 40, 44)] == pytest.approx([3] * 5)
    assert moved(after, before, 10).any() == np.False_


def test_a_correction_goes_backward_too():
    before = keyed()
    after = carry_correction(pulled(before, 20), before, 20, Carriage(-inf))
    assert [moved(after, before, f)[0, 0] for f in (20, 15, 0, -1)] == pytest.approx([3] * 4)
    assert moved(after, before, 30).any() == np.False_


def test_a_fading_correction_grows_less_evenly():
    before = keyed()
    after = carry_correction(pulled(before, 20), before, 20, Carriage(15, fading=True))
    assert [moved(after, before, f)[0, 0] for f in (20, 25, 30, 35, 36)] == pytest.approx([3, 2, 1, 0, 0])


def test_a_correction_turns_and_grows_with_the_shape():
    before = KeyedShape("box", (ShapeKey(0, square()), ShapeKey(10, square(90, 20))))
    after = carry_correction(pulled(before, 0, 1, x=3.0), before, 0, Carriage())
    assert moved(after, before, 10)[1, :2] == pytest.approx([0, 6])


def test_another_key_that_was_edited_is_left_as_it_is():
    before = keyed()
    both = replace(pulled(pulled(before, 10), 30, y=5.0), edited=(10.0, 30.0))
    after = carry_correction(both, before, 10, Carriage())
    assert [moved(after, before, f)[0, 0] for f in (10, 20, 30, 40)] == pytest.approx([3, 3, 3, 0])
    assert after.keys[3].knots == both.keys[3].knots


@pytest.mark.parametrize(("way", "frame"), [(1, 10), (-1, 30)])
def test_a_key_that_was_edited_farther_away_draws_no_correction_to_it(way, frame):
    before = replace(keyed(), edited=(20.0 + 20 * way,))
    edited = pulled(before, frame)
    after = carry_correction(edited, before, frame, Carriage(15 * way))
    assert moved(after, before, frame + 15 * way)[0, 0] == pytest.approx(3)
    assert np.abs(moved(after, edited, frame + 16 * way)).max() < 1e-9
    assert np.abs(moved(after, edited, frame + 25 * way)).max() < 1e-9


@pytest.mark.parametrize("is_remembered", [True, False], ids=["remembered", "found"])
def test_of_several_changed_keys_those_that_are_not_asked_for_are_held_too(is_remembered):
    was = ShapeDocument(100, 100, (Layer("all", (keyed(),)),))
    both = pulled(pulled(keyed(), 10), 30, y=5.0)
    if is_remembered:
        was = replace(was, children=(Layer("all", (pulled(keyed(), 30, y=5.0),)),))
        both = replace(both, edited=(30.0,))
    now = replace(was, children=(Layer("all", (both,)),))
    (done,) = carry_changes(now, choose_changes(now, (10.0,), was=was), Carriage()).document.shapes()
    assert done.keys[3].knots == both.keys[3].knots
    assert moved(done, both, 20).any()
    assert done.edited == (10.0, 30.0)


def test_a_correction_is_not_carried_where_nobody_knows_what_was_before():
    now = ShapeDocument(100, 100, (Layer("all", (pulled(keyed(), 10),)),))
    done = carry_changes(now, choose_changes(now, (10.0,)), Carriage())
    assert done.document is now
    assert "not known" in done.notes[0]


def test_everything_about_a_document_is_kept_but_the_corrected_keys():
    other, locked = replace(keyed(), name="other"), replace(keyed(), name="held", locked=True)
    was = ShapeDocument(100, 100, (Layer("all", (keyed(), other, locked)),))
    layer = replace(was.children[0], children=(pulled(keyed(), 20), other, pulled(locked, 20)))
    now = replace(was, children=(layer,))
    done = carry_changes(now, found_changes(now, was), Carriage())
    assert [
        child is before
        for child, before in zip(done.document.children[0].children[1:], layer.children[1:], strict=True)
    ]
    assert any("locked" in note for note in done.notes)
    assert done.document.children[0].children[0].edited == (20,)


def test_what_cannot_be_carried_is_refused_in_words():
    before = keyed()
    with pytest.raises(InputError, match="frame 5"):
        carry_correction(before, before, 5, Carriage())
    fewer = KeyedShape("box", (ShapeKey(0, square()[:3]),))
    with pytest.raises(InputError, match="other knots"):
        carry_correction(before, fewer, 0, Carriage())

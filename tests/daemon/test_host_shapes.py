"""Shapes that come back from a host: corrections taken over and kept, and shapes as prompts."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from disc_work import open_session, pixels
from host_texts import DENSE, PLATE_SIZE, pulled, text_of

from roto_daemon.pipelines.host_shapes import compared
from roto_daemon.sessions.given import GivenShapes
from roto_formats.registry import document_of_text, read_document
from roto_formats.settings import FormatSettings
from roto_geometry.edits.sites import sites
from roto_geometry.measure.mask_metrics import jaccard
from roto_shared.errors import FormatError, InputError, StorageError
from roto_shared.protocol import messages
from roto_shared.protocol.messages import CurveSettings, HostClock, PlateRef
from roto_shared.schema import document_from_plain
from roto_shared.shapes import KeyedShape, Knot, Layer, Lifetime, ShapeDocument, ShapeKey
from roto_shared.sites import with_elements


def now_given(daemon, session) -> ShapeDocument:
    return daemon.house.shelf.get(session).given.shapes[0].document


@pytest.mark.parametrize("kind", ["curves", "nk", "fxs"])
def test_an_edited_key_comes_back_held_in_the_host_s_own_format(client, daemon, session, kind) -> None:
    settings = replace(DENSE, interpolation="linear" if kind == "fxs" else "smooth")
    given = client.ask(messages.Fit(session, settings=settings)).document
    edited = pulled(given)
    answer = client.ask(messages.TakeEdits(session, kind, text_of(edited, kind), given))
    back = next(document_of_text(answer.texts[kind], f".{kind}", PLATE_SIZE).shapes())
    wanted = next(edited.shapes())
    assert back.keys[0].knots[0].x == pytest.approx(wanted.keys[0].knots[0].x, abs=0.01)
    assert any("fitted anew around 1001" in note for note in answer.notes)
    assert next(now_given(daemon, session).shapes()).edited == (1001.0,)
    assert answer.keys["disc"][0] == 1001


def test_an_earlier_correction_is_still_held_when_the_next_one_comes(client, daemon, session, given) -> None:
    client.ask(messages.TakeEdits(session, "curves", text_of(pulled(given)), given))
    was = now_given(daemon, session)
    last = len(next(was.shapes()).keys) - 1
    client.ask(messages.TakeEdits(session, "curves", text_of(pulled(was, last))))
    shape = next(now_given(daemon, session).shapes())
    assert shape.edited == (1001.0, shape.keys[-1].frame)
    assert shape.keys[0].knots[0].x == pytest.approx(next(pulled(given).shapes()).keys[0].knots[0].x, abs=0.01)


def test_the_pair_is_kept_with_the_session(client, session, given, settings) -> None:
    edited = pulled(given)
    client.ask(messages.TakeEdits(session, "curves", text_of(edited), given))
    client.ask(messages.TakeEdits(session, "curves", text_of(edited), given))
    pairs = sorted((settings.state_dir / "sessions" / session / "corrections").glob("*.json"))
    assert [path.name for path in pairs] == ["0001.json", "0002.json"]
    pair = json.loads(pairs[0].read_text())
    assert (pair["schema"], pair["engine"], pair["frames"]) == ("roto.correction/1", "disc", [1001.0])
    was, kept = document_from_plain(pair["was"]), document_from_plain(pair["edited"])
    moved = next(kept.shapes()).keys[0].knots[0].x - next(was.shapes()).keys[0].knots[0].x
    assert moved == pytest.approx(4.0, abs=0.01)


def test_what_an_artist_added_stays_as_it_is(client, session, given) -> None:
    own = replace(next(given.shapes()), name="mine")
    edited = pulled(given)
    edited = replace(edited, children=(*edited.children, Layer("extra", (own,))))
    answer = client.ask(messages.TakeEdits(session, "curves", text_of(edited), given))
    back = document_of_text(answer.texts["curves"], ".curves", PLATE_SIZE)
    assert [child.name for child in back.children] == ["disc", "extra"]


def test_what_a_host_s_text_does_not_say_of_time_stays_as_it_was_given(client, daemon, session, given) -> None:
    (site,) = sites(given)
    still = with_elements(given, {site.path: replace(site.shape, keys=site.shape.keys[:1])})
    was = replace(still, fps=23.976)
    client.ask(messages.TakeEdits(session, "curves", text_of(pulled(was)), was))
    now = now_given(daemon, session)
    assert (now.first_frame, now.last_frame, now.fps) == (1001, 1012, 23.976)


@pytest.mark.parametrize("latest", ["one", "both"])
def test_a_host_s_shapes_are_what_it_was_given_that_has_the_same_ones(client, two, latest: str) -> None:
    both = client.ask(messages.Fit(two, settings=DENSE)).document
    given = {"one": GivenShapes(replace(both, children=both.children[:1])), "both": GivenShapes(both)}
    order = sorted(given, key=lambda name: name != latest)
    for name, there in given.items():
        found = compared(there.document, [given[one] for one in order])
        assert found is not None
        assert found.given is there, name


def test_of_all_layers_that_were_edited_it_is_told_what_was_done(client, two) -> None:
    given = client.ask(messages.Fit(two, settings=DENSE)).document
    edited = pulled(pulled(given, layer="disc"), layer="square")
    notes = client.ask(messages.TakeEdits(two, "curves", text_of(edited), given)).notes
    for name in ("disc", "square"):
        assert any(name in note and "fitted anew around 1001" in note for note in notes)


def test_shapes_that_cannot_be_compared_are_named_beside_what_was_taken_over(client, two) -> None:
    given = client.ask(messages.Fit(two, settings=DENSE)).document
    site = next(site for site in sites(given) if site.object == "disc")
    knot = site.shape.keys[0].knots[0]
    more = client.ask(messages.AddKnot(given, site.name, 1001.0, (knot.x, knot.y + 2.0))).document
    edited = pulled(more, layer="square")
    notes = client.ask(messages.TakeEdits(two, "curves", text_of(edited), given)).notes
    assert any(site.name in note and "other knots than before" in note for note in notes)


def test_a_layer_that_was_renamed_in_the_host_is_named_where_nothing_else_was_changed(client, session, given) -> None:
    renamed = replace(given, children=(replace(given.children[0], name="hero"),))
    with pytest.raises(InputError, match="Nothing was changed") as told:
        client.ask(messages.TakeEdits(session, "curves", text_of(renamed), given))
    assert "undo its renaming" in told.value.remedy


def test_an_edit_in_the_layer_of_an_object_that_is_gone_stays_as_the_artist_drew_it(client, two) -> None:
    given = client.ask(messages.Fit(two, settings=DENSE)).document
    client.ask(messages.DeleteObject(two, "square"))
    edited = pulled(pulled(given, layer="disc"), layer="square")
    text = client.ask(messages.TakeEdits(two, "curves", text_of(edited), given)).texts["curves"]
    back = {site.name: site.shape for site in sites(document_of_text(text, ".curves", PLATE_SIZE))}
    (drawn,) = (site for site in sites(edited) if site.object == "square")
    assert back[drawn.name].keys[0].knots[0].x == pytest.approx(drawn.shape.keys[0].knots[0].x, abs=0.01)


def test_edits_are_compared_with_what_differs_least_of_all_that_was_given(client, daemon, session, given) -> None:
    client.ask(messages.TakeEdits(session, "curves", text_of(pulled(given)), given))
    client.ask(messages.Export(session, ("curves",), settings=DENSE))
    undone = document_of_text(
        client.ask(messages.Export(session, ("curves",), settings=DENSE)).texts["curves"], ".curves", PLATE_SIZE
    )
    client.ask(messages.TakeEdits(session, "curves", text_of(pulled(undone))))
    last = len(next(undone.shapes()).keys) - 1
    client.ask(messages.TakeEdits(session, "curves", text_of(pulled(undone, last))))
    assert next(now_given(daemon, session).shapes()).edited == (next(undone.shapes()).keys[last].frame,)


def test_nothing_changed_and_what_cannot_be_read_are_told(client, session, given) -> None:
    with pytest.raises(InputError, match="Nothing was changed"):
        client.ask(messages.TakeEdits(session, "curves", text_of(given), given))
    with pytest.raises(FormatError):
        client.ask(messages.TakeEdits(session, "curves", "{{broken", given))
    with pytest.raises(FormatError, match="not a format"):
        client.ask(messages.TakeEdits(session, "docx", "", given))


def test_a_drawn_shape_is_a_prompt_from_which_a_track_goes_on(client, disc_clip, session, given) -> None:
    fresh = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), key="fresh")).session
    told: list[messages.TrackedFrame] = []
    client.ask(messages.PromptShapes(fresh, (1001, 1006), "curves", text_of(given)), told.append)
    told = [event for event in told if isinstance(event, messages.TrackedFrame)]
    assert [(event.frame, [one.object for one in event.objects]) for event in told] == [
        (1001, ["disc"]),
        (1006, ["disc"]),
    ]
    mask = told[1].objects[0].mask
    assert mask is not None
    drawn = cv2.imdecode(np.frombuffer(mask.data, np.uint8), cv2.IMREAD_UNCHANGED) >= 128
    assert jaccard(drawn, disc_clip.truth(1006) > 0) > 0.95
    client.ask(messages.Track(fresh))
    assert client.ask(messages.MaskQuery(fresh, 1012)).objects[0].state == "tracked"


def test_all_shapes_together_are_one_object_where_a_name_is_given(client, disc_clip, given) -> None:
    fresh = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), key="fresh")).session
    two = replace(given, children=(*given.children, Layer("far", (replace(next(given.shapes()), name="b"),))))
    events: list[messages.TrackedFrame] = []
    client.ask(messages.PromptShapes(fresh, (1001,), "curves", text_of(two), "hero"), events.append)
    events = [event for event in events if isinstance(event, messages.TrackedFrame)]
    assert [one.object for one in events[0].objects] == ["hero"]
    with pytest.raises(InputError, match="no frame 4"):
        client.ask(messages.PromptShapes(fresh, (4,), "curves", text_of(two)))


def test_what_draws_nothing_on_a_frame_says_nothing_there(client, disc_clip, given) -> None:
    fresh = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), key="fresh")).session
    (site,) = sites(given)
    short = with_elements(given, {site.path: replace(site.shape, lifetime=Lifetime(1001.0, 1003.0))})
    events: list[messages.TrackedFrame] = []
    client.ask(messages.PromptShapes(fresh, (1001, 1006), "curves", text_of(short)), events.append)
    events = [event for event in events if isinstance(event, messages.TrackedFrame)]
    assert [[one.object for one in event.objects] for event in events] == [["disc"], []]
    assert open_session(client, disc_clip, key="fresh").prompted == {"disc": (1001,)}


def test_shapes_of_one_name_in_no_layer_are_one_object(client, disc_clip, given) -> None:
    fresh = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), key="fresh")).session
    one = replace(next(given.shapes()), name="hero")
    far = replace(one, keys=tuple(replace(k, knots=tuple(p._replace(x=p.x + 40) for p in k.knots)) for k in one.keys))
    client.ask(messages.PromptShapes(fresh, (1001,), "curves", text_of(replace(given, children=(one, far)))))
    (hero,) = client.ask(messages.MaskQuery(fresh, 1001)).objects
    mask = pixels(hero.mask)
    assert mask[30, 20] == 1.0
    assert mask[30, 60] == 1.0


def test_masks_come_with_their_frame_s_shapes_where_asked_for(client, session) -> None:
    plain = client.ask(messages.MaskQuery(session, 1005)).objects[0]
    drawn = client.ask(messages.MaskQuery(session, 1005, curves=CurveSettings())).objects[0]
    assert plain.shapes is None
    assert [shape.knot_count > 2 for shape in drawn.shapes.children] == [True]


def test_keys_for_silhouette_count_from_the_session_s_first_frame_not_from_the_first_tracked_one(
    client, disc_clip
) -> None:
    name = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), key="late")).session
    client.ask(messages.Segment(name, 1005, (messages.ObjectPrompt("disc", (disc_clip.centre(1005),)),)))
    client.ask(messages.Track(name, "forward", first=1005))
    for clock, start in ((messages.HostClock(), 1001), (messages.HostClock(start=990, offset=1), 990)):
        text = client.ask(messages.Export(name, ("fxs",), clock=clock)).texts["fxs"]
        assert f'sessionStartFrame="{start}"' in text
        again = document_of_text(text, ".fxs", FormatSettings(frame_offset=clock.offset))
        assert next(again.shapes()).keys[0].frame == 1005


def test_another_program_s_file_becomes_the_host_s_text_and_its_losses_are_told(client, session, tmp_path) -> None:
    square = tuple(Knot(float(x), float(y)) for x, y in ((10, 10), (40, 10), (40, 40)))
    soft = KeyedShape("soft", (ShapeKey(1001.0, square), ShapeKey(1004.0, square)), feather_px=3.0)
    path = tmp_path / "comp.nk"
    path.write_text(text_of(ShapeDocument(200, 100, (Layer("hero", (soft,)),), 1001, 1006), "nk"))
    answer = client.ask(messages.ReadShapes(session, str(path), "fxs", HostClock(1001)))
    back = document_of_text(answer.texts["fxs"], ".fxs")
    (shape,) = back.shapes()
    assert shape.keys[0].frame == 1001.0
    assert shape.keys[0].knots[1].x == pytest.approx(40.0, abs=0.01)
    assert any("feather" in note for note in answer.notes)
    assert any("drawn for 200×100, this plate is 97×63" in note for note in answer.notes)
    with pytest.raises(FormatError, match=r"none\.nk"):
        client.ask(messages.ReadShapes(session, str(tmp_path / "none.nk"), "fxs"))


def test_a_host_s_shapes_are_written_for_another_program(client, session, given, tmp_path) -> None:
    path = tmp_path / "out.fxs"
    answer = client.ask(messages.WriteShapes(session, "curves", text_of(given), str(path)))
    assert answer.files == (str(path),)
    there, here = next(read_document(path).shapes()), next(given.shapes())
    assert there.keys[0].knots[0].x == pytest.approx(here.keys[0].knots[0].x, abs=0.01)
    with pytest.raises(StorageError):
        client.ask(messages.WriteShapes(session, "curves", text_of(given), str(path / "out.fxs")))

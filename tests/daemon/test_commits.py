"""Shapes committed into a host's node, and again: what the artist did there stays, and each object is drawn once."""

import shutil
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from host_texts import DENSE, PLATE_SIZE, pulled, text_of

from roto_daemon.pipelines.export import export
from roto_formats.registry import document_of_text
from roto_geometry.edits.sites import sites
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Combination
from roto_shared.protocol.messages import CurveSettings, PlateRef
from roto_shared.shapes import Layer, ShapeDocument, ShapeKey, Transform, TransformKey
from roto_shared.sites import with_elements


def committed(client, session, into: str = "") -> messages.Exported:
    return client.ask(messages.Export(session, ("curves",), settings=DENSE, into=into))


def read(text: str) -> ShapeDocument:
    return document_of_text(text, ".curves", PLATE_SIZE)


def test_edits_are_compared_with_what_the_host_was_given_last(client, session) -> None:
    with pytest.raises(InputError, match="Commit shapes first"):
        client.ask(
            messages.TakeEdits(session, "curves", "{{{v x3f99999a} {f 0} {n {layer Root {f 2097152} {t} {a}}}}}")
        )
    text = committed(client, session).texts["curves"]
    answer = client.ask(messages.TakeEdits(session, "curves", text_of(pulled(read(text)))))
    assert any("fitted anew around 1001" in note for note in answer.notes)
    assert answer.keys["disc"][0] == 1001


def test_an_export_tells_its_keys_and_draws_what_the_host_has(client, session, disc_clip) -> None:
    keys = committed(client, session).keys["disc"]
    assert (keys[0], keys[-1]) == (1001, 1012)
    shape = client.ask(messages.MaskQuery(session, 1006, curves=CurveSettings())).objects[0].shapes.children[0]
    xs = [knot.x for knot in shape.keys[0].knots]
    assert sum(xs) / len(xs) == pytest.approx(disc_clip.centre(1006)[0], abs=2.0)


def test_shapes_go_into_an_artist_s_node_and_leave_what_is_there(client, session, given) -> None:
    own = replace(given, children=(Layer("mine", given.children[0].children),))
    text = committed(client, session, into=text_of(own)).texts["curves"]
    assert [child.name for child in read(text).children] == ["disc", "mine"]
    again = committed(client, session, into=text).texts["curves"]
    assert [child.name for child in read(again).children] == ["disc", "mine"]
    assert text_of(own)[text_of(own).index("{layer mine") :].split("}}}")[0] in again


def test_an_artist_s_edits_are_never_overwritten_by_another_commit(client, session) -> None:
    text = committed(client, session).texts["curves"]
    edited = text_of(pulled(read(text)))
    with pytest.raises(InputError, match="edited since it was committed"):
        committed(client, session, into=edited)
    assert read(client.ask(messages.TakeEdits(session, "curves", edited)).texts["curves"])


def sent(client, session, text: str) -> str:
    return client.ask(messages.TakeEdits(session, "curves", text, settings=DENSE)).texts["curves"]


def key_on(text: str, frame: int) -> ShapeKey:
    return next(key for key in next(read(text).shapes()).keys if key.frame == frame)


def test_edits_that_were_sent_stay_where_shapes_are_committed_again(client, session) -> None:
    first = committed(client, session).texts["curves"]
    now = sent(client, session, text_of(pulled(read(first))))
    assert committed(client, session, into=now).texts["curves"] == now
    undone = text_of(pulled(read(first)))  # what one undo in the host gives
    with pytest.raises(InputError, match="edited since it was committed"):
        committed(client, session, into=undone)
    assert committed(client, session, into=text_of(replace(read(first), children=()))).texts["curves"]


def test_edits_of_one_object_stay_where_those_of_another_are_sent_after_them(client, two, disc_clip) -> None:
    first = read(committed(client, two).texts["curves"])
    now = sent(client, two, text_of(with_own_shape(pulled(first, layer="disc"), "disc")))
    now = sent(client, two, text_of(pulled(read(now), layer="square")))
    held = next(site.shape for site in sites(read(now)) if site.name == "disc/mine")
    assert committed(client, two, into=now).texts["curves"] == now
    client.ask(messages.Segment(two, 1006, (messages.ObjectPrompt("disc", (disc_clip.centre(1010),)),)))
    after = committed(client, two, into=now).texts["curves"]
    own = next(site.shape for site in sites(read(after)) if site.name == "disc/mine")
    assert own.keys == held.keys


def test_masks_that_changed_are_followed_around_edits_that_were_sent(client, session, disc_clip) -> None:
    now = sent(client, session, text_of(pulled(read(committed(client, session).texts["curves"]))))
    lower = np.roll(disc_clip.truth(1011), 12, axis=0)
    ok, png = cv2.imencode(".png", np.round(lower * 255).astype(np.uint8))
    assert ok
    picture = messages.Picture("image/png", lower.shape[1], lower.shape[0], png.tobytes())
    client.ask(messages.Segment(session, 1011, (messages.ObjectPrompt("disc", mask=picture),)))
    answer = committed(client, session, into=now)
    after = answer.texts["curves"]
    assert any("fitted to the masks of now" in note for note in answer.notes)
    assert jaccard(rasterise(read(after), 1011) >= 0.5, lower >= 0.5) > 0.9
    assert key_on(after, 1001).knots == key_on(now, 1001).knots
    assert committed(client, session, into=after).texts["curves"] == after


def test_a_track_that_went_on_is_followed_by_shapes_with_edits_that_were_sent(client, disc_clip) -> None:
    name = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), key="longer")).session
    client.ask(messages.Segment(name, 1001, (messages.ObjectPrompt("disc", (disc_clip.centre(1001),)),)))
    client.ask(messages.Track(name, last=1006))
    now = sent(client, name, text_of(pulled(read(committed(client, name).texts["curves"]))))
    client.ask(messages.Track(name))
    after = committed(client, name, into=now).texts["curves"]
    assert [child.name for child in read(after).children] == ["disc"]
    assert jaccard(rasterise(read(after), 1012) >= 0.5, disc_clip.truth(1012) > 0) > 0.9
    assert key_on(after, 1001).knots == key_on(now, 1001).knots


@pytest.mark.parametrize("is_commit", [False, True])
def test_of_two_exports_at_once_neither_takes_masks_from_the_other(
    client, daemon, session, disc_clip, is_commit
) -> None:
    into = committed(client, session).texts["curves"] if is_commit else ""
    request = messages.Export(session, ("curves",), settings=DENSE, into=into)
    ours = daemon.house.shelf.get(session)
    one = export(ours, request)
    next(one)
    lower = np.roll(disc_clip.truth(1006), 3, axis=0)
    ours.keep_prompt(1006, messages.ObjectPrompt("disc"), lower, 1.0, ours.pictures[1006])
    other = export(ours, request)
    next(other)
    for each in (one, other):
        assert all(each)
    given = ours.given.shapes[:2]
    assert given[0].masks["disc"][1006] != given[1].masks["disc"][1006]
    assert all(ours.given.masks.read(name) is not None for each in given for name in each.masks["disc"].values())


def test_an_object_that_is_called_otherwise_takes_its_layer_and_the_edits_in_it_along(client, session) -> None:
    first = committed(client, session).texts["curves"]
    client.ask(messages.RenameObject(session, "disc", "ball"))
    answer = client.ask(messages.TakeEdits(session, "curves", text_of(pulled(read(first))), settings=DENSE))
    now = answer.texts["curves"]
    assert set(answer.keys) == {"ball"}
    assert [child.name for child in read(now).children] == ["disc"], "layers are renamed by commits alone"
    client.ask(messages.RenameObject(session, "ball", "hero"))
    again = committed(client, session, into=now).texts["curves"]
    assert [child.name for child in read(again).children] == ["hero"]
    assert key_on(again, 1001).knots == key_on(now, 1001).knots
    assert committed(client, session, into=again).texts["curves"] == again


def test_a_shape_of_the_artist_s_own_stays_as_drawn_when_its_object_has_another_name_and_mask(
    client, session, disc_clip
) -> None:
    drawn_in = with_own_shape(read(committed(client, session).texts["curves"]), "disc")
    now = sent(client, session, text_of(drawn_in))
    client.ask(messages.RenameObject(session, "disc", "ball"))
    now = committed(client, session, into=now).texts["curves"]
    client.ask(messages.Segment(session, 1006, (messages.ObjectPrompt("ball", (disc_clip.centre(1010),)),)))
    client.ask(messages.Track(session))
    after = committed(client, session, into=now).texts["curves"]
    (was,) = (site.shape for site in sites(drawn_in) if site.name == "disc/mine")
    (own,) = (site.shape for site in sites(read(after)) if site.name == "ball/mine")
    assert own.keys == was.keys


def drawn(text: str) -> dict[str, bool]:
    """Layers from top to bottom, and whether the disc is what they draw on frame 1001."""
    document = read(text)
    alone = {child.name: rasterise(replace(document, children=(child,)), 1001) for child in document.children}
    assert len(alone) == len(document.children), "no two are called the same"
    return {name: bool(matte[30, 20] >= 0.5) for name, matte in alone.items()}


def test_the_layer_of_an_object_that_was_deleted_goes_with_the_next_commit(client, two) -> None:
    first = committed(client, two).texts["curves"]
    client.ask(messages.DeleteObject(two, "square"))
    assert drawn(committed(client, two, into=first).texts["curves"]) == {"disc": True}


def test_the_layers_of_all_objects_that_were_deleted_since_go_with_the_next_commit(client, two) -> None:
    client.ask(messages.CombineObjects(two, Combination("both", "union", ("disc", "square"))))
    first = committed(client, two).texts["curves"]
    for name in ("both", "square"):
        client.ask(messages.DeleteObject(two, name))
    assert drawn(committed(client, two, into=first).texts["curves"]) == {"disc": True}


def test_layers_of_objects_that_were_merged_go_with_the_next_commit_and_are_there_again_without_it(client, two) -> None:
    first = committed(client, two).texts["curves"]
    client.ask(messages.CombineObjects(two, Combination("both", "union", ("disc", "square"), keep=False)))
    merged = committed(client, two, into=first).texts["curves"]
    assert drawn(merged) == {"both": True}
    client.ask(messages.DeleteObject(two, "both"))
    assert set(drawn(committed(client, two, into=merged).texts["curves"])) == {"disc", "square"}


def test_a_layer_with_edits_stays_when_its_object_is_deleted_and_is_held_when_it_is_there_again(client, two) -> None:
    first = committed(client, two).texts["curves"]
    now = sent(client, two, text_of(with_own_shape(read(first), "square")))
    client.ask(messages.DeleteObject(two, "square"))
    answer = committed(client, two, into=now)
    assert any("“square” was deleted" in note for note in answer.notes)
    assert "square" not in answer.keys
    client.ask(messages.Segment(two, 1001, (messages.ObjectPrompt("square", ((8.5, 54.5),)),)))
    client.ask(messages.Track(two))
    again = committed(client, two, into=answer.texts["curves"])
    assert again.notes == ()
    assert "square/mine" in {site.name for site in sites(read(again.texts["curves"]))}


def test_edits_that_nobody_sent_stay_too_when_their_object_is_deleted(client, two) -> None:
    edited = with_own_shape(read(committed(client, two).texts["curves"]), "square")
    client.ask(messages.DeleteObject(two, "square"))
    answer = committed(client, two, into=text_of(edited))
    assert "square/mine" in {site.name for site in sites(read(answer.texts["curves"]))}
    again = committed(client, two, into=answer.texts["curves"])
    assert "square/mine" in {site.name for site in sites(read(again.texts["curves"]))}


def test_an_object_that_takes_a_deleted_one_s_name_is_drawn_once(client, two) -> None:
    text = committed(client, two).texts["curves"]
    client.ask(messages.DeleteObject(two, "square"))
    client.ask(messages.RenameObject(two, "disc", "square"))
    for _ in range(2):
        text = committed(client, two, into=text).texts["curves"]
        assert drawn(text) == {"square": True}
    now = sent(client, two, text_of(pulled(read(text))))
    assert committed(client, two, into=now).texts["curves"] == now


def test_a_deleted_one_s_layer_with_edits_is_not_taken_for_the_object_that_has_its_name_now(client, two) -> None:
    edited = with_own_shape(read(committed(client, two).texts["curves"]), "square")
    client.ask(messages.DeleteObject(two, "square"))
    client.ask(messages.RenameObject(two, "disc", "square"))
    with pytest.raises(InputError, match="a layer “square” of your own"):
        committed(client, two, into=text_of(edited))


def test_an_object_that_is_called_as_a_layer_of_the_artist_s_own_is_refused(client, session) -> None:
    first = read(committed(client, session).texts["curves"])
    drawn_once = next(first.shapes())
    own = Layer("mine", (replace(drawn_once, name="hand", keys=drawn_once.keys[:1]),))
    with_own = text_of(replace(first, children=(*first.children, own)))
    client.ask(messages.RenameObject(session, "disc", "mine"))
    with pytest.raises(InputError, match="a layer “mine” of your own"):
        committed(client, session, into=with_own)
    pulled_too = replace(pulled(first), children=(*pulled(first).children, own))
    answer = client.ask(messages.TakeEdits(session, "curves", text_of(pulled_too), settings=DENSE))
    now = answer.texts["curves"]
    assert [child.name for child in read(now).children] == ["disc", "mine"]
    assert answer.keys == {"mine": tuple(round(key.frame) for key in next(read(now).shapes()).keys)}
    with pytest.raises(InputError, match="a layer “mine” of your own"):
        committed(client, session, into=now)


def tracked(client, plate: PlateRef, key: str = "scene") -> str:
    name = client.ask(messages.OpenSession(plate, key=key)).session
    client.ask(messages.Segment(name, 1001, (messages.ObjectPrompt("disc", ((20.5, 30.5),)),)))
    client.ask(messages.Track(name))
    return name


@pytest.fixture(params=["another exposure", "another version of the plate"])
def other_plate(request, disc_clip, tmp_path) -> PlateRef:
    if request.param == "another exposure":
        return PlateRef(disc_clip.pattern, exposure=0.1)
    folder = shutil.copytree(disc_clip.folder, tmp_path / "plate_v002")
    return PlateRef(str(folder / "disc.####.png"))


def test_work_on_another_plate_of_the_same_key_goes_on_in_the_same_node(client, disc_clip, other_plate) -> None:
    one = tracked(client, PlateRef(disc_clip.pattern))
    text = committed(client, one).texts["curves"]
    other = tracked(client, other_plate)
    assert other != one
    again = committed(client, other, into=text).texts["curves"]
    assert drawn(again) == {"disc": True}
    now = sent(client, other, text_of(pulled(read(again))))
    held = committed(client, one, into=now).texts["curves"]
    assert key_on(held, 1001).knots == key_on(now, 1001).knots


def test_layers_of_objects_that_only_another_session_of_the_key_has_stay(client, disc_clip) -> None:
    plate = PlateRef(disc_clip.pattern)
    name = tracked(client, plate)
    client.ask(messages.Segment(name, 1001, (messages.ObjectPrompt("square", ((8.5, 54.5),)),)))
    client.ask(messages.Track(name))
    text = committed(client, name).texts["curves"]
    other = tracked(client, replace(plate, exposure=0.1))
    again = committed(client, other, into=text)
    assert set(drawn(again.texts["curves"])) == {"disc", "square"}
    assert again.notes == ()
    assert committed(client, name, into=again.texts["curves"]).texts


def test_what_a_host_was_given_in_one_scene_is_nobody_s_in_another(client, disc_clip) -> None:
    text = committed(client, tracked(client, PlateRef(disc_clip.pattern))).texts["curves"]
    with pytest.raises(InputError, match="of your own"):
        committed(client, tracked(client, PlateRef(disc_clip.pattern), "another scene"), into=text)


def first_shape(document: ShapeDocument, **changed: Any) -> ShapeDocument:
    """The document with its only shape changed."""
    (site,) = sites(document)
    return with_elements(document, {site.path: replace(site.shape, **changed)})


def with_own_shape(document: ShapeDocument, name: str = "disc") -> ShapeDocument:
    """The document with a shape of the artist's in a layer."""
    own = replace(next(document.shapes()), name="mine")
    children = (
        replace(child, children=(own, *child.children)) if isinstance(child, Layer) and child.name == name else child
        for child in document.children
    )
    return replace(document, children=tuple(children))


def with_layer_moved(document: ShapeDocument) -> ShapeDocument:
    (layer,) = document.children
    assert isinstance(layer, Layer)
    moved = (TransformKey(1001.0, Transform(translate=(3.0, 0.0))),)
    return replace(document, children=(replace(layer, transform=moved),))


@pytest.mark.parametrize(
    "change",
    [
        with_own_shape,
        with_layer_moved,
        lambda document: first_shape(document, name="body"),
        lambda document: first_shape(document, locked=True),
        lambda document: first_shape(document, feather_px=2.0),
    ],
    ids=["a shape of one's own", "a layer that was moved", "another name", "a lock", "a feather"],
)
def test_whatever_an_artist_did_in_a_layer_stays_in_it(client, session, change) -> None:
    edited = text_of(change(read(committed(client, session).texts["curves"])))
    with pytest.raises(InputError, match="edited since it was committed"):
        committed(client, session, into=edited)
    now = sent(client, session, edited)
    again = committed(client, session, into=now).texts["curves"]
    assert again == now
    assert text_of(read(again)) == text_of(read(edited))


@pytest.mark.parametrize("holders", [("Root",), ("Root", "mine")], ids=["a root", "a layer in a layer"])
def test_shapes_that_were_moved_into_a_layer_are_not_committed_a_second_time(client, session, holders) -> None:
    text = committed(client, session).texts["curves"]
    children = read(text).children
    for holder in holders:
        children = (Layer(holder, children, locked=True),)
    moved = replace(read(text), children=children, native=None)
    with pytest.raises(InputError, match="lies in the layer “Root”"):
        committed(client, session, into=text_of(moved))


def test_an_answer_that_the_host_never_took_makes_nobody_s_edits_of_it(client, session) -> None:
    held = committed(client, session).texts["curves"]
    client.ask(messages.Export(session, ("curves",), settings=CurveSettings(detail=2.0)))
    assert committed(client, session, into=held)
    answer = client.ask(messages.TakeEdits(session, "curves", text_of(pulled(read(held)))))
    assert any("fitted anew around 1001" in note for note in answer.notes)


def test_a_layer_of_the_artist_s_own_with_an_object_s_name_is_not_replaced(client, session, given) -> None:
    with pytest.raises(InputError, match="of your own"):
        committed(client, session, into=text_of(given))

"""Masks made of masks: finished ones and combined ones, over the daemon's messages."""

from __future__ import annotations

from functools import partial
from typing import Any

import cv2
import numpy as np
import pytest

from roto_daemon.app import Daemon
from roto_daemon.pipelines.derive import combine, finish_object
from roto_daemon.sessions.masks import Sweep
from roto_formats.registry import document_of_text
from roto_shared.client import DaemonClient
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Combination, EdgeSettings, FinishSettings, MatteFiles, ObjectPrompt, PlateRef
from roto_shared.transport.memory import MemoryTransport

DISC, SQUARE = ObjectPrompt("disc", ((20.5, 30.5),)), ObjectPrompt("square", ((8.5, 54.5),))
GROWN = FinishSettings(grow_px=2.0)
PART = Combination("part", "piece", ("disc",), 1006, (40.0, 30.0))


@pytest.fixture
def tracked(client: DaemonClient, disc_clip) -> str:
    session = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern))).session
    client.ask(messages.Segment(session, 1001, (DISC, SQUARE)))
    client.ask(messages.Track(session))
    return session


def stream(client: DaemonClient, message: Any) -> list[messages.TrackedFrame]:
    events: list[Any] = []
    client.ask(message, events.append)
    return [event for event in events if isinstance(event, messages.TrackedFrame)]


def masks(steps: list[messages.TrackedFrame]) -> dict[int, np.ndarray]:
    read = lambda data: cv2.imdecode(np.frombuffer(data, np.uint8), -1) / 255  # noqa: E731 - one expression
    return {step.frame: read(step.objects[0].mask.data) for step in steps}


def exported(client: DaemonClient, session: str, folder, name: str = "disc") -> dict[int, np.ndarray]:
    client.ask(messages.Export(session, ("png",), str(folder)))
    paths = sorted((folder / name).glob("mask.*.png"))
    return {int(path.name.split(".")[1]): cv2.imread(str(path), -1) / 255 for path in paths}


def test_finished_masks_are_what_is_exported(client, tracked, disc_clip, tmp_path) -> None:
    steps = stream(client, messages.FinishMasks(tracked, GROWN, ("disc",), masks=True))
    assert [step.frame for step in steps] == list(range(1001, 1013))
    shown, written = masks(steps), exported(client, tracked, tmp_path / "out")
    for frame, mask in written.items():
        assert np.array_equal(mask, shown[frame])
        assert mask.sum() > disc_clip.truth(frame).sum() * 1.2


def test_a_preview_shows_the_same_and_keeps_nothing(client, tracked, disc_clip, tmp_path) -> None:
    preview = stream(client, messages.FinishMasks(tracked, GROWN, ("disc",), 1004, 1005, preview=True))
    assert [step.frame for step in preview] == [1004, 1005]
    assert np.array_equal(exported(client, tracked, tmp_path / "a")[1004], disc_clip.truth(1004))
    kept = masks(stream(client, messages.FinishMasks(tracked, GROWN, ("disc",), masks=True)))
    assert np.array_equal(masks(preview)[1004], kept[1004])


def test_finishing_twice_does_nothing_twice(client, tracked) -> None:
    assert len(stream(client, messages.FinishMasks(tracked, GROWN))) == 24
    assert stream(client, messages.FinishMasks(tracked, GROWN)) == []


def test_with_everything_off_the_masks_are_the_tracked_ones_to_the_bit(client, tracked, disc_clip, tmp_path) -> None:
    client.ask(messages.FinishMasks(tracked, GROWN))
    assert stream(client, messages.FinishMasks(tracked, FinishSettings())) == []
    assert np.array_equal(exported(client, tracked, tmp_path / "out")[1007], disc_clip.truth(1007))


def test_finishing_survives_a_restart_and_follows_a_correction(client, tracked, disc_clip, settings, tmp_path) -> None:
    client.ask(messages.FinishMasks(tracked, GROWN, ("disc",)))
    again = Daemon(settings)
    other = DaemonClient(MemoryTransport(again.desk.receive))
    opened = other.ask(messages.OpenSession(PlateRef(disc_clip.pattern)))
    assert opened.finish == {"disc": GROWN}
    picture = cv2.imencode(".png", (disc_clip.truth(1001) * 255).astype(np.uint8))[1].tobytes()
    small = messages.Picture("image/png", 97, 63, picture)
    other.ask(messages.Segment(opened.session, 1006, (ObjectPrompt("disc", mask=small),)))
    found = exported(other, opened.session, tmp_path / "out")
    again.close()
    overlap = found[1006] * disc_clip.truth(1001)
    assert overlap.sum() == disc_clip.truth(1001).sum(), "the corrected frame shows the correction"
    assert found[1006].sum() > 1.2 * disc_clip.truth(1001).sum(), "and it is finished too"


def test_tracking_goes_on_from_masks_that_are_not_finished(client, tracked, disc_clip) -> None:
    client.ask(messages.FinishMasks(tracked, FinishSettings(grow_px=-5.0)))
    events: list[Any] = []
    client.ask(messages.Track(tracked, masks=True), events.append)
    last = next(e for e in events if isinstance(e, messages.TrackedFrame) and e.frame == 1012)
    assert np.array_equal(masks([last])[1012], disc_clip.truth(1012))


def test_steadying_works_over_the_whole_shot(client, tracked, disc_clip, tmp_path) -> None:
    client.ask(messages.FinishMasks(tracked, FinishSettings(steady_frames=1), ("disc",)))
    for frame, mask in exported(client, tracked, tmp_path / "out").items():
        truth = disc_clip.truth(frame)
        assert np.minimum(mask, truth).sum() / np.maximum(mask, truth).sum() > 0.95


def test_a_picture_that_cannot_be_read_is_finished_without_its_neighbours(client, tracked, disc_clip, tmp_path) -> None:
    disc_clip.path(1005).write_bytes(b"nothing")
    client.ask(messages.FinishMasks(tracked, FinishSettings(steady_frames=1), ("disc",)))
    assert np.array_equal(exported(client, tracked, tmp_path / "out")[1005], disc_clip.truth(1005))


def test_mattes_are_made_of_finished_masks_and_anew_when_these_change(client, tracked) -> None:
    refine = messages.RefineEdges(tracked, ("disc",), 1005, 1005, model="closed-form")
    stored = []
    for distance in (0.0, 2.0, 2.0, 0.0):
        client.ask(messages.FinishMasks(tracked, FinishSettings(grow_px=distance), ("disc",)))
        stored.append(stream(client, refine)[0].stored)
    assert stored == [False, False, True, False]


def test_with_the_finish_taken_back_the_mattes_of_finished_masks_are_not_exported(client, tracked, disc_clip, tmp_path):
    client.ask(messages.FinishMasks(tracked, GROWN, ("disc",)))
    stream(client, messages.RefineEdges(tracked, ("disc",), model="closed-form"))
    client.ask(messages.FinishMasks(tracked, FinishSettings(), ("disc",)))
    assert np.array_equal(exported(client, tracked, tmp_path)[1005], disc_clip.truth(1005))


@pytest.fixture
def halved(client: DaemonClient, tracked: str, disc_clip) -> str:
    """A session in which the disc was finished, refined and taken into another, and tracked then with one that is it.

    Each of the two has half of every pixel, but where that one was prompted: there it has all.
    """
    client.ask(messages.FinishMasks(tracked, GROWN, ("disc",)))
    client.ask(messages.CombineObjects(tracked, Combination("both", "union", ("disc", "square"), keep=True)))
    stream(client, messages.RefineEdges(tracked, ("disc", "square"), model="closed-form"))
    client.ask(messages.Segment(tracked, 1012, (ObjectPrompt("same", (disc_clip.centre(1012),)),)))
    client.ask(messages.Track(tracked))
    return tracked


def in_the_middle(disc_clip, masks: dict[int, np.ndarray]) -> dict[int, float]:
    """What masks are in the middle of the disc, on the frames between the first and the last."""
    centres = {frame: map(int, disc_clip.centre(frame)) for frame in range(1002, 1012)}
    return {frame: masks[frame][y, x] for frame, (x, y) in centres.items()}


def test_what_is_made_of_an_object_is_made_anew_where_another_took_pixels_of_it(client, halved, disc_clip, tmp_path):
    for name in ("disc", "both"):
        assert max(in_the_middle(disc_clip, exported(client, halved, tmp_path, name)).values()) < 0.6
    refined = stream(client, messages.RefineEdges(halved, ("disc",), model="closed-form"))
    assert [step.frame for step in refined if step.stored] == [1001]


def test_what_is_made_of_an_object_stays_where_another_that_joins_does_not_touch_it(client, halved) -> None:
    refined = stream(client, messages.RefineEdges(halved, ("square",), model="closed-form"))
    assert all(step.stored for step in refined)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (FinishSettings(steady_frames=9), "steady_frames"),
        (FinishSettings(grow_px=float("nan")), "grow_px"),
        (FinishSettings(feather_px=-1), "feather_px"),
    ],
)
@pytest.mark.parametrize("preview", [True, False])
def test_settings_that_make_no_sense_are_named_and_not_kept(client, tracked, disc_clip, asked, word, preview) -> None:
    with pytest.raises(InputError, match=word):
        client.ask(messages.FinishMasks(tracked, asked, preview=preview))
    assert client.ask(messages.OpenSession(PlateRef(disc_clip.pattern))).finish == {}


def test_an_unknown_object_is_named(client, tracked) -> None:
    with pytest.raises(InputError, match="nobody"):
        client.ask(messages.FinishMasks(tracked, GROWN, ("nobody",)))


def test_where_there_are_no_masks_none_are_finished(client, disc_clip) -> None:
    fresh = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), key="fresh")).session
    for preview in (False, True):
        with pytest.raises(InputError, match="no masks yet"):
            client.ask(messages.FinishMasks(fresh, GROWN, preview=preview))


def combined(client: DaemonClient, session: str, operation: str, **more: Any) -> dict[int, np.ndarray]:
    objects = more.pop("objects", ("disc", "square"))
    made = Combination("both", operation, objects, **more)
    return masks(stream(client, messages.CombineObjects(session, made, masks=True)))


def truths(disc_clip, frame: int) -> tuple[np.ndarray, np.ndarray]:
    square = np.zeros_like(disc_clip.truth(frame))
    square[50:58, 5:13] = 1
    return disc_clip.truth(frame), square


@pytest.mark.parametrize("operation", ["union", "intersect", "subtract"])
def test_objects_are_combined_on_every_frame(client, tracked, disc_clip, operation: str) -> None:
    found = combined(client, tracked, operation)
    assert list(found) == list(range(1001, 1013))
    for frame, mask in found.items():
        disc, square = truths(disc_clip, frame)
        expected = {"union": np.maximum(disc, square), "intersect": disc * square, "subtract": disc * (1 - square)}
        assert np.array_equal(mask, expected[operation])


def test_what_is_made_of_others_is_as_sure_as_the_least_sure_of_them(client, daemon, tracked, disc_clip) -> None:
    jumped = np.roll(np.asarray(cv2.imread(str(disc_clip.path(1012)))), -48, axis=1)
    jumped[50:58] = 128
    jumped[50:58, 5:13] = (255, 0, 0)
    assert cv2.imwrite(str(disc_clip.path(1012)), jumped)
    client.ask(messages.OpenSession(PlateRef(disc_clip.pattern)))
    client.ask(messages.Track(tracked))
    combined(client, tracked, "union")
    standing = daemon.house.shelf.get(tracked).standing
    records = [standing.source("both", frame) for frame in (1001, 1011, 1012)]
    assert [(record.state, record.confidence) for record in records] == [
        ("prompted", 1.0),
        ("tracked", 1.0),
        ("uncertain", 0.5),
    ]
    client.ask(messages.CombineObjects(tracked, Combination("part", "piece", ("disc",), 1006, disc_clip.centre(1006))))
    pieces = [standing.source("part", frame) for frame in (1001, 1012)]
    assert [(record.state, record.confidence) for record in pieces] == [("prompted", 1.0), ("uncertain", 0.5)]


def test_merged_objects_are_one_in_what_is_delivered_and_go_on_being_tracked(
    client, tracked, disc_clip, tmp_path
) -> None:
    combined(client, tracked, "union", keep=False)
    assert set(exported(client, tracked, tmp_path / "out", "both")) == set(range(1001, 1013))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"both"}
    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern)))
    assert set(opened.stored) == {"both"}
    assert set(opened.prompted) == {"disc", "square"}
    assert opened.combined[0].operation == "union"
    assert stream(client, messages.Track(tracked))[-1].frame == 1012


def test_an_object_is_made_otherwise_under_its_name(client, tracked, disc_clip, tmp_path) -> None:
    for operation in ("union", "subtract"):
        client.ask(messages.CombineObjects(tracked, Combination("made", operation, ("square", "disc"), keep=True)))
    session = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern)))
    assert [made.operation for made in session.combined] == ["subtract"]
    assert exported(client, tracked, tmp_path, "made")[1005][30, 36] == 0


def test_what_is_made_of_an_object_follows_its_corrections(client, tracked, disc_clip, tmp_path) -> None:
    combined(client, tracked, "union")
    client.ask(messages.FinishMasks(tracked, GROWN, ("disc",)))
    found = exported(client, tracked, tmp_path / "out", "both")[1009]
    disc, square = truths(disc_clip, 1009)
    assert found.sum() > np.maximum(disc, square).sum() + 100


def test_combined_objects_can_be_finished_fitted_and_combined_again(client, tracked, tmp_path) -> None:
    combined(client, tracked, "union")
    client.ask(messages.FinishMasks(tracked, GROWN, ("both",)))
    again = Combination("rest", "subtract", ("both", "disc"))
    rest = masks(stream(client, messages.CombineObjects(tracked, again, masks=True)))
    assert 60 < rest[1010].sum() < 600
    fitted = client.ask(messages.Fit(tracked))
    assert [layer.name for layer in fitted.document.children] == ["disc", "square", "both", "rest"]


@pytest.fixture
def corrected(client, tracked, disc_clip) -> str:
    """The session with a union whose disc was clicked once more and tracked."""
    combined(client, tracked, "union")
    client.ask(messages.Segment(tracked, 1004, (ObjectPrompt("disc", (disc_clip.centre(1004),)),)))
    client.ask(messages.Track(tracked))
    return tracked


def test_a_finish_is_previewed_and_done_on_what_was_made_of_a_corrected_object(client, corrected, disc_clip) -> None:
    preview = masks(stream(client, messages.FinishMasks(corrected, GROWN, ("both",), 1006, 1006, preview=True)))
    assert (preview[1006] > np.maximum(*truths(disc_clip, 1006))).any()
    steps = stream(client, messages.FinishMasks(corrected, GROWN, ("both",)))
    assert [step.frame for step in steps] == list(range(1001, 1013))
    assert [(step.done, step.total) for step in steps] == [(done, 12) for done in range(1, 13)]


def test_a_preview_is_made_of_finished_masks_of_what_was_corrected(client, tracked, disc_clip) -> None:
    client.ask(messages.FinishMasks(tracked, GROWN, ("disc",)))
    combined(client, tracked, "union")
    client.ask(messages.Segment(tracked, 1006, (ObjectPrompt("disc", (disc_clip.centre(1006),), ((8.5, 54.5),)),)))
    asked = messages.FinishMasks(tracked, FinishSettings(fill_holes_px2=1.0), ("both",), 1006, 1006, preview=True)
    assert masks(stream(client, asked))[1006].sum() > np.maximum(*truths(disc_clip, 1006)).sum() + 100


def test_what_is_made_of_a_corrected_object_is_brought_up_to_date_before_others_are_made_of_it(
    client, corrected, disc_clip
) -> None:
    client.ask(messages.FinishMasks(corrected, GROWN, ("disc",), 1001, 1003))
    again = Combination("rest", "subtract", ("both", "square"))
    rest = masks(stream(client, messages.CombineObjects(corrected, again, masks=True)))
    assert sorted(rest) == list(range(1001, 1013))
    for frame, mask in rest.items():
        assert mask.sum() > disc_clip.truth(frame).sum() * 1.2, "the disc is there, and it is finished"


@pytest.mark.parametrize(
    ("frame", "point", "which"),
    [(1006, (40.0, 30.0), 0), (1002, (12.0, 44.0), 1)],
    ids=["the disc", "the square, which is nearest on that frame alone"],
)
def test_a_piece_is_split_off_and_followed_both_ways(client, tracked, disc_clip, frame, point, which) -> None:
    combined(client, tracked, "union", keep=False)
    made = Combination("part", "piece", ("both",), frame, point)
    found = masks(stream(client, messages.CombineObjects(tracked, made, masks=True)))
    assert sorted(found) == list(range(1001, 1013))
    for at, mask in found.items():
        assert np.array_equal(mask, truths(disc_clip, at)[which])


@pytest.mark.parametrize("made", [Combination("both", "union", ("disc", "square")), PART])
def test_masks_of_a_plate_that_had_another_size_are_named_where_others_are_made_of_them(
    client, tracked, disc_clip, made
) -> None:
    client.ask(messages.CombineObjects(tracked, made))
    for frame in range(1001, 1013):
        picture = cv2.imread(str(disc_clip.path(frame)))
        assert cv2.imwrite(str(disc_clip.path(frame)), cv2.resize(picture, None, fx=2, fy=2))
    client.ask(messages.OpenSession(PlateRef(disc_clip.pattern)))
    client.ask(messages.Segment(tracked, 1001, (ObjectPrompt("disc", ((40.5, 60.5),)),)))
    with pytest.raises(InputError, match=r"97×63 px on frame 100[126], the plate is 194×126 now"):
        client.ask(messages.Export(tracked, ("report",)))


def test_where_a_picture_is_away_a_piece_is_followed_as_if_nothing_moved(client, tracked, disc_clip) -> None:
    combined(client, tracked, "union", keep=False)
    disc_clip.path(1007).unlink()
    made = Combination("part", "piece", ("both",), 1006, disc_clip.centre(1006))
    found = masks(stream(client, messages.CombineObjects(tracked, made, masks=True)))
    assert all(np.array_equal(mask, truths(disc_clip, at)[0]) for at, mask in found.items())
    assert len(found) == 12


def test_a_piece_that_moves_as_far_as_its_size_is_followed_where_the_picture_says(client, disc_clip) -> None:
    spotted = cv2.GaussianBlur(np.random.default_rng(4).random((63, 97, 3)), (0, 0), 2.0)
    spots = np.uint8(cv2.normalize(spotted, None, 0, 255, cv2.NORM_MINMAX))
    rows, columns = np.mgrid[:63, :97] + 0.5
    lefts = {}
    session = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern))).session
    for step, frame in enumerate(range(1001, 1005)):
        left, right = (np.hypot(columns - x - 7 * step, rows - 30) <= 6 for x in (14, 44))
        picture = np.where((left | right)[..., None], np.roll(spots, 7 * step, axis=1), np.uint8(40))
        assert cv2.imwrite(str(disc_clip.path(frame)), picture)
        ok, png = cv2.imencode(".png", ((left | right) * 255).astype(np.uint8))
        assert ok
        pair = ObjectPrompt("pair", mask=messages.Picture("image/png", 97, 63, png.tobytes()))
        client.ask(messages.Segment(session, frame, (pair,)))
        lefts[frame] = left
    made = Combination("left", "piece", ("pair",), 1001, (14.0, 30.0))
    found = masks(stream(client, messages.CombineObjects(session, made, masks=True)))
    assert all(np.array_equal(found[frame] == 1, left) for frame, left in lefts.items())


def test_a_piece_that_is_there_is_not_made_again_and_where_a_frame_is_lost_it_is(
    client, daemon, tracked, disc_clip
) -> None:
    client.ask(messages.CombineObjects(tracked, Combination("both", "union", ("disc", "square"))))
    made = Combination("part", "piece", ("both",), 1006, disc_clip.centre(1006))
    client.ask(messages.CombineObjects(tracked, made))
    assert stream(client, messages.CombineObjects(tracked, made)) == []
    daemon.house.shelf.get(tracked).masks.forget(Sweep.COMBINED, "part", 1009)
    events: list[Any] = []
    client.ask(messages.Export(tracked, ("report",)), events.append)
    told = [(event.done, event.total) for event in events if isinstance(event, messages.Progress)]
    assert told == [(done, 12) for done in range(1, 13)]
    assert np.array_equal(shown(client, tracked, "part", 1009), truths(disc_clip, 1009)[0])


def reader(session):
    return partial(session.travel, cache_bytes=2**20)


def test_a_prompt_that_is_taken_back_while_its_object_is_finished_ends_nothing(
    client, daemon, tracked, disc_clip
) -> None:
    lone = [messages.Segment(tracked, frame, (ObjectPrompt("lone", ((60.5, 5.5),)),)) for frame in (1003, 1004, 1005)]
    for click in lone:
        client.ask(click)
    session = daemon.house.shelf.get(tracked)
    steps = finish_object(session, "lone", [1003, 1004, 1005], reader(session))
    assert next(steps).frame == 1003
    client.ask(messages.Segment(tracked, 1004, (ObjectPrompt("lone"),)))
    assert [step.frame for step in steps] == [1005]


def test_a_frame_whose_sources_are_to_be_made_anew_is_passed_over(client, daemon, tracked, disc_clip) -> None:
    combined(client, tracked, "union")
    client.ask(messages.CombineObjects(tracked, Combination("more", "union", ("both", "square"))))
    session = daemon.house.shelf.get(tracked)
    steps = combine(session, session.recipes.combined["more"], [1003, 1006, 1009], reader(session))
    assert next(steps).frame == 1003
    client.ask(messages.Segment(tracked, 1006, (ObjectPrompt("disc", (disc_clip.centre(1006),), ((8.5, 54.5),)),)))
    assert [step.frame for step in steps] == [1009]


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (Combination("x", "xor", ("disc", "square")), "xor"),
        (Combination("x", "union", ("disc",)), "2 objects"),
        (Combination("x", "union", ("disc", "disc")), "2 objects"),
        (Combination("disc", "union", ("disc", "square")), "disc"),
        (Combination("", "union", ("disc", "square")), "name"),
        (Combination("x" * 256, "union", ("disc", "square")), "too long"),
        (Combination("x", "union", ("disc", "nobody")), "nobody"),
        (Combination("x", "union", ("disc", "x")), "x"),
        (Combination("x", "piece", ("disc",)), "point"),
        (Combination("x", "piece", ("disc",), None, (40.0, 30.0)), "frame"),
        (Combination("x", "piece", ("disc",), 1006, (float("nan"), 30.0)), "point"),
        (Combination("x", "piece", ("disc",), 1006, (30.0, float("inf"))), "point"),
    ],
)
def test_combinations_that_make_no_sense_are_refused_in_words(client, tracked, disc_clip, made, word) -> None:
    with pytest.raises(InputError, match=word):
        client.ask(messages.CombineObjects(tracked, made))
    assert client.ask(messages.OpenSession(PlateRef(disc_clip.pattern))).combined == ()


def test_no_object_is_made_of_itself_over_another(client, tracked) -> None:
    combined(client, tracked, "union")
    client.ask(messages.CombineObjects(tracked, Combination("more", "union", ("both", "disc"))))
    with pytest.raises(InputError, match="both"):
        client.ask(messages.CombineObjects(tracked, Combination("both", "union", ("more", "disc"))))


def test_a_click_on_an_object_that_is_made_of_others_is_refused_in_words(client, tracked, disc_clip) -> None:
    combined(client, tracked, "union", keep=False)
    node = client.ask(messages.Export(tracked, ("nk",))).texts["nk"]
    click = messages.Segment(tracked, 1006, (ObjectPrompt("both", (disc_clip.centre(1006),)),))
    for asked in (click, messages.PromptShapes(tracked, (1006,), "nk", node)):
        with pytest.raises(InputError, match=r"“both” is made of “disc” and “square”\. Click one of these\."):
            client.ask(asked)
    assert [layer.name for layer in client.ask(messages.Fit(tracked)).document.children] == ["both"]


def test_a_session_in_which_a_combined_object_was_clicked_once_is_delivered(client, daemon, tracked, disc_clip) -> None:
    combined(client, tracked, "union")
    session, prompt = daemon.house.shelf.get(tracked), ObjectPrompt("both", (disc_clip.centre(1006),))
    session.keep_prompt(1006, prompt, disc_clip.truth(1006), 1.0, "")  # as daemons before took it
    fitted = client.ask(messages.Fit(tracked))
    assert [layer.name for layer in fitted.document.children] == ["disc", "square", "both"]
    client.ask(messages.Track(tracked))
    client.ask(messages.Segment(tracked, 1006, (ObjectPrompt("both"),)))
    assert session.prompt(1006, "both") is None, "what was said can be taken back"


def test_an_object_is_deleted_with_all_that_it_has(client, tracked, disc_clip, tmp_path) -> None:
    client.ask(messages.FinishMasks(tracked, GROWN))
    client.ask(messages.DeleteObject(tracked, "square"))
    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern)))
    assert set(opened.stored) == set(opened.prompted) == set(opened.finish) == {"disc"}
    with pytest.raises(InputError, match="square"):
        client.ask(messages.DeleteObject(tracked, "square"))


def shown(client, session: str, name: str, frame: int) -> np.ndarray:
    """The mask that stands."""
    (one,) = [one for one in client.ask(messages.MaskQuery(session, frame)).objects if one.object == name]
    return cv2.imdecode(np.frombuffer(one.mask.data, np.uint8), cv2.IMREAD_UNCHANGED) >= 128


@pytest.mark.parametrize("objects", [(), ("both", "disc", "square")])
def test_objects_are_finished_before_those_that_are_made_of_them(client, tracked, objects) -> None:
    plain = combined(client, tracked, "union")[1006] >= 0.5
    client.ask(messages.FinishMasks(tracked, GROWN, objects))
    both = shown(client, tracked, "both", 1006)
    of_sources = shown(client, tracked, "disc", 1006) | shown(client, tracked, "square", 1006)
    assert of_sources.sum() > plain.sum()
    assert both.sum() > of_sources.sum(), "it is grown itself, beyond what was grown in its sources"


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda session: messages.FinishMasks(session, GROWN, ("disc",)), "disc"),
        (lambda session: messages.FinishMasks(session, FinishSettings(steady_frames=1), ("disc",)), "disc"),
        (lambda session: messages.CombineObjects(session, Combination("both", "union", ("disc", "square"))), "both"),
        (
            lambda session: messages.CombineObjects(session, Combination("part", "piece", ("disc",), 1006, (40, 30))),
            "part",
        ),
    ],
    ids=["grown", "steadied", "union", "piece"],
)
def test_a_mask_that_is_corrected_while_others_are_made_of_it_is_in_them_in_the_end(
    client, daemon, tracked, disc_clip, ask, name
) -> None:
    session = daemon.house.shelf.get(tracked)
    read, corrections = session.masks.read, [disc_clip.truth(1001)]

    def read_and_correct(record):
        mask = read(record)
        if (record.object, record.frame) == ("disc", 1006) and corrections:
            correction = corrections.pop()
            session.keep_prompt(1006, ObjectPrompt("disc"), correction, 1.0, session.pictures[1006])
        return mask

    def standing() -> dict[int, np.ndarray]:
        client.ask(messages.Export(tracked, ("report",)))
        return {frame: shown(client, tracked, name, frame) for frame in range(1001, 1013)}

    session.masks.read = read_and_correct
    client.ask(ask(tracked))
    assert not corrections
    found = standing()
    for sweep in (Sweep.COMBINED, Sweep.FINISHED):
        for record in session.masks.records(sweep):
            session.masks.forget(sweep, record.object, record.frame)
    anew = standing()
    assert [frame for frame, mask in found.items() if not np.array_equal(mask, anew[frame])] == []


FILES = MatteFiles(coverage=True, layers=True)


@pytest.mark.parametrize(
    "work",
    [
        *(lambda s, f, kind=kind: messages.Export(s, (kind,), f, files=FILES) for kind in ("png", "exr", "prores")),
        lambda s, f: messages.Export(s, ("cryptomatte",), f),
        lambda s, _: messages.Export(s, ("nk",)),
        lambda s, _: messages.Fit(s, ("both",)),
        lambda s, _: messages.RefineEdges(s, ("both",), model="closed-form"),
    ],
    ids=["png", "exr", "prores", "cryptomatte", "commit", "fit", "refine"],
)
def test_what_is_made_of_an_object_that_is_clicked_meanwhile_is_delivered_as_it_was(
    client, daemon, tracked, disc_clip, tmp_path, work
) -> None:
    client.ask(messages.CombineObjects(tracked, Combination("both", "union", ("disc", "square"))))
    client.ask(messages.FinishMasks(tracked, GROWN, ("both",)))
    session = daemon.house.shelf.get(tracked)
    before = {frame: session.masks.read(session.standing.finest("both", frame)) for frame in (1005, 1006)}
    delivered, read, is_clicked = [], session.masks._coded, []

    def read_and_click(record):
        if record.object == "both":
            delivered.append(record)
        if (record.object, record.frame) == ("both", 1005) and not is_clicked:
            is_clicked.append(True)
            session.keep_prompt(1006, ObjectPrompt("disc"), disc_clip.truth(1001), 1.0, session.pictures[1006])
        return read(record)

    session.masks._coded = read_and_click
    client.ask(work(tracked, str(tmp_path / "out")))
    session.masks._coded = read
    assert session.standing.best("both", 1006) is None
    (last,) = {record.digest: record for record in delivered if record.frame == 1006}.values()
    assert np.array_equal(session.masks.read(last), before[1006])


def test_until_it_is_made_anew_a_corrected_mask_is_shown_as_it_is_and_what_is_made_of_it_not_at_all(
    client, tracked, disc_clip
) -> None:
    client.ask(messages.FinishMasks(tracked, GROWN, ("disc",)))
    client.ask(messages.RefineEdges(tracked, ("square",), settings=EdgeSettings(quality="none", shutter=0.5)))
    combined(client, tracked, "union", objects=("disc", "square"))
    finished = {frame: shown(client, tracked, "disc", frame) for frame in (1005, 1006)}
    click = (ObjectPrompt("disc", (disc_clip.centre(1006),)), ObjectPrompt("square", ((8.5, 53.5),)))
    clicked = client.ask(messages.Segment(tracked, 1006, click))
    assert client.ask(messages.MaskQuery(tracked, 1006)).objects == clicked.objects
    assert [one.object for one in client.ask(messages.MaskQuery(tracked, 1005)).objects] == ["disc", "square", "both"]
    assert np.array_equal(shown(client, tracked, "disc", 1005), finished[1005])
    client.ask(messages.Export(tracked, ("report",)))
    assert shown(client, tracked, "both", 1006).sum() > finished[1006].sum() > disc_clip.truth(1006).sum() + 100


def test_what_is_made_of_finished_objects_is_there_once_they_are_tracked_anew(client, tracked, disc_clip) -> None:
    combined(client, tracked, "union")
    client.ask(messages.FinishMasks(tracked, GROWN, ("disc",)))
    corrected = ObjectPrompt("disc", (disc_clip.centre(1011),))
    client.ask(messages.Segment(tracked, 1011, (corrected,)))
    client.ask(messages.Track(tracked))
    text = client.ask(messages.Export(tracked, ("json",))).texts["json"]
    assert [child.name for child in document_of_text(text, ".json").children] == ["disc", "square", "both"]


def test_an_object_is_called_otherwise_wherever_it_is_spoken_of(client, tracked, disc_clip) -> None:
    combined(client, tracked, "union")
    client.ask(messages.FinishMasks(tracked, GROWN))
    before = client.ask(messages.MaskQuery(tracked, 1006))
    client.ask(messages.RenameObject(tracked, "disc", "ball"))
    client.ask(messages.RenameObject(tracked, "both", "all"))
    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern)))
    assert set(opened.prompted) == {"ball", "square"}
    assert set(opened.stored) == {"ball", "square", "all"}
    assert [(made.name, made.objects) for made in opened.combined] == [("all", ("ball", "square"))]
    names = {"disc": "ball", "both": "all"}
    after = client.ask(messages.MaskQuery(tracked, 1006))
    assert {names.get(one.object, one.object): one.mask for one in before.objects} == {
        one.object: one.mask for one in after.objects
    }


@pytest.mark.parametrize("name", ["square", "  ", ""])
def test_a_name_that_is_taken_or_empty_is_refused(client, tracked, name) -> None:
    with pytest.raises(InputError, match="cannot be the name"):
        client.ask(messages.RenameObject(tracked, "disc", name))
    with pytest.raises(InputError, match="There is no object"):
        client.ask(messages.RenameObject(tracked, "nobody", "somebody"))


def test_a_name_is_as_long_as_a_folder_s_may_be(client, tracked) -> None:
    with pytest.raises(InputError, match="too long"):
        client.ask(messages.RenameObject(tracked, "disc", "舞" * 29))
    client.ask(messages.RenameObject(tracked, "disc", "舞" * 28))
    assert shown(client, tracked, "舞" * 28, 1006).any()


def test_an_object_that_others_are_made_of_is_not_deleted(client, tracked, disc_clip) -> None:
    combined(client, tracked, "union")
    with pytest.raises(InputError, match="both"):
        client.ask(messages.DeleteObject(tracked, "disc"))
    client.ask(messages.DeleteObject(tracked, "both"))
    assert set(client.ask(messages.OpenSession(PlateRef(disc_clip.pattern))).stored) == {"disc", "square"}


def test_the_report_tells_how_masks_were_made(client, tracked) -> None:
    combined(client, tracked, "union")
    client.ask(messages.FinishMasks(tracked, GROWN, ("both",)))
    text = client.ask(messages.Export(tracked, ("report",))).texts["report"]
    assert '"grow_px": 2.0' in text
    assert '"operation": "union"' in text

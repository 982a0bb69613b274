"""Texts to candidates and masks to mattes, over the daemon's messages."""

from typing import Any

import cv2
import numpy as np
import pytest

from roto_daemon.backends.table import MODELS, Model, Task
from roto_shared.errors import InputError, MissingWeightsError, UnknownEngineError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Candidate, EdgeSettings, ObjectPrompt, Picture, PlateRef

DISC = ObjectPrompt("disc", ((20.5, 30.5),))
SQUARE = ObjectPrompt("square", ((8.5, 54.5),))


def pixels(picture: Picture | None) -> np.ndarray:
    assert picture is not None
    return cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_UNCHANGED) / 255.0


@pytest.fixture
def session(client, disc_clip) -> str:
    return client.ask(messages.OpenSession(PlateRef(disc_clip.pattern))).session


@pytest.fixture
def detector(monkeypatch) -> str:
    small = Model("small-dino", (Task.DETECT,), "tests", "tests.daemon.small_models")
    monkeypatch.setitem(MODELS, small.name, small)
    return small.name


def test_a_text_gives_candidates_surest_first(client, session, detector):
    found = client.ask(messages.Find(session, 1003, "Cars, person in red"))
    assert found.model == detector
    assert found.candidates
    assert {one.label for one in found.candidates} <= {"Cars", "person in red"}
    assert [one.confidence for one in found.candidates] == sorted(
        (o.confidence for o in found.candidates), reverse=True
    )
    assert all(one.mask is None for one in found.candidates)


def test_candidates_come_with_masks_where_they_are_asked_for(client, session, detector):
    found = client.ask(messages.Find(session, 1003, "car", masks=True))
    assert all(pixels(one.mask).shape == (63, 97) for one in found.candidates)


def test_a_rejected_candidate_does_not_come_back_and_an_accepted_one_does(client, session, detector):
    first = client.ask(messages.Find(session, 1003, "car")).candidates
    assert len(first) > 2
    again = client.ask(messages.Find(session, 1003, "car", accepted=(first[-1],), rejected=(first[0],))).candidates
    assert first[-1].box in [one.box for one in again]
    assert first[0].box not in [one.box for one in again]


def test_the_box_of_a_candidate_is_a_prompt(client, session, disc_clip):
    found = Candidate("disc", (7.0, 17.0, 34.0, 44.0), 0.9)
    answer = client.ask(messages.Segment(session, 1001, (ObjectPrompt(found.label, box=found.box),)))
    assert answer.objects[0].state == "prompted"


@pytest.mark.parametrize(
    ("text", "frame", "told"), [(" ", 1001, "text is empty"), (",.", 1001, "names nothing"), ("car", 7, "no frame 7")]
)
def test_what_cannot_be_looked_for_is_said(client, session, detector, text, frame, told):
    with pytest.raises(InputError, match=told):
        client.ask(messages.Find(session, frame, text))


def test_without_weights_a_sentence_says_how_to_get_them(client, session):
    with pytest.raises(MissingWeightsError, match="roto models pull grounding-dino-tiny bert-base-uncased-vocab"):
        client.ask(messages.Find(session, 1001, "car"))
    with pytest.raises(UnknownEngineError, match="'disc' does not detect"):
        client.ask(messages.Find(session, 1001, "car", model="disc"))


@pytest.fixture
def tracked(client, session) -> str:
    client.ask(messages.Segment(session, 1001, (DISC, SQUARE)))
    client.ask(messages.Track(session))
    return session


def refine(client, session: str, **more: Any) -> list[messages.TrackedFrame]:
    events: list[Any] = []
    client.ask(messages.RefineEdges(session, model="closed-form", **more), events.append)
    return [event for event in events if isinstance(event, messages.TrackedFrame)]


def test_every_mask_gets_a_matte_that_is_soft_only_at_its_edge(client, tracked, disc_clip):
    steps = refine(client, tracked, masks=True)
    assert [step.frame for step in steps] == list(range(1001, 1013))
    assert (steps[-1].done, steps[-1].total) == (12, 12)
    for step in steps:
        matte = pixels(next(state.mask for state in step.objects if state.object == "disc"))
        x, y = disc_clip.centre(step.frame)
        rows, columns = np.mgrid[:63, :97] + 0.5
        distance = np.hypot(columns - x, rows - y) - 12
        assert (matte[distance < -10] == 1).all()
        assert (matte[distance > 25] == 0).all()
        assert np.abs((matte >= 0.5) ^ (disc_clip.truth(step.frame) > 0)).mean() < 0.01


def test_mattes_are_stored_and_made_again_only_where_something_changed(client, tracked):
    refine(client, tracked, last=1004)
    assert [step.stored for step in refine(client, tracked)] == [True] * 4 + [False] * 8
    assert all(step.stored for step in refine(client, tracked))
    assert not any(step.stored for step in refine(client, tracked, settings=EdgeSettings("fast")))
    client.ask(messages.Segment(tracked, 1004, (ObjectPrompt("disc", ((32.5, 30.5),)),)))
    changed = [step.frame for step in refine(client, tracked, settings=EdgeSettings("fast")) if not step.stored]
    assert changed == [1004]


def test_a_picture_that_was_rendered_anew_gets_a_new_matte_of_the_same_mask(client, session, disc_clip):
    coded = cv2.imencode(".png", (disc_clip.truth(1003) * 255).astype(np.uint8))[1].tobytes()
    given = messages.Segment(session, 1003, (ObjectPrompt("disc", mask=Picture("image/png", 97, 63, coded)),))
    client.ask(given)
    (before,) = refine(client, session, masks=True)
    picture = cv2.imread(str(disc_clip.path(1003)))
    assert cv2.imwrite(str(disc_clip.path(1003)), cv2.GaussianBlur(picture, (0, 0), 3))
    client.ask(messages.CloseSession(session))
    client.ask(given)
    (after,) = refine(client, session, masks=True)
    assert not after.stored
    assert not np.array_equal(pixels(after.objects[0].mask), pixels(before.objects[0].mask))


def test_exports_have_the_mattes_and_shapes_keep_to_the_masks(client, tracked, tmp_path):
    before = client.ask(messages.Export(tracked, ("png",), str(tmp_path / "masks")))
    refine(client, tracked, settings=EdgeSettings(steadiness=0.5))
    after = client.ask(messages.Export(tracked, ("png",), str(tmp_path / "mattes")))
    pairs = [(cv2.imread(one, 0), cv2.imread(two, 0)) for one, two in zip(before.files, after.files, strict=True)]
    assert all(set(np.unique(mask)) <= {0, 255} for mask, _ in pairs)
    assert any(((matte > 5) & (matte < 250)).any() for _, matte in pairs)


def test_a_mask_that_changed_goes_out_without_its_old_matte(client, tracked, tmp_path):
    refine(client, tracked)
    client.ask(messages.Segment(tracked, 1001, (ObjectPrompt("disc", box=(0.0, 0.0, 60.0, 60.0)),)))
    files = client.ask(messages.Export(tracked, ("png",), str(tmp_path / "out"))).files
    mask = cv2.imread(next(file for file in files if "disc" in file and "1001" in file), 0)
    assert set(np.unique(mask)) <= {0, 255}


def test_a_frame_that_cannot_be_read_is_a_fault_of_that_frame(client, tracked, disc_clip):
    disc_clip.path(1006).write_bytes(b"")
    events: list[Any] = []
    answer = client.ask(messages.RefineEdges(tracked, model="closed-form"), events.append)
    assert [fault.frame for fault in answer.faults] == [1006]


def test_settings_that_make_no_sense_are_refused(client, session, tracked):
    with pytest.raises(InputError, match="no quality “quick”"):
        refine(client, tracked, settings=EdgeSettings("quick"))
    with pytest.raises(InputError, match="wide_px is 1e"):
        refine(client, tracked, settings=EdgeSettings("good", wide_px=1e30))
    with pytest.raises(InputError, match="shutter is nan"):
        refine(client, tracked, settings=EdgeSettings("good", shutter=float("nan")))
    with pytest.raises(InputError, match="exposure is nan"):
        client.ask(messages.FrameQuery(session, 1, exposure=float("nan")))
    with pytest.raises(InputError, match="no masks to refine"):
        refine(client, tracked, first=5, last=6)

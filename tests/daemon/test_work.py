"""The daemon's work over its messages, with an engine and a clip whose truth is exact."""

import json

import cv2
import numpy as np
import pytest
from disc_work import DISC, open_session, pixels, track

from roto_daemon.sessions.masks import Sweep
from roto_shared.client import DaemonClient
from roto_shared.errors import InputError, PlateError, StorageError, UnknownEngineError
from roto_shared.protocol import messages
from roto_shared.protocol.messages import CurveSettings, ObjectPrompt, Picture, PlateRef


@pytest.fixture
def session(client, disc_clip) -> str:
    return open_session(client, disc_clip).session


def test_a_session_tells_what_the_plate_is(client, disc_clip):
    opened = open_session(client, disc_clip)
    assert (opened.width, opened.height) == (97, 63)
    assert opened.frames == tuple(range(1001, 1013))
    assert opened.engine == "disc"


def test_a_plate_has_one_session_however_its_path_is_written(client, disc_clip, monkeypatch):
    folder, name = disc_clip.folder, "disc.####.png"
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("HOME", str(folder.parent))
    ways = [
        f"{folder}/../plate/{name}",
        f"{folder}//./{name}",
        f"plate/{name}",
        f"../{folder.parent.name}/plate/{name}",
    ]
    sessions = {open_plate_at(client, way) for way in (disc_clip.pattern, *ways, f"~/plate/{name}")}
    assert sessions == {open_session(client, disc_clip).session}
    assert open_plate_at(client, f"{folder}/") == open_plate_at(client, str(folder))


def test_two_dots_after_a_link_lead_where_the_link_leads(client, disc_clip, tmp_path):
    (tmp_path / "shots").mkdir()
    (tmp_path / "shots" / "link").symlink_to(disc_clip.folder)
    beside = open_plate_at(client, f"{tmp_path}/shots/link/../plate/disc.####.png")
    assert client.ask(messages.FrameQuery(beside, 1001)).picture.width == 97
    linked = open_plate_at(client, f"{tmp_path}/shots/link/disc.####.png")
    assert linked != open_session(client, disc_clip).session, "what a link leads to may be another version tomorrow"


def open_plate_at(client: DaemonClient, path: str) -> str:
    return client.ask(messages.OpenSession(PlateRef(path), "disc")).session


def test_a_click_gives_the_mask_of_what_was_clicked(client, session, disc_clip):
    answer = client.ask(messages.Segment(session, 1001, (DISC,)))
    track(client, session, first=1001, last=1002, masks=True)
    assert [state.object for state in answer.objects] == ["disc"]
    assert answer.objects[0].state == "prompted"


def test_clicks_on_one_frame_after_another_are_answered_by_the_picture_of_each(client, session, disc_clip):
    for frame in (1001, 1010, 1001):
        prompt = ObjectPrompt("disc", (disc_clip.centre(frame),))
        (disc,) = client.ask(messages.Segment(session, frame, (prompt,))).objects
        assert np.array_equal(pixels(disc.mask), disc_clip.truth(frame))


def test_a_click_can_give_the_frames_shape_at_once(client, session, disc_clip):
    answer = client.ask(messages.Segment(session, 1001, (DISC,), CurveSettings()))
    knots = answer.objects[0].shapes.children[0].keys[0].knots
    distances = [np.hypot(k.x - 20, k.y - 30) for k in knots]
    assert max(abs(d - 12) for d in distances) < 1.0


def test_shapes_are_fitted_though_the_plate_is_away(client, prompted, disc_clip):
    track(client, prompted)
    disc_clip.folder.rename(disc_clip.folder.with_name("elsewhere"))
    (layer,) = client.ask(messages.Fit(prompted)).document.children
    assert layer.name == "disc"
    assert len(layer.children) == 1


def test_an_object_that_is_named_twice_is_fitted_once(client, prompted):
    assert len(client.ask(messages.Fit(prompted, ("disc", "disc"))).document.children) == 1


def test_a_lost_object_asks_for_a_click_and_keeps_its_last_mask(client, prompted, disc_clip):
    grey = np.full((63, 97, 3), 128, np.uint8)
    for frame in (1011, 1012):
        cv2.imwrite(str(disc_clip.path(frame)), grey)
    events, answer = track(client, prompted, masks=True)
    assert answer.needs_click == {"disc": (1011, 1012)}
    assert pixels(events[-1].objects[0].mask).max() > 0


def test_frames_on_which_an_object_is_uncertain_are_told(client, prompted, disc_clip, tmp_path):
    jumped = np.roll(cv2.imread(str(disc_clip.path(1011))), -48, axis=1)
    cv2.imwrite(str(disc_clip.path(1011)), jumped)
    _, answer = track(client, prompted)
    assert answer.uncertain == {"disc": (1011, 1012)}
    assert answer.needs_click == {}
    client.ask(messages.Export(prompted, ("report",), str(tmp_path)))
    report = json.loads((tmp_path / "report.json").read_text())["objects"]["disc"]
    assert (report["uncertain"], report["needs_click"]) == ([1011, 1012], [])


@pytest.mark.parametrize("formats", [("report", "fxs"), ("fxs", "report"), ("report", "fxs", "nk")])
def test_the_report_tells_how_the_curves_fit_whatever_formats_are_beside_it(client, prompted, tmp_path, formats):
    client.ask(messages.Track(prompted, last=1003))
    client.ask(messages.Export(prompted, formats, str(tmp_path)))
    curves = json.loads((tmp_path / "report.json").read_text())["objects"]["disc"]["curves"]
    assert set(curves["frames"]) == {"1001", "1002", "1003"}


def test_a_report_alone_keeps_no_masks_for_a_host(client, daemon, prompted):
    client.ask(messages.Export(prompted, ("report",)))
    assert not list(daemon.house.shelf.get(prompted).folder.rglob("given.masks/*"))


def test_a_frame_that_got_its_click_needs_none(client, prompted, disc_clip):
    lost = disc_clip.path(1012)
    cv2.imwrite(str(lost), np.full((63, 97, 3), 128, np.uint8))
    _, answer = track(client, prompted)
    assert answer.needs_click == {"disc": (1012,)}
    client.ask(messages.Segment(prompted, 1012, (ObjectPrompt("disc", ((50.0, 30.0),)),)))
    _, answer = track(client, prompted)
    assert answer.needs_click == {}


def test_a_prompt_can_be_taken_back(client, prompted, disc_clip):
    client.ask(messages.Segment(prompted, 1001, (ObjectPrompt("disc"),)))
    with pytest.raises(InputError, match="prompted"):
        client.ask(messages.Track(prompted))


def test_the_same_prompt_again_makes_a_mask_that_a_crash_took_away(client, daemon, prompted):
    daemon.house.shelf.get(prompted).masks.forget(Sweep.PROMPTED, "disc", 1001)
    with pytest.raises(InputError, match="prompted"):
        client.ask(messages.Track(prompted))
    client.ask(messages.Segment(prompted, 1001, (DISC,)))
    assert client.ask(messages.Track(prompted)).frames == 12


def test_a_prompt_whose_mask_is_damaged_is_told_until_it_is_said_anew(client, daemon, prompted, disc_clip):
    corrected = ObjectPrompt("disc", (disc_clip.centre(1006),))
    client.ask(messages.Segment(prompted, 1006, (corrected,)))
    (daemon.house.shelf.get(prompted).folder / "prompted" / "disc" / "1006.png").write_bytes(b"")
    with pytest.raises(StorageError) as told:
        client.ask(messages.Track(prompted))
    assert told.value.remedy == "Prompt the frame anew."
    with pytest.raises(InputError, match="frame 1006 was lost"):
        client.ask(messages.Track(prompted))
    client.ask(messages.Segment(prompted, 1006, (corrected,)))
    assert client.ask(messages.Track(prompted)).frames == 12


def test_a_supplied_mask_is_the_object_itself(client, session, disc_clip):
    coded = cv2.imencode(".png", (disc_clip.truth(1003) * 255).astype(np.uint8))[1].tobytes()
    picture = Picture("image/png", 97, 63, coded)
    client.ask(messages.Segment(session, 1003, (ObjectPrompt("disc", mask=picture),)))
    events, _ = track(client, session, masks=True)
    assert len(events) == 11


def test_clicks_beside_a_supplied_mask_correct_it(client, session, disc_clip):
    wide = np.zeros((63, 97), np.uint8)
    wide[:, :50] = 255
    picture = Picture("image/png", 97, 63, cv2.imencode(".png", wide)[1].tobytes())
    outside = (2.0, 60.0)
    assert disc_clip.truth(1003)[60, 2] == 0
    prompt = ObjectPrompt("disc", negative=(outside,), mask=picture)
    answer = client.ask(messages.Segment(session, 1003, (prompt,)))
    corrected = pixels(answer.objects[0].mask) > 0.5
    disc = (disc_clip.truth(1003) > 0.5) & (wide > 127)
    assert not corrected[60, 2]
    assert (corrected & disc).sum() > 0.95 * disc.sum() > 0
    assert (corrected & ~disc).sum() < 0.2 * disc.sum()  # its soft edge


def test_frames_that_were_rendered_since_are_there_when_the_plate_is_opened_again(client, disc_clip):
    late = disc_clip.path(1012).rename(disc_clip.folder / "late")
    first = open_session(client, disc_clip)
    client.ask(messages.Segment(first.session, 1001, (DISC,)))
    track(client, first.session)
    late.rename(disc_clip.path(1012))
    again = open_session(client, disc_clip)
    assert (first.session, first.frames[-1]) == (again.session, 1011)
    assert again.frames[-1] == 1012
    events, _ = track(client, again.session)
    assert [event.frame for event in events if not event.stored] == [1012]


def test_a_picture_that_was_shown_and_clicked_is_not_remembered_once_it_was_rendered_anew(client, disc_clip, prompted):
    def shown() -> np.ndarray:
        return pixels(client.ask(messages.FrameQuery(prompted, 1001, media="image/png")).picture)

    assert shown()[35, 20, 2] == 1
    assert cv2.imwrite(str(disc_clip.path(1001)), np.roll(cv2.imread(str(disc_clip.path(1001))), 40, axis=1))
    open_session(client, disc_clip)
    assert shown()[35, 20, 2] < 1
    answer = client.ask(messages.Segment(prompted, 1001, (ObjectPrompt("disc", ((60.5, 30.5),)),)))
    assert np.array_equal(pixels(answer.objects[0].mask) >= 0.5, np.roll(disc_clip.truth(1001), 40, axis=1) > 0)


def test_what_was_prompted_before_the_plate_had_another_size_is_to_be_prompted_anew(client, disc_clip, prompted):
    client.ask(messages.Track(prompted))
    for frame in range(1001, 1013):
        picture = cv2.imread(str(disc_clip.path(frame)))
        assert cv2.imwrite(str(disc_clip.path(frame)), cv2.resize(picture, None, fx=2, fy=2))
    opened = open_session(client, disc_clip)
    assert (opened.session, opened.width) == (prompted, 194)
    with pytest.raises(InputError, match="frame 1001 when the plate was 97×63 px"):
        client.ask(messages.Track(prompted))
    client.ask(messages.Segment(prompted, 1001, (ObjectPrompt("disc", ((40.5, 60.5),)),)))
    events, _ = track(client, prompted, masks=True)
    assert {pixels(event.objects[0].mask).shape for event in events} == {(126, 194)}
    fitted = client.ask(messages.Fit(prompted))
    assert (fitted.document.width, fitted.document.height) == (194, 126)


@pytest.mark.parametrize(
    ("prompt", "frame", "word"),
    [
        (ObjectPrompt("disc", ((500.0, 5.0),)), 1001, "outside the picture"),
        (ObjectPrompt("disc", ((float("nan"), 5.0),)), 1001, "outside the picture"),
        (ObjectPrompt("disc", ((5.0, 5.0),) * 150, ((9.0, 9.0),) * 51), 1001, "clicks on “disc” is 201"),
        (ObjectPrompt("disc", box=(5.0, 5.0, 5.0, 9.0)), 1001, "empty or outside"),
        (ObjectPrompt("disc", box=(500.0, 5.0, 600.0, 9.0)), 1001, "empty or outside"),
        (ObjectPrompt("disc", ((5.0, 5.0),)), 5, "no frame 5"),
        (ObjectPrompt("", ((5.0, 5.0),)), 1001, "names no object"),
        (ObjectPrompt("舞" * 29, ((5.0, 5.0),)), 1001, "too long"),
        (ObjectPrompt("disc", negative=((5.0, 5.0),)), 1001, "negative click alone"),
        (ObjectPrompt("disc", mask=Picture("image/png", 1, 1, b"junk")), 1001, "not a picture"),
        (ObjectPrompt("disc", mask=Picture("image/png", 1, 1, b"")), 1001, "not a picture"),
    ],
)
def test_a_prompt_that_makes_no_sense_is_refused_in_words(client, session, prompt, frame, word):
    with pytest.raises(InputError, match=word):
        client.ask(messages.Segment(session, frame, (prompt,)))


def test_a_mask_of_another_size_is_refused(client, session):
    coded = cv2.imencode(".png", np.zeros((5, 7), np.uint8))[1].tobytes()
    with pytest.raises(InputError, match="7×5"):
        client.ask(messages.Segment(session, 1001, (ObjectPrompt("disc", mask=Picture("image/png", 7, 5, coded)),)))


def test_unknown_engines_sessions_objects_and_plates_are_named(client, disc_clip, prompted, tmp_path):
    opened = open_session(client, disc_clip, engine="warp-drive")
    with pytest.raises(UnknownEngineError, match="warp-drive"):
        client.ask(messages.Segment(opened.session, 1001, (DISC,)))
    with pytest.raises(InputError, match="no session"):
        client.ask(messages.Track("ffffffffffffffff"))
    with pytest.raises(InputError, match="cat"):
        client.ask(messages.Track(prompted, objects=("cat",)))
    with pytest.raises(PlateError, match="nowhere"):
        client.ask(messages.OpenSession(PlateRef(str(tmp_path / "nowhere.####.png"))))


def test_panels_get_display_ready_frames_no_larger_than_they_ask(client, session):
    frame = client.ask(messages.FrameQuery(session, 1001, limit_px=48))
    assert (frame.picture.width, frame.picture.height) == (48, 31)
    png = client.ask(messages.FrameQuery(session, 1001, media="image/png"))
    assert cv2.imdecode(np.frombuffer(png.picture.data, np.uint8), cv2.IMREAD_COLOR).shape == (63, 97, 3)
    with pytest.raises(InputError, match="image/gif"):
        client.ask(messages.FrameQuery(session, 1001, media="image/gif"))


def test_a_frame_comes_through_the_view_and_exposure_that_are_asked_for(client, session):
    def mean(**more):
        picture = client.ask(messages.FrameQuery(session, 1001, 48, "image/png", **more)).picture
        return cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_COLOR).mean()

    assert mean(exposure=1.0) > mean() > mean(exposure=-1.0)
    assert mean(view="sRGB - Display/Un-tone-mapped") == pytest.approx(mean(), abs=1)
    with pytest.raises(InputError, match="no view “Film/Log”"):
        mean(view="Film/Log")


def test_the_masks_of_a_frame_can_be_asked_for_at_any_time(client, prompted, disc_clip):
    assert client.ask(messages.MaskQuery(prompted, 1005)).objects == ()
    track(client, prompted)
    answer = client.ask(messages.MaskQuery(prompted, 1005))
    assert [state.object for state in answer.objects] == ["disc"]
    assert np.array_equal(pixels(answer.objects[0].mask) >= 0.5, disc_clip.truth(1005) > 0)
    assert client.ask(messages.MaskQuery(prompted, 1005, ("nobody",))).objects == ()


def test_colour_spaces_and_views_to_choose_from_are_told(client, disc_clip):
    colours = client.ask(messages.ColourQuery())
    assert {"ACEScg", "ARRI LogC4"} <= set(colours.spaces)
    assert "Un-tone-mapped" in colours.views["sRGB - Display"]
    assert open_session(client, disc_clip).colour_space == "sRGB"
    plate = PlateRef(disc_clip.pattern, colour_space="ACEScg")
    assert client.ask(messages.OpenSession(plate)).colour_space == "ACEScg"


def test_engines_are_listed_with_what_they_lack(client):
    engines = {engine.name: engine for engine in client.ask(messages.ModelsQuery()).engines}
    assert engines["disc"].missing == ()
    assert engines["embedded"].missing == ("u2netp",)


def test_only_some_settings_change_while_it_runs(client):
    client.ask(messages.ChangeSettings({"idle_unload_s": "5"}))
    assert client.ask(messages.SettingsQuery()).values["idle_unload_s"] == "5.0"
    for values, word in (({"state_dir": "/x"}, "cannot be changed"), ({"cache_mb": "much"}, "much")):
        with pytest.raises(InputError, match=word):
            client.ask(messages.ChangeSettings(values))


def test_status_tells_what_is_open_and_loaded(client, prompted):
    status = client.ask(messages.StatusQuery())
    assert status.sessions == (prompted,)
    assert status.engines == ("disc",)
    assert status.memory_mb > 1


def test_idle_engines_give_their_memory_back(client, daemon, prompted):
    client.ask(messages.ChangeSettings({"idle_unload_s": "-1"}))
    daemon.rest()
    assert client.ask(messages.StatusQuery()).engines == ()
    assert client.ask(messages.Segment(prompted, 1001, (DISC,))).objects[0].object == "disc"

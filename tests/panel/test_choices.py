"""What an artist chooses, kept with the scene, and what follows from it."""

from __future__ import annotations

import pytest
from desk_host import NO_FILES

from roto_panel.choices import CHOICES, Choices, choices_from_text, choices_text
from roto_shared.errors import FormatError
from roto_shared.protocol.data import CurveSettings, EdgeSettings, FinishSettings

CHOSEN = Choices(
    "disc", 1003, 1010, CurveSettings("loose", detail=2.0), EdgeSettings("best"), FinishSettings(2), "Roto7"
)


def test_choices_survive_as_one_line_of_text() -> None:
    text = choices_text(CHOSEN)
    assert "\n" not in text
    assert choices_from_text(text) == CHOSEN
    assert choices_from_text("") == Choices()


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"schema": "roto.choices/9"}', '{"schema": "roto.choices/1", "first": "x"}']
)
def test_other_texts_are_refused_in_words(text) -> None:
    with pytest.raises(FormatError):
        choices_from_text(text)


def test_choices_are_kept_and_are_there_again(desk, make_desk) -> None:
    desk.presenter.choose(first=1005, curves=CurveSettings("tight"))
    again = make_desk(dict(desk.host.kept))
    assert again.presenter.state.choices == desk.presenter.state.choices
    assert choices_from_text(desk.host.kept[CHOICES]).first == 1005


def test_a_range_bounds_the_track(clicked) -> None:
    clicked.presenter.choose(first=1001, last=1006)
    clicked.presenter.tracking.track()
    state = clicked.until(lambda state: state.working is None and state.told.endswith("frames"))
    assert set(state.timeline["object1"]) == set(range(1001, 1007))


def test_one_frame_is_tracked_from_the_nearest_prompt(clicked) -> None:
    clicked.presenter.seeing.go_to(1005)
    clicked.presenter.tracking.track_frame()
    state = clicked.until(lambda state: state.working is None and state.told.endswith("frames"))
    assert max(state.timeline["object1"]) == 1005


def test_another_engine_opens_the_plate_anew_with_the_same_prompts(clicked) -> None:
    before = clicked.presenter.state.session.session
    clicked.presenter.choose(engine="disc+disc")
    state = clicked.until(lambda state: state.session is not None and bool(state.masks))
    assert state.trouble is None
    assert state.session.session != before or state.session.engine == "disc"
    assert state.book.frames("object1") == (1001,)


def test_other_curves_draw_other_outlines(clicked) -> None:
    def knots() -> int:
        return clicked.presenter.state.outlines["object1"].children[0].knot_count

    clicked.until(lambda state: "object1" in state.outlines)
    few = knots()
    clicked.presenter.choose(curves=CurveSettings("tight", detail=6.0, tolerance_px=0.1))
    clicked.until(lambda state: "object1" in state.outlines and knots() > few)


def test_edges_are_refined_and_masks_finished_from_the_panel(tracked, clip) -> None:
    tracked.presenter.choose(edges=EdgeSettings("none"), finish=FinishSettings(grow_px=3.0))
    tracked.presenter.tracking.refine()
    tracked.until(lambda state: state.working is None and "frames" in state.told)
    plain = tracked.mask("object1").sum()
    tracked.presenter.tracking.preview_finish()
    tracked.until(lambda _: tracked.mask("object1").sum() > plain)
    tracked.presenter.seeing.frame_changed(1001)
    tracked.until(lambda state: bool(state.masks) and tracked.mask("object1").sum() == plain)
    tracked.presenter.tracking.finish()
    tracked.until(lambda state: state.working is None and tracked.mask("object1").sum() > plain)


def test_what_is_no_plate_is_rendered_a_frame_at_a_time(make_desk, clip) -> None:
    desk = make_desk(pattern=NO_FILES)
    assert desk.presenter.state.can_render
    assert desk.presenter.state.trouble.remedy == "Render it."
    desk.host.rendered = clip.pattern
    desk.presenter.render()
    told = [desk.presenter.state.working]
    while desk.host.waiting:
        desk.host.run_waiting()
        told.append(desk.presenter.state.working)
    assert [one.done for one in told if one is not None] == [1, 2, 3]
    desk.until(lambda state: state.picture is not None)
    assert not desk.presenter.state.can_render


def test_rendering_stops_when_it_is_told_to_and_tells_what_fails(make_desk) -> None:
    desk = make_desk(pattern=NO_FILES)
    desk.presenter.render()
    desk.presenter.stop()
    desk.host.run_waiting()
    assert desk.presenter.state.working is None
    assert desk.host.waiting == []
    desk.host.render_fails_at = 2
    desk.presenter.render()
    desk.host.run_waiting()
    assert desk.presenter.state.trouble.message == "A frame cannot be rendered."
    assert desk.presenter.state.working is None


def test_what_can_be_rendered_can_be_so_though_a_plate_is_found_too(make_desk, monkeypatch) -> None:
    monkeypatch.setattr("desk_host.DeskHost.can_render", lambda _host: True)
    desk = make_desk()
    assert desk.until(lambda state: state.picture is not None).can_render


def test_rendering_with_nothing_selected_any_more_is_said_and_the_panel_works_on(make_desk, clip) -> None:
    desk = make_desk(pattern=NO_FILES)
    desk.host._pattern = ""
    desk.presenter.render()
    assert desk.presenter.state.trouble.message == "Nothing is selected."
    assert desk.presenter.state.working is None


def test_a_click_is_moved_and_taken_out(clicked, clip) -> None:
    clicked.presenter.prompting.move_click(0, (25.0, 32.0))
    assert clicked.presenter.state.book.prompt(1001, "object1").positive == ((25.0, 32.0),)
    clicked.presenter.prompting.remove_click(0)
    assert clicked.presenter.state.book.said == ()
    clicked.presenter.prompting.remove_click(0)
    assert "no such click" in clicked.presenter.state.trouble.message


def test_points_of_the_scene_are_prompts_on_their_frames(desk, clip) -> None:
    from roto_shared.protocol.data import ObjectPrompt

    desk.presenter.prompting.prompts_from_scene()
    assert "Nothing says prompts" in desk.presenter.state.trouble.message
    desk.host.moved({frame: ObjectPrompt("hero", (clip.centre(frame),)) for frame in (1001, 1010, 2000)})
    state = desk.until(lambda state: "hero" in state.timeline and len(state.timeline["hero"]) == 2)
    assert state.book.frames("hero") == (1001, 1010), "2000 is no frame of the plate"
    assert state.selected == "hero"


def test_handles_that_move_before_a_plate_is_open_leave_what_was_kept(clicked, make_desk, clip) -> None:
    from roto_shared.protocol.data import ObjectPrompt

    again = make_desk(dict(clicked.host.kept), pattern="")
    again.host.moved({1001: ObjectPrompt("hero", (clip.centre(1001),))})
    assert again.host.kept == clicked.host.kept


def merged(tracked):
    """The state once an object was boxed and merged with the tracked one."""
    tracked.presenter.prompting.add_object("second")
    tracked.presenter.prompting.box((60.0, 10.0, 80.0, 30.0))
    tracked.until(lambda state: "second" in state.masks)
    tracked.presenter.prompting.merge_object("second", "object1")
    return tracked.until(lambda state: state.book.names == ("object1 merged",) and "object1 merged" in state.masks)


def test_two_objects_become_one_and_undo_gives_them_back(tracked, clip) -> None:
    state = merged(tracked)
    assert state.trouble is None
    tracked.presenter.prompting.undo()
    state = tracked.until(lambda state: {"object1", "second"} <= set(state.masks))
    assert state.book.names == ("object1", "second")
    assert "object1 merged" not in state.timeline


def daemon_objects(running, tracked) -> dict[str, int]:
    """What the daemon delivers of the panel's session, and on how many frames."""
    session = running.daemon.house.shelf.get(tracked.presenter.state.session.session)
    return {name: len(session.standing.frames(name)) for name in session.standing.objects}


def test_a_merge_that_is_done_again_loses_no_mask_of_its_parts(tracked, running) -> None:
    merged(tracked)
    tracked.presenter.prompting.undo()
    tracked.until(lambda state: {"object1", "second"} <= set(state.masks))
    tracked.presenter.prompting.redo()
    state = tracked.until(lambda state: "object1 merged" in state.masks)
    assert (state.trouble, state.book.names) == (None, ("object1 merged",))
    assert daemon_objects(running, tracked) == {"object1 merged": 24}
    tracked.presenter.prompting.undo()
    tracked.until(lambda state: {"object1", "second"} <= set(state.masks))
    assert daemon_objects(running, tracked) == {"object1": 24, "second": 1}


def test_a_merged_object_is_deleted_with_what_it_was_made_of(tracked, running) -> None:
    merged(tracked)
    tracked.presenter.prompting.delete_object("object1 merged")
    tracked.until(lambda _state: daemon_objects(running, tracked) == {})
    tracked.presenter.prompting.undo()
    state = tracked.until(lambda state: "object1 merged" in state.masks)
    assert (state.trouble, state.book.names) == (None, ("object1 merged",))


def test_a_merged_object_is_made_anew_in_a_session_that_knows_nothing_of_it(tracked, make_desk, running) -> None:
    merged(tracked)
    running.daemon.house.shelf.close(tracked.presenter.state.session.session, forget=True)
    again = make_desk(dict(tracked.host.kept))
    again.until(lambda state: "object1 merged" in state.masks)
    assert daemon_objects(running, again) == {"object1 merged": 1}


def test_a_click_on_a_merged_object_is_refused_and_its_parts_are_clicked_after_undo(tracked, clip) -> None:
    merged(tracked)
    prompting = tracked.presenter.prompting
    prompting.click(clip.centre(1001))
    assert "made of other objects" in tracked.presenter.state.trouble.message
    assert tracked.presenter.state.book.frames("object1 merged") == ()
    prompting.undo()
    tracked.until(lambda state: {"object1", "second"} <= set(state.masks) and "object1 merged" not in state.masks)
    prompting.select("object1")
    prompting.click((5.0, 5.0), positive=False)
    state = tracked.presenter.state
    assert state.trouble is None
    assert len(state.book.prompt(1001, "object1").negative) == 1


def test_a_merged_object_is_there_on_all_frames_once_its_parts_are_tracked_further(tracked, running) -> None:
    merged(tracked)
    tracked.presenter.seeing.go_to(1012)
    tracked.until(lambda state: "object1 merged" in state.masks)
    before = tracked.mask("object1 merged").sum()
    tracked.presenter.tracking.track()
    tracked.until(lambda state: state.working is None and "frames" in state.told)

    def is_larger(state) -> bool:
        return "object1 merged" in state.masks and tracked.mask("object1 merged").sum() > before

    state = tracked.until(is_larger)
    assert state.trouble is None
    assert set(state.timeline["object1 merged"]) == set(range(1001, 1025))


def test_another_panel_knows_which_objects_are_made_of_others(tracked, make_desk, clip) -> None:
    merged(tracked)
    again = make_desk(dict(tracked.host.kept))
    state = again.until(lambda state: state.session is not None and state.picture is not None)
    assert state.book.names == ("object1 merged",)
    again.presenter.prompting.select("object1 merged")
    again.presenter.prompting.click(clip.centre(1001))
    assert "made of other objects" in again.presenter.state.trouble.message


def test_history_goes_to_any_step(clicked) -> None:
    clicked.presenter.prompting.click((5.0, 5.0), positive=False)
    clicked.presenter.prompting.go_to_step(1)
    assert clicked.presenter.state.done == ("Add object1",)
    clicked.presenter.prompting.go_to_step(3)
    assert len(clicked.presenter.state.book.prompt(1001, "object1").negative) == 1


def test_closing_cleans_up_in_the_host(desk) -> None:
    desk.presenter.close()
    assert desk.host.is_closed


def test_the_host_s_frame_is_followed(tracked) -> None:
    tracked.host.frame_changed(1008)
    state = tracked.until(lambda state: state.picture is not None and bool(state.masks))
    assert state.frame == 1008


def test_nothing_of_a_closed_scene_is_kept_in_the_next(tracked) -> None:
    tracked.host.kept.clear()
    tracked.host.scene_closed()
    state = tracked.presenter.state
    assert (state.session, state.book.names, state.timeline) == (None, (), {})
    assert tracked.host.kept == {}


def test_scenes_on_one_plate_know_nothing_of_each_other_and_one_finds_its_own_again(clicked, make_desk) -> None:
    other = make_desk()
    other.until(lambda state: state.picture is not None)
    assert other.presenter.state.session.session != clicked.presenter.state.session.session
    again = make_desk(dict(clicked.host.kept))
    again.until(lambda state: state.picture is not None)
    assert again.presenter.state.session.session == clicked.presenter.state.session.session


def test_objects_that_only_the_daemon_knows_are_listed(clicked, make_desk) -> None:
    kept = {name: text for name, text in clicked.host.kept.items() if name == "key"}
    again = make_desk(kept)
    state = again.until(lambda state: bool(state.masks))
    assert state.book.names == ("object1",)

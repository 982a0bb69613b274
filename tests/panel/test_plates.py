"""What was said and chosen is of one plate: it waits while another is worked on, which begins without it."""

from __future__ import annotations

import shutil

import pytest
from desk_host import NO_FILES

from roto_panel.book import PromptBook
from roto_panel.choices import CHOICES, Choices, choices_from_text, choices_text
from roto_panel.plates import PLATES, PlateWork, with_plate
from roto_panel.saved import PROMPTS, book_from_text, book_text
from roto_shared.errors import FormatError
from roto_shared.protocol.data import CurveSettings

FIRST_PLATE, SECOND_PLATE = "/show/sh010_bg_v001/sh010_bg_v001.%04d.exr", "/show/sh020_bg_v001/sh020_bg_v001.%04d.exr"
NEW_VERSION = FIRST_PLATE.replace("v001", "v002")
BOOK = PromptBook().with_object("hero").clicked(1001, "hero", (5.0, 6.0))
OLD_SCENE = {
    PROMPTS: book_text(BOOK),
    CHOICES: choices_text(Choices("disc", 1003, 1010, CurveSettings("tight"), target="Roto7")),
    "key": "a-script",
}
"""As it was kept by a panel that knew of one plate alone."""


@pytest.fixture
def second_plate(clip) -> str:
    """The clip's frames in another folder."""
    folder = clip.folder.parent / "second plate"
    shutil.copytree(clip.folder, folder)
    return str(folder / "disc.####.png")


@pytest.fixture
def on_second(clicked, second_plate):
    """A range, a target and a click on the first plate; and the second one open."""
    clicked.host.scene["Roto1"] = "shapes"
    clicked.presenter.choose(first=1003, last=1010, curves=CurveSettings("tight"))
    clicked.presenter.shaping.look_for_targets()
    clicked.presenter.choose(target="Roto1")
    clicked.host._pattern = second_plate
    clicked.presenter.open()
    clicked.until(lambda state: state.session is not None and state.picture is not None)
    return clicked


def test_another_plate_begins_without_the_clicks_range_and_node_of_the_one_before(on_second) -> None:
    state = on_second.presenter.state
    assert (state.book, state.session.prompted, state.timeline) == (PromptBook(), {}, {})
    assert (state.choices.first, state.choices.last, state.choices.target) == (None, None, "")
    assert state.choices.curves == CurveSettings("tight"), "how curves are drawn is chosen for every plate"
    assert "Roto1" in state.targets


def test_a_choice_before_a_plate_is_open_takes_none_of_the_kept_ones_back(make_desk) -> None:
    desk = make_desk(dict(OLD_SCENE), pattern="")
    assert desk.presenter.state.trouble is not None, "nothing is selected that could be opened"
    desk.presenter.choose(live=True)
    kept = choices_from_text(desk.host.kept[CHOICES])
    assert (kept.first, kept.last, kept.target, kept.curves) == (1003, 1010, "Roto7", CurveSettings("tight"))
    assert desk.presenter.state.choices == kept


@pytest.mark.parametrize("selected", ["", "another plate"])
def test_another_engine_is_for_the_open_plate_whatever_is_selected_in_the_host(
    clicked, clip, second_plate, selected
) -> None:
    kept = clicked.host.kept[PLATES]
    clicked.host._pattern = second_plate if selected else ""
    clicked.presenter.choose(engine="disc+disc")
    state = clicked.until(lambda state: state.session is not None and bool(state.masks))
    assert (state.trouble, state.session.engine, state.book.names) == (None, "disc+disc", ("object1",))
    assert clicked.host.kept[PLATES] == kept


def test_a_plate_is_rendered_over_the_range_that_was_chosen_for_it_and_no_other(clicked) -> None:
    presenter, host, ranges = clicked.presenter, clicked.host, {}
    presenter.choose(first=1003, last=1010)
    for pattern in (host._pattern, NO_FILES):
        host._pattern = pattern
        presenter.render()
        ranges[pattern] = host.rendered_range
        presenter.stop()
        host.run_waiting()
    assert list(ranges.values()) == [(1003, 1010), (None, None)]


def test_a_plate_that_opens_when_another_is_wanted_already_is_passed_over(clicked, second_plate) -> None:
    first = clicked.presenter.state.session
    clicked.presenter.open()
    clicked.shown.clear()
    clicked.host._pattern = second_plate
    clicked.presenter.open()
    state = clicked.until(lambda state: state.session is not None and state.picture is not None)
    opened = {shown.session.session for shown in clicked.shown if shown.session is not None}
    assert opened == {state.session.session} != {first.session}
    assert (state.book, state.session.prompted) == (PromptBook(), {})


def test_each_plate_s_own_is_there_again_in_another_panel_too(on_second, make_desk, clip, second_plate) -> None:
    on_second.presenter.prompting.add_object("second")
    on_second.presenter.prompting.click(clip.centre(1001))
    on_second.until(lambda state: bool(state.masks))
    again = make_desk(dict(on_second.host.kept), pattern="")
    again.host.scene["Roto1"] = "shapes"
    again.host._pattern = clip.pattern
    again.presenter.open()
    state = again.until(lambda state: state.session is not None and bool(state.masks))
    assert state.book == PromptBook().with_object("object1").clicked(1001, "object1", clip.centre(1001))
    assert (state.choices.first, state.choices.last, state.choices.target) == (1003, 1010, "Roto1")
    again.host._pattern = second_plate
    again.presenter.open()
    state = again.until(lambda state: state.session is not None and bool(state.masks))
    assert state.book.names == ("second",)
    assert state.session.prompted == {"second": (1001,)}
    assert (state.choices.first, state.choices.target) == (None, "")


def test_what_an_old_scene_kept_belongs_to_the_first_plate_that_is_opened() -> None:
    kept = with_plate(OLD_SCENE, PlateWork(FIRST_PLATE))
    assert {name: kept[name] for name in OLD_SCENE} == OLD_SCENE
    assert book_from_text(with_plate(kept, PlateWork(SECOND_PLATE))[PROMPTS]) == PromptBook()


def test_a_plate_begins_with_the_scene_s_range_and_the_one_before_keeps_its_own() -> None:
    kept = with_plate({PROMPTS: book_text(BOOK)}, PlateWork(FIRST_PLATE, 1001, 1024))
    kept = with_plate(kept, PlateWork(SECOND_PLATE, 1, 50))
    assert choices_from_text(kept[CHOICES]) == Choices(first=1, last=50)
    kept = with_plate(with_plate(OLD_SCENE, PlateWork(FIRST_PLATE)), PlateWork(SECOND_PLATE, 1, 50))
    kept = with_plate(kept, PlateWork(FIRST_PLATE, 1, 50))
    assert choices_from_text(kept[CHOICES]) == choices_from_text(OLD_SCENE[CHOICES])


def test_files_of_two_plates_go_into_folders_of_their_own() -> None:
    first = {CHOICES: choices_text(Choices(folder="/show/mattes/fg"))}
    kept = with_plate(with_plate(first, PlateWork(FIRST_PLATE)), PlateWork(SECOND_PLATE))
    assert choices_from_text(kept[CHOICES]).folder == ""
    assert choices_from_text(with_plate(kept, PlateWork(FIRST_PLATE))[CHOICES]).folder == "/show/mattes/fg"


def test_another_version_of_a_plate_goes_on_with_its_clicks() -> None:
    kept = with_plate(with_plate(OLD_SCENE, PlateWork(FIRST_PLATE)), PlateWork(NEW_VERSION))
    assert book_from_text(kept[PROMPTS]) == BOOK
    kept = with_plate(with_plate(kept, PlateWork(SECOND_PLATE)), PlateWork(FIRST_PLATE))
    assert book_from_text(kept[PROMPTS]) == BOOK


@pytest.mark.parametrize("name", ["/show/dev1/bg.exr", "/show/bg_v1080p.exr", "/show/bg_2.exr"])
def test_a_number_that_is_no_version_s_makes_another_plate(name) -> None:
    kept = with_plate(OLD_SCENE, PlateWork(name))
    kept = with_plate(kept, PlateWork(name.replace("1", "3").replace("2", "4")))
    assert book_from_text(kept[PROMPTS]) == PromptBook()


def test_plates_are_kept_as_one_short_line() -> None:
    kept = with_plate(with_plate(OLD_SCENE, PlateWork(FIRST_PLATE)), PlateWork(SECOND_PLATE))
    assert "\n" not in kept[PLATES]
    assert "\\" not in kept[PLATES], "a knob may take a backslash for something else"
    assert len(kept[PLATES]) < len(kept[PROMPTS]) + len(OLD_SCENE[PROMPTS]) + 300
    assert set(kept) == {*OLD_SCENE, PLATES}


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": "roto.plates/9"}', '{"schema": "roto.plates/1", "open": 3}'])
def test_texts_that_are_damaged_or_newer_are_told_and_left_as_they_are(make_desk, text) -> None:
    with pytest.raises(FormatError, match="plates"):
        with_plate({PLATES: text}, PlateWork(FIRST_PLATE))
    desk = make_desk({PLATES: text})
    assert "plates that were kept" in desk.presenter.state.trouble.message
    assert desk.host.kept == {PLATES: text}

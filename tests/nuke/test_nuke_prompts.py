"""Handles in Nuke's own viewer, its trackers and its shapes as prompts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import nuke
from nuke import _studio  # pyright: ignore[reportAttributeAccessIssue]
from roto_nuke.host import NukeHost
from roto_nuke.prompt_node import PAUSE_S, PromptNodes, add_point, make_prompt_node, prompts_of, remove_point
from roto_panel.host import Prompts
from roto_shared.errors import InputError
from roto_shared.protocol.data import ObjectPrompt


@pytest.fixture(autouse=True)
def small_format() -> None:
    _studio.script.size = (100, 60)
    nuke.frame(1007)


def set_point(node: nuke.Node, number: int, x: float, y: float) -> None:
    for index, value in enumerate((x, y)):
        node[f"roto_point{number}"].setValue(value, index)


def test_a_new_node_says_a_point_in_the_middle_of_the_shown_frame() -> None:
    assert prompts_of(make_prompt_node("hero")) == {1007: ObjectPrompt("hero", ((50.0, 30.0),))}


def test_points_are_turned_to_y_down_and_told_apart() -> None:
    node = make_prompt_node("hero")
    set_point(node, 1, 10.0, 50.0)
    add_point(node)
    set_point(node, 2, 90.0, 5.0)
    node["roto_minus2"].setValue(True)
    assert prompts_of(node) == {1007: ObjectPrompt("hero", ((10.0, 10.0),), ((90.0, 55.0),))}
    remove_point(node)
    assert prompts_of(node) == {1007: ObjectPrompt("hero", ((10.0, 10.0),))}


def test_the_box_counts_when_it_is_ticked() -> None:
    node = make_prompt_node("hero")
    node["roto_use_box"].setValue(True)
    assert prompts_of(node)[1007].box == (25.0, 15.0, 75.0, 45.0)


def test_an_animated_point_says_something_on_each_of_its_keys() -> None:
    node = make_prompt_node("hero")
    _studio.script.animated[node.name(), "roto_point1"] = {1001: (10.0, 50.0), 1010: (20.0, 50.0)}
    said = prompts_of(node)
    assert {frame: prompt.positive for frame, prompt in said.items()} == {
        1001: ((10.0, 10.0),),
        1007: (),
        1010: ((20.0, 10.0),),
    }


def test_without_an_object_s_name_it_says_what_to_fill_in() -> None:
    node = make_prompt_node("hero")
    node["roto_object"].setValue(" ")
    with pytest.raises(InputError, match="names no object"):
        prompts_of(node)


class Clock:
    """Callbacks for later, which a test lets happen."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], None], float]] = []

    def later(self, callback: Callable[[], None], seconds: float) -> None:
        self.waiting.append((callback, seconds))

    def pass_by(self) -> None:
        waiting, self.waiting = self.waiting, []
        for callback, _ in waiting:
            callback()


def test_a_moved_handle_is_told_once_it_rests() -> None:
    node, clock, told = make_prompt_node("hero"), Clock(), list[Prompts]()
    nodes = PromptNodes(clock.later)
    nodes.watch(lambda said, _: told.append(said) is None)
    for step in range(5):
        set_point(node, 1, 10.0 + step, 50.0)
    assert told == [], "nothing is asked of Nuke while a knob changes"
    assert {seconds for _, seconds in clock.waiting} == {PAUSE_S}
    clock.pass_by()
    assert told == [{1007: ObjectPrompt("hero", ((14.0, 10.0),))}]
    nodes.close()
    set_point(node, 1, 1.0, 1.0)
    assert clock.waiting == []


def test_other_nodes_and_other_knobs_are_none_of_our_business() -> None:
    clock = Clock()
    PromptNodes(clock.later).watch(lambda said, _: pytest.fail(f"told {said}"))
    nuke.createNode("NoOp")["label"].setValue("mine")
    make_prompt_node()["disable"].setValue(True)
    clock.waiting = [entry for entry in clock.waiting if entry[1] != PAUSE_S]
    assert clock.waiting == []


def test_a_prompt_node_of_another_plate_than_the_open_one_says_nothing_of_it(monkeypatch) -> None:
    clock, told = Clock(), []
    monkeypatch.setattr("roto_nuke.host.run_later", clock.later)
    reads = [nuke.createNode("Read") for _ in range(2)]
    nodes = []
    for read, file, name in zip(reads, ("/show/a.%04d.exr", "/show/b.%04d.exr"), ("ann", "bob"), strict=True):
        read["file"].setValue(file)
        nodes.append(make_prompt_node(name))
        nodes[-1].setInput(0, read)
    loose = make_prompt_node("cid")
    loose.setInput(0, None)
    host = NukeHost()
    host.watch_prompts(lambda said, _: told.append(said) is None)
    for node in nuke.selectedNodes():
        node.setSelected(False)
    reads[0].setSelected(True)
    host.plate()
    for node in (*nodes, loose):
        set_point(node, 1, 9.0, 9.0)
        clock.pass_by()
    host.close()
    assert [prompt.object for said in told for prompt in said.values()] == ["ann", "cid"]


def test_a_node_deleted_before_it_rests_is_no_trouble() -> None:
    node, clock = make_prompt_node("hero"), Clock()
    PromptNodes(clock.later).watch(lambda said, _: pytest.fail(f"told {said}"))
    set_point(node, 1, 1.0, 1.0)
    nuke.delete(node)
    clock.pass_by()


def test_a_tracker_s_tracks_are_points_on_their_keys() -> None:
    node = nuke.createNode("Tracker4")
    node["tracks"].setValue("{ { 1 31 2 } \n{ { 5 1 20 enable e 1 } } }")
    first, second = [0.0] * 62, [0.0] * 62
    first[2], first[3], first[33], first[34] = 10.0, 50.0, 40.0, 20.0
    second[2], second[3], second[33], second[34] = 12.0, 50.0, 42.0, 20.0
    _studio.script.animated[node.name(), "tracks"] = {1001: tuple(first), 1002: tuple(second)}
    assert NukeHost().chosen_prompts() == {
        1001: ObjectPrompt("Tracker41", ((10.0, 10.0), (40.0, 40.0))),
        1002: ObjectPrompt("Tracker41", ((12.0, 10.0), (42.0, 40.0))),
    }


def test_trackers_without_tracks_and_other_nodes_say_what_is_wanted() -> None:
    node = nuke.createNode("Tracker4")
    for text, told in (("{ { 1 31 0 } }", "no track with keys"), ("nonsense", "cannot be read")):
        node["tracks"].setValue(text)
        with pytest.raises(InputError, match=told):
            prompts_of(node)
    with pytest.raises(InputError, match="says no prompts"):
        prompts_of(nuke.createNode("Grade"))


def test_only_a_roto_node_is_taken_as_shapes() -> None:
    nuke.createNode("Grade")
    with pytest.raises(InputError, match="holds no shapes"):
        NukeHost().chosen_shapes()
    nuke.createNode("Roto")
    assert NukeHost().chosen_shapes().startswith("{{{v")

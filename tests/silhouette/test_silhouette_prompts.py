"""Prompts in Silhouette's own viewer: trackers and rectangles, in a prompt layer or selected."""

from __future__ import annotations

from typing import Any

import fx
import hook
import pytest
from session_clip import FIRST, HEIGHT, WIDTH

from roto_panel.host import Prompts
from roto_shared.errors import InputError
from roto_silhouette.host import SilhouetteHost
from roto_silhouette.prompt_layer import PromptHandles, PromptWatch, make_prompt_layer


def tracker(label: str, *keyed: tuple[int, float, float]) -> Any:
    """A tracker with keys at session frames, on pixels from the top left."""
    one, session = fx.Tracker(label), fx.activeSession()
    position = one.property("position")
    position.constant = False
    for frame, x, y in keyed:
        editor, place = fx.PropertyEditor(position), session.imageToWorldTransform * fx.Point(x, y)
        editor.setValue(fx.Point3D(place.x, place.y, 0), frame)
        editor.execute()
    return one


def rectangle(label: str, frame: int, x0: float, y0: float, x1: float, y1: float) -> Any:
    shape, matrix = fx.Shape(fx.Shape.Bezier, label), fx.activeSession().imageToWorldTransform
    path = shape.createPath(frame)
    corners = [matrix * fx.Point(x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    path.points = [(corner, corner, corner) for corner in corners]
    shape.setPath(path, frame)
    return shape


@pytest.fixture
def layer(session) -> Any:
    node = fx.Node("RotoNode")
    session.addNode(node)
    return make_prompt_layer(node)


def test_a_prompt_layer_is_made_on_top_and_selected_so_that_drawing_goes_into_it(session, layer) -> None:
    node = session.node(type="RotoNode")
    assert node.children[0] is layer
    assert (fx.selection(), fx.activeNode()) == ([layer], node)
    assert fx._undo() == "Roto prompt layer"
    assert node.children == []


def test_trackers_are_points_and_those_with_a_minus_are_not_of_the_object(session, layer) -> None:
    layer.label = "AI prompts: hero"
    moving = tracker("a", (0, 30.0, 40.0), (4, 50.0, 40.0))
    layer.property("objects").addObjects([moving, tracker("- sky", (0, 5.0, 6.0), (9, 7.0, 8.0))])
    said = PromptHandles().of_layer(layer)
    assert sorted(said) == [FIRST, FIRST + 4, FIRST + 9]
    assert {prompt.object for prompt in said.values()} == {"hero"}
    assert said[FIRST].positive[0] == pytest.approx((30.0, 40.0))
    assert said[FIRST].negative[0] == pytest.approx((5.0, 6.0))
    assert said[FIRST + 4].positive[0] == pytest.approx((50.0, 40.0))
    assert said[FIRST + 4].negative == ()


def test_a_rectangle_is_a_box_and_pixels_need_not_be_square(session, layer) -> None:
    session.pixelAspect = 2.0
    layer.property("objects").addObjects([rectangle("box", 0, 10.0, 20.0, 60.0, 70.0)])
    fx.player.frame = 3
    (frame, prompt), *others = PromptHandles().of_layer(layer).items()
    assert (frame, prompt.object, others) == (FIRST + 3, "object1", [])
    assert prompt.box == pytest.approx((10.0, 20.0, 60.0, 70.0))


def test_what_has_a_single_key_says_something_on_the_frame_on_which_it_was_first_seen(session, layer) -> None:
    layer.property("objects").addObjects([tracker("a", (0, 30.0, 40.0))])
    handles = PromptHandles()
    fx.player.frame = 5
    assert list(handles.of_layer(layer)) == [FIRST + 5]
    fx.player.frame = 8
    assert list(handles.of_layer(layer)) == [FIRST + 5]


def test_selected_trackers_speak_of_one_object_named_after_the_first(session, layer) -> None:
    chosen = [tracker("nose", (0, 30.0, 40.0), (2, 31.0, 40.0)), tracker("ear", (0, 20.0, 30.0), (2, 21.0, 30.0))]
    fx.select(chosen)
    said = SilhouetteHost().chosen_prompts()
    assert said[FIRST].object == "nose"
    assert len(said[FIRST + 2].positive) == 2
    fx.select([])
    with pytest.raises(InputError, match="No tracker is selected"):
        SilhouetteHost().chosen_prompts()


def test_a_handle_that_was_moved_and_left_alone_is_told_once(session, layer) -> None:
    told: list[Prompts] = []
    watch = PromptWatch(PromptHandles())
    watch.watch(lambda said, _: told.append(said) is None)
    layer.property("objects").addObjects([tracker("a", (0, 30.0, 40.0), (2, 30.0, 40.0))])
    hook._fire("object_created")
    assert told == [], "it may still be moving"
    watch.look()
    watch.look()
    assert [said[FIRST].positive[0] for said in told] == [pytest.approx((30.0, 40.0))]
    layer.property("objects").addObjects([tracker("b", (0, 10.0, 10.0), (2, 10.0, 10.0))])
    watch.look()
    watch.close()
    watch.look()
    assert len(told) == 1


def test_a_layer_that_was_there_before_a_plate_is_told_again_until_one_is_open(session, layer) -> None:
    told: list[bool] = []
    watch, is_open = PromptWatch(PromptHandles()), False

    def changed(_: Prompts, is_early: bool) -> bool:
        told.append(is_early)
        return is_open

    watch.watch(changed)
    layer.property("objects").addObjects([tracker("a", (0, 30.0, 40.0), (2, 30.0, 40.0))])
    for _ in range(3):
        watch.look()
    is_open = True
    for _ in range(2):
        watch.look()
    assert told == [False, True, True]


def test_prompt_layers_of_one_name_in_two_nodes_are_told_each(session, layer) -> None:
    told: list[Prompts] = []
    watch = PromptWatch(PromptHandles())
    watch.watch(lambda said, _: told.append(said) is None)
    other = fx.Node("RotoNode")
    other.label = "Roto2"
    session.addNode(other)
    for place, of in ((10.0, layer), (20.0, make_prompt_layer(other))):
        of.property("objects").addObjects([tracker("a", (0, place, 40.0), (2, place, 40.0))])
    for _ in range(4):
        watch.look()
    assert [said[FIRST].positive[0][0] for said in told] == [pytest.approx(10.0), pytest.approx(20.0)]


def test_a_shape_that_is_only_begun_says_nothing_yet(session, layer) -> None:
    told: list[Prompts] = []
    watch, handles = PromptWatch(PromptHandles()), PromptHandles()
    watch.watch(lambda said, _: told.append(said) is None)
    begun = fx.Shape(fx.Shape.Bezier, "box")
    begun.createPath(0)
    layer.property("objects").addObjects([begun])
    watch.look()
    watch.look()
    assert told == []
    with pytest.raises(InputError, match="no points yet"):
        handles.of_layer(layer)


def test_looking_goes_on_after_something_was_amiss_once(session, monkeypatch) -> None:
    looks: list[float] = []
    monkeypatch.setattr("roto_silhouette.host.run_later", lambda _, seconds: looks.append(seconds))

    def amiss(_: int) -> None:
        raise RuntimeError("amiss")

    host = SilhouetteHost()
    host.watch_scene(lambda _: None, lambda: None)
    fx.player.frame = 3
    with pytest.raises(RuntimeError, match="amiss"):
        host._look(amiss)
    assert len(looks) == 2


def test_pixels_go_there_and_back(session, layer) -> None:
    corners = [(0.0, 0.0), (WIDTH, HEIGHT)]
    for number, (x, y) in enumerate(corners):
        layer.property("objects").addObjects([tracker(str(number), (0, x, y), (1, x, y))])
    assert PromptHandles().of_layer(layer)[FIRST].positive == tuple(map(pytest.approx, corners))

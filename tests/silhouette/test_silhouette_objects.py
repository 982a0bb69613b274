"""Shapes by Silhouette's objects: only what a text changed is changed, and what cannot be said goes by a shape file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import fx
import pytest
from session_clip import FIRST, HEIGHT, LAST, WIDTH, drag_first_knot

from roto_formats.registry import document_of_text, document_text
from roto_shared.shapes import (
    Blend,
    KeyedShape,
    Knot,
    Layer,
    Lifetime,
    ShapeDocument,
    ShapeKey,
    ShapeKind,
    Transform,
    TransformKey,
)
from roto_shared.timeline import Interpolation
from roto_silhouette.host import SilhouetteHost
from roto_silhouette.point_order import PointOrder, UnsayableError, probed_order
from roto_silhouette.seat import QUESTIONS, report

KNOTS = (Knot(10.0, 10.0, -3.0, 1.0, 4.0, 2.0), Knot(40.0, 12.0, 0.0, -2.0, 1.0, 6.0), Knot(20.0, 40.0))
MOVED = tuple(knot._replace(x=knot.x + 9.0) for knot in KNOTS)
ARM = KeyedShape("arm", (ShapeKey(FIRST, KNOTS), ShapeKey(FIRST + 8, MOVED)))
HAND = KeyedShape("hand", (ShapeKey(FIRST, MOVED),))


def document(*children: Layer | KeyedShape) -> ShapeDocument:
    return ShapeDocument(WIDTH, HEIGHT, children, FIRST, LAST)


def text(*children: Layer | KeyedShape) -> str:
    return document_text(document(*children), ".fxs")[0]


HERO = text(Layer("hero", (ARM, HAND)))


@pytest.fixture
def host(session) -> SilhouetteHost:
    return SilhouetteHost()


def arm_of(session: Any) -> Any:
    """The shape “arm”, in its layer or alone."""
    (child,) = session.node(type="RotoNode").children
    return child if child.type == "Shape" else next(one for one in child.children if one.label == "arm")


def told(host: SilhouetteHost) -> str:
    return host._placer.told


def drawn(host: SilhouetteHost, label: str) -> ShapeDocument:
    return document_of_text(host.shapes_of(label), ".fxs")


def assert_draws(host: SilhouetteHost, label: str, wanted: ShapeDocument) -> None:
    """Every shape stands on each of its keys where the document says, within a hundredth of a pixel."""
    found = {shape.name: shape for shape in drawn(host, label).shapes()}
    for shape in wanted.shapes():
        assert [key.frame for key in found[shape.name].keys] == [key.frame for key in shape.keys]
        for one, other in zip(found[shape.name].keys, shape.keys, strict=True):
            for knot, expected in zip(one.knots, other.knots, strict=True):
                assert knot == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)], ids=str)
def test_the_order_of_a_point_s_handles_is_asked_of_silhouette(session, order) -> None:
    fx._state.point_order = order
    assert probed_order() == PointOrder(*order)


def test_a_first_seat_s_report_answers_every_question(host, session, capsys) -> None:
    host.commit(HERO)
    fx.select([arm_of(session)])
    report()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(QUESTIONS)
    assert (
        "Roto: order of a Bézier point (incoming, centre, outgoing): PointOrder(incoming=0, centre=1, outgoing=2)"
        in lines
    )
    assert "Roto: keys of the selected shape and how they run on: [(0.0, 'linear'), (8.0, 'linear')]" in lines
    assert not [line for line in lines if "Error" in line]
    fx.select([])
    report()
    assert "first point of the selected shape: ValueError" in capsys.readouterr().out


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)], ids=str)
def test_a_changed_key_goes_into_the_object_that_is_there(host, session, order) -> None:
    fx._state.point_order = order
    label = host.commit(HERO)
    assert told(host) == "by a shape file"
    arm = arm_of(session)
    changed = Layer("hero", (replace(ARM, keys=(ShapeKey(FIRST, KNOTS), ShapeKey(FIRST + 5, MOVED))), HAND))
    host.commit(text(changed), label)
    assert told(host) == "by objects"
    assert arm_of(session) is arm
    assert_draws(host, label, document(changed))
    fx._undo()
    assert_draws(host, label, document(Layer("hero", (ARM, HAND))))


def test_what_a_point_says_beside_its_place_stays(host, session) -> None:
    spline = KeyedShape("spline", (ShapeKey(FIRST, KNOTS), ShapeKey(FIRST + 4, MOVED)), ShapeKind.BSPLINE)
    label = host.commit(text(spline))
    (shape,) = session.node(type="RotoNode").children
    path = shape.evalPath(0)
    path.points = [(point[0], 1, 2.5) for point in path.points]
    shape.setPath(path, 0)
    host.commit(text(replace(spline, keys=(ShapeKey(FIRST, MOVED), ShapeKey(FIRST + 4, MOVED)))), label)
    assert told(host) == "by objects"
    assert [point[2] for point in shape.evalPath(0).points] == [2.5, 2.5, 2.5]


def test_shapes_that_were_not_changed_are_not_touched(host, session) -> None:
    label = host.commit(HERO)
    (hand,) = [one for one in session.node(type="RotoNode").children[0].children if one.label == "hand"]
    before = hand.property("path").getValue(0)._points
    drag_first_knot(arm_of(session), 0.1)
    host.commit(HERO, label)
    assert hand.property("path").getValue(0)._points is before
    assert_draws(host, label, document(Layer("hero", (ARM, HAND))))


def test_opacity_lifetime_and_inversion_are_changed_in_place(host, session) -> None:
    label = host.commit(HERO)
    alive = Layer("hero", (replace(ARM, lifetime=Lifetime(FIRST + 2, FIRST + 6), inverted=True), HAND))
    host.commit(text(alive), label)
    assert told(host) == "by objects"
    arm = arm_of(session)
    assert [arm.property("opacity").getValue(frame) for frame in range(9)] == [0, 0, 100, 100, 100, 100, 100, 0, 0]
    assert arm.inverted


def test_a_layer_s_transform_is_changed_in_place(host, session) -> None:
    moves = Layer("hero", (ARM, HAND), (TransformKey(FIRST, Transform()), TransformKey(LAST, Transform((30.0, -6.0)))))
    label = host.commit(text(Layer("hero", (ARM, HAND), (TransformKey(FIRST, Transform((1.0, 0.0))),))))
    host.commit(text(moves), label)
    assert told(host) == "by objects"
    last = drawn(host, label).children[0].transform[-1]
    assert (last.frame, last.transform.translate) == (LAST, pytest.approx((30.0, -6.0), abs=0.01))


def test_new_and_gone_shapes_come_and_go_beside_those_that_stay(host, session) -> None:
    label = host.commit(HERO)
    arm = arm_of(session)
    sleeve = replace(HAND, name="sleeve", keys=(ShapeKey(FIRST, KNOTS),))
    host.commit(text(Layer("hero", (ARM, sleeve))), label)
    assert told(host) == "by objects"
    layer = session.node(type="RotoNode").children[0]
    assert {child.label for child in layer.children} == {"arm", "sleeve"}
    assert arm in layer.children
    assert_draws(host, label, document(Layer("hero", (ARM, sleeve))))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (Layer("hero", (ARM, replace(HAND, blend=Blend.SUBTRACT))), "mode of “hand” changes"),
        (Layer("hero", (HAND, ARM)), "the order of its objects changes"),
        (Layer("hero", (ARM, HAND, replace(HAND, name="hole", blend=Blend.SUBTRACT))), "mode of “hole”"),
    ],
)
def test_what_objects_cannot_say_goes_by_a_shape_file(host, session, changed, reason) -> None:
    label = host.commit(HERO)
    host.commit(text(changed), label)
    assert told(host).startswith("by a shape file")
    assert reason in told(host)
    assert [shape.blend for shape in drawn(host, label).shapes()] == [shape.blend for shape in changed.children]
    assert fx._undo()
    assert_draws(host, label, document(Layer("hero", (ARM, HAND))))


def test_a_version_that_draws_otherwise_between_keys_gets_a_shape_file(host, session) -> None:
    label = host.commit(HERO)
    fx._state.key_interpolation = "ease"
    edited = replace(ARM, keys=(ShapeKey(FIRST, KNOTS), ShapeKey(FIRST + 5, KNOTS), ShapeKey(LAST, MOVED)))
    host.commit(text(Layer("hero", (edited, HAND))), label)
    assert told(host) == "by a shape file: “arm” is drawn otherwise on its frame 6.5"
    assert_draws(host, label, document(Layer("hero", (edited, HAND))))


def test_held_keys_are_seen_to_be_held(host, session) -> None:
    held = replace(ARM, keys=tuple(replace(key, interpolation=Interpolation.HOLD) for key in ARM.keys))
    label = host.commit(text(held))
    moved = replace(held, keys=(held.keys[0], replace(held.keys[1], knots=KNOTS)))
    host.commit(text(moved), label)
    assert told(host) == "by objects"
    assert_draws(host, label, document(moved))


def test_a_version_with_other_units_gets_a_shape_file(host, session) -> None:
    label = host.commit(HERO)
    fx._state.world_scale = 2.0
    host.commit(text(Layer("hero", (replace(ARM, inverted=True), HAND))), label)
    assert "do not share their units" in told(host)


def test_a_version_that_does_not_tell_the_order_of_points_gets_a_shape_file(host, session, monkeypatch) -> None:
    label = host.commit(HERO)
    monkeypatch.delattr("_objects._Path.evalPoint")
    host.commit(text(Layer("hero", (replace(ARM, inverted=True), HAND))), label)
    assert told(host).startswith("by a shape file")
    with pytest.raises((UnsayableError, AttributeError)):
        probed_order()


def test_a_shape_file_that_is_not_taken_is_replaced_by_objects(host, session) -> None:
    fx._state.refuses = True
    plain = Layer("hero", (ARM, HAND))
    label = host.commit(text(plain))
    assert told(host) == "by objects"
    assert_draws(host, label, document(plain))


def test_frames_of_a_file_that_counts_otherwise_land_on_the_objects_own(session) -> None:
    fx._state.refuses = True
    host = SilhouetteHost(frame_offset=1)
    label = host.commit(text(HAND).replace('Key frame="0"', 'Key frame="1"'))
    (shape,) = session.node(type="RotoNode").children
    assert shape.property("path").keys == [0]
    assert label == host.targets()[0]

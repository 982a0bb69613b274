"""Frozen dataclasses to plain data and back, by their type hints alone."""

# ruff: noqa: UP006, UP035, UP045 - hints as Python 3.7 has them, which are the ones in use

import json
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

import pytest

from roto_shared.errors import InputError
from roto_shared.shapes import (
    Blend,
    Foreign,
    KeyedShape,
    Knot,
    Layer,
    Native,
    ShapeDocument,
    ShapeKey,
    Transform,
    TransformKey,
)
from roto_shared.structure import from_plain, packed_doubles, to_plain

SHAPE = KeyedShape(
    "a",
    (
        ShapeKey(1.0, (Knot(1.0, 2.0, 3.0, 4.0, 5.0, 6.0),), slope_in=(Knot(0.5, 0.0),)),
        ShapeKey(2.0, (Knot(0.0, 0.0),)),
    ),
    blend=Blend.SUBTRACT,
    edited=(1.0,),
)
PINS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LAYER = Layer("l", (SHAPE, Foreign("f", "x", Native("nuke", "{}"))), (TransformKey(1.0, Transform(pins=PINS)),))
DOCUMENT = ShapeDocument(64, 48, (LAYER, SHAPE))


@dataclass(frozen=True)
class Everything:
    count: int
    words: Tuple[str, ...] = ()
    numbers: Optional[List[float]] = None
    named: Optional[Dict[str, Native]] = None
    flag: bool = False


def test_a_document_goes_through_json():
    assert from_plain(ShapeDocument, json.loads(json.dumps(to_plain(DOCUMENT, ShapeDocument)))) == DOCUMENT


def test_a_document_goes_through_packed_doubles_without_rounding():
    third = KeyedShape("a", (ShapeKey(1 / 3, (Knot(1 / 3, 2 / 3),)),))
    plain = to_plain(ShapeDocument(1, 1, (third,)), ShapeDocument, packed_doubles)
    knots = plain["children"][0]["keys"][0]["knots"]
    assert isinstance(knots, bytes)
    assert len(knots) == 48
    assert from_plain(ShapeDocument, plain).children == (third,)


def test_fields_that_hold_their_default_are_left_out():
    assert to_plain(KeyedShape("a", SHAPE.keys[1:]), KeyedShape) == {
        "name": "a",
        "keys": [{"frame": 2.0, "knots": [0.0] * 6}],
    }


def test_only_what_could_be_several_things_says_what_it_is():
    plain = to_plain(DOCUMENT, ShapeDocument)
    assert "type" not in plain
    assert [child["type"] for child in plain["children"]] == ["Layer", "KeyedShape"]
    assert "type" not in plain["children"][1]["keys"][0]


def test_lists_maps_and_nothing_come_back():
    given = Everything(3, ("a", "b"), [1.0, 2.5], {"x": Native("nuke", "t")}, True)
    assert from_plain(Everything, to_plain(given, Everything)) == given
    assert from_plain(Everything, {"count": 1}) == Everything(1)


def test_whole_numbers_do_for_real_ones_and_unknown_fields_are_passed_over():
    assert from_plain(Everything, {"count": 1, "numbers": [1, 2], "later": "x"}) == Everything(1, numbers=[1.0, 2.0])


@pytest.mark.parametrize(
    ("plain", "sentence"),
    [
        ({}, "Everything lacks “count”"),
        ({"count": "1"}, r"Everything\.count is a str, not a int"),
        ({"count": True}, r"Everything\.count is a bool, not a int"),
        ({"count": 1, "flag": 1}, r"Everything\.flag is a int, not a bool"),
        ({"count": 1, "words": "ab"}, r"Everything\.words is a str, not a list"),
        ({"count": 1, "words": ["a", 2]}, r"Everything\.words\[1\] is a int, not a str"),
        ({"count": 1, "named": {"x": {"host": "nuke"}}}, r"Everything\.named\.x lacks “text”"),
        ([], "Everything is a list, not a map"),
    ],
)
def test_what_does_not_fit_is_named_by_its_field(plain, sentence):
    with pytest.raises(InputError, match=sentence):
        from_plain(Everything, plain)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"blend": "burn"}, r"KeyedShape\.blend: .*Use one of"),
        ({"keys": [{"frame": 1, "knots": [1, 2, 3]}]}, r"keys\[0\]\.knots is a list, not a six numbers a knot"),
        ({"colour": [1, 2]}, r"KeyedShape\.colour is a list, not a list of 3"),
    ],
)
def test_what_a_shape_cannot_be_is_named_by_its_field(change, sentence):
    with pytest.raises(InputError, match=sentence):
        from_plain(KeyedShape, {**to_plain(SHAPE, KeyedShape), **change})


def test_an_element_of_an_unknown_type_is_refused():
    with pytest.raises(InputError, match=r"children\[0\]: unknown type “Brush”.*Layer"):
        from_plain(ShapeDocument, {"width": 1, "height": 1, "children": [{"type": "Brush"}]})

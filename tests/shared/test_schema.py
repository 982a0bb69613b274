"""The stored form: its name, its version, and files of any age."""

import pytest

from roto_shared import schema
from roto_shared.errors import FormatError
from roto_shared.shapes import ShapeDocument

DOCUMENT = ShapeDocument(64, 48, name="a")


def test_a_document_goes_through_its_stored_form():
    plain = schema.document_to_plain(DOCUMENT)
    assert next(iter(plain)) == "schema"
    assert plain["schema"] == "roto.shapes/1"
    assert schema.document_from_plain(plain) == DOCUMENT


@pytest.mark.parametrize(
    ("plain", "sentence"),
    [
        ([], "not a shape document"),
        ({}, "its schema is “None”"),
        ({"schema": "otio/1"}, "its schema is “otio/1”"),
        ({"schema": "roto.shapes/one"}, "its schema is"),
        ({"schema": f"roto.shapes/{schema.VERSION + 1}"}, "newer release"),
        ({"schema": "roto.shapes/1", "width": 1}, "ShapeDocument lacks “height”"),
        ({"schema": "roto.shapes/1", "width": 1.5, "height": 2}, "ShapeDocument.width is a float"),
    ],
)
def test_other_data_is_told(plain, sentence):
    with pytest.raises(FormatError, match=sentence) as caught:
        schema.document_from_plain(plain)
    assert caught.value.remedy


def test_every_older_version_has_its_upgrade():
    assert set(schema.UPGRADES) == set(range(1, schema.VERSION))


def test_upgrades_are_chained_from_any_age_to_the_target():
    steps = {1: lambda plain: {**plain, "b": plain["a"]}, 2: lambda plain: {**plain, "c": plain["b"] + 1}}
    assert schema.upgrade({"a": 1}, 1, 3, steps) == {"a": 1, "b": 1, "c": 2}
    assert schema.upgrade({"b": 5}, 2, 3, steps) == {"b": 5, "c": 6}
    assert schema.upgrade({"c": 9}, 3, 3, steps) == {"c": 9}

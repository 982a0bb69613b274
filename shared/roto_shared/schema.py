"""The stored form of a shape document: a schema name with a version, and upgrades from every older version.

An upgrade is a function from the plain data of version N to that of N + 1; they are chained, so that a file of any age
opens (the way of OpenTimelineIO's schemas).
"""

from typing import Any, Callable, Dict, Mapping

from .errors import FormatError, InputError
from .shapes import ShapeDocument
from .structure import Pack, from_plain, list_of_numbers, to_plain

NAME = "roto.shapes"
VERSION = 1

Upgrade = Callable[[Dict[str, Any]], Dict[str, Any]]
UPGRADES: Dict[int, Upgrade] = {}


def document_to_plain(document: ShapeDocument, pack: Pack = list_of_numbers) -> Dict[str, Any]:
    """Plain data of ``document``, headed by ``schema: roto.shapes/VERSION``."""
    return {"schema": f"{NAME}/{VERSION}", **to_plain(document, ShapeDocument, pack)}


def document_from_plain(plain: Any) -> ShapeDocument:
    """A document from plain data of this or any older version. Raises FormatError."""
    if not isinstance(plain, dict):
        raise FormatError("This is not a shape document.", f"Give a file whose schema is {NAME}/{VERSION}.")
    body = upgrade(plain, schema_version(plain), VERSION, UPGRADES)
    try:
        return from_plain(ShapeDocument, {key: value for key, value in body.items() if key != "schema"})
    except InputError as error:
        raise FormatError(error.message, error.remedy) from error


def schema_version(plain: Mapping[str, Any]) -> int:
    """Version that the data says it has. Raises FormatError for another schema or a newer version."""
    name, _, version = str(plain.get("schema", "")).partition("/")
    if name != NAME or not version.isdecimal() or int(version) < 1:
        raise FormatError(
            f"This is not a shape document: its schema is “{plain.get('schema')}”.", f"Expected {NAME}/{VERSION}."
        )
    if int(version) > VERSION:
        raise FormatError(f"This file was written by a newer release ({NAME}/{version}).", "Update roto to open it.")
    return int(version)


def upgrade(plain: Dict[str, Any], version: int, target: int, upgrades: Mapping[int, Upgrade]) -> Dict[str, Any]:
    """Chain ``upgrades`` from ``version`` to ``target``."""
    for step in range(version, target):
        plain = upgrades[step](plain)
    return plain

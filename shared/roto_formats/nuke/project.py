"""What the shapes of a Nuke script lie over: format, rate and range."""

import re
from dataclasses import dataclass

from roto_formats.number_text import decimal_value, short_text
from roto_shared.shapes import ShapeDocument

from .tree import Branch, Node, parse, unquote

DEFAULT_RANGE = {"first_frame": "1", "last_frame": "100"}
"""What a Root node leaves out that has one end of its range only at Nuke's default [doc]."""

_ROOT_NODE = re.compile(r"^Root[ \t]*\{", re.MULTILINE)
_COMMENT = re.compile(r"^# roto (width=.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Project:
    """What a script says of its picture; None is unknown. ``size`` is (width, height) in px."""

    size: tuple[int, int] | None = None
    first_frame: int | None = None
    last_frame: int | None = None
    fps: float = 24.0
    pixel_aspect: float = 1.0


def read_project(text: str) -> Project:
    """A script's project: from the comment that our writer leaves, else from its Root node."""
    comment = _COMMENT.search(text)
    if comment:
        pairs = (pair.partition("=") for pair in comment[1].split())
        return _project({name: value for name, _, value in pairs})
    match = _ROOT_NODE.search(text)
    return _root_project(knobs_of(parse(text, match.end() - 1))) if match else Project()


def project_comment(document: ShapeDocument) -> str:
    """The line that says of a document what a Roto node has no knobs for."""
    said = {
        "width": document.width,
        "height": document.height,
        "first_frame": document.first_frame,
        "last_frame": document.last_frame,
        "fps": document.fps,
        "pixel_aspect": document.pixel_aspect,
    }
    return "# roto " + " ".join(f"{name}={short_text(value)}" for name, value in said.items())


def knobs_of(node: Branch) -> dict[str, Node]:
    """Knob names and values of a node, one word or list each."""
    pairs = zip(node.items[0::2], node.items[1::2], strict=False)
    return {name: value for name, value in pairs if isinstance(name, str)}


def _root_project(knobs: dict[str, Node]) -> Project:
    """``format`` is quoted: width, height, box, pixel aspect, name [seen]."""
    said = {name: unquote(value) for name, value in knobs.items() if isinstance(value, str)}
    numbers = said.get("format", "").split()
    if len(numbers) > 1:
        said.update(width=numbers[0], height=numbers[1])
    if len(numbers) > 6:
        said.update(pixel_aspect=numbers[6])
    if not said.keys().isdisjoint(DEFAULT_RANGE):
        said = {**DEFAULT_RANGE, **said}
    return _project(said)


def _project(said: dict[str, str]) -> Project:
    def whole(name: str) -> int | None:
        return round(decimal_value(said[name])) if name in said else None

    width, height = whole("width"), whole("height")
    return Project(
        size=(width, height) if width and height and min(width, height) > 0 else None,
        first_frame=whole("first_frame"),
        last_frame=whole("last_frame"),
        fps=decimal_value(said.get("fps", "24")),
        pixel_aspect=decimal_value(said.get("pixel_aspect", "1")),
    )

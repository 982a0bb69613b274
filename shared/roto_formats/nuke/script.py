"""Whole Nuke scripts (and bare ``curves`` texts) to documents and back.

Written scripts paste into Nuke: one Roto node, nothing about the project. Size, rate and range, for which a Roto node
has no place, stand in a comment that Nuke passes over and :func:`read_nuke` understands.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor

from roto_formats.notes import Note
from roto_formats.settings import DEFAULT_SETTINGS, FormatSettings
from roto_shared.drawing import draw
from roto_shared.errors import FormatError
from roto_shared.shapes import Element, Native, ShapeDocument
from roto_shared.space import NukeSpace

from .compose import NukeSink
from .frame import frame_text, knob_list, knob_within, pivot_size, root_children, root_layer
from .interpret import HOST, Source, interpret_layer
from .project import Project, knobs_of, project_comment, read_project
from .tree import Branch, parse, unquote

_NODE = re.compile(r"^[ \t]*(Roto|RotoPaint)[ \t]*\{", re.MULTILINE)


def read_nuke(text: str, settings: FormatSettings = DEFAULT_SETTINGS) -> ShapeDocument:
    """A document from a ``.nk`` script with Roto or RotoPaint nodes, or from the text of one ``curves`` knob.

    Its size is that of ``settings``, else what the text says, else twice the root layer's pivot, which Nuke puts at the
    picture's centre [seen]. Several nodes become layers named after them. Raises FormatError.
    """
    project = read_project(text)
    project = replace(project, size=settings.size or project.size)
    nodes = [_roto_node(text, match) for match in _NODE.finditer(text)]
    knobs = [(name, knob) for name, knob in nodes if knob is not None] if nodes else [("", knob_list(text))]
    if not knobs:
        raise FormatError("No Roto node of this script has shapes.", "Save the script with its Roto nodes.")
    return _document(text, knobs, project)


def _roto_node(text: str, match: "re.Match[str]") -> tuple[str, Branch | None]:
    """Name of a Roto node and the list in its curves knob; None for a node without shapes."""
    knobs = knobs_of(parse(text, match.end() - 1))
    name, curves = knobs.get("name"), knobs.get("curves")
    if not isinstance(curves, Branch) or not curves.items:
        return "", None
    return unquote(name) if isinstance(name, str) else match[1], knob_within(curves)


def _document(text: str, knobs: Sequence[tuple[str, Branch]], project: Project) -> ShapeDocument:
    name, knob = knobs[0]
    size = project.size or pivot_size(root_layer(knob))
    source = Source(text, NukeSpace(size[1]))
    roots = [interpret_layer(root_layer(knob), source) for _, knob in knobs]
    if len(knobs) == 1:
        native, children = Native(HOST, frame_text(knob, text)), root_children(roots[0])
    else:
        native = None
        children = tuple(replace(root, name=name) for (name, _), root in zip(knobs, roots, strict=True))
    first, last = _range(children, project)
    return ShapeDocument(
        *size, children, first, last, project.fps, project.pixel_aspect, name or ShapeDocument.name, native=native
    )


def _range(children: tuple[Element, ...], project: Project) -> tuple[int, int]:
    """The script's frame range; where it says none, what the keys span."""
    if project.first_frame is not None and project.last_frame is not None:
        return project.first_frame, max(project.first_frame, project.last_frame)
    shapes = ShapeDocument(1, 1, children).shapes()
    frames = [key.frame for shape in shapes for key in (shape.keys[0], shape.keys[-1])]
    return (floor(min(frames)), ceil(max(frames))) if frames else (1, 1)


def nuke_curves(document: ShapeDocument, _settings: FormatSettings = DEFAULT_SETTINGS) -> tuple[str, list[Note]]:
    """The text that ``node["curves"].fromScript`` takes, and what was baked or lost for it."""
    sink = NukeSink()
    draw(document, sink)
    return sink.curves, sink.notes


def nuke_script(document: ShapeDocument, _settings: FormatSettings = DEFAULT_SETTINGS) -> tuple[str, list[Note]]:
    """A script that pastes into Nuke as one Roto node, and what was baked or lost for it."""
    curves, notes = nuke_curves(document)
    knobs = ["inputs 0", "output alpha", f"curves {{{curves}}}", f"name {node_name(document.name)}", "selected true"]
    return "\n ".join([f"{project_comment(document)}\nRoto {{", *knobs]) + "\n}\n", notes


def node_name(name: str) -> str:
    """A name that Nuke accepts for a node: letters, digits and underscores, no digit first."""
    cleaned = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    return f"Roto_{cleaned}" if not cleaned or cleaned[0].isdigit() else cleaned

"""Whole Nuke scripts (and bare ``curves`` texts) to documents and back.

Written scripts paste into Nuke: one Roto node, nothing about the project. Size, rate and range, for which a Roto node
has no place, stand in a comment that Nuke passes over and :func:`read_nuke` understands.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor
from typing import NamedTuple

from roto_formats.notes import Note
from roto_formats.settings import DEFAULT_SETTINGS, FormatSettings
from roto_shared.drawing import draw
from roto_shared.errors import FormatError
from roto_shared.shapes import Element, Layer, Native, ShapeDocument
from roto_shared.space import NukeSpace

from .compose import NukeSink
from .frame import frame_text, knob_list, knob_within, pivot_size, root_children, root_layer
from .interpret import HOST, Source, interpret_layer
from .project import Project, knobs_of, project_comment, read_project
from .tree import Branch, parse, unquote

_NODE = re.compile(r"^[ \t]*(?:clone [^\s{]+ )?(Roto|RotoPaint)[ \t]*\{", re.MULTILINE)
"""Where a node begins; of clones the first one holds the knobs, as ``clone node7f5|Roto|304 Roto {`` [told]."""


class RotoNode(NamedTuple):
    """A node's name, the list in its curves knob, and whether it is disabled: then Nuke draws nothing of it [doc]."""

    name: str
    knob: Branch
    is_disabled: bool = False


def read_nuke(text: str, settings: FormatSettings = DEFAULT_SETTINGS) -> ShapeDocument:
    """A document from a ``.nk`` script with Roto or RotoPaint nodes, or from the text of one ``curves`` knob.

    Its size is that of ``settings``, else what the text says, else twice the root layer's pivot, which Nuke puts at the
    picture's centre [seen]. Several nodes become layers named after them; what is in a disabled one is hidden. Raises
    FormatError.
    """
    project = read_project(text)
    project = replace(project, size=settings.size or project.size)
    matches = list(_NODE.finditer(text))
    found = [_roto_node(text, match) for match in matches] if matches else [RotoNode("", knob_list(text))]
    nodes = [node for node in found if node is not None]
    if not nodes:
        raise FormatError("No Roto node of this script has shapes.", "Save the script with its Roto nodes.")
    return _document(text, nodes, project)


def _roto_node(text: str, match: "re.Match[str]") -> RotoNode | None:
    """The node that begins at ``match``; None for one without shapes."""
    knobs = knobs_of(parse(text, match.end() - 1))
    name, curves = knobs.get("name"), knobs.get("curves")
    if not isinstance(curves, Branch) or not curves.items:
        return None
    return RotoNode(
        unquote(name) if isinstance(name, str) else match[1],
        knob_within(curves),
        is_disabled=knobs.get("disable") in ("true", "1"),
    )


def _document(text: str, nodes: Sequence[RotoNode], project: Project) -> ShapeDocument:
    size = project.size or pivot_size(root_layer(nodes[0].knob))
    source = Source(text, NukeSpace(size[1]))
    roots = [_root_of(node, source) for node in nodes]
    if len(nodes) == 1:
        native, children = Native(HOST, frame_text(nodes[0].knob, text)), root_children(roots[0])
    else:
        native = None
        children = tuple(replace(root, name=node.name) for node, root in zip(nodes, roots, strict=True))
    first, last = _range(children, project)
    name = nodes[0].name or ShapeDocument.name
    return ShapeDocument(*size, children, first, last, project.fps, project.pixel_aspect, name, native=native)


def _root_of(node: RotoNode, source: Source) -> Layer:
    root = interpret_layer(root_layer(node.knob), source)
    return replace(root, visible=root.visible and not node.is_disabled)


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

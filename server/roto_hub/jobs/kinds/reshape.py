"""A version's shapes as somebody changed them: what was touched is held, the frames around are fitted to it."""

from dataclasses import dataclass, replace
from typing import Any

from roto_formats.registry import document_text, read_document
from roto_hub.jobs.kinds.bench import Bench
from roto_hub.jobs.kinds.delivery import MASKS, deliver, write_shapes
from roto_hub.jobs.kinds.leftovers import check_nothing_lost, take_out_leftovers
from roto_hub.jobs.kinds.segment import what_stands
from roto_hub.shapes.edits import with_moved_knots, with_new_shape, without_shape
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import CurveSettings
from roto_shared.shapes import ShapeDocument
from roto_shared.sites import find_open_site, sites

WRITTEN = ["json", "nk", "fxs"]


def reshape(bench: Bench, request: dict[str, Any]) -> dict[str, Any]:
    """Do the edits to a version's shapes. The masks follow: where a frame was touched they are what is drawn there, and
    the frames around are tracked from it. Raises InputError for a version that is not the newest any more."""
    if bench.newest is None or bench.newest.shapes != request["shapes"]:
        raise InputError("The version is not the shot's newest any more.", "Change the shapes of the newest one.")
    with bench.session(request.get("engine", "")) as opened:
        added = [edit["object"] for edit in request["edits"] if edit["do"] == "add"]
        check_nothing_lost(bench, opened, added)
        take_out_leftovers(bench, opened, added)
        was = read_document(bench.stored(request["shapes"]))
        edited = _edited(bench, was, request["edits"])
        tracked = _follow(bench, opened, edited, request)
        document = _refitted(bench, opened, edited, was, CurveSettings(**request.get("curves", {})))
        written = deliver(bench, opened.session, ["png", "report"], CurveSettings(), MASKS)
        shapes = write_shapes(bench, document, WRITTEN)
        stands = what_stands(bench, request.get("engine", ""), tracked)
        return {
            **stands,
            "files": sorted(shapes["files"] + written["files"]),
            "notes": shapes["notes"] + written["notes"],
        }


@dataclass(frozen=True)
class _Edits:
    """A document that was changed: where knots were moved, by object, and objects that are others all along."""

    document: ShapeDocument
    moved: dict[str, frozenset[int]]
    redrawn: frozenset[str]


def _edited(bench: Bench, was: ShapeDocument, edits: list[dict[str, Any]]) -> _Edits:
    document = was
    moved: dict[str, set[int]] = {}
    redrawn: set[str] = set()
    for edit in edits:
        if edit["do"] == "add":
            document = with_new_shape(document, edit["object"], edit["name"], edit["frame"], edit["knots"])
            redrawn.add(edit["object"])
            continue
        owner = find_open_site(document, edit["shape"]).object
        if edit["do"] == "move":
            document = with_moved_knots(document, edit["shape"], edit["frame"], edit["knots"])
            moved.setdefault(owner, set()).add(edit["frame"])
        elif edit["do"] == "delete":
            document = without_shape(document, edit["shape"])
            redrawn.add(owner)
        else:
            ask = messages.AddKnot if edit["do"] == "add_knot" else messages.RemoveKnot
            x, y = edit["point"]
            document = bench.ask(ask(document, edit["shape"], edit["frame"], (x, y))).document
    return _Edits(document, {name: frozenset(frames) for name, frames in moved.items()}, frozenset(redrawn))


def _follow(bench: Bench, opened: messages.SessionOpened, edited: _Edits, request: dict[str, Any]) -> messages.Tracked:
    """What is drawn on touched frames becomes the masks there, and is tracked."""
    for name in sorted({*edited.moved, *edited.redrawn}):
        frames = _all_frames(opened, edited.document) if name in edited.redrawn else tuple(sorted(edited.moved[name]))
        alive = [frame for frame in frames if _draws(edited.document, name, frame)]
        if not alive:
            raise InputError(f"Nothing of “{name}” would be left.", "Delete the object instead.")
        own = tuple(child for child in edited.document.children if child.name == name)
        text, _notes = document_text(replace(edited.document, children=own), ".json")
        bench.ask(messages.PromptShapes(opened.session, tuple(alive), "json", text, name))
    first, last = request.get("first"), request.get("last")
    tracked: messages.Tracked = bench.ask(messages.Track(opened.session, first=first, last=last))
    return tracked


def _all_frames(opened: messages.SessionOpened, document: ShapeDocument) -> tuple[int, ...]:
    return tuple(frame for frame in opened.frames if document.first_frame <= frame <= document.last_frame)


def _draws(document: ShapeDocument, name: str, frame: int) -> bool:
    return any(site.object == name and site.is_drawn(frame) for site in sites(document))


def _refitted(
    bench: Bench, opened: messages.SessionOpened, edited: _Edits, was: ShapeDocument, curves: CurveSettings
) -> ShapeDocument:
    """The frames around moved knots, fitted to the masks as they are now."""
    document = edited.document
    for name in sorted(edited.moved):
        if name not in edited.redrawn:
            answer = bench.ask(messages.Refit(opened.session, document, name, was=was, settings=curves))
            document = answer.document
    return document

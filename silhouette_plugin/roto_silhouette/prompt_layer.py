"""Prompts in Silhouette's own viewer: trackers and rectangles in a layer, and what is selected of them.

A layer called “AI prompts” speaks of an object; “AI prompts: hero” names it. A tracker in it is a point of the object,
one whose label begins with “-” is not of it, and a shape is a box around its points. Each says something on its keys,
one that has a single key or none on the frame on which it was first seen.
"""

from typing import Any, Dict, List, Optional, Set, Tuple

import fx
import hook

from roto_panel.host import Prompts, PromptsChanged
from roto_shared.errors import InputError, RotoError
from roto_shared.protocol.data import Box, ObjectPrompt
from roto_shared.shapes import Point
from roto_silhouette.plate import ROTO, active_session
from roto_silhouette.space import to_pixels

LAYER = "AI prompts"
FIRST_OBJECT = "object1"
MINUS = "-"
TRACKER, SHAPE = "Tracker", "Shape"

Handles = List[Any]

Place = Tuple[str, int, str]
"""A prompt layer among others: its node, which of the node's prompt layers it is, and its name."""


def make_prompt_layer(node: Any) -> Any:
    """A prompt layer in a Roto node, on top and selected, so that what is drawn next goes into it."""
    fx.beginUndo("Roto prompt layer")
    try:
        layer = fx.Layer()
        layer.label = LAYER
        node.property("objects").addObjects([layer], 0)
    finally:
        fx.endUndo()
    fx.activate(node)
    fx.select([layer])
    return layer


def prompt_layers(node: Any) -> List[Any]:
    """The prompt layers of a Roto node."""
    return [child for child in node.children if child.type == "Layer" and str(child.label).startswith(LAYER)]


class PromptHandles:
    """Reads prompts off trackers and shapes. It remembers on which frame each was first seen."""

    def __init__(self) -> None:
        self._seen: Dict[Tuple[str, str], int] = {}

    def of_layer(self, layer: Any) -> Prompts:
        """What a prompt layer says, by source frame."""
        name = str(layer.label)[len(LAYER) :].strip(" :") or FIRST_OBJECT
        return self._said(name, str(layer.label), list(layer.children))

    def of_selection(self, chosen: Handles) -> Prompts:
        """What selected trackers, shapes and prompt layers say of one object. Raises InputError for none."""
        for one in chosen:
            if one.type == "Layer" and str(one.label).startswith(LAYER):
                return self.of_layer(one)
        handles = [one for one in chosen if one.type in (TRACKER, SHAPE)]
        if not handles:
            raise InputError("No tracker is selected.", "Select trackers, or a layer called “{}”.".format(LAYER))
        return self._said(str(handles[0].label).lstrip(MINUS), "", handles)

    def _said(self, name: str, place: str, handles: Handles) -> Prompts:
        session = active_session()
        speaking = [(one, self._frames(one, place)) for one in handles if one.type in (TRACKER, SHAPE)]
        said = {}
        for frame in sorted({frame for _, frames in speaking for frame in frames}):
            there = [one for one, frames in speaking if frame in frames]
            plus, minus, box = _prompt_at(session, there, frame)
            said[int(session.startFrame) + frame] = ObjectPrompt(name, plus, minus, box)
        return said

    def _frames(self, one: Any, place: str) -> List[int]:
        """Session frames, from 0, on which a handle says something."""
        first_seen = self._seen.setdefault((place, str(one.label)), int(fx.player.frame))
        keys = sorted({int(key) for key in _property_of(one).keys or ()})
        return keys if len(keys) > 1 else [first_seen]


class PromptWatch:
    """Tells what the active session's prompt layers say, when that was changed and then left alone for a look.

    Silhouette's hook tells of new objects, but of no moved ones [?]; so :meth:`look` has to be called now and then.
    """

    def __init__(self, handles: PromptHandles) -> None:
        self._handles = handles
        self._changed: Optional[PromptsChanged] = None
        self._told: Dict[Place, Prompts] = {}
        self._early: Set[Place] = set()
        self._moving: Dict[Place, Prompts] = {}

    def watch(self, changed: PromptsChanged) -> None:
        """Call ``changed`` from now on."""
        self._changed = changed
        hook.add("object_created", lambda *_: self.look())

    def close(self) -> None:
        """Tell no more."""
        self._changed = None

    def look(self) -> None:
        """See what the prompt layers say now."""
        session = fx.activeSession()
        if self._changed is None or session is None:
            return
        for node in session.nodes:
            for number, layer in enumerate(prompt_layers(node) if node.type == ROTO else ()):
                self._look_at((str(node.label), number, str(layer.label)), layer, self._changed)

    def _look_at(self, place: Place, layer: Any, changed: PromptsChanged) -> None:
        try:
            said = self._handles.of_layer(layer)
        except RotoError:
            return  # half-made; taking it by hand tells what is wrong
        if not said or said == self._told.get(place):
            self._moving.pop(place, None)
        elif said != self._moving.get(place):
            self._moving[place] = said
        elif changed(said, place in self._early):
            self._told[place] = self._moving.pop(place)
            self._early.discard(place)
        else:
            self._early.add(place)


def _property_of(one: Any) -> Any:
    return one.property("position" if one.type == TRACKER else "path")


def _prompt_at(
    session: Any, handles: Handles, frame: int
) -> "Tuple[Tuple[Point, ...], Tuple[Point, ...], Optional[Box]]":
    plus: List[Point] = []
    minus: List[Point] = []
    box: Optional[Box] = None
    for one in handles:
        if one.type == TRACKER:
            place = to_pixels(session, one.property("position").getValue(frame))
            (minus if str(one.label).startswith(MINUS) else plus).append(place)
        else:
            box = _around(session, one.evalPath(frame).points)
    return tuple(plus), tuple(minus), box


def _around(session: Any, points: List[Tuple[Any, ...]]) -> Box:
    """The box around a spline's points; handles do not count, a rectangle has none. Raises InputError for no points."""
    if not points:
        raise InputError("A shape among the prompts has no points yet.", "Draw it, or take it out.")
    parts = [[part for part in point if hasattr(part, "x")] for point in points]
    centres = [to_pixels(session, part[1] if len(part) == 3 else part[0]) for part in parts]
    xs, ys = [x for x, _ in centres], [y for _, y in centres]
    return (min(xs), min(ys), max(xs), max(ys))

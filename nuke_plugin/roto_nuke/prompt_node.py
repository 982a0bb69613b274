"""Prompts as handles in Nuke's own viewer: a node with points and a box; and Nuke's trackers read as points.

The node is a NoOp with knobs of its own, so that a script opens without the plugin. A point is an XY_Knob with a tick
for “not the object”; handles are exact, draggable, undoable, animatable and saved with the script. Animated points say
something on each of their keys, still ones on the frame for which they were added.
"""

import re
from typing import Callable, Dict, List, Tuple

import nuke
from roto_panel.host import Prompts, PromptsChanged
from roto_shared.errors import InputError, RotoError
from roto_shared.protocol.data import Box, ObjectPrompt
from roto_shared.shapes import Point

OBJECT, FRAME, BOX, USE_BOX = "roto_object", "roto_frame", "roto_box", "roto_use_box"
POINT = "roto_point"
MINUS = "roto_minus"
PAUSE_S = 0.3
"""After so long without a movement a handle is taken to be where it was meant."""

TRACKER_X, TRACKER_Y = 2, 3
"""Columns of a track in a Tracker4's table [told, by scripts of others; to confirm on a licensed seat]."""

_TABLE = re.compile(r"[\s{]*\d+\s+(\d+)\s+(\d+)\s*\}")
"""How that table's text begins: its version, its columns, its tracks [told]."""

_POINT_NAME = re.compile(POINT + r"(\d+)$")

Later = Callable[[Callable[[], None], float], None]


def make_prompt_node(name: str = "object1") -> "nuke.Node":
    """A prompt node with one point in the middle of the picture, for the shown frame, below the selected node."""
    node = nuke.createNode("NoOp", inpanel=True)
    node.addKnob(nuke.Tab_Knob("roto_prompts_tab", "Roto prompts"))
    node.addKnob(nuke.String_Knob(OBJECT, "object", name))
    node.addKnob(nuke.Int_Knob(FRAME, "frame"))
    node.addKnob(nuke.Boolean_Knob(USE_BOX, "use box"))
    node.addKnob(nuke.BBox_Knob(BOX, "box"))
    for command, label in (("add_point", "add point"), ("remove_point", "remove last")):
        text = "from roto_nuke import prompt_node; prompt_node.{}(nuke.thisNode())".format(command)
        node.addKnob(nuke.PyScript_Knob("roto_" + command, label, text))
    node[FRAME].setValue(int(nuke.frame()))
    node["label"].setValue("prompts")
    width, height = node.width(), node.height()
    for index, value in enumerate((width * 0.25, height * 0.25, width * 0.75, height * 0.75)):
        node[BOX].setValue(value, index)
    add_point(node)
    return node


def add_point(node: "nuke.Node") -> None:
    """One more point, in the middle of the picture."""
    number = max(_numbers(node) or [0]) + 1
    node.addKnob(nuke.XY_Knob("{}{}".format(POINT, number), "point {}".format(number)))
    node.addKnob(nuke.Boolean_Knob("{}{}".format(MINUS, number), "not the object"))
    knob = node["{}{}".format(POINT, number)]
    for index, value in enumerate((node.width() / 2.0, node.height() / 2.0)):
        knob.setValue(value, index)


def remove_point(node: "nuke.Node") -> None:
    """One point less: the last."""
    numbers = _numbers(node)
    if numbers:
        for stem in (MINUS, POINT):
            node.removeKnob(node["{}{}".format(stem, numbers[-1])])


def is_prompt_node(node: "nuke.Node") -> bool:
    """Whether a node is one of ours."""
    return node.knob(OBJECT) is not None


def prompts_of(node: "nuke.Node") -> Prompts:
    """What a prompt node or a tracker says, by frame. Raises InputError for any other node."""
    if is_prompt_node(node):
        return _said_by(node)
    if node.Class() == "Tracker4":
        return _tracks(node)
    raise InputError("{} says no prompts.".format(node.name()), "Select a Tracker or a prompt node.")


class PromptNodes:
    """Tells when handles of prompt nodes were moved. Nuke tells it only while a node's panel is open.

    ``is_wanted`` says whether a node may speak of the open plate.
    """

    def __init__(self, later: Later, is_wanted: "Callable[[nuke.Node], bool]" = lambda _node: True) -> None:
        self._later = later
        self._is_wanted = is_wanted
        self._moves: Dict[str, int] = {}
        self._changed: PromptsChanged = lambda _said, _is_early: False
        self._is_watching = False

    def watch(self, changed: PromptsChanged) -> None:
        """Call ``changed`` from now on."""
        self._changed = changed
        nuke.addKnobChanged(self._moved, nodeClass="NoOp")
        self._is_watching = True

    def close(self) -> None:
        """Watch no more."""
        if self._is_watching:
            nuke.removeKnobChanged(self._moved, nodeClass="NoOp")
            self._is_watching = False

    def _moved(self) -> None:
        """A knob of a NoOp changed. Nothing of Nuke is evaluated here; that waits until it is idle."""
        node, knob = nuke.thisNode(), nuke.thisKnob()
        if not knob.name().startswith("roto_") or not is_prompt_node(node):
            return
        name = node.fullName()
        self._moves[name] = self._moves.get(name, 0) + 1
        move = self._moves[name]
        self._later(lambda: self._settled(name, move), PAUSE_S)

    def _settled(self, name: str, move: int) -> None:
        node = nuke.toNode(name)
        if not self._is_watching or node is None or self._moves[name] != move or not self._is_wanted(node):
            return
        try:
            said = prompts_of(node)
        except RotoError:
            return  # half-made while its knobs are being set; opening or taking it by hand tells what is wrong
        self._changed(said, False)


def _said_by(node: "nuke.Node") -> Prompts:
    name = str(node[OBJECT].value()).strip()
    if not name:
        raise InputError("{} names no object.".format(node.name()), "Fill in its field “object”.")
    numbers, height = _numbers(node), node.height()
    frames = {int(node[FRAME].value())}
    for number in numbers:
        frames |= set(_keys(node["{}{}".format(POINT, number)]))
    box_keys = _keys(node[BOX])
    said = {}
    for frame in sorted(frames | set(box_keys)):
        plus, minus = _points_on(node, numbers, frame, height)
        box = _box_on(node, frame, height) if node[USE_BOX].value() else None
        said[frame] = ObjectPrompt(name, plus, minus, box)
    return said


def _points_on(
    node: "nuke.Node", numbers: List[int], frame: int, height: int
) -> "Tuple[Tuple[Point, ...], Tuple[Point, ...]]":
    """The points that say something on a frame: those keyed there, and on the node's own frame the still ones too."""
    plus: List[Point] = []
    minus: List[Point] = []
    for number in numbers:
        knob = node["{}{}".format(POINT, number)]
        keys = _keys(knob)
        if frame in keys or (not keys and frame == int(node[FRAME].value())):
            point = (float(knob.getValueAt(frame, 0)), height - float(knob.getValueAt(frame, 1)))
            (minus if node["{}{}".format(MINUS, number)].value() else plus).append(point)
    return tuple(plus), tuple(minus)


def _box_on(node: "nuke.Node", frame: int, height: int) -> Box:
    """Nuke's box is x, y, right, top from the bottom left."""
    left, bottom, right, top = (float(node[BOX].getValueAt(frame, index)) for index in range(4))
    return (left, height - top, right, height - bottom)


def _tracks(node: "nuke.Node") -> Prompts:
    """A Tracker's tracks as points on every frame on which any of them has a key."""
    knob, height = node["tracks"], node.height()
    frames, places = sorted(_keys(knob)), _track_places(knob)
    if not frames or not places:
        raise InputError("{} has no track with keys.".format(node.name()), "Track something in it first.")
    return {
        frame: ObjectPrompt(
            node.name(),
            tuple((float(knob.getValueAt(frame, x)), height - float(knob.getValueAt(frame, y))) for x, y in places),
        )
        for frame in frames
    }


def _track_places(knob: "nuke.Knob") -> List[Tuple[int, int]]:
    """Where x and y of every track are among the values of a Tracker's table. Raises InputError."""
    found = _TABLE.match(knob.toScript())
    if found is None:
        raise InputError("This Tracker's table cannot be read.", "Please report your version of Nuke.")
    columns, tracks = int(found.group(1)), int(found.group(2))
    return [(track * columns + TRACKER_X, track * columns + TRACKER_Y) for track in range(tracks)]


def _keys(knob: "nuke.Knob") -> List[int]:
    return [int(key) for key in knob.getKeyList()] if knob.isAnimated() else []


def _numbers(node: "nuke.Node") -> List[int]:
    """Numbers of the node's points, ascending."""
    found = (_POINT_NAME.match(name) for name in node.knobs())
    return sorted(int(one.group(1)) for one in found if one is not None)

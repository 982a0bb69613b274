"""Nuke as the panel sees it."""

from typing import Callable, Dict, Generator, Optional, Tuple

import nuke
from roto_nuke.plate import file_of, find_read, plate_above
from roto_nuke.prompt_node import PromptNodes, prompts_of
from roto_nuke.render import Renders
from roto_nuke.scene import curves_of, put_curves, roto_nodes, update_curves, without_undo
from roto_nuke.watch import SceneWatch
from roto_panel.host import Host, Prompts, PromptsChanged
from roto_panel.paths import PathTable
from roto_panel.plates import KEPT, is_same_plate
from roto_panel.widgets.main_thread import run_later
from roto_shared.errors import InputError
from roto_shared.protocol.data import PlateRef

KNOB_PREFIX = "roto_"
"""What is kept with the script lies in invisible text knobs of its root, named so."""


class NukeHost(Host):
    """Nuke. ``paths`` says where the daemon finds this machine's files."""

    shape_format = "curves"

    def __init__(self, paths: Optional[PathTable] = None) -> None:
        self.paths = paths or PathTable()
        self._renders = Renders()
        self._prompt_nodes = PromptNodes(run_later, self._is_of_plate)
        self._plate_name = ""
        self._watch: Optional[SceneWatch] = None

    def plate(self) -> PlateRef:
        node = _selected()
        rendered = self._renders.of(node)
        plate = plate_above(node, self.paths) if rendered is None else PlateRef(self.paths.to_daemon(rendered))
        self._plate_name = self.plate_name()
        return plate

    def plate_name(self) -> str:
        node = _selected()
        try:
            return file_of(find_read(node))
        except InputError:
            return node.fullName()  # such a plate is rendered, each time into another folder

    def can_render(self) -> bool:
        return [node.Class() for node in nuke.selectedNodes()] not in ([], ["Read"])

    def render(self, first: Optional[int] = None, last: Optional[int] = None) -> Generator[Tuple[int, int], None, None]:
        root = nuke.root()
        ends = [int(root[name].value()) for name in ("first_frame", "last_frame")]
        return self._renders.render(_selected(), ends[0] if first is None else first, ends[1] if last is None else last)

    def frame(self) -> int:
        return int(nuke.frame())

    def go_to(self, frame: int) -> None:
        nuke.frame(frame)

    def deliver(self, callback: Callable[[], None]) -> None:
        nuke.executeInMainThread(callback)

    def later(self, callback: Callable[[], None], seconds: float = 0.0) -> None:
        run_later(callback, seconds)

    def targets(self) -> Tuple[str, ...]:
        return tuple(node.name() for node in roto_nodes())

    def shapes_of(self, target: str) -> str:
        return curves_of(target)

    def commit(self, shapes: str, target: str = "") -> str:
        return put_curves(shapes, target)

    def update(self, shapes: str, target: str) -> str:
        update_curves(shapes, target)
        return target

    def chosen_shapes(self) -> str:
        node = _selected()
        if node not in roto_nodes():
            raise InputError("{} holds no shapes.".format(node.name()), "Select a Roto or RotoPaint node.")
        return curves_of(node.name())

    def chosen_prompts(self) -> Prompts:
        return prompts_of(_selected())

    def watch_prompts(self, changed: PromptsChanged) -> None:
        self._prompt_nodes.watch(changed)

    def watch_scene(self, frame_changed: Callable[[int], None], closed: Callable[[], None]) -> None:
        def scene_closed() -> None:
            self._renders.close()
            self._plate_name = ""
            closed()

        self._watch = SceneWatch(frame_changed, scene_closed)

    def saved(self) -> Dict[str, str]:
        root = nuke.root()
        found = {name: root.knob(KNOB_PREFIX + name) for name in KEPT}
        return {name: str(knob.value()) for name, knob in found.items() if knob is not None}

    def save(self, name: str, text: str) -> None:
        with without_undo():  # an artist who undoes work in the script keeps the clicks of the panel
            root = nuke.root()
            if root.knob(KNOB_PREFIX + name) is None:
                knob = nuke.String_Knob(KNOB_PREFIX + name, "")
                knob.setFlag(nuke.INVISIBLE)
                root.addKnob(knob)
            kept = root.knob(KNOB_PREFIX + name)
            if kept is not None:
                kept.setValue(text)

    def close(self) -> None:
        self._prompt_nodes.close()
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self._renders.close()

    def _is_of_plate(self, node: "nuke.Node") -> bool:
        """Whether a node is not below the Read of another plate than the open one."""
        try:
            above = file_of(find_read(node))
        except InputError:
            return True
        return not self._plate_name or is_same_plate(above, self._plate_name)


def _selected() -> "nuke.Node":
    try:
        return nuke.selectedNode()
    except ValueError:
        raise InputError("No node is selected.", "Select a Read, or a node below one.") from None

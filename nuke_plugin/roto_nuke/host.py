"""Nuke as the panel sees it."""

from typing import Callable, Dict, Optional

import nuke
from roto_nuke.plate import plate_above
from roto_nuke.scene import commit_curves
from roto_panel.host import Host
from roto_panel.paths import PathTable
from roto_shared.errors import InputError
from roto_shared.protocol.data import PlateRef

KNOB_PREFIX = "roto_"
"""What is kept with the script lies in invisible text knobs of its root, named so."""


class NukeHost(Host):
    """Nuke. ``paths`` says where the daemon finds this machine's files."""

    shape_format = "curves"

    def __init__(self, paths: Optional[PathTable] = None) -> None:
        self._paths = paths or PathTable()

    def plate(self) -> PlateRef:
        try:
            node = nuke.selectedNode()
        except ValueError:
            raise InputError("No node is selected.", "Select a Read, or a node below one.") from None
        return plate_above(node, self._paths)

    def frame(self) -> int:
        return int(nuke.frame())

    def go_to(self, frame: int) -> None:
        nuke.frame(frame)

    def deliver(self, callback: Callable[[], None]) -> None:
        nuke.executeInMainThread(callback)

    def commit(self, shapes: str) -> str:
        return commit_curves(shapes)

    def saved(self) -> Dict[str, str]:
        root = nuke.root()
        found = {name: root.knob(KNOB_PREFIX + name) for name in ("prompts",)}
        return {name: str(knob.value()) for name, knob in found.items() if knob is not None}

    def save(self, name: str, text: str) -> None:
        root = nuke.root()
        if root.knob(KNOB_PREFIX + name) is None:
            knob = nuke.String_Knob(KNOB_PREFIX + name, "")
            knob.setFlag(nuke.INVISIBLE)
            root.addKnob(knob)
        kept = root.knob(KNOB_PREFIX + name)
        if kept is not None:
            kept.setValue(text)

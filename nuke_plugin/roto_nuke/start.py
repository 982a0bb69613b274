"""The plugin's menu, and its panel's place in layouts. What is missing disables the menu, and one line says which."""

import importlib
from pathlib import Path
from typing import Any, Optional

MENU = "Roto"
PANEL_ID = "org.roto-bezier.panel"
"""Nuke's saved layouts find the panel again by it: it never changes."""

WIDGET = "__import__('importlib').import_module('roto_nuke.panel').NukeRotoPanel"
"""Nuke's own scripts put this into Python that they run where nothing of ours is imported."""

ICONS, ICON = Path(__file__).resolve().parents[1] / "icons", "roto.png"

NEEDED = ("Qt", "msgpack", "zmq", "roto_shared", "roto_panel")


def add_menu(nuke: Any) -> None:
    """Add the menu to the module ``nuke``'s windows, and register the panel."""
    menu = nuke.menu("Nuke").addMenu(MENU)
    missing = missing_module()
    if missing is None:
        _panels().registerWidgetAsPanel(WIDGET, MENU, PANEL_ID)
        menu.addCommand("Open panel", open_panel, "ctrl+alt+r")
        menu.addCommand("Prompt node", make_prompt_node, "ctrl+alt+p")
        nuke.pluginAddPath(ICONS.as_posix())
        toolbar = nuke.menu("Nodes").addMenu(MENU, icon=ICON)
        toolbar.addCommand("Open panel", open_panel)
        toolbar.addCommand("Prompt node", make_prompt_node)
        return
    menu.addCommand("Open panel", open_panel).setEnabled(False, True)
    nuke.tprint("Roto: {} is missing, so its menu is disabled. Install the plugin's zip again.".format(missing))


def open_panel() -> Any:
    """Open the panel beside the properties, or bring it to the front."""
    return _panels().registerWidgetAsPanel(WIDGET, MENU, PANEL_ID, True).addToPane()


def make_prompt_node() -> Any:
    """A node with points and a box for Nuke's own viewer, below the selected node."""
    return importlib.import_module("roto_nuke.prompt_node").make_prompt_node()


def _panels() -> Any:
    """Nuke's own module, of which there are no stubs; it needs a Nuke with windows."""
    return importlib.import_module("nukescripts").panels


def missing_module() -> Optional[str]:
    """The first module that the plugin needs and that cannot be imported."""
    for name in NEEDED:
        try:
            importlib.import_module(name)
        except ImportError:
            return name
    return None

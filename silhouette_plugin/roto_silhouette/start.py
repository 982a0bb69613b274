"""The plugin's action and menu entry, once Silhouette has started. What is missing is said in one line."""

import importlib
from typing import Any, List, Optional

import fx
import hook

LABEL = "Roto|Open panel"
NEEDED = ("Qt", "msgpack", "zmq", "roto_shared", "roto_panel")

_opened: List[Any] = []


class OpenPanelAction(fx.Action):
    """Opens the panel, or brings it to the front."""

    def __init__(self) -> None:
        fx.Action.__init__(self, LABEL)

    def available(self) -> None:
        """Silhouette greys the entry while this raises, and shows why."""
        assert fx.activeSession(), "Open a session first"
        missing = missing_module()
        assert missing is None, "{} is missing; install the plugin's zip again".format(missing)

    def execute(self) -> None:
        """Open it."""
        open_panel()


def await_startup() -> None:
    """Add the action once Silhouette has started: earlier there is no window."""
    hook.add("startupComplete", start)


def start() -> None:
    """Add the action to the menu."""
    fx.addAction(OpenPanelAction())
    missing = missing_module()
    if missing is not None:
        print("Roto: {} is missing, so its panel cannot be opened. Install the plugin's zip again.".format(missing))


def open_panel() -> Any:
    """The panel in a dock of the main window; there is one."""
    module = importlib.import_module("roto_silhouette.panel")
    if not _opened or not module.is_open(_opened[0]):
        _opened[:] = [module.dock_panel()]
    _opened[0].show()
    _opened[0].raise_()
    return _opened[0]


def missing_module() -> Optional[str]:
    """The first module that the plugin needs and that cannot be imported."""
    for name in NEEDED:
        try:
            importlib.import_module(name)
        except ImportError:
            return name
    return None

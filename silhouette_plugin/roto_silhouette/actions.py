"""The entries of Silhouette's menu. Each is greyed while it cannot be used, and says why."""

import importlib
from typing import Any, Callable, List, Optional, Tuple

import fx

MENU = "Roto|"
NEEDED = ("Qt", "msgpack", "zmq", "roto_shared", "roto_panel")

_opened: List[Any] = []


class RotoAction(fx.Action):
    """An entry; ``name`` is what its keys are set by."""

    name = ""
    words = ""

    def __init__(self) -> None:
        fx.Action.__init__(self, MENU + self.words)

    def available(self) -> None:
        """Silhouette greys the entry while this raises, and shows why."""
        assert fx.activeSession(), "Open a session first"
        missing = missing_module()
        assert missing is None, "{} is missing; install the plugin's zip again".format(missing)

    def execute(self) -> None:
        """Do it."""
        raise NotImplementedError

    def pressed(self) -> None:
        """As by the action's keys: what cannot be done is said, and nothing else happens."""
        try:
            self.available()
        except AssertionError as reason:
            print("Roto: {}.".format(reason))
            return
        self.execute()


class RotoOpenPanel(RotoAction):
    """Opens the panel, or brings it to the front."""

    name, words = "open", "Open panel"

    def execute(self) -> None:
        """Open it."""
        open_panel()


class RotoPromptLayer(RotoAction):
    """Makes a layer in which trackers and rectangles are prompts."""

    name, words = "prompts", "Prompt layer"

    def available(self) -> None:
        """It needs a Roto node."""
        super().available()
        node = fx.activeNode()
        assert node and node.isType("RotoNode"), "Choose a Roto node first"

    def execute(self) -> None:
        """Make it in the active Roto node."""
        importlib.import_module("roto_silhouette.prompt_layer").make_prompt_layer(fx.activeNode())


class _PanelAction(RotoAction):
    """Does what a button of the open panel does."""

    def available(self) -> None:
        """It needs an open panel that works on a plate."""
        super().available()
        assert _is_open(), "Open the panel first"
        presenter = _opened[0].widget().presenter
        assert presenter.state.session is not None, "Open a plate in the panel first"
        assert presenter.state.working is None, "Wait until the panel is done"

    def execute(self) -> None:
        """Do it."""
        self.do(_opened[0].widget().presenter)

    def do(self, presenter: Any) -> None:
        """Do it with the open panel's presenter."""
        raise NotImplementedError


class RotoTrack(_PanelAction):
    """Follows all objects both ways."""

    name, words = "track", "Track"

    def do(self, presenter: Any) -> None:
        """Track."""
        presenter.tracking.track()


class RotoCommit(_PanelAction):
    """Fits shapes and puts them into the Roto node."""

    name, words = "commit", "Commit shapes"

    def do(self, presenter: Any) -> None:
        """Commit."""
        presenter.shaping.commit()


class RotoSendEdits(_PanelAction):
    """Holds what was changed in the Roto node, and fits around it."""

    name, words = "send_edits", "Send my edits back"

    def do(self, presenter: Any) -> None:
        """Send."""
        presenter.shaping.send_edits()


ACTIONS: Tuple[Callable[[], RotoAction], ...] = (RotoOpenPanel, RotoPromptLayer, RotoTrack, RotoCommit, RotoSendEdits)


def open_panel() -> Any:
    """The panel in a dock of the main window; there is one."""
    if not _is_open():
        _opened[:] = [importlib.import_module("roto_silhouette.panel").dock_panel()]
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


def _is_open() -> bool:
    return bool(_opened) and importlib.import_module("roto_silhouette.panel").is_open(_opened[0])

"""The model, the range, and where prompts come from."""

from typing import Any, Optional, Sequence, Tuple

from roto_panel.qt import QtWidgets, QWidget
from roto_panel.state import PanelState
from roto_panel.widgets.fields import Form
from roto_panel.widgets.tabs.base import Tab
from roto_shared.protocol.messages import Engine


class TrackTab(Tab):
    """The model, the range, and where prompts come from."""

    title = "Track"

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.form = Form(self._changed)
        self.engine = QtWidgets.QComboBox()
        self.engine.setToolTip("The model that segments and follows; “auto” is the best that can run here")
        self.engine.activated.connect(self._choose_engine)
        self.column.addWidget(self.engine)
        form = self.form
        form.number("first", "From", "First frame to track; lowest: the plate's first", 0, 9999999, 1, "first")
        form.number("last", "To", "Last frame to track; lowest: the plate's last", 0, 9999999, 1, "last")
        form.tick("live", "Update shapes while tracking", "The chosen node follows the track every few seconds")
        form.button("frame", "Track this frame", "Follow from the nearest prompted frame to this one", self._frame)
        form.button(
            "shapes", "Prompt by selected shapes", "What the selected Roto draws here is the object", self._shapes
        )
        form.button(
            "points", "Prompt by selected tracker", "Its points, or those of a prompt node, are clicks", self._points
        )
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self._engines: Tuple[str, ...] = ()

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        engines = ("", *able_engines(state.engines))
        if state.choices.engine and state.choices.engine not in engines:
            engines = (*engines, state.choices.engine)
        if engines != self._engines:
            self._engines = engines
            self.engine.clear()
            self.engine.addItems([name or "auto" for name in engines])
        self.engine.setCurrentIndex(engines.index(state.choices.engine))
        self.engine.setEnabled(state.working is None)
        choices = state.choices
        self.form.show_values({"first": choices.first, "last": choices.last, "live": choices.live})
        for name in ("frame", "shapes", "points"):
            self.form.fields[name].setEnabled(state.is_ready)

    def _changed(self, name: str, value: Any) -> None:
        self.choose(**{name: value if name == "live" or value is None else int(value)})

    def _choose_engine(self, index: int) -> None:
        self.choose(engine=self._engines[index])

    def _frame(self) -> None:
        self.act(lambda presenter: presenter.tracking.track_frame())

    def _shapes(self) -> None:
        self.act(lambda presenter: presenter.shaping.prompt_from_scene())

    def _points(self) -> None:
        self.act(lambda presenter: presenter.prompting.prompts_from_scene())


def able_engines(models: Sequence[Engine]) -> Tuple[str, ...]:
    """Engines that lack nothing: models that do both tasks, and each of them with every model that only tracks."""
    able = [model for model in models if not model.missing]
    both = [model.name for model in able if {"prompt", "track"} <= set(model.tasks)]
    trackers = [model.name for model in able if "track" in model.tasks and "prompt" not in model.tasks]
    return (*both, *("{}+{}".format(one, tracker) for one in both for tracker in trackers))

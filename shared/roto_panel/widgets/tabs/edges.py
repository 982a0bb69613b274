"""Soft edges, and what is done to masks after tracking."""

from dataclasses import replace
from typing import Any, Optional

from roto_panel.qt import QtWidgets, QWidget
from roto_panel.state import PanelState
from roto_panel.widgets.fields import Form
from roto_panel.widgets.tabs.base import Tab
from roto_shared import bounds


class EdgesTab(Tab):
    """Soft edges, and what is done to masks after tracking."""

    title = "Edges"

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.edges, self.finish = Form(self._edges_changed), Form(self._finish_changed)
        form = self.edges
        qualities = tuple((name, name) for name in ("fast", "good", "best", "none"))
        form.choice("quality", "Refine", "How hair and blur are found; best needs a matting model", qualities)
        form.number("narrow_px", "Narrow, px", "How far a sharp edge is looked for to each side", 1, 60, 1)
        form.number("wide_px", "Wide, px", "How far a soft one is", 1, 120, 1)
        form.number("steadiness", "Steady", "Takes flicker out of edges: 0 not, 1 strongly", 0, 1, 0.05)
        form.button("refine", "Refine edges", "Make mattes of all masks in the range", self._refine)
        form = self.finish
        form.number(
            "steady_frames", "Steady, frames", "Takes flicker out of masks, along the motion", *bounds.STEADY_FRAMES, 1
        )
        form.number("fill_holes_px2", "Fill holes, px²", "Holes up to this size", 0, 100000, 50)
        form.number("drop_specks_px2", "Drop specks, px²", "Pieces up to this size; the largest stays", 0, 100000, 50)
        form.number("grow_px", "Grow, px", "Outward; inward where negative", *bounds.GROW_PX, 0.5)
        form.number("feather_px", "Feather, px", "From outside to inside", *bounds.FEATHER_PX, 0.5)
        form.button("preview", "Preview on this frame", "Shows it, and keeps nothing", self._preview)
        form.button("finish", "Finish masks", "Does it to all masks, from now on", self._finish)
        self.column.addWidget(self.edges)
        self.column.addWidget(self.finish)
        self.column.addStretch(1)
        self._state = PanelState()

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        self._state = state
        for form, values in ((self.edges, state.choices.edges), (self.finish, state.choices.finish)):
            named = [name for name, field in form.fields.items() if not isinstance(field, QtWidgets.QPushButton)]
            form.show_values({name: getattr(values, name) for name in named})
        for field in (self.edges.fields["refine"], self.finish.fields["preview"], self.finish.fields["finish"]):
            field.setEnabled(state.can_work)

    def _edges_changed(self, name: str, value: Any) -> None:
        self.choose(edges=replace(self._state.choices.edges, **{name: value}))

    def _finish_changed(self, name: str, value: Any) -> None:
        value = int(value) if name == "steady_frames" else value
        self.choose(finish=replace(self._state.choices.finish, **{name: value}))

    def _refine(self) -> None:
        self.act(lambda presenter: presenter.tracking.refine())

    def _preview(self) -> None:
        self.act(lambda presenter: presenter.tracking.preview_finish())

    def _finish(self) -> None:
        self.act(lambda presenter: presenter.tracking.finish())

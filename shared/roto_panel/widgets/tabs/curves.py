"""How masks become shapes."""

from dataclasses import replace
from typing import Any, Optional

from roto_panel.qt import QWidget
from roto_panel.state import PanelState
from roto_panel.widgets.fields import Form
from roto_panel.widgets.tabs.base import Tab
from roto_shared import bounds
from roto_shared.protocol.data import CurveSettings


class CurvesTab(Tab):
    """How masks become shapes."""

    title = "Curves"

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.form = form = Form(self._changed)
        presets = (("tight", "tight"), ("balanced", "balanced"), ("loose", "loose"))
        form.choice("preset", "Preset", "Tight keeps closest to the edge, loose has the fewest knots and keys", presets)
        form.number(
            "tolerance_px",
            "Tolerance, px",
            "How far an edge may stray from the mask",
            *bounds.TOLERANCE_PX,
            0.1,
            "preset",
        )
        form.number("detail", "Detail", "How many knots: 1 is balanced, 2 twice as fine", *bounds.DETAIL, 0.1, "preset")
        form.number(
            "key_density", "Keys", "How close it keeps between keys: 1 is balanced", *bounds.KEY_DENSITY, 0.1, "preset"
        )
        form.number(
            "smoothness",
            "Smoothness",
            "Steadies outlines over time: 0 not, 1 strongly",
            *bounds.SMOOTHNESS,
            0.05,
            "preset",
        )
        ways = (("as the host draws", None), ("smooth", "smooth"), ("linear", "linear"))
        form.choice("interpolation", "Between keys", "How the host draws from one key to the next", ways)
        parts = (("preset", None), ("allowed", True), ("one shape", False))
        form.choice("parts", "Parts", "Several overlapping shapes for a subject that bends", parts)
        form.number(
            "shutter", "Motion blur", "Shutter in frames (0.5 is 180°) that shapes carry", 0.01, 1, 0.05, "none"
        )
        self.column.addWidget(form)
        self.column.addStretch(1)
        self._curves = CurveSettings()

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        self._curves = state.choices.curves
        self.form.show_values({name: getattr(self._curves, name) for name in self.form.fields})

    def _changed(self, name: str, value: Any) -> None:
        curves = CurveSettings(preset=value) if name == "preset" else replace(self._curves, **{name: value})
        self.choose(curves=curves)

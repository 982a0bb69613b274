"""What was done, and what can be done again."""

from typing import Any, Optional

from roto_panel.qt import QtWidgets, QWidget
from roto_panel.state import PanelState
from roto_panel.widgets.tabs.base import Tab


class HistoryTab(Tab):
    """What was done, and what can be done again; a click goes there."""

    title = "History"

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.list = QtWidgets.QListWidget()
        self.list.setToolTip("Click: go back or forward to there")
        self.list.itemClicked.connect(self._go)
        self.column.addWidget(self.list, 1)

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        lines = ["Opened", *state.done, *state.undone]
        if lines != [self.list.item(row).text() for row in range(self.list.count())]:
            self.list.clear()
            self.list.addItems(lines)
        for row in range(self.list.count()):
            font = self.list.item(row).font()
            font.setItalic(row > len(state.done))
            self.list.item(row).setFont(font)
        self.list.setCurrentRow(len(state.done))

    def _go(self, item: Any) -> None:
        self.act(lambda presenter: presenter.prompting.go_to_step(self.list.row(item)))

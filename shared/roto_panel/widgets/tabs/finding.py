"""Objects found by words."""

from typing import Optional

from roto_panel.qt import QtWidgets, QWidget
from roto_panel.state import PanelState
from roto_panel.widgets.shortcuts import add_shortcut
from roto_panel.widgets.tabs.base import Tab


class FindTab(Tab):
    """A text, and what was found for it."""

    title = "Find"

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.text, self.list = QtWidgets.QLineEdit(), QtWidgets.QListWidget()
        self.text.setPlaceholderText("person, red car …")
        self.text.setToolTip("What to look for on this frame; several things with commas between (Return)")
        self.list.setToolTip("Return or double click accepts, Backspace rejects")
        self.accept, self.reject = QtWidgets.QPushButton("Accept"), QtWidgets.QPushButton("Reject")
        self.column.addWidget(self.text)
        self.column.addWidget(self.list, 1)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.accept)
        row.addWidget(self.reject)
        self.column.addLayout(row)
        self.text.returnPressed.connect(self._find)
        self.accept.clicked.connect(lambda *_: self._judge(True))
        self.reject.clicked.connect(lambda *_: self._judge(False))
        self.list.itemActivated.connect(lambda *_: self._judge(True))
        add_shortcut(self.list, "Backspace", lambda: self._judge(False))

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        row = max(self.list.currentRow(), 0)
        lines = ["{}  {:.0%}".format(one.label, one.confidence) for one in state.finding.candidates]
        if lines != [self.list.item(index).text() for index in range(self.list.count())]:
            self.list.clear()
            self.list.addItems(lines)
            self.list.setCurrentRow(min(row, len(lines) - 1))
        for button in (self.accept, self.reject):
            button.setEnabled(bool(lines))
        self.text.setEnabled(state.is_ready)

    def _find(self) -> None:
        self.act(lambda presenter: presenter.finding.find(self.text.text()))

    def _judge(self, is_right: bool) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.act(lambda presenter: (presenter.finding.accept if is_right else presenter.finding.reject)(row))

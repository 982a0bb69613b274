"""The list of objects: choose, add, rename, show, lock, delete."""

from typing import List, Optional

from roto_panel.book import PanelObject
from roto_panel.qt import QListWidgetItem, QtCore, QtGui, QtWidgets, QWidget
from roto_panel.state import PanelState
from roto_panel.widgets.look import colour_of

SWATCH_PX = 12


class ObjectList(QtWidgets.QListWidget):
    """Objects from top to bottom. A tick shows an object's overlay; a double click renames it."""

    chosen = QtCore.Signal(str)
    renamed = QtCore.Signal(str, str)
    shown = QtCore.Signal(str, bool)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setToolTip("Tick: overlay on or off.  Double click: rename.")
        self._names: List[str] = []
        self._visible: List[bool] = []
        self.currentRowChanged.connect(self._choose)
        self.itemChanged.connect(self._take_change)

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        self.blockSignals(True)
        objects = state.book.objects
        while self.count() > len(objects):
            self.takeItem(self.count() - 1)
        while self.count() < len(objects):
            self.addItem(QtWidgets.QListWidgetItem())
        for row, one in enumerate(objects):
            _fill(self.item(row), one)
        self._names, self._visible = [one.name for one in objects], [one.visible for one in objects]
        self.setCurrentRow(self._names.index(state.selected) if state.selected in self._names else -1)
        self.blockSignals(False)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._names):
            self.chosen.emit(self._names[row])

    def _take_change(self, item: QListWidgetItem) -> None:
        row = self.row(item)
        name, visible = self._names[row], item.checkState() == QtCore.Qt.Checked
        if visible != self._visible[row]:
            self.shown.emit(name, visible)
        elif item.text() != name:
            self.renamed.emit(name, item.text())


def _fill(item: QListWidgetItem, one: PanelObject) -> None:
    swatch = QtGui.QPixmap(SWATCH_PX, SWATCH_PX)
    swatch.fill(colour_of(one.colour))
    item.setText(one.name)
    item.setIcon(QtGui.QIcon(swatch))
    flags = QtCore.Qt.ItemIsEnabled | QtCore.Qt.ItemIsSelectable | QtCore.Qt.ItemIsUserCheckable
    item.setFlags(flags if one.locked else flags | QtCore.Qt.ItemIsEditable)
    item.setCheckState(QtCore.Qt.Checked if one.visible else QtCore.Qt.Unchecked)

"""The list of objects: choose, rename, show, colour, lock, order, merge, delete."""

from typing import Callable, List, Optional

from roto_panel.book import PanelObject
from roto_panel.presenter import Presenter
from roto_panel.qt import QListWidgetItem, QMenu, QPoint, QtCore, QtGui, QtWidgets, QWidget
from roto_panel.state import PanelState
from roto_panel.widgets.look import colour_of

SWATCH_PX = 12


class ObjectList(QtWidgets.QListWidget):
    """Objects from top to bottom. A tick shows an overlay; a double click renames; the rest is in a menu."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setToolTip("Tick: overlay on or off.  Double click: rename.  Right button: more.")
        self.presenter: Optional[Presenter] = None
        self._objects: List[PanelObject] = []
        self.currentRowChanged.connect(self._choose)
        self.itemChanged.connect(self._take_change)
        self.setContextMenuPolicy(QtCore.Qt.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)

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
        self._objects = list(objects)
        names = [one.name for one in objects]
        self.setCurrentRow(names.index(state.selected) if state.selected in names else -1)
        self.blockSignals(False)

    def menu(self, row: int) -> QMenu:
        """What can be done with the object of a row."""
        menu, one = QtWidgets.QMenu(self), self._objects[row]
        self._add(menu, "Rename", lambda _: self.editItem(self.item(row)), not one.locked)
        self._add(menu, "Colour …", lambda presenter: self._recolour(presenter, one))
        self._add(menu, "Unlock" if one.locked else "Lock", lambda presenter: _lock(presenter, one))
        self._add(menu, "Move up", lambda presenter: presenter.prompting.move_object(one.name, -1), row > 0)
        is_last = row == len(self._objects) - 1
        self._add(menu, "Move down", lambda presenter: presenter.prompting.move_object(one.name, 1), not is_last)
        if row > 0:
            above = self._objects[row - 1].name
            is_open = not one.locked and not self._objects[row - 1].locked
            words = "Merge with “{}”".format(above)
            self._add(menu, words, lambda presenter: presenter.prompting.merge_object(one.name, above), is_open)
        self._add(menu, "Clear this frame", lambda presenter: presenter.prompting.clear_frame(), not one.locked)
        self._add(menu, "Delete", lambda presenter: presenter.prompting.delete_object(one.name), not one.locked)
        return menu

    def _add(self, menu: QMenu, words: str, act: Callable[[Presenter], object], is_able: bool = True) -> None:
        action = menu.addAction(words)
        action.setEnabled(is_able)
        action.triggered.connect(lambda *_: self.presenter is not None and act(self.presenter))

    def _open_menu(self, place: QPoint) -> None:
        row = self.indexAt(place).row()
        if row >= 0:
            self.menu(row).popup(self.mapToGlobal(place))

    def _recolour(self, presenter: Presenter, one: PanelObject) -> None:
        chosen = QtWidgets.QColorDialog.getColor(colour_of(one.colour), self, "Colour of " + one.name)
        if chosen.isValid():
            colour = (chosen.redF(), chosen.greenF(), chosen.blueF())
            presenter.prompting.edit("Colour " + one.name, lambda book: book.coloured(one.name, colour))

    def _choose(self, row: int) -> None:
        if self.presenter is not None and 0 <= row < len(self._objects):
            self.presenter.prompting.select(self._objects[row].name)

    def _take_change(self, item: QListWidgetItem) -> None:
        if self.presenter is None:
            return
        one, is_visible = self._objects[self.row(item)], item.checkState() == QtCore.Qt.Checked
        if is_visible != one.visible:
            self.presenter.prompting.edit("Show " + one.name, lambda book: book.shown(one.name, is_visible))
        elif item.text() != one.name:
            self.presenter.prompting.rename_object(one.name, item.text())


def _lock(presenter: Presenter, one: PanelObject) -> None:
    words = "Unlock " if one.locked else "Lock "
    presenter.prompting.edit(words + one.name, lambda book: book.locked(one.name, not one.locked))


def _fill(item: QListWidgetItem, one: PanelObject) -> None:
    swatch = QtGui.QPixmap(SWATCH_PX, SWATCH_PX)
    swatch.fill(colour_of(one.colour))
    font = item.font()
    font.setItalic(one.locked)
    item.setText(one.name)
    item.setFont(font)
    item.setToolTip("Locked: nothing that was said of it changes" if one.locked else "")
    item.setIcon(QtGui.QIcon(swatch))
    flags = QtCore.Qt.ItemIsEnabled | QtCore.Qt.ItemIsSelectable | QtCore.Qt.ItemIsUserCheckable
    item.setFlags(flags if one.locked else flags | QtCore.Qt.ItemIsEditable)
    item.setCheckState(QtCore.Qt.Checked if one.visible else QtCore.Qt.Unchecked)

"""Files beside the scene."""

from typing import Optional

from roto_panel.qt import QtWidgets, QWidget
from roto_panel.state import PanelState
from roto_panel.widgets.tabs.base import Tab

MATTES = (("EXR", "exr"), ("PNG", "png"), ("Cryptomatte", "cryptomatte"), ("ProRes 4444", "prores"))
SHAPES = (("Nuke script", "nk"), ("Silhouette", "fxs"), ("JSON", "json"), ("Report", "report"))
READABLE = "Shapes (*.nk *.curves *.fxs *.json)"
WRITABLE = "Nuke script (*.nk);;Silhouette (*.fxs);;JSON (*.json);;SVG (*.svg)"


class ExportTab(Tab):
    """Files beside the scene."""

    title = "Export"

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.folder = QtWidgets.QLineEdit()
        self.folder.setPlaceholderText("folder")
        self.folder.editingFinished.connect(lambda: self.choose(folder=self.folder.text().strip()))
        browse = QtWidgets.QPushButton("Browse …")
        browse.clicked.connect(self._browse)
        self.write = QtWidgets.QPushButton("Write files")
        self.write.clicked.connect(self._write)
        self.column.addWidget(self.folder)
        self.column.addWidget(browse)
        self.ticks = {}
        for words, name in (*MATTES, *SHAPES):
            self.ticks[name] = QtWidgets.QCheckBox(words)
            self.ticks[name].clicked.connect(self._formats)
            self.column.addWidget(self.ticks[name])
        self.column.addWidget(self.write)
        self.take = QtWidgets.QPushButton("Shapes from a file …")
        self.take.setToolTip("Nuke's or Silhouette's shapes into a new node; what was baked or lost is told")
        self.take.clicked.connect(self._take)
        self.give = QtWidgets.QPushButton("Selected shapes to a file …")
        self.give.setToolTip("What is selected in the scene, for Nuke or Silhouette; what was baked or lost is told")
        self.give.clicked.connect(self._give)
        self.column.addSpacing(self.fontMetrics().height())
        self.column.addWidget(self.take)
        self.column.addWidget(self.give)
        self.column.addStretch(1)

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        if not self.folder.hasFocus():
            self.folder.setText(state.choices.folder)
        for name, tick in self.ticks.items():
            tick.setChecked(name in state.choices.formats)
        self.write.setEnabled(state.can_work and bool(state.choices.formats))
        for button in (self.take, self.give):
            button.setEnabled(state.can_work)

    def _formats(self, *_: object) -> None:
        self.choose(formats=tuple(name for name, tick in self.ticks.items() if tick.isChecked()))

    def _browse(self, *_: object) -> None:
        chosen = QtWidgets.QFileDialog.getExistingDirectory(self, "Where files go", self.folder.text())
        if chosen:
            self.choose(folder=chosen)

    def _take(self, *_: object) -> None:
        chosen, _filter = QtWidgets.QFileDialog.getOpenFileName(self, "Shapes to take in", self.folder.text(), READABLE)
        if chosen:
            self.act(lambda presenter: presenter.shaping.import_shapes(chosen))

    def _give(self, *_: object) -> None:
        chosen, _filter = QtWidgets.QFileDialog.getSaveFileName(
            self, "Where the selected shapes go", self.folder.text(), WRITABLE
        )
        if chosen:
            self.act(lambda presenter: presenter.shaping.export_shapes(chosen))

    def _write(self, *_: object) -> None:
        self.choose(folder=self.folder.text().strip())
        self.act(lambda presenter: presenter.shaping.export_files())

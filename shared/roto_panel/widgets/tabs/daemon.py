"""How the daemon is."""

from typing import Optional

from roto_panel.qt import QtCore, QtWidgets, QWidget
from roto_panel.state import PanelState
from roto_panel.widgets.tabs.base import Tab


class DaemonTab(Tab):
    """How the daemon is."""

    title = "Daemon"

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.told = QtWidgets.QLabel()
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(QtCore.Qt.TextSelectableByMouse)
        self.start, self.stop = QtWidgets.QPushButton("Start"), QtWidgets.QPushButton("Stop")
        self.stop.setToolTip("What is done is kept; the next action starts it again")
        self.start.clicked.connect(lambda *_: self.act(lambda presenter: presenter.household.start()))
        self.stop.clicked.connect(lambda *_: self.act(lambda presenter: presenter.household.stop()))
        for widget in (self.told, self.start, self.stop):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        status = state.daemon
        self.start.setEnabled(status is None)
        self.stop.setEnabled(status is not None)
        if status is None:
            self.told.setText("The daemon does not run. It is started when it is needed.")
            return
        lines = ["Version {}, process {}".format(status.version, status.pid)]
        lines.append("Memory {:.1f} GB".format(status.memory_mb / 1024))
        if status.gpu:
            used, total = status.gpu_used_mb / 1024, status.gpu_total_mb / 1024
            lines.append("{}: {:.1f} of {:.1f} GB taken".format(status.gpu, used, total))
        lines.append("Loaded: {}".format(", ".join(status.engines) or "nothing"))
        lines += ["{} …".format(job.kind) for job in status.jobs]
        lines.append("Log: {}".format(status.log))
        self.told.setText("\n".join(lines))

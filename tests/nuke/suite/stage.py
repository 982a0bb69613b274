"""What the tries need around them: a panel in Nuke, and the main thread's turn."""

import queue
import time

from plate_files import FIRST

import nuke
from roto_nuke.host import NukeHost
from roto_panel.errands import Errands
from roto_panel.presenter import Presenter
from roto_panel.qt import QtCore, QtWidgets
from roto_panel.reaching import connection_from
from roto_panel.widgets.panel import RotoPanel

IS_STAND_IN = hasattr(nuke, "_studio")
TIMEOUT_S = 60.0


class StageHost(NukeHost):
    """Nuke, where callbacks for the main thread wait until :meth:`Stage.until` has it: ``nuke -t`` is never idle."""

    def __init__(self):
        super(StageHost, self).__init__()
        self.waiting = queue.Queue()

    def deliver(self, callback):
        self.waiting.put(callback)


class Stage(object):
    """A panel on a plate in Nuke."""

    def __init__(self, pattern, read=None, panel=None):
        self.application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
        self.host = NukeHost() if IS_STAND_IN else StageHost()
        self.panel = (panel or RotoPanel)()
        if panel is None:
            self.presenter = Presenter(
                self.host, Errands(connection_from("Nuke"), self.host.deliver), self.panel.show_state
            )
            self.panel.attend(self.presenter)
        else:
            self.presenter = self.panel.presenter
        self.panel.resize(1100, 700)
        self.panel.show()
        for node in nuke.selectedNodes():
            node.setSelected(False)
        if read is None:
            for kept in ("prompts", "choices", "key"):
                self.host.save(kept, "")
            read = nuke.createNode("Read", inpanel=False)
            read["file"].setValue(pattern)
        self.read = read
        read.setSelected(True)
        nuke.frame(FIRST)

    @property
    def state(self):
        return self.presenter.state

    def press(self, name):
        """Click a button of the panel."""
        button = self.panel.buttons[name]
        assert button.isEnabled(), name + " cannot be pressed now"
        button.click()

    def click(self, x, y):
        """Click a plate pixel in the panel's viewer, with the mouse."""
        place = self.panel.viewer.widget_point((x, y)).toPoint()
        for kind in (QtCore.QEvent.MouseButtonPress, QtCore.QEvent.MouseButtonRelease):
            self.application.sendEvent(self.panel.viewer, _mouse(kind, place))

    def until(self, is_so, forgiving=False):
        """Let the main thread have its turn until the state is so; answers it. ``forgiving`` opens anew on trouble."""
        deadline = time.time() + TIMEOUT_S
        while not is_so(self.state):
            trouble = self.state.trouble
            if forgiving and trouble is not None:
                self.presenter.open()
                continue
            assert trouble is None, "{} {}".format(trouble.message, trouble.remedy)
            assert time.time() < deadline, "it did not happen: {} {}".format(self.state.told, self._standing())
            self._take_turn()
        self._take_turn()
        return self.state

    def _standing(self):
        """What the state holds, for whoever must find out why something did not happen."""
        state = self.state
        return {"said": state.book.said, "masks": list(state.masks), "timeline": state.timeline, "frame": state.frame}

    def _take_turn(self):
        if IS_STAND_IN:
            nuke._studio.main.run_waiting(0.02)
        else:
            try:
                self.host.waiting.get(timeout=0.02)()
            except queue.Empty:
                pass
        self.application.processEvents()

    def close(self):
        """Let go of the daemon and close the panel."""
        self.presenter.close()
        self.panel.close()
        nuke.frame(FIRST)
        self.panel.deleteLater()
        self.application.processEvents()


def _mouse(kind, place):
    from roto_panel.qt import QtGui

    at, left = QtCore.QPointF(place), QtCore.Qt.LeftButton
    buttons = left if kind == QtCore.QEvent.MouseButtonPress else QtCore.Qt.NoButton
    return QtGui.QMouseEvent(kind, at, at, left, buttons, QtCore.Qt.NoModifier)

"""The loop in Silhouette under a host's own Python, with only the zip's content on the path: open, click, track,
commit, send an edit back, undo. Prints what was done; raises where anything goes wrong.
"""

import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
import fx
import hook
from program_session import FIRST, LAST, PLUGIN, centre, session

sys.path.insert(0, PLUGIN)
import roto_startup

sys.path.remove(PLUGIN)
from roto_panel.qt import QtCore, QtWidgets
from roto_shared.protocol.data import CurveSettings
from roto_silhouette import actions

assert roto_startup
application = QtWidgets.QApplication([])
hook._fire("startupComplete")
fx._state.actions[0].available()
fx._state.actions[0].execute()
panel = actions._opened[0].widget()
presenter = panel.presenter


def until(is_so):
    """Let the main thread have its turn until the state is so."""
    deadline = time.time() + 60
    while not is_so(presenter.state):
        assert presenter.state.trouble is None, presenter.state.trouble
        assert time.time() < deadline, presenter.state.told
        application.processEvents(QtCore.QEventLoop.AllEvents, 20)


presenter.open()
until(lambda state: state.picture is not None)
presenter.choose(curves=CurveSettings(track=False))
presenter.prompting.click(centre(FIRST))
until(lambda state: bool(state.masks))
presenter.tracking.track()
until(lambda state: state.working is None and len(state.timeline["object1"]) == LAST - FIRST + 1)
presenter.shaping.commit()
until(lambda state: state.working is None and bool(state.choices.target))

node = session.node(type="RotoNode")
shape = node.children[0].children[0]
frame = shape.property("path").keys[0]
path = shape.evalPath(frame)
dragged = tuple(fx.Point(part.x + 0.03, part.y) for part in path.points[0])
path.points = [dragged, *path.points[1:]]
shape.setPath(path, frame)
presenter.shaping.send_edits()
until(lambda state: "your edits are held" in state.told)
assert node.children[0].children[0] is shape, "it went back into the same object"
held = shape.evalPath(frame).points[0][1]
assert abs(held.x - dragged[1].x) < 1e-6, (held.x, dragged[1].x)
fx._undo()
assert shape.evalPath(frame).points[0][1].x == dragged[1].x
panel.close()
presenter.wait_until_closed(5.0)
print("Python {}.{}: opened, clicked, tracked, committed, edited, sent back, undone".format(*sys.version_info[:2]))

"""The loop in Silhouette under a host's own Python, with only the zip's content on the path: open, click, track,
commit, send an edit back, undo. Prints what was done; raises where anything goes wrong.
"""

import os
import re
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PLUGIN, PLATE_MAKER = sys.argv[1:3]
sys.path.insert(0, PLATE_MAKER)

import fx  # noqa: E402
import hook  # noqa: E402
from plate_files import FIRST, HEIGHT, LAST, WIDTH, centre, make_plate  # noqa: E402

session = fx.Session(WIDTH, HEIGHT, FIRST, LAST - FIRST + 1)
source = fx.Node("SourceNode")
source.properties["stream.primary"] = fx._Property(fx.Source(make_plate(), FIRST))
session.nodes.append(source)
fx._state.session = session

sys.path.insert(0, PLUGIN)
import roto_startup  # noqa: E402

sys.path.remove(PLUGIN)
from roto_panel.qt import QtCore, QtWidgets  # noqa: E402
from roto_shared.protocol.data import CurveSettings  # noqa: E402
from roto_silhouette import start  # noqa: E402

assert roto_startup
application = QtWidgets.QApplication([])
hook._fire("startupComplete")
fx._state.actions[0].available()
fx._state.actions[0].execute()
panel = start._opened[0].widget()
presenter = panel.presenter


def until(is_so):
    """Let the main thread have its turn until the state is so."""
    deadline = time.time() + 60
    while not is_so(presenter.state):
        assert presenter.state.trouble is None, presenter.state.trouble
        assert time.time() < deadline, presenter.state.told
        application.processEvents(QtCore.QEventLoop.AllEvents, 20)


def first_x(text):
    """The first number of a point."""
    return float(re.match(r"\(([-\d.]+),", text).group(1))


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
point = node._objects[0].find(".//Property[@id='path']/Key/Path/Point")
point.text = edited = re.sub(r"\(([-\d.]+),", lambda found: f"({float(found.group(1)) + 0.03:.6f},", point.text)
presenter.shaping.send_edits()
until(lambda state: "your edits are held" in state.told)
held = node._objects[0].find(".//Property[@id='path']/Key/Path/Point").text
assert abs(first_x(held) - first_x(edited)) < 1e-6, (held, edited)
fx._undo()
assert node._objects[0].find(".//Property[@id='path']/Key/Path/Point").text == edited
panel.close()
presenter.wait_until_closed(5.0)
print("Python {}.{}: opened, clicked, tracked, committed, edited, sent back, undone".format(*sys.version_info[:2]))

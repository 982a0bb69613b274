"""Nuke ends while a track runs: it must end at once, without a word of ours, and the daemon keeps what is done."""

import os
import runpy
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
runpy.run_path(os.path.join(sys.argv[-1], "init.py"))

from plate_files import FIRST, centre, make_plate  # noqa: E402
from stage import Stage  # noqa: E402

from roto_nuke.panel import NukeRotoPanel  # noqa: E402

stage = Stage(make_plate(), panel=NukeRotoPanel)
stage.presenter.open()
stage.until(lambda state: state.picture is not None)
stage.click(*centre(FIRST))
stage.until(lambda state: bool(state.masks))
stage.press("track")
stage.until(lambda state: state.working is None or state.working.done > 1)
print("leaving at frame {}".format(stage.state.working and stage.state.working.done))

"""What runs networks reports nothing to its maker."""

import os
import subprocess
import sys

import pytest

LOAD = """
from pathlib import Path
from roto_daemon.backends.embedded.network import open_session
try:
    open_session(Path("none.onnx"))
except FileNotFoundError:
    print("loaded")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there it goes by the system's own choice")
def test_onnx_runtime_keeps_no_queue_of_reports_and_no_number_of_this_user(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    environment |= {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    load = [sys.executable, "-c", LOAD]
    ran = subprocess.run(load, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ran.stdout == "loaded\n", ran.stderr
    assert list(tmp_path.rglob("*")) == []

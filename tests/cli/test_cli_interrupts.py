"""Ctrl-C while a command still loads what it needs."""

import subprocess
import sys

import pytest

INTERRUPTED_AT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.{handler})
asked_for = lambda event, told: event == "import" and told[0] == "{module}"
sys.addaudithook(lambda event, told: asked_for(event, told) and os.kill(os.getpid(), signal.SIGINT))
sys.argv = ["roto", "info", {plate!r}]
from roto_seg.main import run
run()
"""


def info_interrupted_at(module, clip, handler="default_int_handler"):
    code = INTERRUPTED_AT.format(module=module, plate=clip.plate, handler=handler)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("module", ["typer", "roto_seg.program", "pydantic", "numpy"])
def test_ctrl_c_while_libraries_load_is_told_in_a_word(clip, module):
    ran = info_interrupted_at(module, clip)
    assert (ran.returncode, ran.stderr, ran.stdout) == (130, "roto: Interrupted.\n", "")


def test_ctrl_c_stays_ignored_where_it_is(clip):
    ran = info_interrupted_at("numpy", clip, handler="SIG_IGN")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "1001-1012" in ran.stdout

"""What the command line says of itself, and what it costs to ask."""

import os
import subprocess
import sys

import pytest

from roto_shared.version import VERSION

COMMANDS = ("segment", "track", "curves", "convert", "edit", "score", "models", "daemon", "demo", "bench")
HEAVY = ("numpy", "pydantic", "zmq", "cv2", "rich", "msgpack", "lxml", "av", "onnxruntime")


def test_help_names_every_command(roto):
    told = roto("--help").output
    assert [command for command in COMMANDS if f"\n  {command} " not in told] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(roto, command):
    result = roto(command, "--help")
    assert result.exit_code == 0
    assert result.output.startswith("Usage: roto")


def test_help_says_what_is_done_without_names_and_formats(roto):
    told = {command: " ".join(roto(*command.split(), "--help").output.split()) for command in ("matte", "models pull")}
    assert "Some of png,exr,cryptomatte,prores; by default png,exr." in told["matte"]
    assert "by default the embedded engine's." in told["models pull"]


def test_version_is_the_package_s(roto):
    assert roto("--version").output == f"roto {VERSION}\n"


def test_help_imports_nothing_heavy():
    code = f"import roto_seg.program, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("entry", ["from roto_seg.main import run", "from roto_daemon.__main__ import main as run"])
def test_algebra_takes_one_thread(entry, tmp_path):
    settings = tmp_path / "daemon.toml"
    settings.write_text("no = settings", "utf-8")
    lines = [entry, "import psutil", "before = psutil.Process().num_threads()", "try: run()", "except SystemExit: pass"]
    lines += ["import numpy", "print(psutil.Process().num_threads() - before)"]
    environment = {**os.environ, "ROTO_SETTINGS": str(settings)}
    environment.pop("OPENBLAS_NUM_THREADS", None)
    arguments = [sys.executable, "-c", "\n".join(lines), "--version"]
    told = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == "0"


def test_the_module_runs_as_a_program(roto_process):
    assert roto_process("--version").stdout == f"roto {VERSION}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["track", "p", "--out", "o"], "give exactly one of --frame with --point/--box, --mask, or --prompts"),
        (["track", "p", "--out", "o", "--box", "1,2,3,4"], "on which frame are the clicks and the box?"),
        (["track", "p", "--out", "o", "--frame", "1"], "nothing says where the object is"),
        (["track", "p", "--out", "o", "--frame", "1", "--mask", "1=m.png"], "give exactly one of"),
        (["track", "p", "--out", "o", "--frame", "x", "--point", "1,2"], "Invalid value for '--frame'"),
        (["track", "p", "--frame", "1", "--point", "1,2"], "Missing option '--out'"),
        (["track", "p", "--out", "o", "--mask", "1:m.png"], "write FRAME=FILE"),
        (["track", "p", "--out", "o", "--frame", "1", "--point", "1,2", "--format", "psd"], "no format “psd”"),
        (["track", "p", "--out", "o", "--frame", "1", "--point", "1,2", "--range", "9-3"], "range 9-3 is empty"),
        (["track", "p", "--out", "o", "--frame", "1", "--point", "1,2", "--range", "1-9x2"], "has a step"),
        (["track", "p", "--out", "o", "--frame", "1", "--point", "1,2", "--preset", "best"], "'--preset'"),
        (["segment", "i.png"], "nothing says where the object is"),
        (["segment", "i.png", "--point", "640"], "write X,Y in pixels from the top left"),
        (["segment", "i.png", "--point", "1,nan"], "is not a point"),
        (["segment", "i.png", "--box", "9,9,3,3"], "the box “9,9,3,3” is empty"),
        (["segment", "i.png", "--box", "1,2,3"], "is not a box"),
        (["curves", "m", "-o", "s.nk", "--tolerance", "0"], "'--tolerance'"),
        (["trak"], "Did you mean 'track'?"),
    ],
)
def test_usage_errors_name_the_option_and_end_with_2(roto, arguments, sentence):
    result = roto(*arguments)
    assert sentence in result.output.replace("\n", " ")
    assert result.exit_code == 2

"""Engines by name."""

import subprocess
import sys

import pytest

from roto_daemon.backends import table
from roto_daemon.weights import WeightStore
from roto_shared.errors import MissingWeightsError, UnknownEngineError


def test_an_unknown_engine_names_the_known_ones(tmp_path):
    with pytest.raises(UnknownEngineError, match="embedded"):
        table.load("sam9", table.Place(WeightStore(tmp_path)))


def test_missing_weights_say_how_to_get_them(tmp_path):
    with pytest.raises(MissingWeightsError, match="roto models pull u2netp"):
        table.load("embedded", table.Place(WeightStore(tmp_path)))


def test_listing_imports_nothing_heavy():
    code = (
        "import sys; from roto_daemon.backends.table import MODELS; assert MODELS; "
        "print([name for name in ('cv2', 'onnx', 'onnxruntime', 'scipy', 'torch') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

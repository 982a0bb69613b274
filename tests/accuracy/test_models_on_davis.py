"""The networks with their real weights, on clips with true masks: ``ROTO_MODELS=<weight store> make test``.

What is asked is what every published result is far above: that the right network runs on the right pixels. The figures
themselves are printed by ``roto bench engine --engine NAME``.
"""

import os
from pathlib import Path
from statistics import fmean

import pytest

from roto_daemon.backends.choice import can_run
from roto_daemon.backends.table import BOTH, MODELS, Place, load
from roto_daemon.benchmarks.engine import score_engine
from roto_daemon.weights import WeightStore

FOLDER = os.environ.get("ROTO_MODELS", "")
ENGINES = [model.name for model in MODELS.values() if model.needs and set(BOTH) <= set(model.tasks)]
LEAST_J = 0.75
"""Mean region similarity (J) of tracks from a true first mask; the embedded engine reaches as much without a GPU."""


@pytest.mark.skipif(not FOLDER, reason="ROTO_MODELS names no folder of real weights")
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", ENGINES)
def test_a_network_follows_what_its_authors_say_it_follows(name, davis):
    store = WeightStore(Path(FOLDER))
    if not can_run(MODELS[name], store):
        pytest.skip(f"{FOLDER} lacks the weights of {name}")
    score = score_engine(load(name, Place(store)), davis, starts=("mask",), progress=print)
    assert fmean(track.j for track in score.tracked("mask")) >= LEAST_J

"""The weight store: model files with a name, a licence and a hash, pulled from declared sources."""

from roto_daemon.weights.store import Holding, WeightStore
from roto_daemon.weights.table import WEIGHTS, Weights, find_weights

__all__ = ["WEIGHTS", "Holding", "WeightStore", "Weights", "find_weights"]

"""The models by name, and the engines made of them. Listing them imports no network library; loading one does.

An engine is one model for prompts and one for tracking, written ``PROMPTS+TRACKING`` (``sam2.1-small+cutie-base``), or
one name where a model does both. A new model is one class a task and one line here: docs/models.md shows one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from roto_daemon.weights.store import WeightStore
from roto_shared.errors import EngineError, UnknownEngineError


class Task(StrEnum):
    """What a model does; see :mod:`.base`."""

    PROMPT = "prompt"
    TRACK = "track"
    MATTE = "matte"
    DETECT = "detect"


@dataclass(frozen=True)
class Model:
    """One model: its tasks, what it is good for, the weights it needs, and the module whose ``load`` builds it.

    ``needs`` is the extra of our package that brings its library. ``memory_mb`` is what it takes on a GPU at work.
    """

    name: str
    tasks: tuple[Task, ...]
    purpose: str
    module: str
    weights: tuple[str, ...] = ()
    needs: str = ""
    memory_mb: int = 0

    @property
    def is_installed(self) -> bool:
        """Whether its library is here; its weights may still lack."""
        return not self.needs or find_spec(self.needs) is not None


@dataclass(frozen=True)
class Place:
    """Where models are built: the weight store, and device, precision and compiling as the settings name them."""

    store: WeightStore
    device: str = "auto"
    precision: str = "auto"
    compiled: bool = False


BOTH = (Task.PROMPT, Task.TRACK)
ROOM = "roto_daemon.backends"


def _sam2(name: str, purpose: str, memory_mb: int) -> Model:
    weights = name.replace("sam2-", "sam2_hiera_").replace("sam2.1-", "sam2.1_hiera_").replace("-", "_")
    return Model(name, BOTH, purpose, f"{ROOM}.sam2.backend", (weights,), "torch", memory_mb)


def _cutie(name: str, purpose: str, memory_mb: int) -> Model:
    return Model(name, (Task.TRACK,), purpose, f"{ROOM}.cutie.backend", (f"{name}-mega",), "torch", memory_mb)


def _dino(name: str, purpose: str, memory_mb: int) -> Model:
    weights = (name, "bert-base-uncased-vocab")
    return Model(name, (Task.DETECT,), purpose, f"{ROOM}.grounding_dino", weights, "torch", memory_mb)


def _vitmatte(name: str, purpose: str, memory_mb: int) -> Model:
    return Model(name, (Task.MATTE,), purpose, f"{ROOM}.vitmatte", (name,), "torch", memory_mb)


MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model("embedded", BOTH, "real shots without a GPU", f"{ROOM}.embedded.backend", ("u2netp",)),
        Model("disc", BOTH, "exact tests: regions of one flat colour", f"{ROOM}.disc"),
        _sam2("sam2.1-tiny", "quick clicks and tracks on a small GPU", 1500),
        _sam2("sam2.1-small", "nearly as quick, a little surer", 1600),
        _sam2("sam2.1-base-plus", "a good middle", 2000),
        _sam2("sam2.1-large", "the best masks, on a GPU of 6 GB or more", 3500),
        _cutie("cutie-base", "steady tracks of one or many objects from keyed masks", 2000),
        _cutie("cutie-small", "the same, quicker and a little less sure", 1500),
        Model("edgetam", BOTH, "laptops and small GPUs", f"{ROOM}.edgetam.backend", ("edgetam",), "torch", 900),
        _vitmatte("vitmatte-small", "hair and fur, defocus", 4000),
        _vitmatte("vitmatte-base", "the finest hair, slower", 8000),
        Model("closed-form", (Task.MATTE,), "soft edges without a network", f"{ROOM}.closed_form"),
        _dino("grounding-dino-tiny", "what a text describes, as boxes", 3000),
        _dino("grounding-dino-base", "the same, surer on unusual things", 4000),
        Model(
            "sam3",
            (Task.DETECT,),
            "what a text describes, with masks",
            f"{ROOM}.sam3",
            ("sam3", "sam3-tokenizer"),
            "torch",
            6000,
        ),
        _sam2("sam2-tiny", "the earlier release, for shots begun with it", 1500),
        _sam2("sam2-small", "the earlier release, for shots begun with it", 1600),
        _sam2("sam2-base-plus", "the earlier release, for shots begun with it", 2000),
        _sam2("sam2-large", "the earlier release, for shots begun with it", 3500),
    )
}


def find_model(name: str) -> Model:
    """The table's entry of that name."""
    try:
        return MODELS[name]
    except KeyError:
        known = ", ".join(MODELS)
        raise UnknownEngineError(f"There is no model named '{name}'.", f"Use one of: {known}.") from None


def find_engine(name: str) -> tuple[Model, Model]:
    """The models for prompts and for tracking that an engine's name stands for."""
    first, _, second = name.partition("+")
    models = find_model(first), find_model(second or first)
    for model, task in zip(models, BOTH, strict=True):
        if task not in model.tasks:
            fitting = ", ".join(m.name for m in MODELS.values() if task in m.tasks)
            raise UnknownEngineError(f"The model '{model.name}' does not {task}.", f"These do: {fitting}.")
    return models


def load(name: str, place: Place) -> Any:
    """Build the model ``name``: an object of the protocols of its tasks. Its weights must be in the store."""
    model = find_model(name)
    if not model.is_installed:
        raise EngineError(
            f"The model '{name}' needs the library {model.needs}, which is not installed.",
            f"Install it with `pip install 'roto-bezier[{model.needs}]'`, or use the engine 'embedded'.",
        )
    for weights in model.weights:
        place.store.load_path(weights)
    build: Callable[[Model, Place], Any] = import_module(model.module).load
    return build(model, place)

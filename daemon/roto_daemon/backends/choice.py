"""The engine that ``auto`` stands for on this machine: the best one that can run at a pace a person waits for."""

from __future__ import annotations

from roto_daemon.backends.table import MODELS, Model, Place, Task, find_model
from roto_daemon.weights.store import WeightStore
from roto_shared.errors import InputError, MissingWeightsError, UnknownEngineError

AUTO = "auto"
EMBEDDED = "embedded"

PROMPTING = ("sam2.1-large", "sam2.1-base-plus", "sam2.1-small", "sam2.1-tiny")
"""Best first."""

TRACKING = {"sam2": PROMPTING, "cutie": ("cutie-base", "cutie-small")}
"""What may follow the object, by the setting ``auto_tracker``."""


def resolve_engine(name: str, place: Place, auto_tracker: str) -> str:
    """``name`` as it is, or the engine that ``auto`` means here. Raises InputError for an unknown tracker.

    SAM 2 and Cutie are chosen where PyTorch finds a GPU and their weights are in the store: on a CPU a frame takes them
    seconds (docs/benchmarks.md), the embedded engine a quarter of one.
    """
    if auto_tracker not in TRACKING:
        raise InputError(f"There is no tracker “{auto_tracker}”.", f"Set auto_tracker to {' or '.join(TRACKING)}.")
    if name != AUTO:
        return name
    prompter = _first_held(PROMPTING, place.store)
    if prompter is None or not _has_gpu(place):
        return EMBEDDED
    tracker = _first_held(TRACKING[auto_tracker], place.store) or prompter
    return prompter if tracker == prompter else f"{prompter}+{tracker}"


def find_default(task: Task, name: str, place: Place) -> Model:
    """The model ``name``, or without a name the first of the table that does ``task`` and can run here.

    Raises UnknownEngineError for one that does something else, and MissingWeightsError where none can run.
    """
    fitting = [model for model in MODELS.values() if task in model.tasks]
    if name:
        return _checked(find_model(name), task, fitting)
    runnable = next((model for model in fitting if can_run(model, place.store)), None)
    if runnable is None:
        first = fitting[0]
        how = f"`pip install 'roto-bezier[{first.needs}]'`, then " if not first.is_installed else ""
        raise MissingWeightsError(
            f"No model that does “{task}” can run here.", f"Get one: {how}`roto models pull {' '.join(first.weights)}`."
        )
    return runnable


def _checked(model: Model, task: Task, fitting: list[Model]) -> Model:
    if model not in fitting:
        known = ", ".join(one.name for one in fitting)
        raise UnknownEngineError(f"The model '{model.name}' does not {task}.", f"These do: {known}.")
    return model


def can_run(model: Model, store: WeightStore) -> bool:
    """Whether the model's library and weights are here."""
    held = {holding.weights.name for holding in store.list() if holding.path is not None}
    return model.is_installed and held.issuperset(model.weights)


def _first_held(names: tuple[str, ...], store: WeightStore) -> str | None:
    return next((name for name in names if can_run(MODELS[name], store)), None)


def _has_gpu(place: Place) -> bool:
    from roto_daemon.backends.neural.device import choose_device

    return choose_device(place.device, place.precision, place.compiled).kind != "cpu"

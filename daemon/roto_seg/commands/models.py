"""``roto models``: which engines there are, and the weight files that they need."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from roto_seg.output import JsonOption, finish, note, table
from roto_seg.progress import progress_bar
from roto_shared.errors import InputError, RotoError, WeightsError

if TYPE_CHECKING:
    from roto_daemon.backends.table import Model
    from roto_daemon.weights.store import Holding, WeightStore

EMBEDDED = "embedded"

app = typer.Typer(name="models", help="Engines and their weight files.", no_args_is_help=True)

NamesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...",
        help="Models or weights by name; by default all that are here, or where none are the embedded engine's.",
        show_default=False,
    ),
]
PullArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...", help="Models or weights by name; by default the embedded engine's.", show_default=False
    ),
]
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Weights by name, or a model of one file; see `roto models list`.")
]


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """Models, the weights they need, and where these are."""
    from roto_daemon.backends.table import MODELS

    store = _store()
    holdings = {holding.weights.name: holding for holding in store.list()}
    missing = {m.name: [name for name in m.weights if holdings[name].path is None] for m in MODELS.values()}
    models = [{**asdict(m), "installed": m.is_installed, "missing": missing[m.name]} for m in MODELS.values()]
    weights = [_tell_holding(holding) for holding in holdings.values()]
    rows = [
        (m.name, ", ".join(m.tasks), m.memory_mb or "–", _state(m, missing[m.name]), m.purpose) for m in MODELS.values()
    ]
    lines = (
        table(("model", "does", "GPU MB", "state", "for"), rows),
        "",
        table(("weights", "licence", "MB", "M param.", "state"), [_row(holding) for holding in holdings.values()]),
        "",
        "An engine is one model, or one for prompts and one for tracking: sam2.1-small+cutie-base.",
        f"Weight store: {store.folder}",
    )
    finish(as_json, {"store": str(store.folder), "models": models, "weights": weights}, "\n".join(lines))


@app.command()
def pull(names: PullArgument = None, as_json: JsonOption = False) -> None:
    """Fetch weights into the store and check their hash. Tells the licence first.

    Without names those of the embedded engine. Weights that may not be used for paid work only by their own names.
    """
    store, asked = _store(), names or [EMBEDDED]
    chosen = _weights_of(asked)
    _require_paid_work(name for name in chosen if name not in asked)
    _tell_paths(as_json, {name: _pull_one(store, name) for name in chosen})


@app.command()
def verify(names: NamesArgument = None, as_json: JsonOption = False) -> None:
    """Hash all of the stored weights again. Exit code 4 when one is missing or wrong."""
    store = _store()
    paths, errors = {}, []
    for name in _chosen(store, names):
        try:
            paths[name] = store.verify(name)
        except RotoError as error:
            errors.append(error)
    for error in errors[1:]:
        note(f"roto: {error}")
    if errors:
        raise errors[0]
    held = [holding for holding in store.list() if holding.weights.name in paths]
    told = {"weights": {name: str(path) for name, path in paths.items()}, "verified": list(map(_tell_holding, held))}
    finish(as_json, told, "\n".join(f"{holding.weights.name}: {_where(holding)}" for holding in held))


@app.command("import")
def import_weights(
    name: NameArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The model file.")],
    as_json: JsonOption = False,
) -> None:
    """Take a model file into the store, for a machine without a network."""
    from roto_daemon.weights.table import WEIGHTS

    chosen = [name] if name in WEIGHTS else _weights_of([name])
    if len(chosen) != 1:
        raise InputError(f"'{name}' has {len(chosen)} files of weights.", f"Name one: {', '.join(chosen) or 'none'}.")
    _tell_paths(as_json, {chosen[0]: _store().import_file(chosen[0], file)})


@app.command("export")
def export_weights(
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to; it can then be a studio's mirror.")],
    names: NamesArgument = None,
    as_json: JsonOption = False,
) -> None:
    """Copy checked weights out of the store, with their hashes and licences: a mirror for other machines."""
    store = _store()
    _tell_paths(as_json, store.export(_chosen(store, names), target))


def pull_missing(engine: str) -> None:
    """Fetch what ``engine`` needs and the store lacks. Raises WeightsError for what may not be used for paid work."""
    from roto_daemon.backends.table import find_engine

    store = _store()
    held = {holding.weights.name for holding in store.list() if holding.path is not None}
    lacking = {name for model in find_engine(engine) for name in model.weights} - held
    _require_paid_work(lacking)
    for name in lacking:
        _pull_one(store, name)


def _require_paid_work(names: Iterable[str]) -> None:
    from roto_daemon.weights.table import find_weights

    for weights in map(find_weights, names):
        if not weights.commercial:
            raise WeightsError(
                f"The licence of '{weights.name}' ({weights.licence}) does not allow paid work.",
                f"If yours is not, run `roto models pull {weights.name}`.",
            )


def _store() -> "WeightStore":
    from roto_daemon.settings import load_settings
    from roto_daemon.weights.store import WeightStore

    settings = load_settings()
    return WeightStore(settings.weights_dir, settings.mirror_dir)


def _chosen(store: "WeightStore", names: list[str] | None) -> list[str]:
    """Weights by their own or their models' names; without names those that are here, or the embedded engine's."""
    held = [holding.weights.name for holding in store.list() if holding.path is not None]
    return _weights_of(names) if names else held or _weights_of([EMBEDDED])


def _weights_of(names: list[str]) -> list[str]:
    from roto_daemon.backends.table import MODELS
    from roto_daemon.weights.table import find_weights

    found = [MODELS[name].weights if name in MODELS else (find_weights(name).name,) for name in names]
    return list(dict.fromkeys(name for weights in found for name in weights))


def _pull_one(store: "WeightStore", name: str) -> Path:
    from roto_daemon.weights.table import LICENCE_TEXTS, find_weights

    weights = find_weights(name)
    paid = "" if weights.commercial else " It does not allow paid work."
    advice = f" Note: {weights.note}." if weights.note else ""
    text = LICENCE_TEXTS.get(weights.licence)
    licence = f"{weights.licence} ({text})" if text else weights.licence
    note(f"{weights.name}: {weights.task}. Licence {licence}, {weights.size / 1e6:.1f} MB.{paid}{advice}")
    with progress_bar(f"Pulling {name}", "bytes") as update:
        return store.pull(name, lambda written: update(written, weights.size, ""))


def _tell_paths(as_json: bool, paths: dict[str, Path]) -> None:
    finish(
        as_json,
        {"weights": {name: str(path) for name, path in paths.items()}},
        "\n".join(f"{name}: {path}" for name, path in paths.items()),
    )


def _tell_holding(holding: "Holding") -> dict[str, object]:
    weights = holding.weights
    return {
        "name": weights.name,
        "task": weights.task,
        "licence": weights.licence,
        "commercial": weights.commercial,
        "bytes": weights.size,
        "parameters_m": weights.parameters,
        "rounded": weights.is_rounded,
        "sha256": weights.known_hash or None,
        "hash_from": "publisher" if weights.sha256 else "others" if weights.reported else None,
        "pinned": None if holding.pin is None else {"sha256": holding.pin.sha256, "on": holding.pin.pinned},
        "sources": [source.describe() for source in weights.sources],
        "note": weights.note,
        "path": str(holding.path) if holding.path else None,
    }


def _row(holding: "Holding") -> tuple[str, ...]:
    weights = holding.weights
    return (
        weights.name,
        weights.licence,
        f"{'~' if weights.is_rounded else ''}{weights.size / 1e6:.1f}",
        f"{weights.parameters:.1f}" if weights.parameters else "–",
        _where(holding),
    )


def _where(holding: "Holding") -> str:
    weights = holding.weights
    if holding.path is None:
        return f"not here: `roto models {'pull' if weights.sources else 'import'} {weights.name}`"
    if weights.known_hash:
        return f"{holding.path}{_doubt(holding, holding.path)}"
    day = holding.pin.pinned if holding.pin else "its first use"
    return f"{holding.path}, pinned here on {day}: its hash is not published"


def _doubt(holding: "Holding", path: Path) -> str:
    """What speaks against the file being the published one, by its stamp and its size, without reading it."""
    weights, pin = holding.weights, holding.pin
    is_other_size = not weights.is_rounded and path.stat().st_size != weights.size
    if is_other_size or (pin is not None and pin.sha256 != weights.known_hash):
        return f", not the published file: `roto models verify {weights.name}`"
    return "" if holding.is_checked else f", not checked: `roto models verify {weights.name}`"


def _state(model: "Model", missing: list[str]) -> str:
    if not model.is_installed:
        return f"needs roto-bezier[{model.needs}]"
    return f"needs weights {', '.join(missing)}" if missing else "ready"

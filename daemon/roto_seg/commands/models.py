"""``roto models``: which engines there are, and the weight files that they need."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from roto_seg.output import JsonOption, finish, note, table
from roto_seg.progress import progress_bar
from roto_shared.errors import RotoError

if TYPE_CHECKING:
    from roto_daemon.weights.store import Holding, WeightStore

app = typer.Typer(name="models", help="Engines and their weight files.", no_args_is_help=True)

NamesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Weights by name; by default all.", show_default=False)
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Weights by name; see `roto models list`.")]


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """Engines, the weights they need, and where these are."""
    from roto_daemon.backends.table import ENGINES

    store = _store()
    holdings = {holding.weights.name: holding for holding in store.list()}
    missing = {e.name: [name for name in e.weights if holdings[name].path is None] for e in ENGINES.values()}
    engines = [{**asdict(engine), "missing": missing[engine.name]} for engine in ENGINES.values()]
    weights = [_tell_holding(holding) for holding in holdings.values()]
    lines = (
        table(("engine", "state", "for"), [(e.name, _state(missing[e.name]), e.purpose) for e in ENGINES.values()]),
        "",
        table(("weights", "licence", "MB", "state"), [_row(holding) for holding in holdings.values()]),
        "",
        f"Weight store: {store.folder}",
    )
    finish(as_json, {"store": str(store.folder), "engines": engines, "weights": weights}, "\n".join(lines))


@app.command()
def pull(names: NamesArgument = None, as_json: JsonOption = False) -> None:
    """Fetch weights into the store and check their hash. Tells the licence first."""
    store = _store()
    paths = {name: _pull_one(store, name) for name in _chosen(store, names)}
    _tell_paths(as_json, paths)


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
    _tell_paths(as_json, paths)


@app.command("import")
def import_weights(
    name: NameArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The model file.")],
    as_json: JsonOption = False,
) -> None:
    """Take a model file into the store, for a machine without a network."""
    _tell_paths(as_json, {name: _store().import_file(name, file)})


@app.command("export")
def export_weights(
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to; it can then be a studio's mirror.")],
    names: NamesArgument = None,
    as_json: JsonOption = False,
) -> None:
    """Copy checked weights out of the store."""
    store = _store()
    target.mkdir(parents=True, exist_ok=True)
    _tell_paths(as_json, {name: store.export_file(name, target) for name in _chosen(store, names)})


def pull_missing(engine: str) -> None:
    """Fetch what ``engine`` needs and the store lacks."""
    from roto_daemon.backends.table import find_engine

    store = _store()
    held = {holding.weights.name for holding in store.list() if holding.path is not None}
    for name in set(find_engine(engine).weights) - held:
        _pull_one(store, name)


def _store() -> "WeightStore":
    from roto_daemon.settings import load_settings
    from roto_daemon.weights.store import WeightStore

    settings = load_settings()
    return WeightStore(settings.weights_dir, settings.mirror_dir)


def _chosen(store: "WeightStore", names: list[str] | None) -> list[str]:
    return names or [holding.weights.name for holding in store.list()]


def _pull_one(store: "WeightStore", name: str) -> Path:
    from roto_daemon.weights.table import find_weights

    weights = find_weights(name)
    note(f"{weights.name}: {weights.task}. Licence {weights.licence}, {weights.size / 1e6:.1f} MB.")
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
        "bytes": weights.size,
        "sha256": weights.sha256,
        "path": str(holding.path) if holding.path else None,
    }


def _row(holding: "Holding") -> tuple[str, ...]:
    weights = holding.weights
    return (
        weights.name,
        weights.licence,
        f"{weights.size / 1e6:.1f}",
        str(holding.path or f"not here: `roto models pull {weights.name}`"),
    )


def _state(missing: list[str]) -> str:
    return f"needs weights {', '.join(missing)}" if missing else "ready"

"""``roto bench``: speed, memory and quality on footage with true masks, as medians and ratios."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from roto_seg.options import Preset, PresetOption
from roto_seg.output import JsonOption, finish, note

app = typer.Typer(name="bench", help="Speed, memory and quality, as medians and ratios.", no_args_is_help=True)

DataOption = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="Sequences with true masks: DIR/NAME/frames and DIR/NAME/gt.")
]
EngineNameOption = Annotated[str, typer.Option("--engine", metavar="NAME", help="The engine to measure.")]


@dataclass(frozen=True)
class Measured:
    """What a benchmark found, for people and for programs."""

    name: str
    lines: Sequence[str]
    figures: Any


@app.command()
def engine(data: DataOption, name: EngineNameOption = "embedded", as_json: JsonOption = False) -> None:
    """The bare engine: clicks, boxes, and tracking from a first mask."""
    _tell(as_json, _measure_engine(data, name))


@app.command()
def curves(data: DataOption, preset: PresetOption = Preset.BALANCED, as_json: JsonOption = False) -> None:
    """Masks to keyed shapes, beside potrace (where it is installed) and polygons."""
    _tell(as_json, _measure_curves(data, preset))


@app.command()
def daemon(data: DataOption, as_json: JsonOption = False) -> None:
    """What the daemon costs over the bare engine; start-up, memory, reading ahead."""
    _tell(as_json, _measure_daemon(data))


@app.command("all")
def everything(data: DataOption, name: EngineNameOption = "embedded", as_json: JsonOption = False) -> None:
    """Everything, one after the other."""
    _tell(as_json, _measure_daemon(data), _measure_curves(data, Preset.BALANCED), _measure_engine(data, name))


def _measure_engine(data: Path, name: str) -> Measured:
    from roto_daemon.backends.table import load
    from roto_daemon.benchmarks.engine import score_engine
    from roto_daemon.settings import load_settings
    from roto_daemon.weights.store import WeightStore

    settings = load_settings()
    backend = load(name, WeightStore(settings.weights_dir, settings.mirror_dir))
    score = score_engine(backend, data, progress=note)
    return Measured(f"engine {name}", list(score.lines()), asdict(score))


def _measure_daemon(data: Path) -> Measured:
    from roto_daemon.benchmarks.daemon import measure_daemon

    figures = measure_daemon(data, note)
    return Measured("daemon", [str(figure) for figure in figures], [asdict(figure) for figure in figures])


def _measure_curves(data: Path, preset: Preset) -> Measured:
    from roto_daemon.benchmarks.curves import score_folder
    from roto_geometry.settings import FitSettings

    scores = []
    for score in score_folder(data, FitSettings.preset(preset.value)):
        note(f"{score.sequence} {score.masks}")
        scores.append(score)
    lines = [line for score in scores for line in score.lines()]
    return Measured(f"curves {preset.value}", lines, [asdict(score) for score in scores])


def _tell(as_json: bool, *measured: Measured) -> None:
    text = "\n\n".join("\n".join((f"── {part.name}", *part.lines)) for part in measured)
    finish(as_json, {part.name: part.figures for part in measured}, text)

"""``roto bench``: speed, memory and quality on footage with true masks, as medians and ratios."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from roto_seg.options import Names, Preset, PresetOption, parse_names
from roto_seg.output import JsonOption, finish, note, table
from roto_shared.errors import InputError

app = typer.Typer(name="bench", help="Speed, memory and quality, as medians and ratios.", no_args_is_help=True)

DataOption = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="Sequences with true masks: DIR/NAME/frames and DIR/NAME/gt.")
]
EngineNameOption = Annotated[str, typer.Option("--engine", metavar="NAME", help="The engine to measure.")]
OnlyOption = Annotated[
    Names | None,
    typer.Option("--only", parser=parse_names, metavar="A,B", help="Only these sequences of DIR; else all."),
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", metavar="N", min=1, help="Sequences at a time; by default one a core.")
]
PlotOption = Annotated[
    Path | None,
    typer.Option("--plot", metavar="DIR", help="Write charts, and a contact sheet of every sequence, into DIR."),
]
HdOption = Annotated[
    bool, typer.Option("--hd", help="Also fit each sequence at 1080p, 100 and 200 frames long: cost, figures.")
]


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
def curves(
    data: DataOption,
    preset: PresetOption = Preset.BALANCED,
    only: OnlyOption = None,
    jobs: JobsOption = None,
    plot: PlotOption = None,
    hd: HdOption = False,
    as_json: JsonOption = False,
) -> None:
    """Masks to keyed shapes, beside potrace (where it is installed) and polygons, and against the targets.

    True masks (gt) and, where there are some, a network's (osvos).
    """
    names, at_a_time = only.names if only else (), jobs or os.cpu_count() or 1
    measured = [_measure_curves(data, preset, names, at_a_time, plot)]
    if hd:
        measured.append(_measure_hd(data, preset, names, at_a_time))
    _tell(as_json, *measured)


@app.command()
def daemon(data: DataOption, as_json: JsonOption = False) -> None:
    """What the daemon costs over the bare engine; start-up, memory, reading ahead."""
    _tell(as_json, _measure_daemon(data))


@app.command()
def models(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Networks; by default all.")] = None,
    as_json: JsonOption = False,
) -> None:
    """The networks on this machine: time a frame, alone and through the daemon, and memory.

    Needs roto-bezier[torch].
    """
    _tell(as_json, _measure_models(names or []))


@app.command()
def mattes(
    data: DataOption,
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Which matte model.")] = "closed-form",
    as_json: JsonOption = False,
) -> None:
    """Soft edges on composites whose alpha is known, beside a blur, a guided filter and a fixed band."""
    _tell(as_json, _measure_mattes(data, model))


@app.command()
def plates(as_json: JsonOption = False) -> None:
    """Reading and converting beside the bare library calls, memory over 1,000 frames of 4K, tracks with read-ahead."""
    _tell(as_json, _measure_plates())


@app.command("motion-blur")
def motion_blur(
    data: DataOption,
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Which matte model.")] = "closed-form",
    as_json: JsonOption = False,
) -> None:
    """Edges on composites whose shutter is known, beside no treatment and a blur; shutters measured."""
    _tell(as_json, _measure_motion_blur(data, model))


@app.command()
def nuke(data: DataOption, as_json: JsonOption = False) -> None:
    """The panel in a host: start, commit, stalls while tracking, click to overlay."""
    _tell(as_json, _measure_panel(data))


@app.command()
def hub(as_json: JsonOption = False) -> None:
    """The studio's hub: lists, live events, uploads, jobs."""
    _tell(as_json, _measure_hub())


@app.command("all")
def everything(data: DataOption, name: EngineNameOption = "embedded", as_json: JsonOption = False) -> None:
    """Everything, one after the other."""
    _tell(as_json, _measure_daemon(data), _measure_curves(data, Preset.BALANCED), _measure_engine(data, name))


def _measure_engine(data: Path, name: str) -> Measured:
    from roto_daemon.benchmarks.engine import score_engine

    score = score_engine(_load_model(name), data, progress=note)
    return Measured(f"engine {name}", list(score.lines()), asdict(score))


def _measure_motion_blur(data: Path, model: str) -> Measured:
    from roto_daemon.benchmarks.motion_blur.run import score_motion_blur, shutters_of, table_of

    scored = score_motion_blur(_load_model(model), data, note)
    lines = [
        f"{len({one.composite for one in scored})} composites; SAD in thousands by speed and shutter, and over all",
        *(table(header, rows) for header, *rows in (table_of(scored), shutters_of(scored))),
    ]
    return Measured(f"motion blur {model}", lines, [asdict(one) for one in scored])


def _load_model(name: str) -> Any:
    from roto_daemon.backends.table import Place, load
    from roto_daemon.settings import load_settings
    from roto_daemon.weights.store import WeightStore

    settings = load_settings()
    store = WeightStore(settings.weights_dir, settings.mirror_dir)
    return load(name, Place(store, settings.device, settings.precision))


def _measure_mattes(data: Path, model: str) -> Measured:
    from roto_daemon.benchmarks.mattes.run import AMBITIOUS, MUST, score_mattes, score_steadiness, table_of

    matter = _load_model(model)
    scored, flicker = score_mattes(matter, data, note), score_steadiness(matter, data, note)
    header, *rows = table_of(scored)
    composites = len({one.composite for one in scored})
    lines = [
        f"{composites} composites; by kind of edge SAD in thousands, then SAD, MSE, Grad and Conn over all",
        table(header, rows),
        table(["method", "dtSSD"], [[name, f"{value:.2f}"] for name, value in flicker.items()]),
        f"SAD of good against the Gaussian's: must ≤ {MUST:.2f}, ambitious ≤ {AMBITIOUS:.2f}",
    ]
    return Measured(f"mattes {model}", lines, {"scores": [asdict(one) for one in scored], "dtSSD": flicker})


def _measure_plates() -> Measured:
    from roto_daemon.benchmarks.plates import measure_plates

    figures = measure_plates(note)
    return Measured("plates", [str(figure) for figure in figures], [asdict(figure) for figure in figures])


def _measure_models(names: Sequence[str]) -> Measured:
    from roto_daemon.benchmarks.models import measure_models
    from roto_daemon.settings import load_settings

    figures = measure_models(names, load_settings(), note)
    return Measured("models", [str(figure) for figure in figures], [asdict(figure) for figure in figures])


def _measure_daemon(data: Path) -> Measured:
    from roto_daemon.benchmarks.daemon import measure_daemon

    figures = measure_daemon(data, note)
    return Measured("daemon", [str(figure) for figure in figures], [asdict(figure) for figure in figures])


def _measure_panel(data: Path) -> Measured:
    from roto_seg.panel_benchmark import measure_panel

    figures = measure_panel(data, note)
    return Measured("nuke", [str(figure) for figure in figures], [asdict(figure) for figure in figures])


def _measure_hub() -> Measured:
    try:
        from roto_seg.hub_benchmark import measure_hub
    except ImportError as error:
        raise InputError(f"{error.name} is missing.", "pip install 'roto-bezier[hub]' httpx") from error

    figures = measure_hub(note)
    return Measured("hub", [str(figure) for figure in figures], [asdict(figure) for figure in figures])


def _measure_curves(
    data: Path, preset: Preset, only: Sequence[str] = (), jobs: int = 1, plot: Path | None = None
) -> Measured:
    from roto_daemon.benchmarks.curves.pictures import write_charts
    from roto_daemon.benchmarks.curves.run import score_folder
    from roto_daemon.benchmarks.curves.style import check_plotting
    from roto_daemon.benchmarks.curves.table import tables
    from roto_daemon.benchmarks.curves.targets import judge
    from roto_geometry.settings import FitSettings

    if plot:
        check_plotting()
    scores = []
    for score in score_folder(data, FitSettings.preset(preset.value), only, jobs, plot):
        note(f"{score.sequence} {score.masks}: IoU {score.figures.iou:.3f}, {score.fit_cpu_s:.1f} CPU s to fit")
        scores.append(score)
    if plot:
        for path in write_charts(plot, scores):
            note(f"{path}")
    lines = [f"\n{part.title}\n{table(part.header, part.rows)}" for part in tables(scores)]
    figures = {
        "sequences": [asdict(score) for score in scores],
        "targets": [verdict.told() for verdict in judge(scores)],
    }
    return Measured(f"curves {preset.value}", lines, figures)


def _measure_hd(data: Path, preset: Preset, only: Sequence[str], jobs: int) -> Measured:
    from roto_daemon.benchmarks.curves.run import measure_hd_folder
    from roto_daemon.benchmarks.curves.table import hd_table
    from roto_geometry.settings import FitSettings

    shots = []
    for short, long in measure_hd_folder(data, FitSettings.preset(preset.value), only, jobs):
        note(f"{short.sequence} at 1080p: {short.cpu_s:.1f} CPU s to fit")
        shots.append((short, long))
    costs = hd_table(shots)
    lines = ["", costs.title, table(costs.header, costs.rows)]
    return Measured(f"curves {preset.value}, HD", lines, [asdict(shot) for pair in shots for shot in pair])


def _tell(as_json: bool, *measured: Measured) -> None:
    text = "\n\n".join("\n".join((f"── {part.name}", *part.lines)) for part in measured)
    finish(as_json, {part.name: part.figures for part in measured}, text)

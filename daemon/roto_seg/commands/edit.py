"""``roto edit``: finished shapes changed, and the rest kept as the artist left it, without a model or the daemon."""

from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from roto_seg.curve_options import finished_curves
from roto_seg.editing import edit_file, edit_settings, open_edit_masks, read_shapes
from roto_seg.options import Click, StartOption, parse_point
from roto_seg.output import JsonOption
from roto_shared.protocol.data import CurveSettings

if TYPE_CHECKING:
    from roto_geometry.edits.edited import Edited
    from roto_shared.shapes import ShapeDocument

app = typer.Typer(name="edit", help="Change finished shapes and keep the rest as it is.", no_args_is_help=True)

ShapesArgument = Annotated[Path, typer.Argument(metavar="SHAPES", help="Shapes: .nk, .fxs or .json.")]
OutOption = Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Shapes: .nk, .fxs, .json or .svg.")]
MasksOption = Annotated[
    Path, typer.Option("--masks", metavar="MASKS", help="A folder, name.%04d.png, name.####.exr, or a video.")
]
LayerOption = Annotated[
    str, typer.Option("--layer", metavar="NAME", help="Only this layer; the masks are those of its object.")
]
ShapeOption = Annotated[str, typer.Option("--shape", metavar="NAME", help="Only this shape.")]
KeyOption = Annotated[
    list[int] | None, typer.Option("--frame", metavar="N", help="The frame of a changed key; may be given again.")
]
WasOption = Annotated[
    Path | None, typer.Option("--was", metavar="FILE", help="The shapes before: what differs was changed.")
]
PointOption = Annotated[Click, typer.Option("--point", parser=parse_point, metavar="X,Y", help="A place on its edge.")]
OnFrameOption = Annotated[int, typer.Option("--frame", metavar="N", help="The frame of the point.")]
ReachOption = Annotated[
    float, typer.Option("--reach", metavar="N", min=1.0, help="Fit up to the first key N frames from a changed one.")
]
FadeOption = Annotated[
    float,
    typer.Option(
        "--fade", metavar="N", min=0.0, help="Let changes off the mask fade over N frames; 0: the masks are right."
    ),
]


@app.command("refit")
@finished_curves
def refit_command(
    shapes: ShapesArgument,
    masks: MasksOption,
    out: OutOption,
    frame: KeyOption = None,
    was: WasOption = None,
    shape: ShapeOption = "",
    layer: LayerOption = "",
    reach: ReachOption = 12.0,
    fade: FadeOption = 6.0,
    start: StartOption = None,
    curves: CurveSettings = CurveSettings(),
    as_json: JsonOption = False,
) -> None:
    """Fit the frames around changed keys anew and hold those keys exactly."""
    from roto_geometry.edits.changes import choose_changes
    from roto_geometry.edits.refit import refit

    before, frames = read_shapes(was), tuple(float(number) for number in frame or ())
    with open_edit_masks(masks, start) as given:

        def edit(document: "ShapeDocument") -> "Edited":
            changes = choose_changes(document, frames, shape, before)
            return refit(document, given, changes, edit_settings(curves, reach, fade))

        edit_file(shapes, out, edit, as_json, layer)


@app.command("carry")
def carry_command(
    shapes: ShapesArgument,
    was: Annotated[Path, typer.Option("--was", metavar="FILE", help="The shapes before: what differs is carried.")],
    out: OutOption,
    frame: KeyOption = None,
    shape: ShapeOption = "",
    frames: Annotated[
        float | None, typer.Option("--frames", metavar="N", min=1.0, help="How many frames far; else to the end.")
    ] = None,
    backward: Annotated[bool, typer.Option("--backward", help="To the frames before instead of those after.")] = False,
    fading: Annotated[bool, typer.Option("--fading", help="Less and less, until nothing is left at the end.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Do what was changed on one key to the keys after it; it turns and grows with the shape."""
    from roto_geometry.edits.carry import Carriage, carry_changes
    from roto_geometry.edits.changes import choose_changes

    before, chosen = read_shapes(was), tuple(float(number) for number in frame or ())
    carriage = Carriage((inf if frames is None else frames) * (-1 if backward else 1), fading)

    def edit(document: "ShapeDocument") -> "Edited":
        return carry_changes(document, choose_changes(document, chosen, shape, before), carriage)

    edit_file(shapes, out, edit, as_json)


@app.command("add-knot")
def add_knot_command(
    shapes: ShapesArgument,
    shape: Annotated[str, typer.Option("--shape", metavar="NAME", help="The shape.")],
    frame: OnFrameOption,
    point: PointOption,
    out: OutOption,
    as_json: JsonOption = False,
) -> None:
    """Add a knot to a shape where its edge is nearest to a point. Nothing is drawn differently on any frame."""
    from roto_geometry.edits.edited import edit_shape
    from roto_geometry.edits.knots import add_knot_near

    edit_file(shapes, out, lambda document: edit_shape(document, shape, frame, point, add_knot_near), as_json)


@app.command("remove-knot")
def remove_knot_command(
    shapes: ShapesArgument,
    shape: Annotated[str, typer.Option("--shape", metavar="NAME", help="The shape.")],
    frame: OnFrameOption,
    point: PointOption,
    out: OutOption,
    as_json: JsonOption = False,
) -> None:
    """Take out the knot that is nearest to a point; its neighbours are fitted to what was drawn, on every key."""
    from roto_geometry.edits.edited import edit_shape
    from roto_geometry.edits.knots import remove_knot_near

    edit_file(shapes, out, lambda document: edit_shape(document, shape, frame, point, remove_knot_near), as_json)


@app.command("add-part")
@finished_curves
def add_part_command(
    shapes: ShapesArgument,
    masks: MasksOption,
    out: OutOption,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The new layer's name.")] = "part",
    whole: Annotated[bool, typer.Option("--whole", help="The masks are the new part itself.")] = False,
    layer: LayerOption = "",
    start: StartOption = None,
    curves: CurveSettings = CurveSettings(),
    as_json: JsonOption = False,
) -> None:
    """Add shapes for what the masks show beyond what is drawn, in a layer of their own."""
    from roto_geometry.edits.cover import add_part

    with open_edit_masks(masks, start) as given:
        settings = edit_settings(curves).fit
        edit_file(shapes, out, lambda document: add_part(document, given, name, settings, whole), as_json, layer)


@app.command("extend")
@finished_curves
def extend_command(
    shapes: ShapesArgument,
    masks: MasksOption,
    out: OutOption,
    layer: LayerOption = "",
    start: StartOption = None,
    curves: CurveSettings = CurveSettings(),
    as_json: JsonOption = False,
) -> None:
    """Go on with finished shapes on new frames, before or after, without touching finished keys."""
    from roto_geometry.edits.extend import extend

    with open_edit_masks(masks, start) as given:
        edit_file(shapes, out, lambda document: extend(document, given, edit_settings(curves)), as_json, layer)

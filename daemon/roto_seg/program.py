"""The ``roto`` program: its commands, and one place where every known failure becomes a sentence and an exit code."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from roto_seg.commands import (
    bench,
    check,
    convert,
    curves,
    daemon,
    demo,
    doctor,
    edit,
    find,
    hub,
    info,
    install,
    matte,
    models,
    preview,
    score,
    segment,
    track,
)
from roto_seg.exits import Exit, exit_code
from roto_seg.output import fail, note, wants_json
from roto_shared.errors import RotoError, storage_error
from roto_shared.version import VERSION


class RotoGroup(TyperGroup):
    """Runs commands; known errors and interrupts end them with a sentence and the exit code that belongs to it."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except RotoError as error:
            fail(error, wants_json(ctx))
            raise typer.Exit(exit_code(error)) from error
        except KeyboardInterrupt as error:
            note("roto: Interrupted.")
            raise typer.Exit(Exit.INTERRUPTED) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            storage = storage_error(error)
            fail(storage, wants_json(ctx))
            raise typer.Exit(exit_code(storage)) from error


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"roto {VERSION}")
        raise typer.Exit


app = typer.Typer(
    cls=RotoGroup,
    name="roto",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def roto(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """From a click to native, editable, sparsely keyed Bézier roto shapes."""


for module in (info, segment, find, track, matte, curves, preview, convert, check):
    module.register(app)
for group in (edit, score, models, daemon, hub, install, bench):
    app.add_typer(group.app)
demo.register(app)
doctor.register(app)

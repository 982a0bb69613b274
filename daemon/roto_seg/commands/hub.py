"""``roto hub``: the studio's hub on this machine, its workers, its database, its first user."""

from pathlib import Path
from typing import Annotated

import typer

from roto_seg.options import FolderOption
from roto_shared.errors import InputError

app = typer.Typer(name="hub", help="Queues, review and users for a studio.", no_args_is_help=True)


@app.command()
def up(
    workers: Annotated[int, typer.Option(min=0, help="Workers on this machine; 0 where others do the work.")] = 1,
) -> None:
    """Migrate the database, start the hub and its workers, and say where it is. Ctrl-C ends them all."""
    _need_hub()
    from roto_hub.run import run_up

    run_up(workers)


@app.command()
def demo(out: FolderOption = Path("demo-out/hub")) -> None:
    """A hub of its own with the demo clip in it, tracked: to look at the page. Ctrl-C ends it; what is there stays."""
    _need_hub()
    from roto_seg.hub_demo import run_demo

    run_demo(out)


@app.command()
def worker(
    name: Annotated[str, typer.Option(help="Its name in the hub; else this machine's.")] = "",
    slots: Annotated[int, typer.Option(min=1, help="Jobs at once.")] = 1,
) -> None:
    """Take jobs of the hub whose database and broker the settings name."""
    _need_hub()
    from roto_hub.run import run_one_worker

    run_one_worker(name, slots)


@app.command()
def migrate(
    down: Annotated[bool, typer.Option("--down", help="Take all tables down, and everything in them.")] = False,
) -> None:
    """Bring the database to this version's tables."""
    _need_hub()
    from roto_hub.run import run_migrate

    print(run_migrate("base" if down else "head"))


@app.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Argument(help="Address to log in with.")],
    name: Annotated[str, typer.Option(help="Name to be shown; else the address.")] = "",
    password: Annotated[
        str, typer.Option(envvar="ROTO_HUB_ADMIN_PASSWORD", prompt=True, hide_input=True, help="At least 12 letters.")
    ] = "",
) -> None:
    """Make an administrator."""
    _need_hub()
    from roto_hub.run import run_create_admin

    print(run_create_admin(email, name or email, password))


def _need_hub() -> None:
    try:
        import roto_hub.app  # noqa: F401
    except ImportError as error:
        raise InputError(
            f"The hub's libraries are missing ({error.name}).", "pip install 'roto-bezier[hub]'"
        ) from error

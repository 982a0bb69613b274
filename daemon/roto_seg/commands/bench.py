"""``roto bench``."""

import typer

app = typer.Typer(name="bench", help="bench", no_args_is_help=True)


@app.command()
def masks() -> None:
    """x"""


@app.command()
def curves() -> None:
    """x"""

"""``roto score``."""

import typer

app = typer.Typer(name="score", help="score", no_args_is_help=True)


@app.command()
def masks() -> None:
    """x"""


@app.command()
def curves() -> None:
    """x"""

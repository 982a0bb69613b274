"""``roto demo``: the main job on a real clip."""

import typer


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("demo")(demo_command)


def demo_command() -> None:
    """Track a real clip through the daemon, and say where everything is and how good it is."""
    raise NotImplementedError

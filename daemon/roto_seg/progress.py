"""A progress bar on stderr with rate and remaining time. Silent where stderr is not a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Update = Callable[[int, int, str], None]


@contextmanager
def progress_bar(what: str, unit: str = "frames") -> Iterator[Update]:
    """Yields ``update(done, total, note)``; ``unit`` names what is counted. Counting anew measures the rate anew."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None, rate="", note="")

        def update(done: int, total: int, note: str = "") -> None:
            if done < progress.tasks[0].completed:
                progress.reset(task)
            speed = progress.tasks[0].speed
            rate = f"{speed:.1f} {unit}/s" if speed else ""
            progress.update(task, completed=done, total=total, rate=rate, note=note)

        yield update

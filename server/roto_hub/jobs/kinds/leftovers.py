"""What jobs that were cancelled or failed left in a shot's session, and what is not there any more."""

from collections.abc import Iterable

from roto_hub.jobs.kinds.bench import Bench
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Combination


def take_out_leftovers(bench: Bench, opened: messages.SessionOpened, asked: Iterable[str] = ()) -> None:
    """Take out objects that are neither in the newest version nor asked for, nor what such an object is made of."""
    wanted = {*asked, *(bench.newest.objects if bench.newest else ())}
    for made in reversed(opened.combined):
        if made.name in wanted:
            wanted.update(made.objects)
    for name in (*_latest_first(opened.combined), *opened.prompted):
        if name not in wanted:
            bench.ask(messages.DeleteObject(opened.session, name))


def check_nothing_lost(bench: Bench, opened: messages.SessionOpened, asked: Iterable[str] = ()) -> None:
    """Raises InputError where objects of the newest version are neither stored any more nor asked for: what is made
    would be without them, and nobody would know."""
    lost = sorted({*(bench.newest.objects if bench.newest else ())}.difference(opened.stored, asked))
    if lost:
        raise InputError(
            f"What was tracked of {', '.join(f'“{name}”' for name in lost)} is not stored any more.",
            "Prompt these objects in the same request (a version's masks will do), or delete them in it.",
        )


def _latest_first(combined: tuple[Combination, ...]) -> list[str]:
    """What is made of others goes before these."""
    return [made.name for made in reversed(combined)]

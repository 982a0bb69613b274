"""A session without its window: what was clicked in it is tracked, committed and saved. No Qt.

``sfxcmd project.sfx -script …/roto_batch.py -nogui`` runs it; many projects can be left to do so at night.
"""

from dataclasses import replace
from typing import Any

import fx

from roto_panel.book import PromptBook, change_between
from roto_panel.choices import Choices, choices_from_text
from roto_panel.plates import PlateWork, with_plate
from roto_panel.reaching import connection_from, path_table
from roto_panel.saved import book_from_text
from roto_shared.client import DaemonClient
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import HostClock
from roto_silhouette.keeping import kept_texts
from roto_silhouette.plate import active_session, session_plate, source_files
from roto_silhouette.scene import ShapePlacer, find_node, roto_nodes, shapes_of
from roto_silhouette.settings import frame_offset


def run_batch() -> str:
    """Track and commit the active session, and save the project; answers what was done in a sentence.

    Raises RotoError: InputError for a session in which nothing was clicked, DaemonError without a daemon.
    """
    files = source_files()
    kept = with_plate(kept_texts(), PlateWork(files))
    book, choices = book_from_text(kept.get("prompts", "")), choices_from_text(kept.get("choices", ""))
    if not book.said:
        raise InputError("Nothing was clicked on {}.".format(files), "Open it, click on something, and save it.")
    client = connection_from("Silhouette, batch")()
    try:
        opened = client.ask(messages.OpenSession(session_plate(path_table()), choices.engine, kept.get("key", "")))
        tracked = _track(client, opened.session, book, choices)
        label = _commit(client, opened.session, choices)
    finally:
        client.close()
    fx.activeProject().save()
    return "{} frames tracked, {} objects committed to {}, project saved".format(tracked.frames, len(book.names), label)


def _track(client: DaemonClient, session: str, book: PromptBook, choices: Choices) -> messages.Tracked:
    said = change_between(PromptBook(), book)
    for frame, prompts in said.prompts.items():
        client.run(messages.Segment(session, frame, prompts))
    for one in said.merged:
        client.run(messages.CombineObjects(session, one.combination, masks=False))
    first, last = choices.first, choices.last
    answer: messages.Tracked = client.run(messages.Track(session, "both", first, last), _print_progress)
    return answer


def _commit(client: DaemonClient, session: str, choices: Choices) -> str:
    target = choices.target if choices.target in [str(node.label) for node in roto_nodes()] else ""
    into = shapes_of(find_node(target)) if target else ""
    offset = frame_offset()
    clock = HostClock(int(active_session().startFrame), offset)
    curves = choices.curves if choices.curves.interpolation else replace(choices.curves, interpolation="linear")
    answer = client.run(messages.Export(session, ("fxs",), settings=curves, into=into, clock=clock))
    for note in answer.notes:
        print("Roto: {}".format(note))
    return ShapePlacer(offset).put(answer.texts["fxs"], target)


def _print_progress(event: Any) -> None:
    if isinstance(event, messages.TrackedFrame):
        print("Roto: frame {} ({} of {})".format(event.frame, event.done, event.total))

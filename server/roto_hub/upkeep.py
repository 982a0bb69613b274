"""What has to be tidied now and then: old events and clicks, uploads that nobody goes on with, and the trash."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from roto_hub.background import Background
from roto_hub.db.connect import Database
from roto_hub.db.models import now
from roto_hub.services.audit import SUBJECT, note_action
from roto_hub.services.clicks import forget_click, old_clicks
from roto_hub.services.events import prune_events
from roto_hub.services.uploads import give_up_uploads
from roto_hub.storage import TRASH, Storage

EVERY_S, AGAIN_S = 3600.0, 60.0
"""How often, and how soon after a fault."""
EVENTS_KEPT, TRASH_KEPT, UPLOADS_KEPT = timedelta(days=30), timedelta(days=30), timedelta(days=7)

log = structlog.get_logger()


class Upkeep(Background):
    """Tidies at once and then every hour, on a thread of its own: much trash takes long, and no job waits for that."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage
        super().__init__("upkeep")

    def tidy(self) -> bool:
        """Tidy now. Whether all of it could be tidied: what is in the way of a part is in the way of no other."""
        parts = (self._forget_events, self._forget_clicks, self._give_up_uploads, self._empty_trash)
        done = [self._is_done(part) for part in parts]
        return all(done)

    def _is_done(self, part: Callable[[], None]) -> bool:
        try:
            part()
        except Exception:  # a database or a storage that is away comes back
            log.exception("Tidying failed; it is tried again.")
            return False
        return True

    def _forget_events(self) -> None:
        with self._database.begin() as session:
            prune_events(session, EVENTS_KEPT)

    def _forget_clicks(self) -> None:
        """Their masks first: a click whose masks cannot be deleted stays, and so is known the next time."""
        with self._database.read() as session:
            old = old_clicks(session)
        for click, folder in old.items():
            if self._is_closing.is_set():
                break
            if not folder or self._is_deleted(folder):
                with self._database.begin() as session:
                    forget_click(session, click)

    def _give_up_uploads(self) -> None:
        with self._database.begin() as session:
            given_up = give_up_uploads(session, self._storage, UPLOADS_KEPT)
        for name in given_up:
            self._is_deleted(name)

    def _empty_trash(self) -> None:
        for name in self._storage.untouched(TRASH, now() - TRASH_KEPT):
            if self._is_closing.is_set():
                break
            if self._is_deleted(f"{TRASH}/{name}"):
                with self._database.begin() as session:
                    note_action(session, None, "trash.empty", name[:SUBJECT])

    def _is_deleted(self, name: str) -> bool:
        """Delete something for good, outside of any transaction: nobody who writes waits for it. Whether that could be
        done."""
        try:
            self._storage.delete(name)
        except OSError as error:
            log.warning("It cannot be deleted.", name=name, error=str(error))
            return False
        return True

    def _run(self) -> None:
        pause_s = 0.0
        while not self._is_closing.wait(pause_s):
            pause_s = EVERY_S if self.tidy() else AGAIN_S

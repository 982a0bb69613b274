"""What has to be tidied now and then: old events and clicks, uploads that nobody goes on with, and the trash."""

from datetime import timedelta

import structlog

from roto_hub.background import Background
from roto_hub.db.connect import Database
from roto_hub.db.models import now
from roto_hub.services.audit import SUBJECT, note_action
from roto_hub.services.clicks import prune_clicks
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

    def tidy(self) -> None:
        """Tidy now."""
        with self._database.begin() as session:
            prune_events(session, EVENTS_KEPT)
            prune_clicks(session, self._storage)
            give_up_uploads(session, self._storage, UPLOADS_KEPT)
        for name in self._storage.untouched(TRASH, now() - TRASH_KEPT):
            if self._is_closing.is_set():
                break
            self._delete_for_good(name)

    def _delete_for_good(self, name: str) -> None:
        """In a transaction of its own: nobody who writes waits for all of it."""
        try:
            self._storage.delete(f"{TRASH}/{name}")
        except OSError as error:
            log.warning("It cannot be taken out of the trash.", name=name, error=str(error))
            return
        with self._database.begin() as session:
            note_action(session, None, "trash.empty", name[:SUBJECT])

    def _run(self) -> None:
        pause_s = 0.0
        while not self._is_closing.wait(pause_s):
            pause_s = EVERY_S
            try:
                self.tidy()
            except Exception:  # a database or a storage that is away comes back
                log.exception("Tidying failed; it is tried again.")
                pause_s = AGAIN_S

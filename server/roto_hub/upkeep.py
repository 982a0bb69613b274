"""What has to be tidied now and then: old events and clicks, uploads that nobody goes on with, and the trash."""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from roto_hub.db.connect import Database
from roto_hub.db.models import now
from roto_hub.services.audit import SUBJECT, note_action
from roto_hub.services.clicks import prune_clicks
from roto_hub.services.events import prune_events
from roto_hub.services.uploads import give_up_uploads
from roto_hub.storage import TRASH, Storage

EVERY_S = 3600.0
EVENTS_KEPT, TRASH_KEPT, UPLOADS_KEPT = timedelta(days=30), timedelta(days=30), timedelta(days=7)

log = structlog.get_logger()


def hourly_upkeep(database: Database, storage: Storage) -> Callable[[], None]:
    """What to call often: it does something once an hour, the first time at once."""
    last: float | None = None

    def tidy() -> None:
        nonlocal last
        if last is None or time.monotonic() - last >= EVERY_S:
            last = time.monotonic()
            with database.begin() as session:
                prune_events(session, EVENTS_KEPT)
                prune_clicks(session, storage)
                give_up_uploads(session, storage, UPLOADS_KEPT)
            _empty_trash(database, storage)

    return tidy


def _empty_trash(database: Database, storage: Storage) -> None:
    """Delete for good what was thrown away long ago. Much takes long: nobody who writes waits for it meanwhile."""
    for name in storage.untouched(TRASH, now() - TRASH_KEPT):
        try:
            storage.delete(f"{TRASH}/{name}")
        except OSError as error:
            log.warning("It cannot be taken out of the trash.", name=name, error=str(error))
            continue
        with database.begin() as session:
            note_action(session, None, "trash.empty", name[:SUBJECT])

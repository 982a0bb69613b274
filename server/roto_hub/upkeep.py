"""What has to be tidied now and then: old events, and the trash."""

import time
from collections.abc import Callable
from datetime import timedelta

from roto_hub.db.connect import Database
from roto_hub.services.audit import note_action
from roto_hub.services.clicks import prune_clicks
from roto_hub.services.events import prune_events
from roto_hub.storage import Storage

EVERY_S = 3600.0
EVENTS_KEPT, TRASH_KEPT = timedelta(days=30), timedelta(days=30)


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
                for name in storage.empty_trash(TRASH_KEPT):
                    note_action(session, None, "trash.empty", name)

    return tidy

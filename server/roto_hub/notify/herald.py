"""The thread that tells people: it reads the events, and sends what is due."""

from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from roto_hub.background import Background
from roto_hub.db.connect import Database
from roto_hub.db.models import Delivery, Webhook
from roto_hub.notify.channels import Call, send_call, send_letter
from roto_hub.notify.outbox import claim_due, note_result, read_events
from roto_hub.settings import HubSettings

EVERY_S, AT_ONCE = 1.0, 8

log = structlog.get_logger()


class Herald(Background):
    """Looks every second. Several may run beside one another: each event is told once, each delivery is one's."""

    def __init__(self, database: Database, settings: HubSettings) -> None:
        self._database = database
        self._settings = settings
        super().__init__("herald")

    def look(self) -> None:
        """Tell what happened since the last look, and send what is due."""
        with self._database.begin() as session:
            read_events(session, self._settings.page_url, bool(self._settings.smtp_host))
        while not self._is_closing.is_set() and self._send_some():
            pass

    def _send_some(self) -> int:
        """Beside one another, so that an address that hangs keeps few others waiting; how many there were."""
        with self._database.begin() as session:
            due = claim_due(session, AT_ONCE)
            hooks = [session.get(Webhook, one.webhook_id) if one.webhook_id else None for one in due]
        if due:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(self._deliver, due, hooks))
        return len(due)

    def _deliver(self, delivery: Delivery, hook: Webhook | None) -> None:
        fault = self._send(delivery, hook)
        if fault:
            log.warning("Something could not be delivered.", address=delivery.address, fault=fault)
        with self._database.begin() as session:
            note_result(session, delivery.id, fault)

    def _send(self, delivery: Delivery, hook: Webhook | None) -> str:
        if hook is None:
            return send_letter(self._settings, delivery.address, delivery.content)
        return send_call(Call(hook.url, hook.format, hook.secret, delivery.content))

    def _run(self) -> None:
        while not self._is_closing.wait(EVERY_S):
            try:
                self.look()
            except SQLAlchemyError as error:
                log.warning("The database does not answer; nobody is told for now.", error=str(error))
            except Exception:  # the others are to be told all the same
                log.exception("Somebody could not be told.")

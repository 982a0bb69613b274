"""What a worker's daemon says meanwhile: how full its GPU's memory is, and which models it can run."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from roto_hub.services.workers import Ability
from roto_shared.client import DaemonClient
from roto_shared.discovery import connect
from roto_shared.protocol.messages import Models, ModelsQuery, StatusQuery

log = structlog.get_logger()


def running_daemon() -> DaemonClient | None:
    """The daemon of this machine, None where none runs. Raises RotoError."""
    return connect(client="hub")


def ability_of(models: Models) -> Ability:
    """What a daemon can do, by the models of which it lacks nothing."""
    able = [engine for engine in models.engines if not engine.missing]
    return Ability(tuple(engine.name for engine in able), tuple(sorted({task for one in able for task in one.tasks})))


@dataclass(frozen=True)
class Reading:
    """What a daemon said: how much of its GPU's memory is in use, and what it can do; None is not known."""

    gpu_used_mb: int | None = None
    ability: Ability | None = None


UNKNOWN = Reading()


class Gauge:
    """Asks the running daemon now and then, on a thread of its own: one that does not answer holds up nobody. Models
    that are installed while a worker runs become known so."""

    def __init__(self, connect: Callable[[], DaemonClient | None], every_s: float) -> None:
        self._connect = connect
        self._every_s = every_s
        self._ended = threading.Event()
        self._reading = UNKNOWN

    def start(self) -> None:
        """Begin to ask."""
        threading.Thread(target=self._keep_asking, name="gauge", daemon=True).start()

    def end(self) -> None:
        """Ask no more; what is being asked is not waited for."""
        self._ended.set()

    def read(self) -> Reading:
        """What was said since it was last read."""
        reading, self._reading = self._reading, UNKNOWN
        return reading

    def _keep_asking(self) -> None:
        while not self._ended.wait(self._every_s / 2):
            try:
                self._ask()
            except Exception as error:  # noqa: BLE001 - asked again a moment later
                log.info("The daemon does not say how it is.", error=str(error))

    def _ask(self) -> None:
        client = self._connect()
        if client is None:
            return
        try:
            models = client.ask(ModelsQuery(), timeout_s=self._every_s)
            status = client.ask(StatusQuery(), timeout_s=self._every_s)
            self._reading = Reading(status.gpu_used_mb, ability_of(models))
        finally:
            client.close()

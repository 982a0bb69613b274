"""How full the memory of a worker's GPU is."""

import threading
from collections.abc import Callable

import structlog

from roto_shared.client import DaemonClient
from roto_shared.discovery import connect
from roto_shared.protocol.messages import StatusQuery

log = structlog.get_logger()


def running_daemon() -> DaemonClient | None:
    """The daemon of this machine, None where none runs. Raises RotoError."""
    return connect(client="hub")


class Gauge:
    """How much of the GPU's memory is in use, as the running daemon says. It is asked on a thread of its own: one that
    does not answer holds up nobody."""

    def __init__(self, connect: Callable[[], DaemonClient | None], every_s: float) -> None:
        self._connect = connect
        self._every_s = every_s
        self._ended = threading.Event()
        self._used_mb: int | None = None

    def start(self) -> None:
        """Begin to ask."""
        threading.Thread(target=self._keep_asking, name="gauge", daemon=True).start()

    def end(self) -> None:
        """Ask no more; what is being asked is not waited for."""
        self._ended.set()

    def read(self) -> int | None:
        """What was said since it was last read; None where nothing was."""
        used_mb, self._used_mb = self._used_mb, None
        return used_mb

    def _keep_asking(self) -> None:
        while not self._ended.wait(self._every_s / 2):
            try:
                self._ask()
            except Exception as error:  # noqa: BLE001 - asked again a moment later
                log.info("The daemon does not say how full its GPU is.", error=str(error))

    def _ask(self) -> None:
        client = self._connect()
        if client is None:
            return
        try:
            self._used_mb = client.ask(StatusQuery(), timeout_s=self._every_s).gpu_used_mb
        finally:
            client.close()

"""Rung when events were appended, so that live clients hear of them at once: by Redis where there is one, else within
this program. Who misses it looks a little later all the same; the events themselves are in the database."""

import threading
from collections.abc import Callable
from typing import Protocol

import redis
import structlog

CHANNEL = "roto-hub-events"
PAUSE_S = 2.0

log = structlog.get_logger()


class Bell(Protocol):
    """What can be rung and heard."""

    def ring(self) -> None:
        """Events were appended."""

    def listen(self, heard: Callable[[], None]) -> None:
        """Call ``heard``, on any thread, whenever it is rung from now on."""

    def close(self) -> None:
        """Listen no more."""


class OwnBell:
    """Heard within this program alone."""

    def __init__(self) -> None:
        self._heard: Callable[[], None] = lambda: None

    def ring(self) -> None:
        """Events were appended."""
        self._heard()

    def listen(self, heard: Callable[[], None]) -> None:
        """Call ``heard`` from now on."""
        self._heard = heard

    def close(self) -> None:
        """Listen no more."""
        self._heard = lambda: None


class RedisBell:
    """Heard by every hub of the studio. A Redis that is gone costs its quickness, and nothing else."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_connect_timeout=PAUSE_S, socket_timeout=PAUSE_S)
        self._is_closing = threading.Event()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        """Events were appended."""
        try:
            self._redis.publish(CHANNEL, b"")
        except redis.RedisError as error:
            log.debug("Redis does not answer; live clients hear a little later.", error=str(error))

    def listen(self, heard: Callable[[], None]) -> None:
        """Call ``heard`` from now on."""
        self._thread = threading.Thread(target=self._wait, args=(heard,), name="bell", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._is_closing.set()
        if self._thread is not None:
            self._thread.join()
        self._redis.close()

    def _wait(self, heard: Callable[[], None]) -> None:
        is_told = False
        while not self._is_closing.is_set():
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                    channel.subscribe(CHANNEL)
                    is_told = False
                    while not self._is_closing.is_set():
                        if channel.get_message(timeout=0.5) is not None:
                            heard()
            except redis.RedisError as error:
                if not is_told:
                    log.warning("Redis does not answer; live clients hear a little later.", error=str(error))
                is_told = True
                self._is_closing.wait(PAUSE_S)


def make_bell(broker_url: str) -> Bell:
    """Redis' where the broker is one, else this program's own."""
    return RedisBell(broker_url) if broker_url.startswith(("redis:", "rediss:")) else OwnBell()

"""The wire: a ZeroMQ DEALER on loopback."""

import socket
from typing import List, Optional
from urllib.parse import urlsplit

import zmq

from .base import Transport

PROBE_TIMEOUT_S = 0.5


def is_listening(endpoint: str) -> bool:
    """Whether anybody listens at ``tcp://127.0.0.1:PORT``."""
    address = urlsplit(endpoint)
    try:
        socket.create_connection((address.hostname, address.port), PROBE_TIMEOUT_S).close()
    except OSError:
        return False
    return True


class ZmqTransport(Transport):
    """Talks to the daemon's ROUTER at ``endpoint`` (``tcp://127.0.0.1:PORT``). Used by one thread at a time."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.connect(endpoint)

    def send(self, parts: List[bytes]) -> None:
        self._socket.send_multipart(parts, copy=False)

    def receive(self, timeout_s: float) -> Optional[List[bytes]]:
        if not self._socket.poll(int(timeout_s * 1000)):
            return None
        return self._socket.recv_multipart()

    def is_alive(self) -> bool:
        """Probes the port itself: ZeroMQ reconnects silently and would never tell that the daemon died."""
        return is_listening(self._endpoint)

    def close(self) -> None:
        self._socket.close()
        self._context.term()

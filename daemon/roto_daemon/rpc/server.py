"""The socket: a ZeroMQ ROUTER on loopback.

One thread owns it. Other threads put their answers into a queue and ring a bell, which is a socket pair, since ZeroMQ's
own sockets belong to one thread each.
"""

import queue
import socket
from collections import deque
from collections.abc import Callable
from functools import partial

import zmq

from roto_daemon.rpc.desk import Desk
from roto_shared.protocol.codec import MAX_MESSAGE_BYTES

TICK_S = 0.25
UNREAD = 1000  # messages on their way to a client, and as many again that are held for one that does not read


class Server:
    """Serves ``desk`` at a free port of 127.0.0.1; ``on_gone`` hears of clients that can no longer be answered.

    No client is waited for. What one that does not read is told is held, and sent when it reads again. Where ``UNREAD``
    are held it counts as gone: its work ends, so that the newest ``UNREAD`` still tell it how each of its requests
    ended, and a suspended client cannot fill the memory.
    """

    def __init__(self, desk: Desk, on_gone: Callable[[bytes], None]) -> None:
        self._desk = desk
        self._on_gone = on_gone
        self._context = zmq.Context()
        self._router = self._context.socket(zmq.ROUTER)
        self._router.setsockopt(zmq.LINGER, 500)  # ms: the last answers still leave when the daemon stops
        self._router.setsockopt(zmq.ROUTER_MANDATORY, 1)  # else answers to the dead vanish without a word
        self._router.setsockopt(zmq.SNDHWM, UNREAD)
        self._router.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES)
        port = self._router.bind_to_random_port("tcp://127.0.0.1")
        self.endpoint = f"tcp://127.0.0.1:{port}"
        self._answers: queue.SimpleQueue[tuple[bytes, list[bytes]]] = queue.SimpleQueue()
        self._held: dict[bytes, deque[list[bytes]]] = {}
        self._bell, self._ear = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)
        self._stopping = False

    def stop(self) -> None:
        """Let :meth:`serve` return; from any thread."""
        self._stopping = True
        self._ring()

    def serve(self, on_tick: Callable[[], None]) -> None:
        """Answer until stopped; ``on_tick`` is called a few times a second."""
        poller = zmq.Poller()
        poller.register(self._router, zmq.POLLIN)
        poller.register(self._ear.fileno(), zmq.POLLIN)
        while not self._stopping:
            ready = dict(poller.poll(int(TICK_S * 1000)))
            if self._router in ready:
                client, *parts = self._router.recv_multipart()
                self._desk.receive(parts, partial(self._answer, client), client)
            if self._ear.fileno() in ready:
                self._ear.recv(65536)
            self._send_answers()
            on_tick()

    def close(self) -> None:
        """Send what is still to be sent and free the port."""
        self._send_answers()
        self._router.close()
        self._context.term()
        self._bell.close()
        self._ear.close()

    def _answer(self, client: bytes, parts: list[bytes]) -> None:
        self._answers.put((client, parts))
        self._ring()

    def _ring(self) -> None:
        try:
            self._bell.send(b"!")
        except BlockingIOError:
            return  # it has been rung so often that it will be heard

    def _send_answers(self) -> None:
        self._send_held()
        while not self._answers.empty():
            client, parts = self._answers.get()
            if client in self._held or not self._is_off(client, parts):
                self._hold(client, parts)

    def _send_held(self) -> None:
        for client, held in list(self._held.items()):
            while held and self._is_off(client, held[0]):
                held.popleft()
            if not held:
                del self._held[client]

    def _hold(self, client: bytes, parts: list[bytes]) -> None:
        held = self._held.setdefault(client, deque(maxlen=UNREAD))
        held.append(parts)
        if len(held) == UNREAD:
            self._on_gone(client)

    def _is_off(self, client: bytes, parts: list[bytes]) -> bool:
        """Send a message, or let go of one for a client that is gone; False where the client has too many unread."""
        try:
            self._router.send_multipart([client, *parts], zmq.NOBLOCK, copy=False)
        except zmq.ZMQError as error:
            if error.errno == zmq.EAGAIN:
                return False
            if error.errno != zmq.EHOSTUNREACH:
                raise
            self._on_gone(client)
        return True

"""The daemon's socket: a client that asks and does not read holds up nobody, and misses nothing that it must have."""

import time
from collections.abc import Iterator
from threading import Event, Semaphore, Thread

import pytest
import zmq

from roto_daemon.rpc.desk import Desk, Request
from roto_daemon.rpc.server import UNREAD, Server
from roto_shared.client import DaemonClient
from roto_shared.protocol import messages
from roto_shared.protocol.codec import Envelope, decode, encode
from roto_shared.protocol.data import Picture
from roto_shared.transport.zmq import ZmqTransport

PICTURE = Picture("image/png", 1, 1, bytes(100_000))  # the system's own buffers hold some dozens of these
PATIENCE_S = 20


class Sleeper:
    """A client that asks and reads only when it is told to."""

    def __init__(self, context: zmq.Context, endpoint: str, heard: Semaphore) -> None:
        self.heard = heard
        self.socket = context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVHWM, 1)
        self.socket.setsockopt(zmq.RCVBUF, 4096)
        self.socket.connect(endpoint)

    def ask(self, times: int) -> None:
        """Ask for frames 0, 1, 2 and so on, until the daemon has heard it all."""
        for number in range(times):
            self.socket.send_multipart(encode(Envelope(number, messages.FrameQuery("session", number))))
        for _ in range(times):
            assert self.heard.acquire(timeout=PATIENCE_S)

    def wake(self, last: int) -> list[int]:
        """The requests that it finds answered, up to ``last``."""
        answered: list[int] = []
        while last not in answered:
            assert self.socket.poll(PATIENCE_S * 1000)
            answered.append(decode(self.socket.recv_multipart()).id)
        return answered


@pytest.fixture
def gone() -> Event:
    return Event()


@pytest.fixture
def heard() -> Semaphore:
    return Semaphore(0)


@pytest.fixture
def small_messages(monkeypatch) -> int:
    """The most bytes of a frame that the server reads."""
    monkeypatch.setattr("roto_daemon.rpc.server.MAX_MESSAGE_BYTES", 1_000_000)
    return 1_000_000


@pytest.fixture
def put_off() -> list[Request]:
    """Requests that a test answers itself."""
    return []


@pytest.fixture
def server(gone, heard, put_off) -> Iterator[Server]:
    def show(request: Request) -> None:
        request.replies.tell(messages.Frame(request.message.frame, PICTURE))
        heard.release()

    handlers = {
        messages.FrameQuery: show,
        messages.StatusQuery: lambda request: request.replies.tell(messages.Done()),
        messages.ModelsQuery: put_off.append,
    }
    server = Server(Desk("", handlers), lambda _: gone.set())
    thread = Thread(target=server.serve, args=(lambda: None,), daemon=True)
    thread.start()
    yield server
    server.stop()
    thread.join(10)
    assert not thread.is_alive()
    server.close()


@pytest.fixture
def sleeper(server, heard) -> Iterator[Sleeper]:
    with zmq.Context() as context:
        sleeper = Sleeper(context, server.endpoint, heard)
        yield sleeper
        sleeper.socket.close()


def is_answered(server: Server) -> bool:
    client = DaemonClient(ZmqTransport(server.endpoint))
    answer = client.ask(messages.StatusQuery(), timeout_s=10)
    client.close()
    return answer == messages.Done()


def test_a_client_that_is_slow_holds_up_nobody_and_gets_every_answer(server, sleeper, gone):
    asked = UNREAD + UNREAD // 2
    sleeper.ask(asked)
    assert is_answered(server)
    assert not gone.is_set()
    assert sleeper.wake(asked - 1) == list(range(asked))


def test_a_client_that_does_not_read_counts_as_gone_and_still_gets_its_last_answers(server, sleeper, gone):
    asked = 3 * UNREAD
    sleeper.ask(asked)
    assert gone.is_set()
    assert is_answered(server)
    answered = sleeper.wake(asked - 1)
    assert answered[-UNREAD:] == list(range(asked - UNREAD, asked))
    assert len(answered) < asked, "older ones were let go of"


def test_a_client_that_ends_without_having_read_holds_up_nobody(server, sleeper):
    sleeper.ask(3 * UNREAD)
    sleeper.socket.close()
    assert is_answered(server)


@pytest.mark.parametrize(("more", "answers"), [(0, 1), (1, 0)])
def test_a_frame_that_is_too_large_is_not_read_and_others_are_answered(small_messages, server, more, answers):
    with zmq.Context() as context, context.socket(zmq.DEALER) as client:
        client.setsockopt(zmq.LINGER, 0)
        client.connect(server.endpoint)
        client.send(bytes(small_messages + more))
        assert client.poll(500 if more else PATIENCE_S * 1000) == answers
        assert is_answered(server)


def test_a_client_that_has_ended_counts_as_gone_when_it_is_to_be_told_something(server, put_off, gone):
    with zmq.Context() as context, context.socket(zmq.DEALER) as client:
        client.setsockopt(zmq.LINGER, 0)
        client.connect(server.endpoint)
        client.send_multipart(encode(Envelope(1, messages.ModelsQuery())))
        deadline = time.monotonic() + PATIENCE_S
        while not put_off:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert not gone.is_set()
    while not gone.wait(0.05):
        assert time.monotonic() < deadline
        put_off[0].replies.tell(messages.Done())

"""Nothing that a client sends, and nothing that the daemon has to say, takes the daemon's voice."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import msgpack
import pytest

from roto_daemon.rpc.desk import Desk, Request
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.codec import Envelope, decode, encode
from roto_shared.protocol.version import PROTOCOL

TOKEN = "secret"


def answer_to(
    message: Any,
    handler: Callable[[Request], None] = lambda request: request.replies.tell(messages.Done()),
    token: str = TOKEN,
    version: tuple[Any, ...] = PROTOCOL,
) -> Any:
    sent: list[list[bytes]] = []
    desk = Desk(TOKEN, {type(message): handler})
    desk.receive(encode(Envelope(1, message, token, version)), sent.append)
    (parts,) = sent
    return decode(parts).message


def failing(message: str) -> Callable[[Request], None]:
    def handler(_: Request) -> None:
        raise InputError(message)

    return handler


def test_a_client_without_the_token_is_told_nothing_of_versions():
    failed = answer_to(messages.StatusQuery(), token="guess", version=(2, 0))
    assert failed.message == "The token is wrong."


EMPTY_MAPS = 3_000_000


@pytest.mark.parametrize("place", ["body", "v", "mood"])
@pytest.mark.parametrize("is_last", [True, False])
def test_what_a_client_without_the_token_says_at_length_is_not_unpacked(place, is_last):
    long = b"\xdd" + EMPTY_MAPS.to_bytes(4, "big") + b"\x80" * EMPTY_MAPS  # a list of maps, 64 times as large in memory
    short = {"v": [*PROTOCOL], "id": 1, "kind": "hello", "token": "guess", "body": {}}
    short.pop(place, None)
    fields = [msgpack.packb(name) + msgpack.packb(value) for name, value in short.items()]
    fields.insert(len(fields) if is_last else 0, msgpack.packb(place) + long)
    sent: list[list[bytes]] = []
    tracemalloc.start()
    Desk(TOKEN, {}).receive([bytes([0x80 + len(fields)]) + b"".join(fields)], sent.append)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert decode(sent[0]).message.code == "protocol"
    assert most < 6 * EMPTY_MAPS, "the message itself and copies of it"


def test_a_message_is_understood_whatever_the_order_of_its_fields():
    header = {"body": {}, "token": TOKEN, "mood": "fine", "kind": "status", "id": 7, "v": [*PROTOCOL]}
    sent: list[list[bytes]] = []
    handlers = {messages.StatusQuery: lambda request: request.replies.tell(messages.Done())}
    Desk(TOKEN, handlers).receive([msgpack.packb(header)], sent.append)
    assert decode(sent[0]) == Envelope(7, messages.Done())


@pytest.mark.parametrize("kind", ["done", "dance"])
def test_what_nobody_may_ask_is_told_by_name_with_what_may_be_asked(kind):
    header = {"v": [*PROTOCOL], "id": 7, "kind": kind, "token": TOKEN, "body": {}}
    sent: list[list[bytes]] = []
    Desk(TOKEN, {}).receive([msgpack.packb(header)], sent.append)
    failed = decode(sent[0]).message
    assert (failed.code, failed.message) == ("protocol", f"There is no request “{kind}”.")
    assert "status" in failed.remedy


def test_a_version_is_not_told_back_however_long_it_is():
    failed = answer_to(messages.StatusQuery(), version=(2, "x" * 1_000_000))
    assert failed.code == "protocol"
    assert len(failed.message) < 200


def test_an_error_that_quotes_a_whole_message_is_cut_short():
    failed = answer_to(messages.StatusQuery(), failing("x" * 1_000_000))
    assert failed.code == "input"
    assert len(failed.message) < 5000


def test_a_file_name_that_is_no_text_is_told_with_its_odd_bytes_escaped():
    failed = answer_to(messages.StatusQuery(), failing(b"No pl\xe2te.".decode("utf-8", "surrogateescape")))
    assert failed.message == r"No pl\udce2te."


def test_an_answer_with_a_number_that_no_message_can_hold_is_told_as_an_error():
    failed = answer_to(messages.StatusQuery(), lambda request: request.replies.tell(messages.Tracked(2**64, {})))
    assert failed.code == "internal"


def test_what_the_system_refuses_is_told_with_its_place_and_reason(tmp_path):
    failed = answer_to(messages.StatusQuery(), lambda _: (tmp_path / "away" / "plate.exr").touch())
    assert failed.code == "storage"
    assert "away/plate.exr: No such file or directory." in failed.message

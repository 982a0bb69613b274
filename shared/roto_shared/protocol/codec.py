"""Messages to frames of bytes and back.

A message is one msgpack map, ``{v, id, kind, token, body}``, followed by its binary attachments, one frame each. Inside
the body an attachment is the msgpack extension 1 holding the frame's number. Any bytes longer than a small inline
limit travel as an attachment, so that pictures are never copied into the map.
"""

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import msgpack

from roto_shared.errors import InputError, ProtocolError
from roto_shared.structure import from_plain, packed_doubles, to_plain

from .messages import KINDS, MESSAGES
from .version import PROTOCOL

INLINE_BYTES = 256
MAX_MESSAGE_BYTES = 512 * 1024 * 1024  # one 16K RGBA half-float frame
MAX_PARTS = 4096
MAX_FIELDS = 16  # of the outer map
MAX_ADDRESS_BYTES = 4096  # of each of them that is read before a client's token is known
_ATTACHMENT = 1
_ADDRESS: Mapping[str, type] = {"v": list, "id": int, "kind": str, "token": str}


@dataclass(frozen=True)
class Envelope:
    """A message with its address: ``id`` pairs answers with requests, ``token`` proves that the client may ask."""

    id: int
    message: Any
    token: str = ""
    version: Tuple[int, ...] = PROTOCOL


def encode(envelope: Envelope, no_text: str = "strict") -> List[bytes]:
    """Frames of one message; its kind is looked up by class. Raises ProtocolError when it is too large.

    ``no_text`` is Python's error handler for what is no Unicode, as a file name may hold; raises InputError, naming it,
    where that is ``strict``.
    """
    kind = KINDS[type(envelope.message)]
    attachments: List[bytes] = []
    body = _detach(to_plain(envelope.message, type(envelope.message), packed_doubles), attachments)
    header = {"v": list(envelope.version), "id": envelope.id, "kind": kind, "token": envelope.token, "body": body}
    try:
        packed: bytes = msgpack.packb(header, use_bin_type=True, unicode_errors=no_text)  # type: ignore[assignment]
    except UnicodeEncodeError as error:
        told = error.object.encode("utf-8", "replace").decode()
        raise InputError(f"The name {told} is not UTF-8.", "Rename it.") from error
    parts = [packed, *attachments]
    _check_size(parts)
    return parts


def decode_address(parts: Sequence[bytes]) -> Dict[str, Any]:
    """The ``v``, ``id``, ``kind`` and ``token`` of a message. Raises ProtocolError.

    Its body is not unpacked, which may take a hundred times its size: that is for clients whose token is known.
    """
    _check_size(parts)
    try:
        address = _read_address(parts[0])
    except Exception as error:
        raise ProtocolError("The message is not msgpack.", "Update the client.") from error
    _check_forms(address, _ADDRESS)
    return address


def _read_address(packed: bytes) -> Dict[str, Any]:
    """Fields of an outer map that belong to its address; all others, and those that are too large, are skipped."""
    unpacker = msgpack.Unpacker(max_buffer_size=len(packed))
    unpacker.feed(packed)
    address: Dict[str, Any] = {}
    for _ in range(min(unpacker.read_map_header(), MAX_FIELDS)):
        name, value = _skip(unpacker, packed), _skip(unpacker, packed)
        if max(len(name), len(value)) <= MAX_ADDRESS_BYTES and msgpack.unpackb(name) in _ADDRESS:
            address[msgpack.unpackb(name)] = msgpack.unpackb(value)
        if len(address) == len(_ADDRESS):
            break
    return address


def _skip(unpacker: msgpack.Unpacker, packed: bytes) -> bytes:
    """What the next value is packed as; it is gone through and not made."""
    start = unpacker.tell()
    unpacker.skip()
    return packed[start : unpacker.tell()]


def decode(parts: Sequence[bytes]) -> Envelope:
    """One message from its frames. Raises ProtocolError for damage and InputError, naming the field, for misfits."""
    header = _unpack(parts)
    kind = header["kind"]
    if kind not in MESSAGES:
        raise ProtocolError(f"There is no message “{kind}”.", "Update the older side.")
    try:
        message = from_plain(MESSAGES[kind], header["body"])
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The message “{kind}” has an ill-formed field: {error}.", "Correct the field.") from error
    return Envelope(header["id"], message, header["token"], tuple(header["v"]))


def _unpack(parts: Sequence[bytes]) -> Any:
    """The message's outer map, checked in form but with its body still plain."""
    _check_size(parts)
    try:
        header = msgpack.unpackb(parts[0], raw=False, ext_hook=lambda code, data: _attach(code, data, parts))
    except ProtocolError:
        raise
    except Exception as error:
        raise ProtocolError("The message is not msgpack.", "Update the client.") from error
    _check_forms(header, {**_ADDRESS, "body": dict})
    return header


def _check_forms(header: Any, forms: Mapping[str, type]) -> None:
    if not isinstance(header, dict) or any(not isinstance(header.get(name), form) for name, form in forms.items()):
        raise ProtocolError("The message lacks one of v, id, kind, token, body.", "Update the client.")


def _check_size(parts: Sequence[bytes]) -> None:
    if not parts or len(parts) > MAX_PARTS or sum(map(len, parts)) > MAX_MESSAGE_BYTES:
        raise ProtocolError(
            "The message is empty or too large.", f"At most {MAX_MESSAGE_BYTES // 2**20} MiB in {MAX_PARTS} parts."
        )


def _detach(plain: Any, attachments: List[bytes]) -> Any:
    if isinstance(plain, dict):
        return {key: _detach(value, attachments) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_detach(value, attachments) for value in plain]
    if isinstance(plain, bytes) and len(plain) > INLINE_BYTES:
        attachments.append(plain)
        return msgpack.ExtType(_ATTACHMENT, len(attachments).to_bytes(2, "big"))
    return plain


def _attach(code: int, data: bytes, parts: Sequence[bytes]) -> bytes:
    number = int.from_bytes(data, "big")
    if code != _ATTACHMENT or not 0 < number < len(parts):
        raise ProtocolError("The message refers to an attachment it does not have.", "Update the client.")
    return parts[number]

"""Messages to frames of bytes and back.

A message is one msgpack map, ``{v, id, kind, token, body}``, followed by its binary attachments, one frame each. Inside
the body an attachment is the msgpack extension 1 holding the frame's number. Any bytes longer than a small inline
limit travel as an attachment, so that pictures are never copied into the map.
"""

from dataclasses import dataclass
from typing import Any, List, Sequence, Tuple

import msgpack

from roto_shared.errors import InputError, ProtocolError
from roto_shared.structure import from_plain, packed_doubles, to_plain

from .messages import KINDS, MESSAGES
from .version import PROTOCOL

INLINE_BYTES = 256
MAX_MESSAGE_BYTES = 512 * 1024 * 1024  # one 16K RGBA half-float frame
MAX_PARTS = 4096
_ATTACHMENT = 1


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


def decode_header(parts: Sequence[bytes]) -> Any:
    """The message's outer map, checked in form but with its body still plain. Raises ProtocolError."""
    _check_size(parts)
    try:
        header = msgpack.unpackb(parts[0], raw=False, ext_hook=lambda code, data: _attach(code, data, parts))
    except ProtocolError:
        raise
    except Exception as error:
        raise ProtocolError("The message is not msgpack.", "Update the client.") from error
    forms = {"v": list, "id": int, "kind": str, "token": str, "body": dict}
    if not isinstance(header, dict) or any(not isinstance(header.get(name), form) for name, form in forms.items()):
        raise ProtocolError("The message lacks one of v, id, kind, token, body.", "Update the client.")
    return header


def _check_size(parts: Sequence[bytes]) -> None:
    if not parts or len(parts) > MAX_PARTS or sum(map(len, parts)) > MAX_MESSAGE_BYTES:
        raise ProtocolError(
            "The message is empty or too large.", f"At most {MAX_MESSAGE_BYTES // 2**20} MiB in {MAX_PARTS} parts."
        )


def decode(parts: Sequence[bytes]) -> Envelope:
    """One message from its frames. Raises ProtocolError for damage and InputError, naming the field, for misfits."""
    return open_envelope(decode_header(parts))


def open_envelope(header: Any) -> Envelope:
    """The message in a header from :func:`decode_header`."""
    kind = header["kind"]
    if kind not in MESSAGES:
        raise ProtocolError(f"There is no message “{kind}”.", "Update the older side.")
    try:
        message = from_plain(MESSAGES[kind], header["body"])
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The message “{kind}” has an ill-formed field: {error}.", "Correct the field.") from error
    return Envelope(header["id"], message, header["token"], tuple(header["v"]))


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

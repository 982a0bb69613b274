"""A file from the web that goes on where it was interrupted.

Beside the unfinished file lies ``FILE.tag`` with what it is a part of: the server's own mark of it (ETag) and its size.
The rest is asked for only while both stay the same; else, and where a server cannot continue, it begins anew.
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from roto_daemon.weights.streams import Progress, copy_stream
from roto_shared.errors import WeightsError

TIMEOUT_S = 60.0
PAUSES_S = (1.0, 4.0, 16.0)
"""Waited after each broken attempt; after the last one it is given up."""

PARTIAL, BAD_RANGE = 206, 416
PASSING = (429, 500, 502, 503, 504)
"""Answers of servers that may serve a moment later."""

_DROPPED = (TimeoutError, ConnectionError, ssl.SSLError, http.client.HTTPException, urllib.error.URLError)


@dataclass(frozen=True)
class _Whole:
    """What an unfinished file is a part of; ``size`` is in bytes, 0 where the server did not tell it."""

    tag: str
    size: int


class _OtherFileError(http.client.HTTPException):
    """The server has not what was begun."""


def download(url: str, target: Path, progress: Progress, pauses_s: tuple[float, ...] = PAUSES_S) -> None:
    """All of ``url`` in ``target``, which may hold its beginning already and keeps it when this fails.

    Raises WeightsError for an address that is not https or does not answer, StorageError for a full disk.
    """
    _require_tls(url)
    for pause_s in (*pauses_s, None):
        try:
            _continue(url, target, progress)
            return
        except _DROPPED as error:
            if pause_s is None or not _may_pass(error):
                raise _told(url, error) from error
            time.sleep(pause_s)


def _continue(url: str, target: Path, progress: Progress) -> None:
    whole = _read_tag(target)
    if whole is not None and target.is_file():
        try:
            _take(url, target, progress, target.stat().st_size, whole)
            return
        except _OtherFileError:
            _tag_file(target).unlink()
    _take(url, target, progress, 0, None)


def _take(url: str, target: Path, progress: Progress, have: int, whole: _Whole | None) -> None:
    """Write what comes after the first ``have`` bytes. Raises IncompleteRead where less comes than was announced."""
    with _ask(url, have, whole) as answer:
        have = _start(answer, have, whole)
        announced = _check(url, answer)
        _write_tag(target, _Whole(answer.headers.get("ETag", ""), 0 if announced is None else have + announced))
        written = copy_stream(answer, target, progress, have) - have
    if announced is not None and written != announced:
        raise http.client.IncompleteRead(b"", announced - written)
    _tag_file(target).unlink(missing_ok=True)


def _ask(url: str, have: int, whole: _Whole | None) -> http.client.HTTPResponse:
    request = urllib.request.Request(url)
    if have and whole is not None:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", whole.tag)
    try:
        return urllib.request.build_opener(_StayOnTls).open(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code == BAD_RANGE and have:
            raise _OtherFileError("it is shorter than what was begun") from error
        raise


def _start(answer: http.client.HTTPResponse, have: int, whole: _Whole | None) -> int:
    """Where in the file the answer begins."""
    if answer.status != PARTIAL:
        return 0
    told = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", answer.headers.get("Content-Range", ""))
    if told is None or whole is None or int(told[1]) != have or whole.size not in (0, int(told[2])):
        raise _OtherFileError("it answers with a part that was not asked for")
    return have


def _check(url: str, answer: http.client.HTTPResponse) -> int | None:
    """How many bytes come; None where they come in chunks, whose last one is marked."""
    if answer.headers.get_content_type() == "text/html":
        raise WeightsError(
            f"{url} answers with a web page instead of the file.",
            "Look at it in a browser: a log-in may be in the way.",
        )
    length = answer.headers.get("Content-Length")
    if length is None and "chunked" not in answer.headers.get("Transfer-Encoding", ""):
        raise WeightsError(f"{url} does not tell how long the file is.", "Fetch it, then `roto models import`.")
    return None if length is None else int(length)


class _StayOnTls(urllib.request.HTTPRedirectHandler):
    """Follows to other addresses, but never out of TLS."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _require_tls(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _require_tls(url: str) -> None:
    if not url.startswith("https://"):
        raise WeightsError(f"{url} is not an https address.", "Use an https:// source.")


def _tag_file(target: Path) -> Path:
    return target.with_name(f"{target.name}.tag")


def _read_tag(target: Path) -> _Whole | None:
    try:
        tag, size = _tag_file(target).read_text(encoding="utf-8").splitlines()
        return _Whole(tag, int(size))
    except (OSError, ValueError):
        return None


def _write_tag(target: Path, whole: _Whole) -> None:
    """Weak tags (W/…) do not vouch for bytes, so that nothing is continued by them."""
    if whole.tag and not whole.tag.startswith("W/"):
        _tag_file(target).write_text(f"{whole.tag}\n{whole.size}", encoding="utf-8")
    else:
        _tag_file(target).unlink(missing_ok=True)


def _may_pass(error: Exception) -> bool:
    """Whether the same may work a moment later: not where the server refuses, or is not who it says it is."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code in PASSING
    return not isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError)


def _told(url: str, error: Exception) -> WeightsError:
    if isinstance(error, urllib.error.HTTPError):
        return WeightsError(f"{url} answers {error.code} {error.reason}.", _remedy(error.code))
    return WeightsError(
        f"{url} cannot be read: {getattr(error, 'reason', None) or error}.",
        "Check the network and the proxy; the same command goes on where this stopped.",
    )


def _remedy(code: int) -> str:
    if code in (401, 403):
        return "It has to be asked for at its source: fetch it there, then `roto models import`."
    return "Try again later, or import the file with `roto models import`."

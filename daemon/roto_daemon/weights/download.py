"""A file from the web that goes on where it was interrupted.

Beside the unfinished file lies ``FILE.tag`` with the server's own mark of what it is a part of (ETag): the rest is
asked for only while that mark stays the same. A server that cannot continue begins anew.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from pathlib import Path

from roto_daemon.weights.streams import Progress, copy_stream
from roto_shared.errors import WeightsError

TIMEOUT_S = 60.0
PAUSES_S = (1.0, 4.0, 16.0)
"""Waited after each broken attempt; after the last one it is given up."""

PARTIAL, BAD_RANGE = 206, 416

_DROPPED = (TimeoutError, ConnectionError, http.client.IncompleteRead, urllib.error.URLError)


def download(url: str, target: Path, progress: Progress, pauses_s: tuple[float, ...] = PAUSES_S) -> None:
    """All of ``url`` in ``target``, which may hold its beginning already and keeps it when this fails.

    Raises WeightsError for an address that is not https or does not answer, StorageError for a full disk.
    """
    if not url.startswith("https://"):
        raise WeightsError(f"{url} is not an https address.", "Use an https:// source.")
    for pause_s in (*pauses_s, None):
        try:
            _continue(url, target, progress)
            return
        except urllib.error.HTTPError as error:
            raise WeightsError(f"{url} answers {error.code} {error.reason}.", _remedy(error.code)) from error
        except _DROPPED as error:
            if pause_s is None:
                raise WeightsError(
                    f"{url} cannot be read: {getattr(error, 'reason', None) or error}.",
                    "Check the network and the proxy; the same command goes on where this stopped.",
                ) from error
            time.sleep(pause_s)


def _continue(url: str, target: Path, progress: Progress) -> None:
    request = urllib.request.Request(url)
    tag_file = target.with_name(f"{target.name}.tag")
    have = target.stat().st_size if target.is_file() and tag_file.is_file() else 0
    if have:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", tag_file.read_text(encoding="utf-8"))
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code != BAD_RANGE:
            raise
        tag_file.unlink()
        return _continue(url, target, progress)
    with answer:
        have = have if answer.status == PARTIAL else 0
        _write_tag(tag_file, answer.headers.get("ETag", ""))
        _append(answer, target, have, progress)
    tag_file.unlink(missing_ok=True)
    return None


def _append(answer: http.client.HTTPResponse, target: Path, have: int, progress: Progress) -> None:
    """Write the answer after the first ``have`` bytes. Raises IncompleteRead for one that is shorter than announced."""
    announced = answer.headers.get("Content-Length")
    written = copy_stream(answer, target, progress, have)
    if announced is not None and written - have != int(announced):
        raise http.client.IncompleteRead(b"", int(announced) - (written - have))


def _write_tag(tag_file: Path, tag: str) -> None:
    """Weak tags (W/…) do not vouch for bytes, so that nothing is continued by them."""
    if tag and not tag.startswith("W/"):
        tag_file.write_text(tag, encoding="utf-8")
    else:
        tag_file.unlink(missing_ok=True)


def _remedy(code: int) -> str:
    if code in (401, 403):
        return "It has to be asked for at its source: fetch it there, then `roto models import`."
    return "Try again later, or import the file with `roto models import`."

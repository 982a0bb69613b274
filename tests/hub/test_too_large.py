"""Requests that are larger than anything the hub takes are refused before they fill its memory."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest

from roto_hub.api.shots import PIECE, WHOLE
from roto_hub.services.masks import LARGEST

MIB = 2**20
JSON, BYTES, PNG = "application/json", "application/octet-stream", "image/png"
FORM = "multipart/form-data; boundary=x"


def pieces(size: int) -> Iterator[bytes]:
    """A body whose length nobody is told."""
    for _ in range(size // MIB):
        yield bytes(MIB)


@pytest.mark.parametrize(
    ("method", "path", "kind", "most"),
    [
        ("POST", "/login", JSON, PIECE),
        ("PATCH", "/uploads/x?offset=0", BYTES, PIECE),
        ("POST", "/shots/x/painted", PNG, LARGEST),
    ],
)
def test_a_body_is_read_no_further_than_its_endpoint_takes(files_studio, method, path, kind, most) -> None:
    stranger, headers = files_studio.as_bearer(""), {"Content-Type": kind}
    refused = stranger.request(method, path, content=pieces(most + MIB), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert refused.headers["content-type"] == "application/problem+json"
    taken = stranger.request(method, path, content=pieces(most), headers=headers)
    assert taken.status_code in (401, 422), "it is read, and then refused for what it is"


@pytest.mark.parametrize(
    ("method", "path", "kind", "size"),
    [
        ("POST", "/login", JSON, PIECE + 1),
        ("PATCH", "/uploads/x?offset=0", BYTES, PIECE + 1),
        ("POST", "/shots/x/painted", PNG, LARGEST + 1),
        ("POST", "/projects/x/shots", FORM, WHOLE + 2 * MIB),
    ],
)
def test_a_body_that_is_said_to_be_too_large_is_not_read_at_all(files_studio, method, path, kind, size) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", files_studio.settings.port, timeout=10)
    connection.putrequest(method, f"/api/v1{path}")
    connection.putheader("Content-Type", kind)
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_plate_that_comes_with_its_request_may_be_larger_than_a_piece(files_studio) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    file = {"file": ("plate.mov", bytes(PIECE + MIB))}
    made = files_studio.ok(files_studio.client.post(f"/projects/{project}/shots", data={"name": "sh010"}, files=file))
    assert made["upload"]["received"] == PIECE + MIB

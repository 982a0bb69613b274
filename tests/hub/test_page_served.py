"""How the hub serves its page, and what it says where the page was not built."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from roto_hub.page import serve_page


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("not for anybody")
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    return folder


@pytest.fixture
def client(static: Path) -> TestClient:
    app = FastAPI()
    serve_page(app, static)
    return TestClient(app)


def test_a_hub_without_a_built_page_says_how_to_build_it(client: TestClient) -> None:
    answer = client.get("/projects")
    assert answer.status_code == 200
    assert "make page" in answer.text


def test_every_address_of_the_page_is_its_one_document_which_is_asked_for_again(client, static) -> None:
    (static / "index.html").write_text("<title>Roto hub</title>")
    (static / "assets" / "index-abc.js").write_text("1")
    for address in ("/", "/projects/1/shots/2", "/review"):
        answer = client.get(address)
        assert "Roto hub" in answer.text
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "immutable" in client.get("/assets/index-abc.js").headers["Cache-Control"]


def test_nothing_beside_the_page_is_served(client, static) -> None:
    (static / "index.html").write_text("<title>Roto hub</title>")
    for address in ("/../secret.txt", "/..%2fsecret.txt", "/assets/%2e%2e/%2e%2e/secret.txt"):
        assert "not for anybody" not in client.get(address).text
    assert client.get("/api/v1/no-such-thing").status_code == 404

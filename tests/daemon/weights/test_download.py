"""Downloads that break off, from a real TLS server on this machine."""

import http.server
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from roto_daemon.weights.download import download
from roto_shared.errors import WeightsError

CONTENT = bytes(range(256)) * 4096


@dataclass
class Shop:
    """A server's ware and manners: ``drops`` are the numbers of bytes after which it hangs up, one a request."""

    content: bytes = CONTENT
    tag: str = '"v1"'
    ranges: bool = True
    status: int = 200
    drops: list[int] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    url: str = ""


class Clerk(http.server.BaseHTTPRequestHandler):
    shop: Shop

    def do_GET(self) -> None:
        shop, wanted = self.shop, self.headers.get("Range")
        shop.asked.append(wanted)
        if shop.status != 200:
            self.send_error(shop.status)
            return
        continues = shop.ranges and wanted is not None and self.headers.get("If-Range") == shop.tag
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if continues and wanted else 0
        if start >= len(shop.content):
            self.send_error(416)
            return
        self.send_response(206 if continues else 200)
        if shop.tag:
            self.send_header("ETag", shop.tag)
        self.send_header("Content-Length", str(len(shop.content) - start))
        self.end_headers()
        end = start + shop.drops.pop(0) if shop.drops else len(shop.content)
        self.wfile.write(shop.content[start:end])

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


@pytest.fixture
def shop(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    shop = Shop()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("OurClerk", (Clerk,), {"shop": shop}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    shop.url = f"https://localhost:{server.server_port}/model.pt"
    yield shop
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(shop: Shop, target: Path, attempts: int = 1) -> list[int]:
    written: list[int] = []
    download(shop.url, target, written.append, pauses_s=(0.0,) * (attempts - 1))
    return written


def test_a_file_arrives_whole_and_tells_how_far_it_is(shop, tmp_path):
    written = fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert written[-1] == len(CONTENT)
    assert [path.name for path in tmp_path.iterdir()] == ["model.part"]


def test_a_download_that_breaks_off_goes_on_where_it_stopped(shop, tmp_path):
    shop.drops = [300_000, 200_000]
    fetch(shop, tmp_path / "model.part", attempts=3)
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert shop.asked == [None, "bytes=300000-", "bytes=500000-"]


def test_the_next_pull_goes_on_where_the_last_one_was_given_up(shop, tmp_path):
    shop.drops = [300_000]
    with pytest.raises(WeightsError, match="goes on where this stopped"):
        fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").stat().st_size == 300_000
    fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert shop.asked == [None, "bytes=300000-"]


def test_a_file_that_changed_meanwhile_is_fetched_anew(shop, tmp_path):
    shop.drops = [300_000]
    with pytest.raises(WeightsError):
        fetch(shop, tmp_path / "model.part")
    shop.content, shop.tag = CONTENT[::-1], '"v2"'
    fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("tag", ["", 'W/"weak"'])
def test_what_no_strong_mark_vouches_for_is_fetched_anew(shop, tmp_path, tag):
    shop.tag, shop.drops = tag, [300_000]
    fetch(shop, tmp_path / "model.part", attempts=2)
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert shop.asked == [None, None]


def test_a_server_that_cannot_continue_begins_anew(shop, tmp_path):
    shop.ranges, shop.drops = False, [300_000]
    fetch(shop, tmp_path / "model.part", attempts=2)
    assert (tmp_path / "model.part").read_bytes() == CONTENT


def test_a_beginning_that_is_longer_than_the_file_is_thrown_away(shop, tmp_path):
    (tmp_path / "model.part").write_bytes(CONTENT + b"more")
    (tmp_path / "model.part.tag").write_text('"v1"')
    fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == CONTENT


@pytest.mark.parametrize(("status", "remedy"), [(404, "Try again later"), (401, "roto models import")])
def test_a_refusal_is_told_and_not_tried_again(shop, tmp_path, status, remedy):
    shop.status = status
    with pytest.raises(WeightsError, match=f"answers {status}.*{remedy}"):
        fetch(shop, tmp_path / "model.part", attempts=3)
    assert len(shop.asked) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(shop, tmp_path, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(WeightsError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(shop, tmp_path / "model.part")

"""A server of files over real TLS on this machine, with manners that tests choose."""

import http.server
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CONTENT = bytes(range(256)) * 4096


@dataclass
class Shop:
    """A server's ware and manners: ``drops`` are the numbers of bytes after which it hangs up, one a request.

    ``stalls`` are those after which it says nothing more, ``shift`` is by how many bytes its parts are off,
    ``statuses`` are its first answers, and ``asked`` are the ranges it was asked for.
    """

    content: bytes = CONTENT
    tag: str = '"v1"'
    kind: str = "application/octet-stream"
    moved_to: str = ""
    ranges: bool = True
    tells_length: bool = True
    shift: int = 0
    statuses: list[int] = field(default_factory=list)
    drops: list[int] = field(default_factory=list)
    stalls: list[int] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    url: str = ""
    closing: threading.Event = field(default_factory=threading.Event)


class Clerk(http.server.BaseHTTPRequestHandler):
    """Serves one request."""

    shop: Shop

    def do_GET(self) -> None:
        shop, wanted = self.shop, self.headers.get("Range")
        shop.asked.append(wanted)
        status = shop.statuses.pop(0) if shop.statuses else 200
        if status != 200:
            self.send_error(status)
            return
        if shop.moved_to:
            self.send_response(302)
            self.send_header("Location", shop.moved_to)
            self.end_headers()
            return
        continues = shop.ranges and wanted is not None and self.headers.get("If-Range") == shop.tag
        start = int(wanted.removeprefix("bytes=").rstrip("-")) + shop.shift if continues and wanted else 0
        if start >= len(shop.content):
            self.send_error(416)
            return
        self.tell(start, continues)
        end = start + (shop.drops or shop.stalls or [len(shop.content)])[0]
        self.wfile.write(shop.content[start:end])
        if shop.drops:
            shop.drops.pop(0)
        elif shop.stalls:
            shop.stalls.pop(0)
            shop.closing.wait(20)

    def tell(self, start: int, continues: bool) -> None:
        shop = self.shop
        self.send_response(206 if continues else 200)
        self.send_header("Content-Type", shop.kind)
        if shop.tag:
            self.send_header("ETag", shop.tag)
        if shop.tells_length:
            self.send_header("Content-Length", str(len(shop.content) - start))
        if continues:
            self.send_header("Content-Range", f"bytes {start}-{len(shop.content) - 1}/{len(shop.content)}")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """That a customer hangs up, or does not trust the certificate, is part of the tests."""


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


@pytest.fixture
def shop(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A running server that this process trusts."""
    shop = Shop()
    server = Server(("127.0.0.1", 0), type("OurClerk", (Clerk,), {"shop": shop}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    shop.url = f"https://localhost:{server.server_port}/model.pt"
    yield shop
    shop.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()

"""A server of the tests' own that answers whatever a test says, plain or by TLS."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.sync.link.address import Address, parse_address

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Stand:
    """`answers` are given one after the other, the last one again and again."""

    answers: list[Answer | str] = field(default_factory=lambda: [(200, {}, b"{}")])
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    address: Address = field(default_factory=lambda: parse_address("http://127.0.0.1:1"))
    connections: int = 0
    certificate: Path | None = None

    def next(self) -> Answer | str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def handler(stand: Stand) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            stand.connections += 1

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            stand.asked.append((self.command, self.path, dict(self.headers), body))
            answer = stand.next()
            if isinstance(answer, str):  # how the line goes wrong
                self._break(answer)
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _break(self, how: str) -> None:
            self.close_connection = True
            if how == "cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"half")

        def log_message(self, *_: Any) -> None: ...

    return Handler


def serve(stand: Stand, context: ssl.SSLContext | None = None) -> Callable[[], None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(stand))
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if context is None else "https"
    stand.address = parse_address(f"{scheme}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join(5)

    return stop


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    stop = serve(made)
    yield made
    stop()


@pytest.fixture
def secure_stand(tmp_path: Path) -> Iterator[Stand]:
    """The same by TLS, with a certificate that only `certificate` (a PEM file) makes trusted."""
    made = Stand(certificate=tmp_path / "certificate.pem")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a server of the tests")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    assert made.certificate is not None
    made.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    private = tmp_path / "key.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, private)
    stop = serve(made, context)
    yield made
    stop()

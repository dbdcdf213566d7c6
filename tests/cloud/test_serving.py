"""Serving itself: TLS 1.3 and HSTS, several workers, and what lies in the database."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import signal
import ssl
import time
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cloud.db import open_database
from cloud.db.tables import metadata
from cloud.settings import from_environment
from tests.cloud.conftest import OPEN
from tests.cloud.people import Person, arrive
from tests.cloud.servers import Stack, wait_for

OPERATOR = {"Authorization": f"Bearer {OPEN['DEVPULSE_CLOUD_OPERATOR_TOKEN']}"}


def certificate(folder: Path) -> tuple[str, str]:
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, None)
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(raw)
    return str(folder / "cert.pem"), str(folder / "key.pem")


def embedded(folder: Path) -> Stack:
    """What a connection is like does not hang on what lies behind: one kind of database will do."""
    return Stack("embedded", {**OPEN, "DEVPULSE_CLOUD_DATA": str(folder / "data")}, folder)


def test_tls_by_itself_is_1_3_with_hsts(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    replica = embedded(tmp_path).launch(("--tls-cert", cert, "--tls-key", key))
    try:
        trusting = ssl.create_default_context(cafile=cert)
        answer = httpx2.get(f"{replica.url}/health", verify=trusting)
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
        trusting.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(f"{replica.url}/health", verify=trusting)
    finally:
        replica.stop()


def test_hsts_behind_a_trusted_proxy_only(tmp_path: Path, client: httpx2.Client) -> None:
    said = {"X-Forwarded-Proto": "https"}
    assert "strict-transport-security" not in client.get("/health", headers=said).headers
    replica = embedded(tmp_path).launch(TRUSTED_PROXIES="127.0.0.1")
    try:
        assert "strict-transport-security" in httpx2.get(f"{replica.url}/health", headers=said).headers
    finally:
        replica.stop()


def test_several_workers_are_one_service(bare_stack: Stack) -> None:
    if bare_stack.name == "embedded":
        pytest.skip("more than one worker needs Redis: tests/cloud/test_settings.py")
    replica = bare_stack.launch(("--workers", "2"), RATE_ACCOUNT="40/hour", DRAIN_SECONDS="4")
    assert replica.process is not None

    # A connection for each request, so that both workers take part.
    client = httpx2.Client(base_url=replica.url, timeout=60, headers={"Connection": "close"})

    def statuses(path: str) -> set[int]:
        try:
            return {client.get(path).status_code for _ in range(10)}
        except httpx2.TransportError:
            return set()

    try:
        wait_for(lambda: statuses("/health/ready") == {200})
        person = arrive(client)
        told = [client.get("/v1/account", headers=person.headers).status_code for _ in range(50)]
        assert (told.count(200), told.count(429)) == (40, 10)
        # Whoever of them is scraped tells the figures of all.
        figures = client.get("/metrics", headers=OPERATOR).text
        assert 'http_requests_total{method="GET",path="/v1/account",status="200"} 40.0' in figures
        assert "database_connections_active " in figures
        replica.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        wait_for(lambda: statuses("/health/ready") == {503}, 4)
        assert statuses("/health/live") == {200}, "still answering while the balancer turns away"
        assert replica.process.wait(30) == 0
        assert time.monotonic() - began >= 3.5
    finally:
        if replica.process.poll() is None:
            replica.stop(signal.SIGKILL)


def test_a_dump_of_the_database_holds_no_token(person: Person, stack: Stack) -> None:
    person.refresh()
    refresh, access = person.device.refresh_token, person.headers["Authorization"].split()[1]

    async def dump() -> bytes:
        database = await open_database(from_environment(stack.environ))
        told = bytearray()
        async with database.reading() as connection:
            for table in metadata.tables:
                for row in await connection.rows(f"SELECT * FROM {table}"):
                    for value in tuple(row.values() if hasattr(row, "values") else row):
                        told += value if isinstance(value, bytes) else str(value).encode()
        await database.close()
        return bytes(told)

    dumped = asyncio.run(dump())
    assert person.account.bytes in dumped
    assert refresh not in dumped
    assert refresh.hex().encode() not in dumped
    assert access.encode() not in dumped
    assert access.split(".")[2].encode() not in dumped

"""Clients that are slow, send too much, or send nonsense: refused in words, and they hold nothing up."""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from tests.cloud.servers import Stack
from tests.cloud.vault.devices import Device, make_devices

MANY = 40


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    return await asyncio.open_connection(parts.hostname, parts.port)


def head(device: Device, length: int) -> bytes:
    lines = "".join(f"{name}: {word}\r\n" for name, word in device.headers.items())
    return f"POST /v1/sync HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {length}\r\n\r\n".encode()


async def test_slow_bodies_hold_no_connection_to_the_database(stack: Stack) -> None:
    """More of them than the pool has connections; somebody else is answered all the same."""
    slow, quick = await make_devices(stack, 2)
    quick.url = slow.url
    opened = []
    try:
        for _ in range(MANY):
            reader, writer = await connect(slow.url)
            writer.write(head(slow, 10_000) + b"\x84")
            await writer.drain()
            opened.append((reader, writer))
        async with httpx.AsyncClient(timeout=5) as client:
            for _ in range(3):
                await quick.sync(client, quick.seal(b"still answered"))
    finally:
        for _, writer in opened:
            writer.close()


async def test_slow_headers_hold_nobody_up(stack: Stack) -> None:
    (quick,) = await make_devices(stack, 1)
    opened = []
    try:
        for _ in range(MANY):
            reader, writer = await connect(quick.url)
            writer.write(b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            await writer.drain()
            opened.append((reader, writer))
        async with httpx.AsyncClient(timeout=5) as client:
            await quick.sync(client, quick.seal(b"still answered"))
    finally:
        for _, writer in opened:
            writer.close()


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
async def test_a_body_too_large_is_refused(stack: Stack, announced: bool) -> None:
    (device,) = await make_devices(stack, 1)
    body = secrets.token_bytes(1 << 20)

    async def chunks():
        for _ in range(5):
            yield body

    async with httpx.AsyncClient(timeout=10) as client:
        content = body * 5 if announced else chunks()
        try:
            answer = await client.post(f"{device.url}/v1/sync", content=content, headers=device.headers)
        except httpx.WriteError:
            return  # refused before all of it was sent: the answer is on the wire, the client did not read it
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xc1",
        b"{}",
        b"\x81\xa4push\x91\xc4\x01x",
        b"\x81\xa6cursor\xff",
        b"\x91" * 5000,
        b"\xde\xff\xff",
    ],
    ids=["empty", "never used", "JSON", "no envelope", "negative cursor", "nested", "cut off"],
)
async def test_nonsense_is_refused_in_words(stack: Stack, body: bytes) -> None:
    (device,) = await make_devices(stack, 1)
    async with httpx.AsyncClient(timeout=10) as client:
        answer = await client.post(f"{device.url}/v1/sync", content=body, headers=device.headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "raw",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 400_000 + b"\r\n\r\n",
        b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ],
    ids=["no HTTP", "no version", "TLS", "long path", "long header", "two lengths", "negative length"],
)
async def test_what_is_no_request_is_refused_and_the_service_goes_on(stack: Stack, raw: bytes) -> None:
    reader, writer = await connect(stack.a)
    try:
        writer.write(raw)
        await writer.drain()
        async with asyncio.timeout(10):
            line = await reader.readline()
        assert line == b"" or line.split()[1][:1] == b"4"
    except ConnectionError:
        pass  # closed before it was all sent: refused as well
    finally:
        writer.close()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{stack.a}/health")).json()["status"] == "healthy"

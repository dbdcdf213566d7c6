"""Connections that take their time, against a small application in this process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from cloud import reception
from cloud.reception import HEAD_BYTES, Reception

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the length of the body, or not at all where the caller has left."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.body", "body": b"%d" % size})


@pytest.fixture
async def connected(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Streams]:
    monkeypatch.setattr(reception, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(reception, "BODY_SECONDS", 0.5)
    config = uvicorn.Config(application, port=0, http=Reception, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()
    server.should_exit = True
    await task


async def status(streams: Streams) -> bytes:
    async with asyncio.timeout(10):
        return (await streams[0].readline()).rstrip()


async def test_what_arrives_in_time_is_answered_again_and_again(connected: Streams) -> None:
    for _ in range(3):
        connected[1].write(HEAD + b"Content-Length: 2\r\n\r\nab")
        assert await status(connected) == b"HTTP/1.1 200 OK"
        assert (await connected[0].readuntil(b"\r\n\r\n2")).endswith(b"2")
        await asyncio.sleep(0.3)


async def test_nothing_at_all_is_not_waited_for(connected: Streams) -> None:
    assert await status(connected) == b"HTTP/1.1 408 Request Timeout"
    assert await connected[0].read() != b""


async def test_a_head_a_byte_at_a_time_is_not_waited_for(connected: Streams) -> None:
    async def trickle() -> None:
        with contextlib.suppress(ConnectionError):
            for byte in HEAD * 100:
                connected[1].write(bytes([byte]))
                await connected[1].drain()
                await asyncio.sleep(0.05)

    task = asyncio.create_task(trickle())
    assert await status(connected) == b"HTTP/1.1 408 Request Timeout"
    task.cancel()


async def test_a_body_that_does_not_come_is_not_waited_for(connected: Streams) -> None:
    connected[1].write(HEAD + b"Content-Length: 100\r\n\r\nab")
    assert await status(connected) == b"HTTP/1.1 408 Request Timeout"


async def test_a_second_request_that_does_not_come_whole_is_not_waited_for(connected: Streams) -> None:
    connected[1].write(HEAD + b"Content-Length: 0\r\n\r\n")
    assert await status(connected) == b"HTTP/1.1 200 OK"
    await connected[0].readuntil(b"\r\n\r\n0")
    connected[1].write(HEAD)
    assert await status(connected) == b"HTTP/1.1 408 Request Timeout"


async def test_a_head_too_large_is_refused(connected: Streams) -> None:
    connected[1].write(HEAD + b"X-Long: " + b"a" * HEAD_BYTES)
    assert await status(connected) == b"HTTP/1.1 431 Request Header Fields Too Large"

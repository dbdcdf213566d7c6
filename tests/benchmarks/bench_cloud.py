"""The service over PostgreSQL and Redis on this machine: pushes, latency, listeners, large vaults.

Server, databases and the load share the machine's cores, so a figure "a core" divides by the processor
time that the service itself took.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import psutil
import uvloop
import websockets

from cloud.vault.events import MOST_LISTENERS
from tests.benchmarks.figures import Figure
from tests.cloud.conftest import OPEN
from tests.cloud.servers import ROOT, Postgres, Redis, Stack, free_port, servers_folder, wait_for
from tests.cloud.vault.devices import Device, make_devices

BODY_BYTES = 4_096
PUSHERS = 32
SECONDS = 8
CLIENTS = 1_000
RATE = 500
AT_ONCE = (1, 100, 1_000)
SOCKETS = 10_000
LARGE = 1_000_000
NEW = 10


def run() -> list[Figure]:
    """All figures; about four minutes."""
    with servers_folder() as folder, tempfile.TemporaryDirectory() as data:
        postgres, redis = Postgres(folder), Redis(folder)
        try:
            postgres.start()
            redis.start()
            stack = Stack("replicated", dict(OPEN), Path(data), postgres, redis)
            stack.environ |= {
                "DEVPULSE_CLOUD_DATABASE_URL": postgres.create("bench"),
                "DEVPULSE_CLOUD_REDIS_URL": redis.url(),
                "DEVPULSE_CLOUD_SECRET": base64.b64encode(secrets.token_bytes(32)).decode(),
                "DEVPULSE_CLOUD_MIGRATE": "on-start",
                "DEVPULSE_CLOUD_LOG_LEVEL": "info",
            }
            stack.replicas.append(stack.launch())
            return uvloop.run(_all(stack))
        finally:
            for replica in stack.replicas:
                replica.stop()
            redis.stop()
            postgres.stop()


async def _all(stack: Stack) -> list[Figure]:
    return [
        await _floor(stack),
        *await _bare(stack),
        await _hello(stack),
        *await _saturation(stack),
        *await _at_once(stack),
        *await _open_loop(stack),
        await _listeners(stack),
        *await _large(stack),
    ]


class Connection(asyncio.Protocol):
    """One kept-alive connection that asks one thing at a time."""

    def __init__(self) -> None:
        self._got = bytearray()
        self._whole = -1
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: Any = None
        self.turn = asyncio.Lock()

    @classmethod
    async def open(cls, url: str) -> Connection:
        parts = urlsplit(url)
        _, made = await asyncio.get_running_loop().create_connection(cls, parts.hostname, parts.port)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        if self._whole < 0 and (end := self._got.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._got[:end]).lower()
            at = head.index(b"content-length:") + 15
            self._whole = end + 4 + int(head[at:].split(b"\r\n", 1)[0])
        if 0 <= self._whole <= len(self._got) and self._answer is not None:
            self._answer.set_result(bytes(self._got))
            self._got.clear()
            self._whole, self._answer = -1, None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None:
            self._answer.set_exception(exc or ConnectionResetError())

    async def ask(self, request: bytes) -> bytes:
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        self._transport.close()


def _request(device: Device, body: bytes) -> bytes:
    lines = "".join(f"{name}: {word}\r\n" for name, word in device.headers.items())
    return f"POST /v1/sync HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _push(device: Device) -> bytes:
    return _request(device, device.body(device.seal(secrets.token_bytes(BODY_BYTES)), page=0))


def _pid(stack: Stack) -> int:
    process = stack.replicas[0].process
    assert process is not None
    return process.pid


def _processor_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


async def _floor(stack: Stack) -> Figure:
    """What asyncpg alone stores: the same bytes, into a table of its own."""
    pool: Any = await asyncpg.create_pool(stack.environ["DEVPULSE_CLOUD_DATABASE_URL"], max_size=10)
    await pool.execute("CREATE TABLE floor (id bytea PRIMARY KEY, body bytea)")
    body, until, count = secrets.token_bytes(BODY_BYTES), time.monotonic() + 3, 0

    async def insert() -> None:
        nonlocal count
        while time.monotonic() < until:
            await pool.execute("INSERT INTO floor VALUES ($1, $2)", secrets.token_bytes(16), body)
            count += 1

    await asyncio.gather(*(insert() for _ in range(10)))
    await pool.close()
    return Figure("floor: bare asyncpg insert of 4 kB", count / 3, "1/s", note="ten connections, one process")


async def _bare(stack: Stack) -> list[Figure]:
    """What framework, server and driver allow with nothing of ours: a word, and a body that is stored."""
    port = free_port()
    words = [sys.executable, "-m", "tests.benchmarks.bare_service", str(port)]
    process = subprocess.Popen([*words, stack.environ["DEVPULSE_CLOUD_DATABASE_URL"]], cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    size = f"Content-Length: {BODY_BYTES}"
    requests = {
        "hello": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "4 kB through asyncpg": f"POST / HTTP/1.1\r\nHost: x\r\n{size}\r\n\r\n".encode() + bytes(BODY_BYTES),
    }
    try:
        await asyncio.to_thread(wait_for, lambda: _listens(port), 60, "the bare service listening")
        figures: list[Figure] = []
        for name, request in requests.items():
            each = [itertools.repeat(request)] * PUSHERS
            count, took = await _repeat(url, process.pid, each, 3)
            figures.append(Figure(f"floor: bare framework, {name}", count / took, "1/s a core"))
        return figures
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def _hello(stack: Stack) -> Figure:
    """What the framework and our outer layers allow: an answer that asks nobody."""
    request = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    count, took = await _repeat(stack.a, _pid(stack), [itertools.repeat(request)] * PUSHERS, 3)
    return Figure(
        "floor: /health/live, which asks nobody", count / took, "1/s a core", note="with middleware"
    )


async def _repeat(url: str, pid: int, requests: Sequence[Any], seconds: float) -> tuple[int, float]:
    """Each connection asks one thing after another; how many were answered in how much processor time."""
    connections = [await Connection.open(url) for _ in requests]
    began, until, count = _processor_seconds(pid), time.monotonic() + seconds, 0

    async def go(connection: Connection, mine: Any) -> None:
        nonlocal count
        for request in mine:
            if time.monotonic() >= until:
                return
            answer = await connection.ask(request)
            assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
            count += 1

    await asyncio.gather(*map(go, connections, requests))
    for connection in connections:
        connection.close()
    return count, _processor_seconds(pid) - began


async def _saturation(stack: Stack) -> list[Figure]:
    devices = [(await make_devices(stack, 1))[0] for _ in range(PUSHERS)]
    pushes = [[_push(device) for _ in range(400)] for device in devices]
    began = time.monotonic()
    count, took = await _repeat(stack.a, _pid(stack), pushes, SECONDS)
    wall = time.monotonic() - began
    return [
        Figure("4 kB pushes, saturated, one replica", count / took, "1/s a core", 1_200, at_least=True,
               note=f"{PUSHERS} accounts at once"),
        Figure("the same by the clock, all on this machine", count / wall, "1/s",
               note=f"{os.cpu_count()} cores for service, databases and load"),
    ]  # fmt: skip


async def _at_once(stack: Stack) -> list[Figure]:
    """How long a push takes when so many clients push one after another, each as soon as it is answered."""
    figures: list[Figure] = []
    for clients in AT_ONCE:
        devices = [(await make_devices(stack, 1))[0] for _ in range(min(clients, 200))]
        connections = [await Connection.open(stack.a) for _ in range(clients)]
        until, taken = time.monotonic() + 4, list[float]()

        async def go(connection: Connection, device: Device, until: float, taken: list[float]) -> None:
            while (began := time.monotonic()) < until:
                answer = await connection.ask(_push(device))
                assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
                taken.append(time.monotonic() - began)

        began = time.monotonic()
        each = zip(connections, itertools.cycle(devices), strict=False)
        await asyncio.gather(*(go(connection, device, until, taken) for connection, device in each))
        rate = len(taken) / (time.monotonic() - began)
        for connection in connections:
            connection.close()
        taken.sort()
        p50, p99 = (taken[int(len(taken) * part)] * 1000 for part in (0.5, 0.99))
        note = f"p50 {p50:,.1f} ms, p99 {p99:,.1f} ms"
        figures.append(Figure(f"4 kB pushes, {clients:,} clients at once", rate, "1/s", note=note))
    return figures


async def _open_loop(stack: Stack) -> list[Figure]:
    """Requests at a steady rate whatever the answers do; each latency counts from when it was due."""
    devices = [(await make_devices(stack, 1))[0] for _ in range(50)]
    pulls = [_request(device, device.body()) for device in devices]
    connections = [await Connection.open(stack.a) for _ in range(CLIENTS)]
    total, taken, refused = RATE * SECONDS * 2, list[float](), list[bool]()

    async def one(number: int, due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        device = devices[number % len(devices)]
        # One in five pushes, as a device does that is worked on.
        request = _push(device) if number % 5 == 0 else pulls[number % len(devices)]
        connection = connections[number % CLIENTS]
        async with connection.turn:
            answer = await connection.ask(request)
        taken.append(time.monotonic() - due)
        refused.append(not answer.startswith(b"HTTP/1.1 200"))

    start = time.monotonic() + 0.5
    await asyncio.gather(*(one(number, start + number / RATE) for number in range(total)))
    for connection in connections:
        connection.close()
    taken.sort()
    name = f"{RATE}/s from {CLIENTS:,} kept-alive clients"
    return [
        Figure(f"{name}: p50", statistics.median(taken) * 1000, "ms"),
        Figure(f"{name}: refused", sum(refused), "of " + f"{total:,}", 0),
        Figure(f"{name}: p99", taken[int(len(taken) * 0.99)] * 1000, "ms", 50, note="a fifth of them pushes"),
    ]


async def _listeners(stack: Stack) -> Figure:
    """Memory of each open socket that has told who listens and waits for hints."""
    replica = stack.replicas[0]
    assert replica.process is not None
    process = psutil.Process(replica.process.pid)
    async with AsyncExitStack() as opened:
        before = process.memory_info().rss
        url = stack.a.replace("http", "ws") + "/v1/sync/events"
        for start in range(0, SOCKETS, MOST_LISTENERS):
            (device,) = await make_devices(stack, 1)
            first = json.dumps({"token": device.token})

            async def listen(first: str = first) -> None:
                connecting = websockets.connect(url, compression=None, ping_interval=None)
                listener = await opened.enter_async_context(connecting)
                await listener.send(first)
                await listener.recv()

            await asyncio.gather(*(listen() for _ in range(min(MOST_LISTENERS, SOCKETS - start))))
        each = (process.memory_info().rss - before) / SOCKETS / 1024
    return Figure(f"each of {SOCKETS:,} idle WebSockets", each, "KiB", 45, note="growth of the replica's RSS")


async def _large(stack: Stack) -> list[Figure]:
    small, large = (await make_devices(stack, 1))[0], (await make_devices(stack, 1))[0]
    connection = await asyncpg.connect(stack.environ["DEVPULSE_CLOUD_DATABASE_URL"])
    for device, count in ((small, 1_000), (large, LARGE)):
        await connection.execute(_FILL, device.account, device.id, count)
        lineage = "INSERT INTO vaults (account, lineage, sequence, bytes) VALUES ($1, $2, $3, $4)"
        device.lineage = secrets.token_bytes(16)
        await connection.execute(lineage, device.account, device.lineage, count, count * 400)
        device.cursor = count - NEW
    await connection.execute("ANALYZE envelopes")
    await connection.close()
    figures = [
        Figure(f"pull of {NEW} new among {count:,}", await _pulls(stack, device) * 1000, "ms", budget)
        for device, count, budget in ((small, 1_000, None), (large, LARGE, 20.0))
    ]
    return [*figures, await _snapshot(stack, large)]


async def _pulls(stack: Stack, device: Device) -> float:
    connection = await Connection.open(stack.a)
    request, taken = _request(device, device.body()), list[float]()
    for _ in range(200):
        began = time.perf_counter()
        answer = await connection.ask(request)
        taken.append(time.perf_counter() - began)
        assert len(answer) > NEW * 400
    connection.close()
    return statistics.median(taken)


async def _snapshot(stack: Stack, device: Device) -> Figure:
    parts = urlsplit(stack.a)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"GET /v1/sync/snapshot HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.token}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode())
    began, size = time.monotonic(), 0
    while data := await reader.read(1 << 20):
        size += len(data)
    took = time.monotonic() - began
    writer.close()
    assert size > LARGE * 400
    return Figure(f"snapshot of {LARGE:,} envelopes", size / took / 1e6, "MB/s", note=f"{size / 1e6:,.0f} MB")


_FILL = """
INSERT INTO envelopes
    (account, sequence, kind, object, version, digest, device, epoch, received, superseded, size, sealed)
SELECT $1, n, 3, decode(md5(n::text), 'hex'), 1, decode(md5(n::text) || md5('b' || n::text), 'hex'), $2, 1, n,
       NULL, 400, decode(repeat(md5(n::text), 25), 'hex')
FROM generate_series(1, $3::bigint) AS n
"""

"""A replica dies, is replaced, or its answer gets lost: what was acknowledged stays, once."""

from __future__ import annotations

import asyncio
import itertools
import signal

import httpx2 as httpx
import msgspec
import pytest

from app.sync.wire.exchange import SyncAnswer
from tests.cloud.faults.load import Load
from tests.cloud.faults.proxy import Proxy
from tests.cloud.servers import Stack
from tests.cloud.vault.devices import make_devices, value


async def test_a_push_whose_answer_was_lost_is_stored_once(stack: Stack) -> None:
    (device,) = await make_devices(stack, 1)
    envelope = device.seal(b"once")
    async with Proxy(lambda: device.url).running() as proxy, httpx.AsyncClient(timeout=10) as client:
        proxy.lose = 1
        with pytest.raises(httpx.TransportError):
            await device.ask(client, envelope, url=proxy.url)
        async with asyncio.timeout(10):  # it was stored, though nobody was told
            while not await value(stack, "SELECT 1 FROM envelopes WHERE account = $1", device.account):
                await asyncio.sleep(0.05)
        answer = await device.sync(client, envelope, url=proxy.url)
    assert [(one.sequence, one.fresh) for one in answer.pushed] == [(1, False)]
    assert await value(stack, "SELECT count(*) FROM envelopes WHERE account = $1", device.account) == 1


@pytest.mark.slow
async def test_a_replica_killed_under_load_loses_and_doubles_nothing(fragile: Stack) -> None:
    devices = [*await make_devices(fragile, 4), *await make_devices(fragile, 4)]
    load = Load(devices, (fragile.a, fragile.b), pause=0)
    victim = fragile.replicas[1]
    async with load.running():
        for _ in range(3):
            await load.more(60)
            await asyncio.to_thread(victim.stop, signal.SIGKILL)
            await load.more(30)
            port = victim.url.rsplit(":", 1)[1]
            victim.words = ("--port", port)
            await asyncio.to_thread(victim.start)
    await load.check(fragile)
    assert load.failed


@pytest.mark.slow
async def test_answers_lost_under_load_lose_and_double_nothing(fragile: Stack) -> None:
    devices = [*await make_devices(fragile, 2), *await make_devices(fragile, 2)]
    urls = itertools.cycle((fragile.a, fragile.b))
    async with Proxy(lambda: next(urls)).running() as proxy:
        load = Load(devices, (proxy.url,))
        async with load.running():
            for _ in range(10):
                await load.more(10)
                proxy.lose += 2
        await load.check(fragile)
    assert load.failed.total() >= 10


@pytest.mark.slow
async def test_a_rolling_restart_drops_no_request(fragile: Stack) -> None:
    replicas = [await asyncio.to_thread(lambda: fragile.launch(DRAIN_SECONDS="3")) for _ in range(2)]
    fragile.replicas += replicas
    devices = [*await make_devices(fragile, 4), *await make_devices(fragile, 4)]
    ready = {replica.url for replica in replicas}
    turn = itertools.count()

    def choose() -> str | None:
        able = sorted(ready)
        return able[next(turn) % len(able)] if able else None

    async with Proxy(choose).running() as proxy, Balancing(ready, replicas):
        load = Load(devices, (proxy.url,))
        async with load.running():
            for number, old in enumerate(list(replicas)):
                await load.more(40)
                new = await asyncio.to_thread(lambda: fragile.launch(DRAIN_SECONDS="3"))
                fragile.replicas.append(new)
                replicas[number] = new
                ready.add(new.url)
                assert await asyncio.to_thread(old.stop) == 0
                fragile.replicas.remove(old)
            await load.more(40)
        await load.check(fragile)
    assert not load.failed


class Balancing:
    """Asks each replica twice a second whether it is ready, as a balancer does."""

    def __init__(self, ready: set[str], replicas: list) -> None:
        self._ready = ready
        self._replicas = replicas

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._ask())

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _ask(self) -> None:
        async with httpx.AsyncClient(timeout=1) as client:
            while True:
                for url in list(self._ready):
                    try:
                        fit = (await client.get(f"{url}/health/ready")).status_code == 200
                    except httpx.TransportError:
                        fit = False
                    if not fit:
                        self._ready.discard(url)
                await asyncio.sleep(0.5)


@pytest.mark.slow
async def test_a_stop_lets_what_is_in_flight_end(fragile: Stack) -> None:
    (device,) = await make_devices(fragile, 1)
    replica = fragile.replicas[0]
    body = device.body(device.seal(b"slow"), page=0)
    host, port = replica.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = "".join(f"{name}: {word}\r\n" for name, word in device.headers.items())
    writer.write(f"POST /v1/sync HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode())
    writer.write(body[:50])
    await writer.drain()
    await asyncio.sleep(0.5)
    stopping = asyncio.create_task(asyncio.to_thread(replica.stop))
    await asyncio.sleep(1)
    assert not stopping.done()
    writer.write(body[50:])
    answer = await asyncio.wait_for(reader.read(), 20)
    assert answer.startswith(b"HTTP/1.1 200")
    assert msgspec.msgpack.decode(answer.partition(b"\r\n\r\n")[2], type=SyncAnswer).latest == 1
    assert await stopping == 0
    fragile.replicas.remove(replica)

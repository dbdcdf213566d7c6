"""PostgreSQL or Redis goes and comes back under load: told, survived, nothing acknowledged lost."""

from __future__ import annotations

import asyncio
import signal

import httpx2 as httpx
import pytest

from tests.cloud.faults.load import Load
from tests.cloud.servers import Stack
from tests.cloud.vault.devices import make_devices


async def status_becomes(stack: Stack, *wanted: str, seconds: float = 30) -> None:
    async with httpx.AsyncClient(timeout=5) as client, asyncio.timeout(seconds):
        for url in (stack.a, stack.b):
            while (await client.get(f"{url}/health")).json()["status"] not in wanted:
                await asyncio.sleep(0.1)


async def under_load(stack: Stack) -> Load:
    devices = [*await make_devices(stack, 3), *await make_devices(stack, 3)]
    return Load(devices, (stack.a, stack.b))


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
async def test_postgresql_goes_and_comes_back(fragile: Stack, how: signal.Signals) -> None:
    assert fragile.postgres is not None
    async with (await under_load(fragile)).running() as load:
        await load.more(50)
        await asyncio.to_thread(fragile.postgres.stop, how)
        await status_becomes(fragile, "unhealthy")
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{fragile.a}/health/ready")).status_code == 503
            assert (await client.get(f"{fragile.a}/health/live")).status_code == 200
        await asyncio.to_thread(fragile.postgres.start)
        await status_becomes(fragile, "healthy")
        await load.more(50)
    await load.check(fragile)
    assert set(load.failed) <= {"503"}, load.failed


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
async def test_redis_goes_and_comes_back_and_pushes_go_on(fragile: Stack, how: signal.Signals) -> None:
    assert fragile.redis is not None
    async with (await under_load(fragile)).running() as load:
        await load.more(50)
        await asyncio.to_thread(fragile.redis.stop, how)
        await status_becomes(fragile, "degraded")
        # Limits are counted by each replica alone, and devices will find what is new a little later.
        await load.more(50)
        await asyncio.to_thread(fragile.redis.start)
        await status_becomes(fragile, "healthy")
        await load.more(50)
    await load.check(fragile)
    assert not load.failed


@pytest.mark.slow
async def test_a_frozen_database_is_no_end_of_the_service(fragile: Stack) -> None:
    """Not away but silent, as behind a network that drops everything."""
    assert fragile.postgres is not None
    process = fragile.postgres._process
    assert process is not None
    async with (await under_load(fragile)).running() as load:
        await load.more(20)
        process.send_signal(signal.SIGSTOP)
        children = await asyncio.to_thread(_children, process.pid)
        for child in children:
            child.suspend()
        try:
            await status_becomes(fragile, "unhealthy")
        finally:
            for child in children:
                child.resume()
            process.send_signal(signal.SIGCONT)
        await status_becomes(fragile, "healthy")
        await load.more(20)
    await load.check(fragile)


def _children(pid: int) -> list:
    import psutil

    return psutil.Process(pid).children(recursive=True)

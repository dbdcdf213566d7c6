"""Announcements reach who listens, on whichever replica, and never anybody else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.backing import Backing, open_backing
from cloud.backing.channel import LOOK_AGAIN, Subscription
from cloud.settings import Settings
from tests.cloud.servers import Redis, servers_folder

A, B = b"a" * 16, b"b" * 16


async def heard(subscription: Subscription, seconds: float = 5) -> bytes:
    return await asyncio.wait_for(subscription.next(), seconds)


async def test_only_the_account_hears_it(backing: Backing) -> None:
    async with (
        backing.channel.listen(A) as a,
        backing.channel.listen(A) as also,
        backing.channel.listen(B) as b,
    ):
        await backing.channel.announce(A, b"1")
        await backing.channel.announce(B, b"2")
        assert [await heard(a), await heard(also), await heard(b)] == [b"1", b"1", b"2"]
        with pytest.raises(TimeoutError):
            await heard(a, 0.05)


async def test_a_slow_listener_is_told_to_look_again() -> None:
    subscription = Subscription()
    for n in range(1000):
        subscription.deliver(b"%d" % n)
    told = [await subscription.next() for _ in range(10)]
    assert LOOK_AGAIN in told


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    with servers_folder() as folder:
        server = Redis(Path(folder))
        server.start()
        yield server
        server.stop()


async def test_replicas_hear_each_other_also_after_redis_was_away(own_redis: Redis) -> None:
    settings = Settings(redis_url=own_redis.url())
    one, other = await open_backing(settings), await open_backing(settings)
    try:
        # Many subscribe at once, which lost messages when each had a channel of its own.
        accounts = [bytes([n]) * 16 for n in range(100)]

        async def listens(account: bytes) -> bytes:
            async with other.channel.listen(account) as subscription:
                await one.channel.announce(account, b"now")
                return await heard(subscription)

        assert await asyncio.gather(*map(listens, accounts)) == [b"now"] * 100
        async with other.channel.listen(A) as subscription:
            await asyncio.to_thread(own_redis.stop)
            await one.channel.announce(A, b"nobody hears this, nobody fails")
            await asyncio.to_thread(own_redis.start)
            assert await heard(subscription, 15) == LOOK_AGAIN
            await asyncio.sleep(0)
            await one.channel.announce(A, b"again")
            assert await heard(subscription, 15) == b"again"
    finally:
        await one.close()
        await other.close()

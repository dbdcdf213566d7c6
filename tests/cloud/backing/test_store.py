"""Short-lived values: the same in memory and in Redis."""

from __future__ import annotations

import asyncio

import pytest

from cloud.backing import Backing, StoreAway, open_backing
from cloud.backing.store import MemoryStore
from cloud.settings import Settings


async def test_a_value_is_kept_and_dropped(backing: Backing) -> None:
    await backing.store.put("k", b"1", 60)
    await backing.store.put("k", b"2", 60)
    assert await backing.store.get("k") == b"2"
    await backing.store.drop("k")
    assert await backing.store.get("k") is None


async def test_of_many_takers_one_gets_it(backing: Backing) -> None:
    await backing.store.put("k", b"once", 60)
    taken = await asyncio.gather(*(backing.store.take("k") for _ in range(20)))
    assert sorted(taken, key=bool) == [None] * 19 + [b"once"]


async def test_of_many_adders_one_succeeds(backing: Backing) -> None:
    assert sum(await asyncio.gather(*(backing.store.add("k", b"", 60) for _ in range(20)))) == 1


async def test_a_value_ends() -> None:
    now = 0.0
    store = MemoryStore(lambda: now, most=10)
    await store.put("k", b"1", 5)
    now = 5.0
    assert await store.get("k") is None
    assert await store.take("k") is None


async def test_memory_stays_bounded() -> None:
    store = MemoryStore(lambda: 0.0, most=10)
    for n in range(100):
        await store.put(str(n), b"", 60)
    assert await store.get("99") is not None
    assert sum([await store.get(str(n)) is not None for n in range(100)]) <= 10


async def test_a_redis_that_is_not_there_is_away() -> None:
    with pytest.raises(StoreAway):
        await open_backing(Settings(redis_url="redis://127.0.0.1:1/0"))

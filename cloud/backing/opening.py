"""The one place where it is decided whether replicas share a Redis or there is only this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

from cloud.backing.channel import Channel, MemoryChannel, RedisChannel
from cloud.backing.counters import Counters, MemoryCounters, RedisCounters
from cloud.backing.line import Line
from cloud.backing.store import MemoryStore, RedisStore, Store
from cloud.settings import Settings


@dataclass(frozen=True, slots=True)
class Backing:
    """What this process shares with other replicas, or keeps for itself where it is the only one."""

    kind: str
    store: Store
    channel: Channel
    counters: Counters

    async def close(self) -> None:
        """Leave; announcements end first."""
        await self.channel.close()
        await self.store.close()


# One that asks, one that listens, and one over for each while it is replaced.
_CONNECTIONS = 2


async def open_backing(settings: Settings) -> Backing:
    """The backing of these settings. Raises StoreAway when Redis is wanted and does not answer."""
    if not settings.redis_url:
        return Backing("memory", MemoryStore(), MemoryChannel(), MemoryCounters())
    shared = _pool(settings.redis_url, socket_timeout=3)
    # A subscriber waits for hours: its socket must not time out, only its connecting.
    waiting = _pool(settings.redis_url, socket_timeout=None, health_check_interval=15)
    line = Line(redis.Redis(connection_pool=shared))
    store = RedisStore(line)
    await store.ping()
    channel = RedisChannel(line, redis.Redis(connection_pool=waiting))
    await channel.start()
    return Backing("redis", store, channel, RedisCounters(line))


def _pool(url: str, **more: Any) -> Any:
    return redis.BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
        url,
        max_connections=_CONNECTIONS,
        timeout=3,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 2),
        socket_connect_timeout=2,
        socket_keepalive=True,
        **more,
    )

"""Counting what is limited: in Redis for all replicas, or in this process."""

from __future__ import annotations

from typing import Protocol

from limits.aio.storage import MemoryStorage

from cloud.backing.line import Line

# The first one in a window begins its time; in one step, so that no counter stays for ever.
_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class Counters(Protocol):
    """Counters by key, each for some seconds. May raise one of `line.AWAY`."""

    async def count(self, key: str, seconds: int) -> int:
        """Count one more; how many there are."""
        ...


class MemoryCounters:
    """Those of one process."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()

    async def count(self, key: str, seconds: int) -> int:
        return await self._storage.incr(key, seconds)


class RedisCounters:
    """Those of all replicas: of any number of callers at once each gets a number of its own."""

    def __init__(self, line: Line, prefix: str = "devpulse:limits:") -> None:
        self._line = line
        self._prefix = prefix

    async def count(self, key: str, seconds: int) -> int:
        return await self._line.ask("EVAL", _COUNT, 1, self._prefix + key, seconds)

"""Short-lived values that replicas share: challenges, tickets, answers to repeat."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from cloud.backing.line import AWAY, Line, Word
from cloud.errors import Unavailable


class StoreAway(Unavailable):
    """Redis does not answer."""

    def __init__(self) -> None:
        super().__init__("shared memory (Redis)")


class Store(Protocol):
    """Values by key, each for some seconds. Every method may raise StoreAway, which is answered as 503."""

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep it, over what was there."""
        ...

    async def add(self, key: str, value: bytes, seconds: int) -> bool:
        """Keep it unless the key is taken; whether it was free."""
        ...

    async def get(self, key: str) -> bytes | None: ...

    async def take(self, key: str) -> bytes | None:
        """Get and forget in one step: of any number of callers one gets it."""
        ...

    async def drop(self, key: str) -> None: ...

    async def ping(self) -> None: ...

    async def close(self) -> None: ...


class MemoryStore:
    """A store for one process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, most: int = 100_000) -> None:
        self._monotonic = monotonic
        self._most = most
        self._kept: dict[str, tuple[float, bytes]] = {}

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        self._make_room()
        self._kept.pop(key, None)
        self._kept[key] = (self._monotonic() + seconds, value)

    async def add(self, key: str, value: bytes, seconds: int) -> bool:
        if await self.get(key) is not None:
            return False
        await self.put(key, value, seconds)
        return True

    async def get(self, key: str) -> bytes | None:
        until, value = self._kept.get(key, (0.0, b""))
        return value if until > self._monotonic() else None

    async def take(self, key: str) -> bytes | None:
        value = await self.get(key)
        self._kept.pop(key, None)
        return value

    async def drop(self, key: str) -> None:
        self._kept.pop(key, None)

    async def ping(self) -> None: ...

    async def close(self) -> None:
        self._kept.clear()

    def _make_room(self) -> None:
        if len(self._kept) < self._most:
            return
        now = self._monotonic()
        self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
        # Still full of living values: the oldest go, as they would have first.
        for key in list(self._kept)[: max(0, len(self._kept) - self._most // 2)]:
            del self._kept[key]


class RedisStore:
    """A store for any number of processes."""

    def __init__(self, line: Line, prefix: str = "devpulse:") -> None:
        self._line = line
        self._prefix = prefix

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        await self._ask("SET", self._prefix + key, value, "EX", seconds)

    async def add(self, key: str, value: bytes, seconds: int) -> bool:
        return bool(await self._ask("SET", self._prefix + key, value, "EX", seconds, "NX"))

    async def get(self, key: str) -> bytes | None:
        return await self._ask("GET", self._prefix + key)

    async def take(self, key: str) -> bytes | None:
        return await self._ask("GETDEL", self._prefix + key)

    async def drop(self, key: str) -> None:
        await self._ask("DEL", self._prefix + key)

    async def ping(self) -> None:
        await self._ask("PING")

    async def close(self) -> None:
        await self._line.close()

    async def _ask(self, *words: Word) -> Any:
        try:
            return await self._line.ask(*words)
        except AWAY:
            raise StoreAway from None

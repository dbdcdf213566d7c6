"""Announcements from any replica to whoever listens for an account, on any replica.

One fixed Redis channel carries them all and each process deals them out to its own listeners: a channel
for each account lost messages silently while others were subscribing. An announcement is a hint, never
the only way to learn something; after a break every listener is told to look again (`LOOK_AGAIN`).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

import redis.asyncio as redis
import structlog

from cloud.backing.line import AWAY, Line

logger = structlog.get_logger(__name__)

LOOK_AGAIN = b""
_CHANNEL = "devpulse:announcements"
_BACKLOG = 256
_ACCOUNT_BYTES = 16


class Subscription:
    """What was announced for one account since the subscription began, in order."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(_BACKLOG)

    async def next(self) -> bytes:
        """The next message; `LOOK_AGAIN` where some may have been missed."""
        return await self._waiting.get()

    def deliver(self, message: bytes) -> None:
        """Hand a message over without waiting; a listener too slow for its backlog is told to look again."""
        if self._waiting.full():
            while not self._waiting.empty():
                self._waiting.get_nowait()
            message = LOOK_AGAIN
        self._waiting.put_nowait(message)


class Channel(Protocol):
    """The way announcements go."""

    async def announce(self, account: bytes, message: bytes) -> None:
        """Tell every listener of the account, on every replica. Never raises: it is only a hint."""
        ...

    def listen(self, account: bytes) -> Any:
        """`async with channel.listen(account) as subscription`."""
        ...

    def listening(self, account: bytes) -> int:
        """How many listen for the account in this process."""
        ...

    async def start(self) -> None: ...

    async def close(self) -> None: ...


class MemoryChannel:
    """Announcements within one process; the dealing out for the other kind too."""

    def __init__(self) -> None:
        self._listeners: defaultdict[bytes, set[Subscription]] = defaultdict(set)

    async def announce(self, account: bytes, message: bytes) -> None:
        self.deal(account, message)

    def deal(self, account: bytes, message: bytes) -> None:
        for listener in self._listeners.get(account, ()):
            listener.deliver(message)

    def deal_all(self, message: bytes) -> None:
        for account in list(self._listeners):
            self.deal(account, message)

    @asynccontextmanager
    async def listen(self, account: bytes) -> AsyncGenerator[Subscription]:
        subscription = Subscription()
        self._listeners[account].add(subscription)
        try:
            yield subscription
        finally:
            self._listeners[account].discard(subscription)
            if not self._listeners[account]:
                del self._listeners[account]

    def listening(self, account: bytes) -> int:
        return len(self._listeners.get(account, ()))

    async def start(self) -> None: ...

    async def close(self) -> None: ...


class RedisChannel(MemoryChannel):
    """Announcements between processes: everything goes out through Redis and comes back from there."""

    def __init__(self, telling: Line, hearing: redis.Redis) -> None:
        super().__init__()
        self._telling = telling
        self._hearing: Any = hearing
        self._receiving: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def announce(self, account: bytes, message: bytes) -> None:
        try:
            await self._telling.ask("PUBLISH", _CHANNEL, account + message)
        except AWAY:
            # Without Redis at least those who listen here hear of it.
            self.deal(account, message)

    async def start(self) -> None:
        self._receiving = asyncio.create_task(self._receive())
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._ready.wait()

    async def close(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            with suppress(asyncio.CancelledError):
                await self._receiving
        await self._hearing.aclose()

    async def _receive(self) -> None:
        """Subscribe and deal out, for ever; after every break all are told to look again."""
        pause = 0.1
        while True:
            try:
                async with self._hearing.pubsub() as subscriber:
                    await subscriber.subscribe(_CHANNEL)
                    async for message in subscriber.listen():
                        pause = 0.1
                        self._received(message)
            except AWAY:
                logger.warning("announcements are interrupted", retry_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _received(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self._ready.set()
            self.deal_all(LOOK_AGAIN)
        elif message["type"] == "message":
            data: bytes = message["data"]
            self.deal(data[:_ACCOUNT_BYTES], data[_ACCOUNT_BYTES:])

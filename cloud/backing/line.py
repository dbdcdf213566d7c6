"""The way to Redis: what many requests ask at the same moment goes out as one message, and comes back as one.

A question to Redis costs this process mostly the sending and the waking up, not Redis' work. While one lot is
on its way, what is asked meanwhile gathers to the next; a single caller waits no longer than before.
"""

from __future__ import annotations

import asyncio
from typing import Any

import redis.asyncio as redis
from redis.exceptions import RedisError

Word = str | bytes | int
# So that one lot is answered soon and the next may begin.
_MOST = 256
AWAY = (RedisError, OSError, TimeoutError)


class Line:
    """Commands to Redis, in the order of asking."""

    def __init__(self, client: redis.Redis) -> None:
        self._client: Any = client
        self._waiting: list[tuple[tuple[Word, ...], asyncio.Future[Any]]] = []
        self._sending: asyncio.Task[None] | None = None

    async def ask(self, *words: Word) -> Any:
        """The answer to one command. Raises one of AWAY."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((words, answer))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())
        return await answer

    async def close(self) -> None:
        """Leave, when all that was asked is answered."""
        if self._sending is not None:
            await self._sending
        await self._client.aclose()

    async def _send(self) -> None:
        try:
            while self._waiting:
                lot, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                for (_, answer), told in zip(lot, await self._told(lot), strict=True):
                    if answer.done():  # whoever asked has left
                        continue
                    if isinstance(told, Exception):
                        answer.set_exception(told)
                    else:
                        answer.set_result(told)
        finally:
            self._sending = None

    async def _told(self, lot: list[tuple[tuple[Word, ...], Any]]) -> list[Any]:
        try:
            async with self._client.pipeline(transaction=False) as together:
                for words, _ in lot:
                    together.execute_command(*words)
                return await together.execute(raise_on_error=False)
        except AWAY as error:
            return [error] * len(lot)

"""Old versions go after their time, from every vault, a little at a time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress

import structlog

from cloud.db import Database
from cloud.errors import Unavailable
from cloud.vault.shelf import hold

logger = structlog.get_logger(__name__)

KEPT_MS = 30 * 24 * 3_600_000
_EVERY_SECONDS = 3_600
_ACCOUNTS = 100


async def remove_old(database: Database, now: int, kept_ms: int = KEPT_MS) -> int:
    """Remove versions that were replaced longer ago than `kept_ms`; how many. Raises DatabaseAway."""
    before = now - kept_ms
    gone = 0
    while True:
        sql = "SELECT DISTINCT account FROM envelopes WHERE superseded < $1 LIMIT $2"
        async with database.reading() as connection:
            rows = await connection.rows(sql, before, _ACCOUNTS)
        for row in rows:
            gone += await _remove(database, row["account"], before)
        if len(rows) < _ACCOUNTS:
            return gone


async def _remove(database: Database, account: bytes, before: int) -> int:
    async with database.transaction() as connection:
        await hold(connection, account)
        size = await connection.value(_SIZE, account, before)
        gone = await connection.execute(_DELETE, account, before)
        await connection.execute("UPDATE vaults SET bytes = bytes - $2 WHERE account = $1", account, size)
    return gone


_SIZE = "SELECT coalesce(sum(size), 0) FROM envelopes WHERE account = $1 AND superseded < $2"
_DELETE = "DELETE FROM envelopes WHERE account = $1 AND superseded < $2"


class Retention:
    """Does so every hour while the service runs; several replicas at once only find less to do."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, until `close`."""
        self._task = asyncio.create_task(self._keep_on())

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _keep_on(self) -> None:
        while True:
            # Replicas that started together do not all come at the same moment.
            await asyncio.sleep(_EVERY_SECONDS * random.uniform(0.5, 1.0))  # noqa: S311 - only spreads load
            try:
                gone = await remove_old(self._database, self._now())
            except Unavailable:
                continue
            if gone:
                logger.info("old versions were removed", count=gone)

"""Old versions go after their time, from every vault, a little at a time."""

from __future__ import annotations

from cloud.db import Database
from cloud.vault.shelf import hold

KEPT_MS = 30 * 24 * 3_600_000
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

"""Work that is done later: kept in the database, so that it outlives a crash of whoever took it.

A task is taken for some seconds. Who took it says that it is done, or it is given out again when that time is
over: it is done at least once, and may be done twice. Its work must be such that twice does no harm. One that
fails again and again is laid aside, where an operator sees it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cloud.db import Connection, Database

# One that was laid aside is kept so long for somebody to look at it.
_LAID_ASIDE_MS = 30 * 86_400_000


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work as it was taken. `attempt` counts from 1; `claim` tells this taking from others."""

    key: str
    job: str
    account: bytes | None
    body: bytes
    attempt: int
    claim: bytes


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks wait, are being done, and failed for good (those by the clock: the last time)."""

    waiting: int
    running: int
    dead: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that failed for good: its last error's type, and when it was laid aside (None: comes again)."""

    key: str
    job: str
    error: str
    since: int | None


class Queue:
    """The tasks of all replicas. Every method may raise DatabaseAway. Times are milliseconds since 1970."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now
        self.news = asyncio.Event()

    async def put(
        self,
        job: str,
        *,
        key: str = "",
        body: bytes = b"",
        account: bytes | None = None,
        due: int = 0,
        within: Connection | None = None,
    ) -> bool:
        """Leave a task for the job of this name; False where one with this key is there already.

        With `within` it is part of that connection's transaction: there if and only if the rest is. A task
        of an account goes with the account.
        """
        now = self._now()
        values = (key or secrets.token_hex(16), job, account, body, now, due or now)
        if within is not None:
            fresh = await within.execute(_PUT, *values)
        else:
            async with self._database.transaction() as connection:
                fresh = await connection.execute(_PUT, *values)
        self.news.set()
        return bool(fresh)

    async def take(self, jobs: Sequence[str], seconds: float) -> Task | None:
        """The task of one of these jobs that is due the longest, for `seconds`; None where there is none.

        Names are given because a replica of a newer version may have left work that only it knows.
        """
        now, claim = self._now(), secrets.token_bytes(16)
        names = ", ".join(f"${number + 2}" for number in range(len(jobs)))
        async with self._database.reading() as connection:
            # Most often there is nothing, and then no replica need write.
            if await connection.value(_ANY.format(names=names), now, *jobs) is None:
                return None
        names = ", ".join(f"${number + 4}" for number in range(len(jobs)))
        async with self._database.transaction() as connection:
            lock = f"{connection.lock} SKIP LOCKED" if connection.lock else ""
            sql = _TAKE.format(names=names, lock=lock)
            row = await connection.row(sql, now, claim, now + int(seconds * 1000), *jobs)
        if row is None:
            return None
        return Task(row["key"], row["job"], row["account"], row["body"], row["attempts"], claim)

    async def done(self, task: Task) -> None:
        """It is done, and goes."""
        await self._change("DELETE FROM tasks WHERE key = $1 AND claim = $2", task)

    async def again(self, task: Task, seconds: float, *, failed: str = "", anew: bool = False) -> None:
        """It is to be done again after `seconds`; `anew`: as if it had never been tried."""
        due = self._now() + int(seconds * 1000)
        await self._change(_AGAIN, task, due, 0 if anew else task.attempt, failed)

    async def give_back(self, task: Task) -> None:
        """Who took it stops before it is done: another may take it at once, and it counts as no attempt."""
        await self._change(_AGAIN, task, self._now(), task.attempt - 1, "")

    async def lay_aside(self, task: Task, failed: str) -> None:
        """It is not tried any more, until an operator says so."""
        sql = "UPDATE tasks SET claim = NULL, dead = $3, failed = $4 WHERE key = $1 AND claim = $2"
        await self._change(sql, task, self._now(), failed)

    async def failures(self) -> list[Failure]:
        """Those that failed for good, the latest first, a hundred at most."""
        async with self._database.reading() as connection:
            rows = await connection.rows(_FAILURES)
        return [Failure(row["key"], row["job"], row["failed"], row["dead"]) for row in rows]

    async def retry(self) -> int:
        """Everything that was laid aside is tried anew; how many."""
        sql = "UPDATE tasks SET dead = NULL, failed = '', attempts = 0, due = $1 WHERE dead IS NOT NULL"
        async with self._database.transaction() as connection:
            count = await connection.execute(sql, self._now())
        self.news.set()
        return count

    async def forget(self) -> int:
        """What was laid aside a month ago goes; how many."""
        async with self._database.transaction() as connection:
            return await connection.execute("DELETE FROM tasks WHERE dead < $1", self._now() - _LAID_ASIDE_MS)

    async def counts(self) -> Counts:
        """How many there are."""
        async with self._database.reading() as connection:
            row = await connection.row(_COUNTS, self._now())
        assert row is not None
        return Counts(row["waiting"], row["running"], row["dead"])

    async def _change(self, sql: str, task: Task, *values: object) -> None:
        # By its claim: one that took too long has been given to another, who alone may say so.
        async with self._database.transaction() as connection:
            await connection.execute(sql, task.key, task.claim, *values)


_PUT = """
INSERT INTO tasks (key, job, account, body, created, due, attempts, failed)
VALUES ($1, $2, $3, $4, $5, $6, 0, '') ON CONFLICT DO NOTHING
"""
_ANY = "SELECT 1 FROM tasks WHERE dead IS NULL AND due <= $1 AND job IN ({names}) LIMIT 1"
_TAKE = """
UPDATE tasks SET claim = $2, due = $3, attempts = attempts + 1 WHERE key = (
    SELECT key FROM tasks WHERE dead IS NULL AND due <= $1 AND job IN ({names}) ORDER BY due LIMIT 1{lock}
) RETURNING key, job, account, body, attempts
"""
_AGAIN = "UPDATE tasks SET claim = NULL, due = $3, attempts = $4, failed = $5 WHERE key = $1 AND claim = $2"
_COUNTS = """
SELECT count(CASE WHEN dead IS NULL AND (claim IS NULL OR due <= $1) THEN 1 END) AS waiting,
    count(CASE WHEN dead IS NULL AND claim IS NOT NULL AND due > $1 THEN 1 END) AS running,
    count(CASE WHEN dead IS NOT NULL OR (failed <> '' AND attempts = 0) THEN 1 END) AS dead
FROM tasks
"""
_FAILURES = """
SELECT key, job, failed, dead FROM tasks WHERE dead IS NOT NULL OR (failed <> '' AND attempts = 0)
ORDER BY dead DESC LIMIT 100
"""

"""What is done by the clock, listed in one place; of all replicas one does it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from cloud.accounts.sweeping import sweep
from cloud.backing import Store
from cloud.db import Database
from cloud.errors import Unavailable

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One job: every so many seconds, given the database and the time in ms; how many rows it changed."""

    name: str
    seconds: int
    run: Callable[[Database, int], Awaitable[int]]


JOBS = (Job("sweep", 3600, sweep),)


class Clockwork:
    """Runs the jobs of this process until closed; a lease in the store keeps the other replicas out."""

    def __init__(
        self, database: Database, store: Store, now: Callable[[], int], jobs: tuple[Job, ...] = JOBS
    ) -> None:
        self._database = database
        self._store = store
        self._now = now
        self._jobs = jobs
        self._running: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin; each job's first time comes after a random part of its interval."""
        self._running = [asyncio.create_task(self._keep(job)) for job in self._jobs]

    async def close(self) -> None:
        """Stop; a transaction under way is undone."""
        for task in self._running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def once(self, job: Job) -> bool:
        """Do the job now, unless another replica did within its interval; whether it was done here."""
        # A little less than the interval, so that clocks that drift skip no turn.
        if not await self._store.add(f"job:{job.name}", b"", max(1, job.seconds * 9 // 10)):
            return False
        changed = await job.run(self._database, self._now())
        logger.info("job done", job=job.name, rows=changed)
        return True

    async def _keep(self, job: Job) -> None:
        await asyncio.sleep(job.seconds * random.random())  # noqa: S311
        while True:
            try:
                await self.once(job)
            except Unavailable as away:
                logger.warning("job put off", job=job.name, part=away.part)
            await asyncio.sleep(job.seconds)

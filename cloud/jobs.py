"""What is done by the clock or later, listed in one place, and who does it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from cloud.accounts.sweeping import sweep
from cloud.errors import Unavailable
from cloud.parts import Parts
from cloud.queue import Queue, Task
from cloud.system.metrics import Metrics
from cloud.vault.retention import remove_old

logger = structlog.get_logger(__name__)

HOUR = 3_600
# With the pauses between, half an hour: what a vendor's or a database's bad moment takes.
MOST_ATTEMPTS = 10
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 900.0
# A job has so many seconds; it is given to another only some time after.
_PATIENCE = 300.0
_MARGIN = 30.0
# What this process puts is seen at once; what another put and left, within this many seconds.
_LOOK_SECONDS = 0.5
_AWAY_SECONDS = 2.0
_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work, which may come twice. `every`: it is done by the clock, every so many seconds."""

    name: str
    run: Callable[[Task], Awaitable[object]]
    every: int | None = None


def jobs(parts: Parts) -> tuple[Job, ...]:
    """All there are."""
    database, now = parts.database, parts.now
    return (
        Job("sweep", lambda _: sweep(database, now()), HOUR),
        Job("retention", lambda _: remove_old(database, now()), HOUR),
        Job("forget", lambda _: parts.queue.forget(), 24 * HOUR),
    )


class Workers:
    """Those of one process, until closed. Of all replicas one does a task at a time."""

    def __init__(
        self,
        queue: Queue,
        jobs: Sequence[Job],
        metrics: Metrics,
        now: Callable[[], int],
        *,
        patience: float = _PATIENCE,
    ) -> None:
        self._queue = queue
        self._jobs = {job.name: job for job in jobs}
        self._outcomes = metrics.tasks
        self._now = now
        self._patience = patience
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(self._work()) for _ in range(_WORKERS)]
        self._tasks.append(asyncio.create_task(self._schedule_in_time()))

    async def close(self) -> None:
        """Stop; what is not done yet is given back."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def schedule(self) -> None:
        """See that each job that goes by the clock waits for its next time, which is soon, not at once."""
        for job in self._jobs.values():
            if job.every is not None:
                due = self._now() + int(job.every * 1000 * random.random())  # noqa: S311 - only spreads load
                await self._queue.put(job.name, key=f"clock:{job.name}", due=due)

    async def once(self) -> bool:
        """Do one task that is due; False where there is none. Raises DatabaseAway."""
        task = await self._queue.take(list(self._jobs), self._patience + _MARGIN)
        if task is None:
            return False
        job = self._jobs[task.job]
        if task.attempt > MOST_ATTEMPTS:
            # Nobody came back to say how it went, again and again: it may be what ends the process.
            await self._failed(job, task, "lost")
            return True
        try:
            async with asyncio.timeout(self._patience):
                await job.run(task)
        except asyncio.CancelledError:
            with suppress(Unavailable):
                await asyncio.shield(self._queue.give_back(task))
            raise
        except Exception as error:  # noqa: BLE001 - whatever a job runs into, the others go on
            await self._failed(job, task, type(error).__name__)
        else:
            await self._done(job, task)
        return True

    async def _done(self, job: Job, task: Task) -> None:
        self._outcomes.labels(job.name, "done").inc()
        if job.every is None:
            await self._queue.done(task)
        else:
            await self._queue.again(task, job.every, anew=True)

    async def _failed(self, job: Job, task: Task, word: str) -> None:
        last = task.attempt >= MOST_ATTEMPTS
        self._outcomes.labels(job.name, "dead" if last else "failed").inc()
        tell = logger.error if last else logger.warning
        tell("a job failed", job=job.name, attempt=task.attempt, error=word)
        if last and job.every is not None:
            # The clock goes on all the same; what failed is seen until it succeeds.
            await self._queue.again(task, job.every, failed=word, anew=True)
        elif last:
            await self._queue.lay_aside(task, word)
        else:
            await self._queue.again(task, pause(task.attempt), failed=word)

    async def _work(self) -> None:
        while True:
            try:
                self._queue.news.clear()
                if await self.once():
                    continue
                # Not `wait_for`: where news and a cancel come together it forgets the cancel (before 3.12).
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._queue.news.wait()
            except Unavailable:
                await asyncio.sleep(_AWAY_SECONDS)

    async def _schedule_in_time(self) -> None:
        while True:
            with suppress(Unavailable):
                await self.schedule()
            await asyncio.sleep(HOUR)


def pause(attempt: int) -> float:
    """Seconds until the next attempt: 2, 4, 8 … up to 900, each up to a half shorter, so that many spread."""
    longest = min(_FIRST_PAUSE * 2 ** (attempt - 1), _LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - only spreads load

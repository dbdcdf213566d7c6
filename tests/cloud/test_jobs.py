"""Jobs: those by the clock are done by one replica; what fails is tried again, and seen when it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from cloud.accounts.sessions import DAY_MS
from cloud.db import Database
from cloud.errors import Unavailable
from cloud.jobs import HOUR, MOST_ATTEMPTS, Job, Workers, jobs, pause
from cloud.parts import Parts
from cloud.queue import Counts, Queue, Task
from cloud.system.metrics import Metrics

NOW = 1_000 * DAY_MS
ACCOUNT = (
    "INSERT INTO accounts (id, kdf, login_key, recovery_key, epoch, keys_version, created)"
    " VALUES ($1, $1, $1, $1, 1, 1, 0)"
)
SESSION = (
    "INSERT INTO sessions (id, account, kind, scopes, created, used, expires, revoked)"
    " VALUES ($1, $2, 'device', '', 0, 0, $3, $4)"
)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(database: Database, clock: Clock) -> Queue:
    return Queue(database, clock)


@pytest.fixture
def make(queue: Queue, clock: Clock) -> Callable[..., Workers]:
    """Workers of one replica, with these jobs."""
    return lambda *jobs, **more: Workers(queue, jobs, Metrics(), clock, **more)


def real(database: Database, queue: Queue, clock: Clock) -> tuple[Job, ...]:
    class Some:
        def __init__(self) -> None:
            self.database, self.queue, self.now = database, queue, clock

    return jobs(cast("Parts", Some()))


async def test_one_replica_sweeps_what_is_over(database: Database, queue: Queue, clock: Clock) -> None:
    async with database.transaction() as connection:
        await connection.execute(ACCOUNT, b"a")
        for session, expires, revoked in (
            (b"open", NOW + 1, None),
            (b"just over", NOW - DAY_MS, None),
            (b"just ended", NOW + 1, NOW - DAY_MS),
            (b"long over", NOW - 31 * DAY_MS, None),
            (b"long ended", NOW + 1, NOW - 31 * DAY_MS),
        ):
            await connection.execute(SESSION, session, b"a", expires, revoked)
        token = "INSERT INTO refresh_tokens (digest, session, issued, used) VALUES ($1, $2, 0, $3)"
        await connection.execute(token, b"t1", b"open", None)
        await connection.execute(token, b"t2", b"open", NOW - 91 * DAY_MS)
        await connection.execute(token, b"t3", b"long over", None)
        invitation = "INSERT INTO invitations (digest, created, expires) VALUES ($1, 0, $2)"
        await connection.execute(invitation, b"good", NOW + 2 * DAY_MS)
        await connection.execute(invitation, b"late", NOW - 1)
    replicas = [Workers(queue, real(database, queue, clock), Metrics(), clock) for _ in range(3)]
    for replica in replicas:
        await replica.schedule()
    clock.now += DAY_MS
    assert [await replica.once() for replica in replicas] == [True] * 3, "each job once"
    assert not await replicas[0].once()
    async with database.reading() as connection:
        sessions = {row["id"] for row in await connection.rows("SELECT id FROM sessions")}
        tokens = {row["digest"] for row in await connection.rows("SELECT digest FROM refresh_tokens")}
        invitations = {row["digest"] for row in await connection.rows("SELECT digest FROM invitations")}
    assert sessions == {b"open", b"just over", b"just ended"}
    assert (tokens, invitations) == ({b"t1"}, {b"good"})
    assert await queue.counts() == Counts(waiting=3, running=0, dead=0)
    clock.now += HOUR * 1000
    assert [await replica.once() for replica in replicas] == [True, True, False], "two again an hour later"


class Fails:
    def __init__(self, times: int = 1_000) -> None:
        self.left = times

    async def __call__(self, task: Task) -> None:
        self.left -= 1
        if self.left >= 0:
            raise Unavailable("vendor")


async def test_what_fails_is_tried_again_after_growing_pauses(make: Any, queue: Queue, clock: Clock) -> None:
    workers = make(Job("call", Fails(2)))
    await queue.put("call")
    for longest in (2, 4):
        assert await workers.once()
        assert not await workers.once(), "not at once"
        clock.now += longest * 1000
    assert await workers.once()
    assert await queue.counts() == Counts(0, 0, 0)


async def test_what_goes_on_failing_is_laid_aside(make: Any, queue: Queue, clock: Clock) -> None:
    workers = make(Job("call", Fails()))
    await queue.put("call", key="bad")
    for _ in range(MOST_ATTEMPTS):
        assert await workers.once()
        clock.now += 900_000
    assert not await workers.once()
    assert await queue.counts() == Counts(0, 0, 1)
    assert [(one.job, one.error) for one in await queue.failures()] == [("call", "Unavailable")]


async def test_what_ends_its_worker_every_time_is_laid_aside(make: Any, queue: Queue, clock: Clock) -> None:
    await queue.put("kills")
    for _ in range(MOST_ATTEMPTS):
        assert await queue.take(["kills"], 60) is not None
        clock.now += 60_000
    ran = Fails(0)
    assert await make(Job("kills", ran)).once()
    assert ran.left == 0, "it was not tried any more"
    assert [one.error for one in await queue.failures()] == ["lost"]


async def test_one_by_the_clock_comes_again_whatever_happens(make: Any, queue: Queue, clock: Clock) -> None:
    fails = Fails(MOST_ATTEMPTS)
    workers = make(Job("hourly", fails, HOUR))
    await workers.schedule()
    clock.now += HOUR * 1000
    for _ in range(MOST_ATTEMPTS):
        assert await workers.once()
        clock.now += 900_000
    assert (await queue.counts()).dead == 1, "it is seen"
    clock.now += HOUR * 1000
    assert await workers.once()
    assert await queue.counts() == Counts(waiting=1, running=0, dead=0)


async def test_one_that_does_not_end_is_ended(make: Any, queue: Queue) -> None:
    await queue.put("endless")
    assert await make(Job("endless", lambda _: asyncio.sleep(600)), patience=0.05).once()
    assert await queue.counts() == Counts(waiting=1, running=0, dead=0)


async def test_stopping_gives_back_what_is_not_done(make: Any, queue: Queue) -> None:
    began = asyncio.Event()

    async def long(_: Task) -> None:
        began.set()
        await asyncio.sleep(600)

    workers = make(Job("long", long))
    workers.start()
    await queue.put("long", key="mine")
    async with asyncio.timeout(10):
        await began.wait()
    await workers.close()
    task = await queue.take(["long"], 60)
    assert task is not None
    assert (task.key, task.attempt) == ("mine", 1)


@pytest.mark.parametrize("turns", range(5))
async def test_stopping_ends_those_who_hear_news_at_that_moment(make: Any, queue: Queue, turns: int) -> None:
    async def nothing(_: Task) -> None: ...

    workers = make(Job("nothing", nothing))
    workers.start()
    await asyncio.sleep(0.1)
    queue.news.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await workers.close()


async def test_what_is_put_is_done_at_once(make: Any, queue: Queue) -> None:
    done = asyncio.Event()

    async def note(_: Task) -> None:
        done.set()

    workers = make(Job("note", note))
    workers.start()
    try:
        await queue.put("note")
        async with asyncio.timeout(10):
            await done.wait()
    finally:
        await workers.close()


def test_pauses_grow_to_a_quarter_of_an_hour() -> None:
    assert all(0.5 * 2**n <= pause(n) <= 2**n for n in range(1, 10))
    assert all(450 <= pause(n) <= 900 for n in (11, 40))

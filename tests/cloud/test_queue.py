"""Work for later: there after a crash, given to one at a time, at least once, seen when it fails for good."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cloud.db import Database
from cloud.queue import Counts, Queue
from tests.cloud.servers import ROOT, Stack, wait_for

NOW = 1_700_000_000_000
NAMES = ["a", "b"]


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


async def test_what_is_put_is_taken_when_it_is_due_and_goes_when_it_is_done(
    queue: Queue, clock: Clock
) -> None:
    assert await queue.put("a", key="later", due=NOW + 1000)
    assert await queue.put("b", key="now", body=b"what")
    assert not await queue.put("b", key="now", body=b"again"), "one with that key is there"
    task = await queue.take(NAMES, 60)
    assert task is not None
    assert (task.key, task.job, task.body, task.attempt) == ("now", "b", b"what", 1)
    assert await queue.take(NAMES, 60) is None
    assert await queue.counts() == Counts(waiting=1, running=1, dead=0)
    await queue.done(task)
    clock.now += 1000
    later = await queue.take(NAMES, 60)
    assert later is not None
    await queue.done(later)
    assert await queue.counts() == Counts(0, 0, 0)


async def test_another_versions_work_is_left_to_it(queue: Queue) -> None:
    await queue.put("of-a-newer-version")
    assert await queue.take(NAMES, 60) is None


async def test_it_is_there_if_and_only_if_the_rest_of_the_transaction_is(
    queue: Queue, database: Database
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await queue.put("a", within=connection)
            raise ZeroDivisionError
    assert await queue.take(NAMES, 60) is None
    async with database.transaction() as connection:
        await queue.put("a", within=connection)
    assert await queue.take(NAMES, 60) is not None


async def test_of_many_that_ask_at_once_one_gets_each(queue: Queue) -> None:
    for number in range(20):
        await queue.put("a", key=str(number))
    taken = await asyncio.gather(*(queue.take(NAMES, 60) for _ in range(30)))
    keys = [task.key for task in taken if task is not None]
    # Those that found a neighbour's row locked went on without; what is left is there at the next look.
    while (task := await queue.take(NAMES, 60)) is not None:
        keys.append(task.key)
    assert sorted(keys) == sorted(map(str, range(20)))


async def test_who_took_too_long_has_lost_it(queue: Queue, clock: Clock) -> None:
    await queue.put("a")
    slow = await queue.take(NAMES, 60)
    clock.now += 60_000
    quick = await queue.take(NAMES, 60)
    assert slow is not None
    assert quick is not None
    assert quick.attempt == 2
    await queue.done(slow)
    await queue.lay_aside(slow, "Late")
    assert (await queue.counts()).running == 1, "only who has it now may say so"
    await queue.done(quick)
    assert await queue.counts() == Counts(0, 0, 0)


async def test_what_was_laid_aside_is_seen_tried_anew_or_forgotten(queue: Queue, clock: Clock) -> None:
    for key in ("x", "y"):
        await queue.put("a", key=key)
    for _ in range(2):
        task = await queue.take(NAMES, 60)
        assert task is not None
        await queue.lay_aside(task, "KeyError")
        clock.now += 1
    assert await queue.take(NAMES, 60) is None
    assert await queue.counts() == Counts(0, 0, 2)
    assert [(one.key, one.error) for one in await queue.failures()] == [("y", "KeyError"), ("x", "KeyError")]
    assert await queue.retry() == 2
    task = await queue.take(NAMES, 60)
    assert task is not None
    assert task.attempt == 1
    await queue.lay_aside(task, "KeyError")
    assert await queue.forget() == 0
    clock.now += 31 * 86_400_000
    assert await queue.forget() == 1
    assert (await queue.counts()).dead == 0


_TAKES_AND_HANGS = """
import asyncio, os, sys
from cloud.clock import wall_clock
from cloud.db import open_database
from cloud.queue import Queue
from cloud.settings import from_environment

async def main():
    queue = Queue(await open_database(from_environment(os.environ)), lambda: int(sys.argv[1]))
    task = await queue.take(["a"], 60)
    print(task.key, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_worker_that_is_killed_loses_nothing(
    queue: Queue, clock: Clock, bare_stack: Stack, tmp_path: Path
) -> None:
    await queue.put("a", key="survivor", body=b"what")
    out = tmp_path / "out"
    with out.open("wb") as told:
        words = [sys.executable, "-c", _TAKES_AND_HANGS, str(NOW)]
        process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **bare_stack.environ}, stdout=told)
    try:
        await asyncio.to_thread(wait_for, lambda: out.read_bytes() == b"survivor\n")
        assert await queue.take(NAMES, 60) is None, "it has it"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    assert await queue.take(NAMES, 60) is None
    clock.now += 60_000
    task = await queue.take(NAMES, 60)
    assert task is not None
    assert (task.key, task.body, task.attempt) == ("survivor", b"what", 2)

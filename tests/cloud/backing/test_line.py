"""The way to Redis: many questions in one go, each with its own answer or its own error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import redis.asyncio as redis
from redis.exceptions import ResponseError

from cloud.backing.counters import RedisCounters
from cloud.backing.line import AWAY, Line
from tests.cloud.servers import Postgres, Redis, free_port


@pytest.fixture
async def line(servers: tuple[Postgres, Redis]) -> AsyncIterator[Line]:
    made = Line(redis.Redis.from_url(servers[1].url(0)))
    yield made
    await made.close()


async def test_each_gets_its_own_answer(line: Line) -> None:
    words = [f"word {number}".encode() for number in range(1_000)]
    assert await asyncio.gather(*(line.ask("ECHO", word) for word in words)) == words


async def test_an_error_is_told_to_who_made_it(line: Line) -> None:
    told = await asyncio.gather(
        line.ask("ECHO", "a"), line.ask("NOTHING"), line.ask("ECHO", "b"), return_exceptions=True
    )
    assert (told[0], told[2]) == (b"a", b"b")
    assert isinstance(told[1], ResponseError)


async def test_who_leaves_before_the_answer_harms_nobody(line: Line) -> None:
    leaving = asyncio.create_task(line.ask("ECHO", "a"))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await line.ask("ECHO", "b") == b"b"


async def test_of_many_that_count_at_once_each_gets_another_number(line: Line) -> None:
    counters = RedisCounters(line, f"test:{free_port()}:")
    assert sorted(await asyncio.gather(*(counters.count("a", 60) for _ in range(300)))) == [*range(1, 301)]
    assert 0 < await line.ask("TTL", f"{counters._prefix}a") <= 60


async def test_where_nobody_answers_everybody_is_told() -> None:
    line = Line(redis.Redis(port=free_port()))
    told = await asyncio.gather(*(line.ask("PING") for _ in range(5)), return_exceptions=True)
    assert all(isinstance(one, AWAY) for one in told)
    await line.close()

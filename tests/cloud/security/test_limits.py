"""Exactly as many as allowed, over all replicas, and whoever claims another address gets no more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from cloud.backing import Backing
from cloud.errors import Problem
from cloud.security.limits import Limiter
from cloud.settings import Rates
from tests.cloud.people import arrive
from tests.cloud.servers import Stack


def test_many_replicas_allow_exactly_the_limit(bare_stack: Stack) -> None:
    count = 1 if bare_stack.name == "embedded" else 2
    replicas = [bare_stack.launch(RATE_ADDRESS="100/hour") for _ in range(count)]
    try:
        clients = [httpx2.Client(base_url=replica.url, timeout=60) for replica in replicas]

        def ask(n: int) -> httpx2.Response:
            forged = {"X-Forwarded-For": f"203.0.113.{n}"}
            return clients[n % count].get("/v1/account", headers=forged)

        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(ask, range(160)))
        told = [answer.status_code for answer in answers]
        assert (told.count(401), told.count(429)) == (100, 60)
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["ratelimit-limit"] == "100"
        assert int(refused.headers["retry-after"]) > 0
        assert clients[0].get("/health").status_code == 200
        for client in clients:
            client.close()
    finally:
        for replica in replicas:
            replica.stop()


def test_signing_in_is_stricter_and_answers_tell_the_limit(bare_stack: Stack) -> None:
    replica = bare_stack.launch(RATE_SIGN_IN="4/hour", RATE_ACCOUNT="50/hour")
    try:
        with httpx2.Client(base_url=replica.url) as client:
            person = arrive(client)
            answer = person.get("/v1/account")
            assert answer.headers["ratelimit-limit"] == "50"
            assert answer.headers["ratelimit-remaining"] == "49"
            assert int(answer.headers["ratelimit-reset"]) <= 3600
            body = {"action": "sign-in", "login": person.email}
            assert client.post("/v1/auth/challenge", json=body).status_code == 429
            assert person.get("/v1/account").status_code == 200
    finally:
        replica.stop()


async def test_limits_hold_by_each_replica_while_redis_is_away(backing: Backing) -> None:
    class Away:
        async def count(self, *_: object, **__: object) -> int:
            raise ConnectionError

    limiter = Limiter(Rates(account="2/hour"), backing.counters)
    limiter._shared = Away()  # type: ignore[assignment]
    for _ in range(2):
        await limiter.count(limiter.account, "account", "a")
    with pytest.raises(Problem):
        await limiter.count(limiter.account, "account", "a")

"""Health for all, details and figures for operators, and what they say when a part is away."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.cloud.conftest import OPEN
from tests.cloud.people import Person, arrive
from tests.cloud.servers import Postgres, Redis, Replica, Stack, servers_folder, wait_for

OPERATOR = {"Authorization": f"Bearer {OPEN['DEVPULSE_CLOUD_OPERATOR_TOKEN']}"}


def test_details_and_figures_are_for_operators(person: Person) -> None:
    for path in ("/health/detailed", "/metrics"):
        for headers in ({}, person.headers, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer é"}):
            encoded = {name: value.encode() for name, value in headers.items()}
            assert person.client.get(path, headers=encoded).status_code == 401
    told = person.client.get("/health/detailed", headers=OPERATOR).json()
    assert {"database", "redis", "integrations", "memoryUsage", "cpuUsage"} <= set(told)
    assert told["database"]["status"] == "healthy"
    assert set(told["jobs"]) == {"waiting", "running", "dead"}
    assert told["jobs"]["dead"] == 0
    assert told["memoryUsage"] > 10_000_000


def test_figures_count_by_route_and_never_by_person(person: Person) -> None:
    person.get("/v1/account")
    person.client.delete(f"/v1/sessions/{person.account}", headers=person.headers)
    person.client.get(f"/{person.account}")
    text = person.client.get("/metrics", headers=OPERATOR).text
    assert 'http_requests_total{method="GET",path="/v1/account",status="200"}' in text
    assert "http_request_duration_seconds_bucket" in text
    for name in ("database_connections_active", "sync_operations_total", "integration_api_calls_total"):
        assert name in text
    assert str(person.account) not in text
    assert person.account.hex not in text


@pytest.fixture
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A replica whose PostgreSQL and Redis a test may stop."""
    with servers_folder() as folder:
        postgres, redis = Postgres(folder), Redis(folder)
        postgres.start()
        redis.start()
        environ = {
            **OPEN,
            "DEVPULSE_CLOUD_DATABASE_URL": postgres.create("own"),
            "DEVPULSE_CLOUD_REDIS_URL": redis.url(),
            "DEVPULSE_CLOUD_SECRET": "A" * 43 + "=",
            "DEVPULSE_CLOUD_MIGRATE": "on-start",
        }
        stack = Stack("own", environ, tmp_path_factory.mktemp("own"), postgres, redis)
        try:
            stack.replicas.append(stack.launch(DRAIN_SECONDS="2"))
            yield stack
        finally:
            for replica in stack.replicas:
                if replica.process and replica.process.poll() is None:
                    replica.stop(signal.SIGKILL)
            redis.stop()
            postgres.stop()


def test_parts_leave_and_return_under_a_running_service(own_stack: Stack) -> None:
    postgres, redis = own_stack.postgres, own_stack.redis
    assert postgres is not None
    assert redis is not None
    with httpx2.Client(base_url=own_stack.a, timeout=30) as client:
        person = arrive(client)

        def status() -> tuple[str, int]:
            return client.get("/health").json()["status"], client.get("/health/ready").status_code

        assert status() == ("healthy", 200)
        redis.stop()
        wait_for(lambda: status() == ("degraded", 200))
        # Who is signed in goes on; who must prove something is told to come again.
        assert person.get("/v1/account").status_code == 200
        answer = client.post("/v1/auth/challenge", json={"action": "sign-in", "login": person.email})
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert answer.headers["retry-after"]
        redis.start()
        wait_for(lambda: status() == ("healthy", 200))
        person.sign_in()
        postgres.stop(signal.SIGQUIT)
        wait_for(lambda: status() == ("unhealthy", 503))
        assert person.get("/v1/account").status_code == 503
        assert client.get("/health/live").status_code == 200
        postgres.start()
        wait_for(lambda: status() == ("healthy", 200))
        assert person.get("/v1/account").status_code == 200
        assert person.refresh().status_code == 200


def test_stopping_drains_first(own_stack: Stack) -> None:
    replica: Replica = own_stack.replicas[0]
    assert replica.process is not None
    with httpx2.Client(base_url=replica.url) as client:
        assert client.get("/health/ready").status_code == 200
        replica.process.send_signal(signal.SIGTERM)
        wait_for(lambda: client.get("/health/ready").status_code == 503, 2)
        # Still answering while the balancer turns away.
        assert client.get("/health/live").status_code == 200
        began = time.monotonic()
        assert replica.process.wait(30) == 0
        assert time.monotonic() - began < 15

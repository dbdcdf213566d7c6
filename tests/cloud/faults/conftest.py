"""Two replicas over a PostgreSQL and a Redis that a test may stop, kill and start again."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.conftest import OPEN
from tests.cloud.servers import Postgres, Redis, Stack, servers_folder


class Durable(Postgres):
    """As an operator runs it: a commit that was answered survives a crash of the server."""

    def words(self) -> list[str]:
        return [*super().words(), "-c", "synchronous_commit=on"]


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[Stack]:
    """A stack of this test's own."""
    with servers_folder() as folder:
        postgres, redis = Durable(folder), Redis(folder)
        made = Stack("replicated", dict(OPEN), tmp_path, postgres, redis)
        try:
            postgres.start()
            redis.start()
            made.environ |= {
                "DEVPULSE_CLOUD_DATABASE_URL": postgres.create("faults"),
                "DEVPULSE_CLOUD_REDIS_URL": redis.url(),
                "DEVPULSE_CLOUD_SECRET": base64.b64encode(secrets.token_bytes(32)).decode(),
                "DEVPULSE_CLOUD_MIGRATE": "on-start",
            }
            made.replicas += [made.launch(), made.launch()]
            yield made
        finally:
            for replica in made.replicas:
                replica.stop()
            redis.stop()
            postgres.stop()

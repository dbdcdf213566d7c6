"""The real service for what the application does with it; PostgreSQL and Redis are for the slow tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cloud.conftest import make_stack, servers
from tests.cloud.servers import Stack

__all__ = ["servers", "stack"]

_STACKS = ("embedded", pytest.param("replicated", marks=pytest.mark.slow))


@pytest.fixture(params=_STACKS, scope="session")
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running service: one process, or two replicas."""
    made = make_stack(request, request.param, tmp_path_factory.mktemp(request.param))
    try:
        for _ in range(1 if made.name == "embedded" else 2):
            made.replicas.append(made.launch())
        yield made
    finally:
        for replica in made.replicas:
            replica.stop()

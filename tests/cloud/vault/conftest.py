from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import httpx2 as httpx
import pytest

from tests.cloud.servers import Stack
from tests.cloud.vault.devices import Device, make_devices


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30) as opened:
        yield opened


@pytest.fixture
async def devices(stack: Stack) -> Sequence[Device]:
    """Two devices of one account; over the second stack they ask two replicas."""
    return await make_devices(stack)

"""Looks at the database and at Redis every few seconds, so that a health check need not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import structlog

from cloud.backing import Backing
from cloud.db import Database
from cloud.errors import Unavailable
from cloud.system.metrics import Metrics

logger = structlog.get_logger(__name__)

Status = Literal["healthy", "degraded", "unhealthy"]
_EVERY_SECONDS = 2.0
_PATIENCE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One part as last seen: whether it answers, and in how many milliseconds."""

    works: bool
    ms: float


class Monitor:
    """What the parts were like when last looked at, and whether the service is about to stop."""

    def __init__(
        self,
        database: Database,
        backing: Backing,
        metrics: Metrics,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connections = metrics.connections
        self._database = database
        self._backing = backing
        self._monotonic = monotonic
        self._started = monotonic()
        self._looking: asyncio.Task[None] | None = None
        self.database = Seen(True, 0.0)
        self.redis = Seen(True, 0.0)
        self.stopping = asyncio.Event()

    @property
    def uptime(self) -> int:
        """Whole seconds since the start."""
        return int(self._monotonic() - self._started)

    @property
    def status(self) -> Status:
        """Without the database nothing works; without Redis hints and sign-in don't."""
        if not self.database.works:
            return "unhealthy"
        return "healthy" if self.redis.works else "degraded"

    @property
    def ready(self) -> bool:
        """Whether a balancer should send requests here."""
        return self.database.works and not self.stopping.is_set()

    @property
    def redis_in_use(self) -> bool:
        """Whether there is a Redis at all."""
        return self._backing.kind == "redis"

    def start(self) -> None:
        """Begin to look, until `close`."""
        self._looking = asyncio.create_task(self._keep_looking())

    async def close(self) -> None:
        """Stop looking."""
        self.stopping.set()
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    async def look(self) -> None:
        """Ask each part once."""
        before = self.status
        self._connections.set(self._database.active)
        self.database, self.redis = await asyncio.gather(
            self._ask(self._database.ping), self._ask(self._backing.store.ping)
        )
        if self.status != before:
            logger.warning("health changed", status=self.status)

    async def _keep_looking(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(_EVERY_SECONDS)

    @staticmethod
    async def _ask(ping: Callable[[], object]) -> Seen:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await ping()  # pyright: ignore[reportGeneralTypeIssues]
        except (Unavailable, TimeoutError):
            return Seen(False, 0.0)
        return Seen(True, round((time.perf_counter() - began) * 1000, 3))

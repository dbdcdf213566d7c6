"""The service as one ASGI application."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from litestar import Litestar, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from cloud.errors import failed, refused
from cloud.settings import Settings
from cloud.version import __version__


def create_app(settings: Settings, *, monotonic: Callable[[], float] = time.monotonic) -> Litestar:
    """Everything the service offers. `uptime` of /health is in whole seconds since this call."""
    started = monotonic()

    @get("/health", sync_to_thread=False)
    def health() -> dict[str, Any]:
        """Whether the service works, for a person or a balancer that asks."""
        return {
            "status": "healthy",
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "version": __version__,
            "uptime": int(monotonic() - started),
        }

    return Litestar(
        route_handlers=[health],
        state=State({"settings": settings}),
        exception_handlers={HTTPException: refused, Exception: failed},
        openapi_config=None,
        logging_config=None,
    )

"""Serving: uvicorn with our limits, TLS 1.3, and a stop that drains first."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import structlog
import uvicorn

from cloud.asgi import Service, create_app
from cloud.backing import open_backing
from cloud.db.migrate import SchemaUnfit, ensure
from cloud.errors import Problem
from cloud.logs import configure
from cloud.reception import Reception
from cloud.settings import PREFIX, Settings

logger = structlog.get_logger(__name__)

# Above a balancer's usual 60 s, so that it never sends into a connection that is just closing.
_KEEP_ALIVE_SECONDS = 65
GRACE_SECONDS = 25


def serve(settings: Settings) -> int:
    """Answer requests until SIGINT or SIGTERM: 0 then, 1 when it could not start, with the reason told."""
    configure(settings.log_level)
    try:
        asyncio.run(_look(settings))
    except (Problem, SchemaUnfit) as reason:
        told = reason.detail if isinstance(reason, Problem) else str(reason)
        sys.stderr.write(f"devpulse-cloud cannot start:\n  {told}\n")
        return 1
    if settings.workers > 1:
        return _several(settings)
    return _one(settings)


async def _look(settings: Settings) -> None:
    """See that everything the service stands on is there. Raises DatabaseAway, StoreAway, SchemaUnfit."""
    await ensure(settings)
    backing = await open_backing(settings)
    await backing.close()


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": Reception,
        "ws": "websockets-sansio",
        "ws_max_size": 1 << 16,
        "ws_per_message_deflate": False,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "timeout_keep_alive": _KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": GRACE_SECONDS,
        "ssl_certfile": settings.tls_cert,
        "ssl_keyfile": settings.tls_key,
        "ssl_context_factory": _tls if settings.tls_cert else None,
    }


def _tls(_: uvicorn.Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


class Draining(uvicorn.Server):
    """Says "not ready" for a while before it stops listening, so that a balancer has turned away."""

    def __init__(self, config: uvicorn.Config, app: Service, seconds: int) -> None:
        super().__init__(config)
        self._service = app
        self._seconds = seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal begins to drain, a second one stops at once."""
        if self._service.stopping() or sig == signal.SIGINT or not self._seconds:
            super().handle_exit(sig, frame)
            return
        logger.info("draining", seconds=self._seconds)
        asyncio.get_running_loop().call_later(self._seconds, super().handle_exit, sig, frame)


def _one(settings: Settings) -> int:
    app = create_app(settings)
    config = uvicorn.Config(app, **_options(settings))
    # uvicorn raises again the signal that stopped it, once all is closed: then that is a success.
    signal.signal(signal.SIGTERM, _leave)
    try:
        Draining(config, app, settings.drain_seconds).run()
    except KeyboardInterrupt:
        return 0
    except SystemExit as left:  # uvicorn's way out, too, when it cannot listen; it has told why
        return 1 if left.code else 0
    return 0


def _leave(_: int, __: FrameType | None) -> None:
    sys.exit(0)


def _several(settings: Settings) -> int:
    """Processes of their own, which read the same environment; what the command line said goes there too."""
    os.environ |= {
        f"{PREFIX}HOST": settings.host,
        f"{PREFIX}PORT": str(settings.port),
        f"{PREFIX}MIGRATE": "by-hand",
        **({f"{PREFIX}TLS_CERT": str(settings.tls_cert)} if settings.tls_cert else {}),
        **({f"{PREFIX}TLS_KEY": str(settings.tls_key)} if settings.tls_key else {}),
    }
    try:
        uvicorn.run("cloud.asgi:from_environ", factory=True, workers=settings.workers, **_options(settings))
    except (KeyboardInterrupt, SystemExit):
        return 0
    return 0

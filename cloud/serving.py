"""Serving: uvicorn with our limits, TLS 1.3, and a stop that drains first."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import ssl
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
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
from cloud.settings import PREFIX, Settings, from_environment
from cloud.system.metrics import SHARED, forget_the_dead

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


class Draining:
    """Says "not ready" for a while before the server stops listening, so that a balancer has turned away.

    It stands before the server's own handling of signals, in one process as in each of several workers.
    """

    def __init__(self, app: Service, seconds: int, *, patient: bool = False) -> None:
        self._service = app
        self._seconds = seconds
        # A worker may get each signal twice, from its parent and with the whole group: that is no hurry.
        self._patient = patient
        self._draining = False
        self._stop: dict[int, Any] = {}

    def take_over(self) -> None:
        """Get SIGINT and SIGTERM from now on; called when the server has set its own handlers."""
        self._stop = {sig: signal.getsignal(sig) for sig in (signal.SIGINT, signal.SIGTERM)}
        for sig in self._stop:
            signal.signal(sig, self._begin)

    def _begin(self, sig: int, frame: FrameType | None) -> None:
        """The first signal begins to drain, a second one stops at once."""
        if self._draining and self._patient and sig == signal.SIGTERM:
            return
        if self._service.stopping() or sig == signal.SIGINT or not self._seconds:
            self._stop[sig](sig, frame)
            return
        self._draining = True
        logger.info("draining", seconds=self._seconds)
        asyncio.get_running_loop().call_later(self._seconds, self._stop[sig], sig, frame)


def _collect_seldom() -> None:
    """What was loaded stays, so it need not be looked through; a request leaves little for the collector."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 20)


def _application(settings: Settings, *, patient: bool = False) -> Service:
    app = create_app(settings)
    _collect_seldom()
    app.at_start = Draining(app, settings.drain_seconds, patient=patient).take_over
    return app


def from_environ() -> Service:
    """For a worker that is started by name: the application of the process's environment."""
    settings = from_environment(os.environ)
    configure(settings.log_level)
    forget_the_dead(Path(os.environ[SHARED]))
    return _application(settings, patient=True)


def _one(settings: Settings) -> int:
    # uvicorn raises again the signal that stopped it, once all is closed: then that is a success.
    signal.signal(signal.SIGTERM, _leave)
    try:
        uvicorn.Server(uvicorn.Config(_application(settings), **_options(settings))).run()
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
    with tempfile.TemporaryDirectory(prefix="devpulse-cloud-") as shared:
        os.environ[SHARED] = shared
        try:
            uvicorn.run(
                "cloud.serving:from_environ", factory=True, workers=settings.workers, **_options(settings)
            )
        except KeyboardInterrupt:
            return 0
        except SystemExit as left:
            return 1 if left.code else 0
    return 0

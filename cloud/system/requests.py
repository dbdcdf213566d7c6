"""The outermost layer: a request's id, its line in the log, its count in the metrics."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Send

from cloud.system.metrics import Metrics

logger = structlog.get_logger(__name__)

_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Requests:
    """Wraps the application, so that refused and unknown routes are seen too."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        # Ours is answered even where the caller's own is not fit to be repeated.
        given: bytes = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = given.decode() if _ID.fullmatch(given) else secrets.token_hex(16)
        status = 0

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                any_message: Any = message
                status = int(any_message["status"])
                any_message["headers"] = [
                    *any_message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        self._metrics.in_progress.inc()
        try:
            await self._app(scope, receive, answered)
        finally:
            self._metrics.in_progress.dec()
            self._tell(scope, status, time.perf_counter() - began)
            structlog.contextvars.clear_contextvars()

    def _tell(self, scope: Any, status: int, seconds: float) -> None:
        method = scope.get("method", "WEBSOCKET")
        method = method if method in _METHODS or method == "WEBSOCKET" else "OTHER"
        # The pattern of the route, never the path: ids stay out of logs and labels.
        path = str(scope.get("path_template") or "unknown")
        if scope["type"] == "http":
            self._metrics.requests.labels(method, path, str(status)).inc()
            self._metrics.seconds.labels(method, path).observe(seconds)
        logger.info("request", method=method, path=path, status=status, ms=round(seconds * 1000, 2))

"""Idempotency-Key: a creating call that is sent twice is done once, and answered twice the same.

What is kept to be repeated is sealed, for a day.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import msgspec
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Send

from cloud.backing import Store
from cloud.errors import Problem
from cloud.security.authentication import Principal
from cloud.security.sealing import Sealer

_DAY_SECONDS = 86_400
_PENDING_SECONDS = 60
_PENDING = b"pending"
_KEY = re.compile(rb"[\x21-\x7e]{8,128}")
_PLACE = b"idempotency"


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    digest: bytes
    status: int
    content_type: bytes
    body: bytes


class Idempotency(ASGIMiddleware):
    """Takes part in routes with `opt={"creating": True}`, for requests that carry the header."""

    def __init__(self, store: Callable[[], Store], sealer: Callable[[], Sealer]) -> None:
        self._store = store
        self._sealer = sealer

    async def handle(self, scope: Any, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Answer as before, or pass on and remember the answer. Raises Problem 400, 409, 422."""
        given: bytes | None = dict(scope["headers"]).get(b"idempotency-key")
        if scope["type"] != "http" or given is None or not scope["route_handler"].opt.get("creating"):
            await next_app(scope, receive, send)
            return
        if not _KEY.fullmatch(given):
            raise Problem(400, "An Idempotency-Key has 8 to 128 printable signs.", kind="idempotency-key")
        body, replay = await _whole(receive, scope["route_handler"].resolve_request_max_body_size() or 0)
        digest = hashlib.sha256(body).digest()
        name = _name(scope, given)
        if not await self._store().add(name, _PENDING, _PENDING_SECONDS):
            await self._repeat(name, digest, send)
            return
        await self._remember(name, digest, scope, replay, send, next_app)

    async def _repeat(self, name: str, digest: bytes, send: Send) -> None:
        sealed = await self._store().get(name)
        if sealed is None or sealed == _PENDING:
            raise Problem(
                409,
                "The first request with this Idempotency-Key is still being done. Ask again in a moment.",
                kind="in-progress",
                headers={"Retry-After": "1"},
            )
        kept = msgspec.msgpack.decode(self._sealer().open(sealed, _PLACE + name.encode()), type=_Kept)
        if kept.digest != digest:
            raise Problem(
                422,
                "This Idempotency-Key was used for another request. Nothing was done; take a new key.",
                kind="idempotency-key",
            )
        headers = [(b"content-type", kept.content_type), (b"idempotency-replayed", b"true")]
        headers.append((b"content-length", str(len(kept.body)).encode()))
        await send({"type": "http.response.start", "status": kept.status, "headers": headers})
        await send({"type": "http.response.body", "body": kept.body, "more_body": False})

    async def _remember(
        self, name: str, digest: bytes, scope: Any, receive: Receive, send: Send, next_app: ASGIApp
    ) -> None:
        status, content_type, chunks = 0, b"", list[bytes]()

        async def noted(message: Message) -> None:
            nonlocal status, content_type
            any_message: Any = message
            if message["type"] == "http.response.start":
                status = any_message["status"]
                content_type = dict(any_message["headers"]).get(b"content-type", b"")
            elif message["type"] == "http.response.body":
                chunks.append(any_message.get("body", b""))
            await send(message)

        try:
            await next_app(scope, receive, noted)
        finally:
            if 200 <= status < 300:
                kept = msgspec.msgpack.encode(_Kept(digest, status, content_type, b"".join(chunks)))
                sealed = self._sealer().seal(kept, _PLACE + name.encode())
                await self._store().put(name, sealed, _DAY_SECONDS)
            else:
                # What was refused may be tried again with the same key.
                await self._store().drop(name)


def _name(scope: Any, key: bytes) -> str:
    principal = scope.get("user")
    who = principal.account if isinstance(principal, Principal) else b""
    parts = b"\0".join([who, scope["method"].encode(), scope["path"].encode(), key])
    return f"idempotency:{hashlib.sha256(parts).hexdigest()}"


async def _whole(receive: Receive, most: int) -> tuple[bytes, Receive]:
    """The whole body, and a `receive` that gives it again. Raises Problem 413 beyond `most` bytes."""
    body, more = bytearray(), True
    while more:
        message: Any = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > most:
            raise Problem(
                413, "The request is larger than this call takes. Nothing was kept.", kind="too-large"
            )
    given = False

    async def again() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return bytes(body), again

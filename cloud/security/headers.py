"""What every answer tells a browser: trust nothing, frame nothing, keep nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Send

from cloud.security.addresses import Addresses

# An answer of the API is no page: whatever a browser makes of it, it loads and runs nothing.
_NOTHING = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
Headers = Sequence[tuple[bytes, bytes]]
_HEADERS: Headers = (
    (b"content-security-policy", _NOTHING),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cache-control", b"no-store"),
)
_SECURE: Headers = (*_HEADERS, (b"strict-transport-security", b"max-age=63072000; includeSubDomains"))


def add_missing(message: Any, headers: Headers) -> None:
    """Add those to the beginning of an answer that it does not have yet; names are in small letters."""
    there = {name.lower() for name, _ in message["headers"]}
    message["headers"] = [*message["headers"], *(one for one in headers if one[0] not in there)]


class SecurityHeaders(ASGIMiddleware):
    """Adds them to every answer that has not set its own; HSTS wherever the connection is TLS."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    async def handle(self, scope: Any, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass through, adding headers on the way back."""
        headers = _SECURE if self._addresses.secure(scope) else _HEADERS

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_missing(message, headers)
            await send(message)

        await next_app(scope, receive, guarded)

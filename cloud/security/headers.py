"""What every answer tells a browser: trust nothing, frame nothing, keep nothing."""

from __future__ import annotations

from typing import Any

from litestar.datastructures import MutableScopeHeaders
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Send

from cloud.security.addresses import Addresses

# An answer of the API is no page: whatever a browser makes of it, it loads and runs nothing.
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_HEADERS = {
    "Content-Security-Policy": _NOTHING,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
_HSTS = "max-age=63072000; includeSubDomains"


class SecurityHeaders(ASGIMiddleware):
    """Adds them to every answer that has not set its own; HSTS wherever the connection is TLS."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    async def handle(self, scope: Any, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass through, adding headers on the way back."""
        secure = self._addresses.secure(scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers: Any = MutableScopeHeaders.from_message(message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if secure:
                    headers.setdefault("Strict-Transport-Security", _HSTS)
            await send(message)

        await next_app(scope, receive, guarded)

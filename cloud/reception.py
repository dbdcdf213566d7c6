"""Each connection as uvicorn serves it, with bounds it has none for: how long a request may take to arrive,
and how large its head may be. Who sends a byte now and then holds no socket for ever."""

from __future__ import annotations

from asyncio import Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# From a connection's or a request's first byte to the end of its headers.
HEAD_SECONDS = 15
# For the largest body (4 MiB) over a line of half a megabit.
BODY_SECONDS = 90
HEAD_BYTES = 64 * 1024
_CLOSED = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Reception(HttpToolsProtocol):
    """One connection, for all its requests."""

    _timer: Any = None
    _in_head = True
    _head_ended = False
    _head_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """The first request must come in time."""
        super().connection_made(transport)
        self._allow(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the headers are complete."""
        if self._in_head and self._timer is None:
            self._allow(HEAD_SECONDS)
        # One piece may bring the rest of a head with all of its body, or the end of a body: that is no head.
        was_head, self._head_ended = self._in_head, False
        super().data_received(data)
        only_head = was_head and self._in_head and not self._head_ended
        self._head_bytes = self._head_bytes + len(data) if only_head else 0
        if self._head_bytes > HEAD_BYTES:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_headers_complete(self) -> None:
        """The body has a time of its own."""
        self._in_head, self._head_ended = False, True
        self._allow(BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of it has arrived; how long the answer takes is the application's business."""
        self._in_head, self._head_bytes = True, 0
        self._allow(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """From now on the listener's own times count."""
        self._allow(None)
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._allow(None)
        super().connection_lost(exc)

    def _allow(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._too_late)

    def _too_late(self) -> None:
        self._timer = None
        self._refuse(b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        if self.transport.is_closing():
            return
        cycle: Any = self.cycle  # None before the first request, whatever its type says
        # In the middle of a body the application has not answered yet, and sees that the caller is gone.
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self.transport.write(b"HTTP/1.1 " + status + _CLOSED)
        self.transport.close()

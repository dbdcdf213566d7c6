"""Hints from the service that something may be new, over one WebSocket: never content, only "look again"."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import msgspec

from app.errors import NotSignedIn, ServiceAway, ServiceUntrusted
from app.sync.link.address import Address, is_loopback
from app.sync.link.connection import CONNECT_WITHIN_S
from app.sync.link.trust import context as system_trust
from app.sync.link.trust import require_pinned
from app.sync.wire.exchange import Hint, Listen

SESSION_OVER = 4401
NOT_ALLOWED = 4403
_MOST_BYTES = 4_096
_PING_EVERY_S = 30.0


class Events:
    """One open line. `hear` waits for the next hint; `close`, from any thread, ends it."""

    def __init__(
        self,
        address: Address,
        token: str,
        *,
        context: ssl.SSLContext | None = None,
        pins: Sequence[bytes] = (),
    ) -> None:
        """Connect and say who listens. Raises `ServiceAway`, `ServiceUntrusted`."""
        self._line = _connected(address, context, pins)
        self._line.send(msgspec.json.encode(Listen(token=token)).decode())

    def hear(self, within_s: float) -> int | None:
        """The vault's last sequence by the next hint; None when none came in time.

        Raises `NotSignedIn` when the session is over, `ServiceAway` when the line is.
        """
        from websockets.exceptions import ConnectionClosed

        try:
            text = self._line.recv(timeout=within_s)
            return msgspec.json.decode(text, type=Hint).latest
        except TimeoutError:
            return None
        except ConnectionClosed as closed:
            raise _ended(closed.rcvd.code if closed.rcvd is not None else 0) from None
        except (msgspec.MsgspecError, ValueError):
            raise ServiceUntrusted("What came as a hint is none.", detail="It was not believed.") from None

    def close(self) -> None:
        """End it; a `hear` that waits ends too."""
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _connected(address: Address, context: ssl.SSLContext | None, pins: Sequence[bytes]) -> Any:
    from websockets.exceptions import InvalidHandshake, InvalidURI
    from websockets.sync.client import connect

    url = "ws" + address.url.removeprefix("http") + "/v1/sync/events"
    secure: dict[str, Any] = {"ssl": context or system_trust()} if address.secure else {}
    try:
        connecting: Any = connect
        line = connecting(
            url,
            open_timeout=CONNECT_WITHIN_S,
            max_size=_MOST_BYTES,
            compression=None,
            ping_interval=_PING_EVERY_S,
            **secure,
        )
    except (OSError, InvalidHandshake, InvalidURI):
        raise _away() from None
    try:
        _check(line.socket, pins)
    except ServiceUntrusted:
        line.close()
        raise
    return line


def _check(wire: Any, pins: Sequence[bytes]) -> None:
    if isinstance(wire, ssl.SSLSocket):
        require_pinned(wire.getpeercert(binary_form=True), pins)
    elif not is_loopback(str(wire.getpeername()[0])):
        raise ServiceUntrusted("This address is not on this machine.", detail="Nothing was sent.")


def _ended(code: int) -> NotSignedIn | ServiceAway:
    if code in (SESSION_OVER, NOT_ALLOWED):
        return NotSignedIn("This machine's session is over.", advice="`devpulse account sign-in`")
    return _away()


def _away() -> ServiceAway:
    return ServiceAway(
        "The service cannot be listened to now.", detail="Nothing is lost.", advice="It is tried again."
    )

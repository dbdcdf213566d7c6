"""One kept connection to a service: a request goes out, a bounded answer comes back. Nothing is followed."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from app.errors import DevPulseError, ServiceAway, ServiceUntrusted
from app.sync.link.address import Address, is_loopback
from app.sync.link.trust import require_pinned
from app.version import __version__

CONNECT_WITHIN_S = 10.0
ANSWER_WITHIN_S = 60.0
# A page of envelopes, or the device list of a long life; a server that sends more is not ours.
MOST_BYTES = 24 << 20
_AGENT = f"DevPulse/{__version__}"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, all of it. Names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Traffic:
    """What has gone over the line: bytes of bodies and heads, and round trips."""

    sent: int = 0
    received: int = 0
    trips: int = 0


class Connection:
    """Opened at the first request, kept for the next ones, and opened anew where the other end has closed it.

    Every request of ours may be repeated as it is (docs/protocol.md), so one that meets a connection which
    the server has just closed is sent once more.
    """

    def __init__(
        self,
        address: Address,
        *,
        context: ssl.SSLContext | None = None,
        pins: Sequence[bytes] = (),
        proxy: str | None = None,
        answer_within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        self.address = address
        self.traffic = Traffic()
        self._context = context
        self._pins = tuple(pins)
        self._proxy = proxy if address.secure else None
        self._answer_within_s = answer_within_s
        self._open: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """The answer, whatever its status. Raises `ServiceAway`, `ServiceUntrusted`."""
        with self._told():
            answer = self._answer(method, path, body, headers or {})
            content = answer.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise _nonsense("it sends more than any answer has.")
            if answer.length:  # what was announced and did not come; `read` itself says nothing of it
                raise http.client.IncompleteRead(b"", answer.length)
            self.traffic.received += len(content)
            return Reply(answer.status, _headers(answer), content)

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str]) -> Generator[tuple[Reply, Any]]:
        """The head of an answer and a file to read the rest from, piece by piece."""
        with self._told():
            answer = self._answer("GET", path, None, headers)
            if answer.status != 200:
                yield Reply(answer.status, _headers(answer), answer.read(MOST_BYTES)), None
                return
            try:
                yield Reply(answer.status, _headers(answer), b""), _Counted(answer, self.traffic)
            finally:
                if not answer.isclosed():
                    self.close()

    def another(self) -> Connection:
        """A second line to the same end, counted with this one."""
        made = Connection(
            self.address,
            context=self._context,
            pins=self._pins,
            proxy=self._proxy,
            answer_within_s=self._answer_within_s,
        )
        made.traffic = self.traffic
        return made

    def peer_certificate(self) -> bytes | None:
        """The certificate of who answers (DER); None without TLS or before the first request."""
        wire = None if self._open is None else self._open.sock
        return wire.getpeercert(binary_form=True) if isinstance(wire, ssl.SSLSocket) else None

    def close(self) -> None:
        """Let go of the line; the next request opens another."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        kept = self._open is not None
        try:
            return self._send(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
            self.close()
            if not kept:
                raise
            return self._send(method, path, body, headers)

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        line = self._connected()
        said = {"User-Agent": _AGENT, "Accept-Encoding": "identity", **headers}
        line.request(method, self.address.path + path, body=body, headers=said)
        answer = line.getresponse()
        self.traffic.trips += 1
        self.traffic.sent += len(body or b"") + len(path) + sum(len(k) + len(v) + 4 for k, v in said.items())
        self.traffic.received += sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        return answer

    def _connected(self) -> http.client.HTTPConnection:
        if self._open is None:
            line = self._line()
            line.connect()
            assert line.sock is not None
            line.sock.settimeout(self._answer_within_s)
            try:
                self._require_right(line.sock)
            except DevPulseError:
                line.close()
                raise
            self._open = line
        return self._open

    def _line(self) -> http.client.HTTPConnection:
        where = self.address
        if not where.secure:
            return http.client.HTTPConnection(where.host, where.port, timeout=CONNECT_WITHIN_S)
        if self._context is None:
            from app.sync.link.trust import context

            self._context = context()
        if self._proxy is None:
            return http.client.HTTPSConnection(
                where.host, where.port, timeout=CONNECT_WITHIN_S, context=self._context
            )
        through = urlsplit(self._proxy if "://" in self._proxy else f"http://{self._proxy}")
        line = http.client.HTTPSConnection(
            through.hostname or "", through.port or 8080, timeout=CONNECT_WITHIN_S, context=self._context
        )
        line.set_tunnel(where.host, where.port, headers=_proxy_login(through.username, through.password))
        return line

    def _require_right(self, wire: socket.socket) -> None:
        """Before a byte of ours goes out: the pinned key; without TLS, that it really is this machine."""
        if isinstance(wire, ssl.SSLSocket):
            require_pinned(wire.getpeercert(binary_form=True), self._pins)
        elif not is_loopback(str(wire.getpeername()[0])):
            raise ServiceUntrusted(
                "This address is not on this machine.",
                detail="Plain http:// is only for a service on this machine; nothing was sent.",
                advice="Use the https:// address of the service.",
            )

    @contextmanager
    def _told(self) -> Generator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise ServiceUntrusted(
                "The service's certificate is not one this system trusts.",
                detail=f"{error.verify_message[:1].upper()}{error.verify_message[1:]}. Nothing was sent.",
                advice="Check the address and this machine's date; ask the person who runs the service.",
            ) from None
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise _unreachable(error) from None


class _Counted:
    """A body that is read piece by piece, counted."""

    def __init__(self, answer: http.client.HTTPResponse, traffic: Traffic) -> None:
        self._answer = answer
        self._traffic = traffic

    def read(self, size: int) -> bytes:
        """Just `size` bytes, fewer where the answer ends."""
        content = self._answer.read(size)
        self._traffic.received += len(content)
        return content


def proxy_of(environ: Mapping[str, str], address: Address) -> str | None:
    """The proxy that the system's variables name for this service, if any."""

    def given(name: str) -> str:
        return environ.get(name) or environ.get(name.upper()) or ""

    for part in given("no_proxy").split(","):
        name = part.strip().lstrip(".").lower()
        if name == "*" or (name and (address.host == name or address.host.endswith(f".{name}"))):
            return None
    return given("https_proxy") or given("all_proxy") or None


def _proxy_login(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    pair = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _headers(answer: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.getheaders()}


def _unreachable(error: Exception) -> ServiceAway:
    reason = "it did not answer in time" if isinstance(error, TimeoutError) else "the line broke"
    if isinstance(error, socket.gaierror):
        reason = "its name is not known here"
    elif isinstance(error, ConnectionRefusedError):
        reason = "nobody listens there"
    elif isinstance(error, OSError) and error.errno is not None:
        with suppress(ValueError):
            reason = (error.strerror or reason)[:80]
    return ServiceAway(
        f"The service cannot be reached: {reason}.",
        detail="Nothing is lost; what is to be synced waits here.",
        advice="It is tried again. Is this machine online?",
    )


def _nonsense(why: str) -> ServiceUntrusted:
    return ServiceUntrusted(f"This is not the service: {why}", detail="Nothing of it was believed.")

"""What the person's own browser does for an account: say who they are at GitHub or Google, and show the page.

The browser comes back to a port of this machine (RFC 8252), with a code that only we can trade (PKCE, RFC
7636).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import webbrowser
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

from app.errors import DevPulseError, ServiceUntrusted
from app.sync.account.session import TOKEN_BYTES, Signed, ask_challenge
from app.sync.crypto import signing
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_names import UNNAMED
from app.sync.link.service import Service
from app.sync.wire.accounts import OAuthSignIn, Ticket, TicketRequest, Tokens

WITHIN_S = 300.0
_PATH = "/signed-in"
_DONE = (
    b"<!DOCTYPE html><meta charset=utf-8><title>DevPulse</title>"
    b"<p>You can close this page and go back to DevPulse."
)


class Return(HTTPServer):
    """A port of this machine that waits for one browser to come back."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came: dict[str, str] = {}

    @property
    def address(self) -> str:
        """Where to come back to."""
        return f"http://127.0.0.1:{self.server_address[1]}{_PATH}"

    def wait(self, within_s: float, state: str) -> str:
        """The code that comes with our `state`. Raises `DevPulseError` when none has come in time."""
        import time

        until = time.monotonic() + within_s
        while time.monotonic() < until:
            self.timeout = max(0.05, until - time.monotonic())
            self.handle_request()
            if self.came and hmac.compare_digest(self.came.get("state", "").encode(), state.encode()):
                return self.came["code"]
        raise DevPulseError(
            "Nobody came back from the browser.", detail="Nothing was changed.", advice="Begin again."
        )


class _Handler(BaseHTTPRequestHandler):
    server: Return  # type: ignore[assignment]

    def do_GET(self) -> None:
        """The browser, or somebody else who has found the port: only the state tells."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        fits = parts.path == _PATH and "code" in query
        self.send_response(200 if fits else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(_DONE if fits else b"")
        if fits:
            self.server.came = query

    def log_message(self, format: str, *_: Any) -> None:  # noqa: A002 - the base class's own name
        """Nothing: the address holds the code."""


def identified(
    service: Service,
    provider: str,
    *,
    say: Callable[[str], None],
    open_page: Callable[[str], bool] = webbrowser.open,
    within_s: float = WITHIN_S,
) -> str:
    """The id of the account that is connected with who the browser says one is.

    `say`: told the address where no browser opens.

    The session that this opens is ended at once: the vault takes a password, the words or a paired machine,
    and then has a session of its own. Raises `ServiceRefused` (unknown-identity), `DevPulseError`.
    """
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(32)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    with Return() as back:
        query = urlencode({"redirect_uri": back.address, "state": state, "code_challenge": challenge})
        address = f"{service.connection.address.url}/v1/auth/oauth/{provider}/start?{query}"
        if not open_page(address):
            say(address)
        code = back.wait(within_s, state)
    return _traded(service, code, verifier)


def _traded(service: Service, code: str, verifier: str) -> str:
    device = DeviceKeys.fresh(uuid4().bytes, secrets.token_bytes)
    # The service's id comes with any challenge.
    server = ask_challenge(service, "sign-in", str(uuid4())).server.bytes
    digest = hashlib.sha256(code.encode()).digest()
    message = signing.proof("sign-in", server, signing.NO_ACCOUNT, device.device, digest)
    asked = OAuthSignIn(
        code=code,
        code_verifier=verifier,
        device=UUID(bytes=device.device),
        device_key=device.public.signing_key,
        device_proof=device.sign(message),
        refresh=hashlib.sha256(secrets.token_bytes(TOKEN_BYTES)).digest(),
        device_label=UNNAMED,
    )
    tokens = service.call("POST", "/v1/auth/oauth/token", Tokens, asked)
    service.tell("DELETE", f"/v1/devices/{asked.device}", token=tokens.access_token)
    return str(tokens.account)


def account_page(signed: Signed, *, open_it: bool = True) -> str:
    """The address of the account's page, good once and for a minute; opened in the browser where asked.

    Raises `ServiceUntrusted` for a ticket that is none, and what `Signed.call` does.
    """
    ticket = signed.call("POST", "/v1/auth/tickets", Ticket, TicketRequest("browser")).ticket
    if not ticket.isascii() or not ticket.isprintable():
        raise ServiceUntrusted("The service's answer is not of the protocol.", detail="It was not believed.")
    address = f"{signed.service.connection.address.url}/account/enter?{urlencode({'ticket': ticket})}"
    if open_it:
        webbrowser.open(address)
    return address

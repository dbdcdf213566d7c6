"""A stand-in for GitHub and Google that holds a client to PKCE, exact redirects and codes good once."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "our-client", "our-client-secret"


class Vendor:
    """`subject` is who signs in next; `iss` what is said about the issuer (None: nothing)."""

    def __init__(self) -> None:
        self.subject = "12345"
        self.iss: str | None = None
        self.refuse = False
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.seen: list[str] = []
        self.url = ""


class _Handler(BaseHTTPRequestHandler):
    vendor: Vendor

    def log_message(self, *_: Any) -> None: ...

    def do_GET(self) -> None:
        vendor, parts = self.vendor, urlsplit(self.path)
        vendor.seen.append(parts.path)
        if parts.path in ("/login/oauth/authorize", "/o/oauth2/v2/auth"):
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            assert query["client_id"] == CLIENT_ID
            assert query["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe(16)
            vendor.codes[code] = query
            back = {"state": query["state"], "code": code} | ({"iss": vendor.iss} if vendor.iss else {})
            if vendor.refuse:
                back = {"state": query["state"], "error": "access_denied"}
            self.send_response(302)
            self.send_header("Location", f"{query['redirect_uri']}?{urlencode(back)}")
            self.end_headers()
        elif parts.path in ("/user", "/v1/userinfo"):
            subject = vendor.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            person = {"id": int(subject or 0), "sub": subject, "email": "somebody@example.org"}
            self._json(person if subject else {"message": "Bad credentials"}, 200 if subject else 401)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        form = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
        begun = self.vendor.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        sound = (
            begun is not None
            and begun["code_challenge"] == challenge
            and begun["redirect_uri"] == form["redirect_uri"]
            and (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        )
        if not sound:
            self._json({"error": "bad_verification_code"})
            return
        token = secrets.token_urlsafe(16)
        self.vendor.tokens[token] = self.vendor.subject
        self._json({"access_token": token, "token_type": "bearer"})

    def _json(self, body: dict[str, Any], status: int = 200) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def vendor_running() -> Iterator[Vendor]:
    vendor = Vendor()
    handler = type("Handler", (_Handler,), {"vendor": vendor})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        vendor.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield vendor
        finally:
            server.shutdown()
            thread.join()

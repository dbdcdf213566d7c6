"""Every request shows who it is from, except on routes that say they are for everybody.

A route declares what it takes by `opt`: `opt=PUBLIC`, or `opt=needs("vault:read")`. One that declares
nothing answers nobody, and a test walks all routes to see that each has declared something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Send

from cloud.db import Database
from cloud.errors import Problem
from cloud.security.tokens import AccessTokens, TokenRefused

PUBLIC: dict[str, Any] = {"public": True}
AnyConnection = ASGIConnection[Any, Any, Any, Any]


def needs(*scopes: str, **more: Any) -> dict[str, Any]:
    """The `opt` of a route that takes tokens with all these scopes."""
    return {"scopes": frozenset(scopes), **more}


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an account, in one of its sessions, from one of its devices (None for a browser)."""

    account: bytes
    session: bytes
    device: bytes | None
    kind: str
    scopes: frozenset[str]


class NotAuthenticated(Problem):
    """Without a token that counts."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "This needs an access token of a session that is still open. Sign in again.",
            kind="not-authenticated",
            headers={"WWW-Authenticate": 'Bearer realm="devpulse"'},
        )


class Authenticator:
    """Turns a bearer token into a Principal, by the database as it is now: a revocation counts at once."""

    def __init__(self, tokens: AccessTokens, database: Database, now: Callable[[], int]) -> None:
        self._tokens = tokens
        self._database = database
        self._now = now

    async def bearer(self, header: str | None) -> Principal:
        """Who shows this `Authorization` header. Raises NotAuthenticated."""
        word, _, token = (header or "").partition(" ")
        if word.lower() != "bearer" or not token:
            raise NotAuthenticated
        return await self.token(token.strip())

    async def token(self, token: str) -> Principal:
        """Who this access token speaks for. Raises NotAuthenticated."""
        try:
            claims = await self._tokens.read(token)
        except TokenRefused:
            raise NotAuthenticated from None
        principal = await self.session(claims.session)
        if principal.account != claims.account:
            raise NotAuthenticated
        # Fewer than the session's scopes a token may have, more never.
        scopes = principal.scopes & claims.scopes
        return Principal(principal.account, principal.session, principal.device, principal.kind, scopes)

    async def session(self, session: bytes) -> Principal:
        """Who is behind a session, if it lives, its device is not revoked and its account not disabled."""
        async with self._database.reading() as connection:
            row = await connection.row(_SESSION, session, self._now())
        if row is None:
            raise NotAuthenticated
        return Principal(
            row["account"], session, row["device"], row["kind"], frozenset(row["scopes"].split())
        )


_SESSION = """
SELECT s.account, s.device, s.kind, s.scopes FROM sessions s
JOIN accounts a ON a.id = s.account AND a.disabled IS NULL
LEFT JOIN devices d ON d.account = s.account AND d.id = s.device
WHERE s.id = $1 AND s.revoked IS NULL AND s.expires > $2 AND d.revoked IS NULL
"""


class Authentication(ASGIMiddleware):
    """Puts the Principal into `scope["user"]` for every route that is not public."""

    def __init__(self, authenticator: Callable[[], Authenticator]) -> None:
        self._authenticator = authenticator

    async def handle(self, scope: Any, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let through with a principal, or raise NotAuthenticated."""
        if scope["type"] == "http" and not scope["route_handler"].opt.get("public"):
            header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
            scope["user"] = await self._authenticator().bearer(header)
        await next_app(scope, receive, send)


def guard(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """The app-wide guard: the token has every scope the route declares. Raises Problem 403."""
    if handler.opt.get("public") or connection.scope["type"] != "http":
        return
    wanted: frozenset[str] | None = handler.opt.get("scopes")
    principal: Any = connection.scope.get("user")
    if wanted is None or not isinstance(principal, Principal) or not wanted <= principal.scopes:
        raise Problem(
            403,
            "This session may not do that. Sign in with the password, the recovery key or a paired device.",
            kind="scope",
        )

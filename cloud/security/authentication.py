"""Every request shows who it is from, except on routes that say they are for everybody.

A route declares what it takes by `opt`: `opt=PUBLIC`, or `opt=needs("vault:read")`. One that declares
nothing answers nobody, and a test walks all routes to see that each has declared something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Send

from cloud.db import Database
from cloud.errors import Problem
from cloud.security.tokens import AccessTokens, Claims, TokenRefused

PUBLIC: dict[str, Any] = {"public": True}


def needs(*scopes: str, **more: Any) -> dict[str, Any]:
    """The `opt` of a route that takes tokens with all these scopes."""
    return {"scopes": frozenset(scopes), **more}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the account stood when the request came, told by the question that found its session.

    `listed`: whether the device is on the account's list; `lineage` is None before the vault's first use.
    """

    epoch: int
    listed: bool
    lineage: bytes | None
    sequence: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an account, in one of its sessions, from one of its devices (None for a browser)."""

    account: bytes
    session: bytes
    device: bytes | None
    kind: str
    scopes: frozenset[str]
    standing: Standing


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

    async def bearer(self, header: str | None) -> Claims:
        """What this `Authorization` header's token claims. Raises NotAuthenticated."""
        word, _, token = (header or "").partition(" ")
        if word.lower() != "bearer" or not token:
            raise NotAuthenticated
        return await self._claims(token.strip())

    async def token(self, token: str) -> Principal:
        """Who this access token speaks for. Raises NotAuthenticated."""
        return await self.principal(await self._claims(token))

    async def _claims(self, token: str) -> Claims:
        try:
            return await self._tokens.read(token)
        except TokenRefused:
            raise NotAuthenticated from None

    async def principal(self, claims: Claims) -> Principal:
        """Who is behind a token that we signed. Raises NotAuthenticated."""
        principal = await self.session(claims.session)
        if principal.account != claims.account:
            raise NotAuthenticated
        # Fewer than the session's scopes a token may have, more never.
        scopes = principal.scopes & claims.scopes
        return replace(principal, scopes=scopes)

    async def session(self, session: bytes) -> Principal:
        """Who is behind a session, if it lives, its device is not revoked and its account not disabled."""
        async with self._database.reading() as connection:
            row = await connection.row(_SESSION, session, self._now())
        if row is None:
            raise NotAuthenticated
        return Principal(
            row["account"],
            session,
            row["device"],
            row["kind"],
            _scopes(row["scopes"]),
            Standing(
                row["epoch"], bool(row["listed"]), row["lineage"], row["sequence"] or 0, row["bytes"] or 0
            ),
        )


@cache
def _scopes(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The vault's row is asked for with it: a round trip to the database is what a request mostly costs.
_SESSION = """
SELECT s.account, s.device, s.kind, s.scopes, a.epoch, d.listed, v.lineage, v.sequence, v.bytes
FROM sessions s
JOIN accounts a ON a.id = s.account AND a.disabled IS NULL
LEFT JOIN devices d ON d.account = s.account AND d.id = s.device
LEFT JOIN vaults v ON v.account = s.account
WHERE s.id = $1 AND s.revoked IS NULL AND s.expires > $2 AND d.revoked IS NULL
"""


class Authentication(ASGIMiddleware):
    """Puts the Principal into `scope["user"]` for every route that is not public.

    A route with `opt={"deferred": True}` gets the token's Claims instead. We signed them, but whether the
    session still lives is for that route to ask: `vault.adding` does so in the statement that stores.
    """

    def __init__(self, authenticator: Callable[[], Authenticator]) -> None:
        self._authenticator = authenticator

    async def handle(self, scope: Any, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let through who has every scope the route declares. Raises NotAuthenticated, Problem 403."""
        # Not a guard of the framework's: for those it copies the whole handler at every request.
        opt: dict[str, Any] = scope["route_handler"].opt
        if scope["type"] == "http" and not opt.get("public"):
            header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
            authenticator = self._authenticator()
            user: Claims | Principal = await authenticator.bearer(header)
            if not opt.get("deferred"):
                user = await authenticator.principal(user)
            require(user, opt.get("scopes"))
            scope["user"] = user
        await next_app(scope, receive, send)


def require(user: Claims | Principal, scopes: frozenset[str] | None) -> None:
    """Refuse who lacks one of the scopes, and everybody where none are declared. Raises Problem 403."""
    if scopes is None or not scopes <= user.scopes:
        raise Problem(
            403,
            "This session may not do that. Sign in with the password, the recovery key or a paired device.",
            kind="scope",
        )

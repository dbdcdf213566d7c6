"""Sessions: opened, shown, ended. Whoever ends one is heard by every replica at once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from litestar import Request, delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.sync.wire.accounts import SessionList, SessionShown
from cloud.backing import Backing, Channel
from cloud.db import Connection, Database
from cloud.errors import Problem
from cloud.security.authentication import Principal, needs

DAY_MS = 86_400_000
# Unused for this long, a session ends by itself.
LIVES_MS = {"device": 90 * DAY_MS, "oauth": 30 * DAY_MS, "browser": DAY_MS // 2}
SCOPES = {
    "device": "vault:read vault:write integrations insights account",
    "oauth": "integrations insights account",
    "browser": "account",
}
REVOKED = b"\0revoked"

PersonsRequest = Request[Principal, Any, Any]


async def open_session(
    connection: Connection, account: bytes, device: bytes | None, kind: str, now: int
) -> bytes:
    """A new session of a kind (device, oauth, browser); its id."""
    session = secrets.token_bytes(16)
    await connection.execute(
        "INSERT INTO sessions (id, account, device, kind, scopes, created, used, expires)"
        " VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
        session, account, device, kind, SCOPES[kind], now, now + LIVES_MS[kind],
    )  # fmt: skip
    return session


async def end(
    connection: Connection, account: bytes, now: int, *,
    one: bytes | None = None, device: bytes | None = None, but: bytes | None = None,
) -> list[bytes]:  # fmt: skip
    """End the account's sessions: one, those of a device, or all (`but` one); the ids of those that ended."""
    clause, values = "", list[Any]([account, now])
    for column, wanted, sign in (("id", one, "="), ("device", device, "="), ("id", but, "<>")):
        if wanted is not None:
            values.append(wanted)
            clause += f" AND {column} {sign} ${len(values)}"
    sql = f"UPDATE sessions SET revoked = $2 WHERE account = $1 AND revoked IS NULL{clause} RETURNING id"
    return [row["id"] for row in await connection.rows(sql, *values)]


async def tell_ended(channel: Channel, account: bytes, ended: Iterable[bytes]) -> None:
    """Let every replica close what these sessions have open."""
    for session in ended:
        await channel.announce(account, REVOKED + session)


@get("/v1/sessions", opt=needs("account"))
async def list_sessions(
    request: PersonsRequest, database: NamedDependency[Database], now: NamedDependency[Callable[[], int]]
) -> SessionList:
    """The account's open sessions, the latest used first."""
    sql = "SELECT * FROM sessions WHERE account = $1 AND revoked IS NULL AND expires > $2 ORDER BY used DESC"
    async with database.reading() as connection:
        rows = await connection.rows(sql, request.user.account, now())
    return SessionList(
        [
            SessionShown(
                UUID(bytes=row["id"]),
                row["kind"],
                UUID(bytes=row["device"]) if row["device"] else None,
                row["created"],
                row["used"],
                row["expires"],
                row["id"] == request.user.session,
            )
            for row in rows
        ]
    )


@delete("/v1/sessions/{session:uuid}", opt=needs("account"))
async def end_session(
    request: PersonsRequest,
    session: FromPath[UUID],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
) -> None:
    """End one session at once, on every replica."""
    async with database.transaction() as connection:
        ended = await end(connection, request.user.account, now(), one=session.bytes)
    if not ended:
        raise Problem(404, "There is no such open session in this account.", kind="no-session")
    await tell_ended(backing.channel, request.user.account, ended)


@delete("/v1/sessions", opt=needs("account"))
async def end_other_sessions(
    request: PersonsRequest,
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
) -> None:
    """End all sessions but the one that asks."""
    async with database.transaction() as connection:
        ended = await end(connection, request.user.account, now(), but=request.user.session)
    await tell_ended(backing.channel, request.user.account, ended)

"""Refresh tokens: each good once; one that comes a second time ends the whole session, for a copy is about.

The client makes the next token itself and sends its digest, so that a request whose answer was lost can
be repeated as it was: the same token and the same next one, signed by the device, get a new access token.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.sync.wire.accounts import Refresh, Tokens
from cloud.accounts.proofs import signed, verified
from cloud.accounts.sessions import LIVES_MS, end, tell_ended
from cloud.accounts.signing_in import STRICT, answer, keep_refresh
from cloud.backing import Backing
from cloud.db import Connection, Database, Row
from cloud.errors import Problem
from cloud.security.tokens import AccessTokens


class SessionOver(Problem):
    """The refresh token renews nothing; why is nobody's business."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "This session is over. Nothing local is lost; sign in again.",
            kind="session-over",
            headers={"WWW-Authenticate": 'DevPulse-Refresh realm="devpulse"'},
        )


_FIND = """
SELECT r.used, r.successor, s.id, s.account, s.device, s.kind, d.signing_key,
       (SELECT n.used FROM refresh_tokens n WHERE n.digest = r.successor) AS successor_used
FROM refresh_tokens r
JOIN sessions s ON s.id = r.session AND s.revoked IS NULL AND s.expires > $2
JOIN accounts a ON a.id = s.account AND a.disabled IS NULL
JOIN devices d ON d.account = s.account AND d.id = s.device AND d.revoked IS NULL
WHERE r.digest = $1
"""
_SPEND = """
UPDATE refresh_tokens SET used = $2, successor = $3 WHERE digest = $1 AND used IS NULL RETURNING session
"""


@post("/v1/auth/refresh", status_code=200, opt={**STRICT, "answers": {401: "The session is over."}})
async def refresh(
    data: JSONBody[Refresh],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    tokens: NamedDependency[AccessTokens],
    server: NamedDependency[bytes],
    now: NamedDependency[Callable[[], int]],
) -> Tokens:
    """A new access token; the refresh token is spent and the next one takes its place."""
    digest = hashlib.sha256(data.token).digest()
    async with database.transaction() as connection:
        found = await connection.row(_FIND, digest, now())
        outcome = await _outcome(connection, found, data, digest, server, now())
        ended = list[bytes]()
        if found is not None and outcome == "reused":
            ended = await end(connection, found["account"], now(), one=found["id"])
    # The end of the session is committed before anybody is told of it.
    if found is not None:
        await tell_ended(backing.channel, found["account"], ended)
    if found is None or outcome != "renewed":
        raise SessionOver
    return await answer(tokens, found["account"], found["id"], found["kind"])


async def _outcome(
    connection: Connection, found: Row | None, data: Refresh, digest: bytes, server: bytes, now: int
) -> str:
    """`renewed`, `refused` (nothing changes), or `reused` (the session must end)."""
    if found is None:
        return "refused"
    message = signed("refresh", server, found["account"], found["device"], digest + data.next)
    proven = verified(found["signing_key"], data.proof, message)
    if found["used"] is not None:
        return _again(found, data, proven)
    if not proven:
        return "refused"
    if await connection.row(_SPEND, digest, now, data.next) is None:
        # Another request spent it between our look and now.
        again = await connection.row(_FIND, digest, now)
        return _again(again, data, proven) if again is not None else "refused"
    await keep_refresh(connection, found["id"], data.next, now)
    life = LIVES_MS[found["kind"]]
    sql = "UPDATE sessions SET used = $2, expires = $3 WHERE id = $1"
    await connection.execute(sql, found["id"], now, now + life)
    sql = "UPDATE devices SET seen = $3 WHERE account = $1 AND id = $2"
    await connection.execute(sql, found["account"], found["device"], now)
    return "renewed"


def _again(found: Row, data: Refresh, proven: bool) -> str:  # noqa: FBT001
    """The same request once more (its answer was lost) is fine until its successor is used."""
    same = proven and found["successor"] == data.next and found["successor_used"] is None
    return "renewed" if same else "reused"

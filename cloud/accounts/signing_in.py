"""Signing in: a challenge, a proof, a session; afterwards a new access token for each refresh token."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.sync.wire.accounts import Challenge, ChallengeRequest, Kdf, SignIn, Ticket, TicketRequest, Tokens
from cloud.accounts.challenges import NotProven, as_account_id, find, issue, pretended, require, spend
from cloud.accounts.proofs import signed
from cloud.accounts.sessions import SCOPES, PersonsRequest, end, open_session, tell_ended
from cloud.backing import Backing
from cloud.db import AlreadyThere, Connection, Database, Row
from cloud.errors import Problem
from cloud.security import tickets
from cloud.security.authentication import PUBLIC, needs
from cloud.security.sealing import Sealer
from cloud.security.tokens import ACCESS_SECONDS, AccessTokens
from cloud.system.metrics import Metrics

STRICT = {**PUBLIC, "strict": True}


@post("/v1/auth/challenge", status_code=200, opt=STRICT)
async def challenge(
    data: JSONBody[ChallengeRequest],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    sealer: NamedDependency[Sealer],
    server: NamedDependency[bytes],
) -> Challenge:
    """Something to sign, and how the password becomes a key. The same for accounts that do not exist."""
    if data.action == "sign-up" and as_account_id(data.login) is None:
        raise Problem(400, "A new account is named by the id the client has made for it.", kind="login")
    async with database.reading() as connection:
        row = await find(connection, data.login)
    account, kdf = pretended(sealer, data.login)
    if row is not None:
        account, kdf = row["id"], msgspec.msgpack.decode(row["kdf"], type=Kdf)
    return await issue(backing.store, data.action, account, kdf, server)


@post(
    "/v1/auth/token",
    status_code=200,
    opt={**STRICT, "answers": {401: "The proof does not fit.", 403: "Revoked."}},
)
async def token(
    data: JSONBody[SignIn],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    tokens: NamedDependency[AccessTokens],
    metrics: NamedDependency[Metrics],
    server: NamedDependency[bytes],
    now: NamedDependency[Callable[[], int]],
) -> Tokens:
    """Sign in by password, by recovery key, or by a device that the account lists."""
    try:
        session = await _sign_in(data, database, backing, server, now())
    except Problem:
        metrics.sign_ins.labels(data.method, "refused").inc()
        raise
    metrics.sign_ins.labels(data.method, "open").inc()
    return await answer(tokens, data.account.bytes, session, "device")


async def _sign_in(data: SignIn, database: Database, backing: Backing, server: bytes, now: int) -> bytes:
    account, device = data.account.bytes, data.device.bytes
    action = "recover" if data.method == "recovery" else "sign-in"
    await spend(backing.store, data.challenge, action, account)
    message = signed(action, server, account, device, data.challenge)
    async with database.transaction() as connection:
        row = await find(connection, str(data.account))
        known = await connection.row("SELECT * FROM devices WHERE account = $1 AND id = $2", account, device)
        require(_key(data, row, known), data.proof, message)
        require(data.device_key, data.device_proof, message)
        await admit_device(connection, account, device, data.device_key, data.device_label, now)
        session = await open_session(connection, account, device, "device", now)
        await keep_refresh(connection, session, data.refresh, now)
    return session


def _key(data: SignIn, account: Row | None, device: Row | None) -> bytes:
    """The key that must have signed; for nobody one that nobody holds, so that it takes as long."""
    if account is None:
        return bytes(32)
    if data.method == "device":
        listed = device is not None and device["listed"] and device["revoked"] is None
        return device["signing_key"] if device is not None and listed else bytes(32)
    return account["login_key"] if data.method == "password" else account["recovery_key"]


async def admit_device(
    connection: Connection, account: bytes, device: bytes, key: bytes, label: bytes, now: int
) -> None:
    """Remember the device, or see that it is the one we know. Raises Problem 403 for a revoked one."""
    known = await connection.row(
        "SELECT signing_key, revoked FROM devices WHERE account = $1 AND id = $2", account, device
    )
    if known is None:
        await connection.execute(
            "INSERT INTO devices (account, id, signing_key, label, listed, added, seen)"
            " VALUES ($1, $2, $3, $4, 0, $5, $5)",
            account, device, key, label, now,
        )  # fmt: skip
        return
    if known["signing_key"] != key:
        raise NotProven
    if known["revoked"] is not None:
        raise Problem(
            403,
            "This device was revoked. Its local data is untouched; to sync again, sign in as a new device.",
            kind="device-revoked",
        )
    await connection.execute(
        "UPDATE devices SET seen = $3, label = $4 WHERE account = $1 AND id = $2", account, device, now, label
    )


async def keep_refresh(connection: Connection, session: bytes, digest: bytes, now: int) -> None:
    """Let this refresh token (by its digest) renew the session. Raises NotProven when it was used before."""
    try:
        await connection.execute(
            "INSERT INTO refresh_tokens (digest, session, issued) VALUES ($1, $2, $3)", digest, session, now
        )
    except AlreadyThere:
        raise NotProven from None


async def answer(tokens: AccessTokens, account: bytes, session: bytes, kind: str) -> Tokens:
    """The access token of a session, and what goes with it."""
    scope = SCOPES[kind]
    access = await tokens.issue(account, session, scope.split())
    return Tokens(access, "Bearer", ACCESS_SECONDS, scope, UUID(bytes=session), UUID(bytes=account))


@post("/v1/auth/sign-out", status_code=204, opt=needs())
async def sign_out(
    request: PersonsRequest,
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
) -> None:
    """End this session. The device stays listed."""
    async with database.transaction() as connection:
        ended = await end(connection, request.user.account, now(), one=request.user.session)
    await tell_ended(backing.channel, request.user.account, ended)


@post("/v1/auth/tickets", status_code=200, opt=needs("account"))
async def ticket(
    request: PersonsRequest, data: JSONBody[TicketRequest], backing: NamedDependency[Backing]
) -> Ticket:
    """A ticket for the events' WebSocket, or for the account's pages."""
    return Ticket(await tickets.give(backing.store, request.user.session, data.purpose), tickets.SECONDS)

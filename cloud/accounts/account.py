"""The account itself: shown, changed, exported, deleted."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET

from app.sync.wire.accounts import Account, ChangeAccount, DeleteAccount, Kdf, Wrap
from cloud.accounts.challenges import NotProven, normal_email, require_key_of_account
from cloud.accounts.sessions import PersonsRequest, end, tell_ended
from cloud.backing import Backing
from cloud.db import AlreadyThere, Connection, Database, Row
from cloud.errors import Problem
from cloud.security.authentication import needs


async def own_row(connection: Connection, account: bytes) -> Row:
    """The account's row, locked until the transaction ends. Raises NotProven when it has just gone."""
    row = await connection.row("SELECT * FROM accounts WHERE id = $1" + connection.lock, account)
    if row is None:
        raise NotProven
    return row


@get("/v1/account", opt=needs("account"))
async def show_account(request: PersonsRequest, database: NamedDependency[Database]) -> Account:
    """What the service knows of the account, the wrapped root keys included."""
    account = request.user.account
    async with database.reading() as connection:
        row = await connection.row("SELECT * FROM accounts WHERE id = $1", account)
        wraps = await connection.rows("SELECT * FROM wraps WHERE account = $1 ORDER BY kind, device", account)
        sql = "SELECT provider FROM identities WHERE account = $1 ORDER BY provider"
        identities = await connection.rows(sql, account)
    if row is None:
        raise NotProven
    return Account(
        UUID(bytes=account),
        row["email"],
        row["created"],
        row["epoch"],
        row["keys_version"],
        msgspec.msgpack.decode(row["kdf"], type=Kdf),
        row["login_key"],
        row["recovery_key"],
        [Wrap(one["kind"], one["sealed"], _device(one["device"])) for one in wraps],
        [one["provider"] for one in identities],
    )


def _device(raw: bytes) -> Any:
    return UUID(bytes=raw) if raw else UNSET


@put("/v1/account", opt=needs("account", answers={409: "Taken."}))
async def change_account(
    request: PersonsRequest, data: JSONBody[ChangeAccount], database: NamedDependency[Database]
) -> Account:
    """Another e-mail address, or none."""
    email = normal_email(data.email) if data.email is not None else None
    try:
        async with database.transaction() as connection:
            sql = "UPDATE accounts SET email = $2 WHERE id = $1"
            await connection.execute(sql, request.user.account, email)
    except AlreadyThere:
        detail = "Another account has this e-mail address. Nothing was changed."
        raise Problem(409, detail, kind="taken") from None
    return await show_account.fn(request, database)


@post("/v1/account/deletion", status_code=204, opt=needs("account", strict=True))
async def delete_account(
    request: PersonsRequest,
    data: JSONBody[DeleteAccount],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    server: NamedDependency[bytes],
    now: NamedDependency[Callable[[], int]],
) -> None:
    """Erase all of the account, for good. Signed, so that a stolen token cannot do it; local data stays."""
    async with database.reading() as connection:
        row = await connection.row("SELECT * FROM accounts WHERE id = $1", request.user.account)
    if row is None:
        raise NotProven
    await require_key_of_account(
        backing.store, row, "delete", server, data.challenge, data.proven_by, data.proof
    )
    await erase(database, backing, request.user.account, now())


async def erase(database: Database, backing: Backing, account: bytes, now: int) -> bool:
    """Delete every row of the account; False when there was none. Every table hangs on it by cascade."""
    async with database.transaction() as connection:
        ended = await end(connection, account, now)
        gone = await connection.execute("DELETE FROM accounts WHERE id = $1", account)
    await tell_ended(backing.channel, account, ended)
    return bool(gone)


@get("/v1/account/export", opt=needs("account"))
async def export_account(request: PersonsRequest, database: NamedDependency[Database]) -> dict[str, Any]:
    """Everything the service holds about the account; the vault comes by `GET /v1/sync/snapshot`."""
    account = request.user.account
    tables: dict[str, Any] = {}
    async with database.reading() as connection:
        for name, columns in _EXPORTED.items():
            key = "id" if name == "accounts" else "account"
            sql = f"SELECT {', '.join(columns)} FROM {name} WHERE {key} = $1"
            rows = await connection.rows(sql, account)
            tables[name] = [{column: _plain(row[column]) for column in columns} for row in rows]
    return {"account": str(UUID(bytes=account)), "tables": tables}


_EXPORTED = {
    "accounts": ("id", "email", "login_key", "recovery_key", "epoch", "created"),
    "devices": ("id", "signing_key", "label", "listed", "added", "seen", "revoked"),
    "device_statements": ("sequence", "statement", "signature"),
    "sessions": ("id", "device", "kind", "scopes", "created", "used", "expires", "revoked"),
    "wraps": ("kind", "device", "sealed"),
    "identities": ("provider", "subject", "linked"),
}


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


async def invite(database: Database, now: int, days: int) -> str:
    """A code that lets one person sign up within so many days; the service keeps its digest only."""
    code = secrets.token_urlsafe(18)
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO invitations (digest, created, expires) VALUES ($1, $2, $3)",
            hashlib.sha256(code.encode()).digest(), now, now + days * 86_400_000,
        )  # fmt: skip
    return code

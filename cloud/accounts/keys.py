"""The keys of an account change: password, recovery key, root key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET

from app.sync.wire.accounts import Account, ChangePassword, RotateRoot
from cloud.accounts.account import own_row, show_account
from cloud.accounts.challenges import require, require_key_of_account
from cloud.accounts.proofs import NO_DEVICE, signed
from cloud.accounts.sessions import PersonsRequest, end, tell_ended
from cloud.backing import Backing
from cloud.db import Connection, Database
from cloud.errors import Problem
from cloud.security.authentication import needs

_ANSWERS = {409: "Changed in between."}


def _stale() -> Problem:
    return Problem(
        409,
        "The account's keys have changed in between, on another device. Nothing was done: read them again.",
        kind="stale-keys",
    )


@put("/v1/account/password", opt=needs("account", strict=True, answers=_ANSWERS))
async def change_password(
    request: PersonsRequest,
    data: JSONBody[ChangePassword],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    server: NamedDependency[bytes],
    now: NamedDependency[Callable[[], int]],
) -> Account:
    """A new password: its login key and the root key wrapped under it. All other sessions end."""
    if data.kdf is UNSET:
        raise Problem(400, "A new password comes with how it becomes a key (`kdf`).", kind="invalid-request")
    values = {"login_key": data.new_key, "kdf": msgspec.msgpack.encode(data.kdf)}
    await _change(request, data, "change-password", "password", values, database, backing, server, now())
    return await show_account.fn(request, database)


@put("/v1/account/recovery", opt=needs("account", strict=True, answers=_ANSWERS))
async def change_recovery(
    request: PersonsRequest,
    data: JSONBody[ChangePassword],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    server: NamedDependency[bytes],
    now: NamedDependency[Callable[[], int]],
) -> Account:
    """A new recovery key; the former one opens nothing any more. All other sessions end."""
    values = {"recovery_key": data.new_key}
    await _change(request, data, "change-recovery", "recovery", values, database, backing, server, now())
    return await show_account.fn(request, database)


async def _change(
    request: PersonsRequest, data: ChangePassword, action: Any, kind: str, values: dict[str, bytes],
    database: Database, backing: Backing, server: bytes, now: int,
) -> None:  # fmt: skip
    account = request.user.account
    async with database.transaction() as connection:
        row = await own_row(connection, account)
        challenge = data.challenge
        await require_key_of_account(
            backing.store, row, action, server, challenge, data.proven_by, data.proof
        )
        require(data.new_key, data.new_proof, signed(action, server, account, NO_DEVICE, challenge))
        if row["keys_version"] != data.keys_version:
            raise _stale()
        for column, value in values.items():
            await connection.execute(f"UPDATE accounts SET {column} = $2 WHERE id = $1", account, value)
        sql = "UPDATE accounts SET keys_version = keys_version + 1 WHERE id = $1"
        await connection.execute(sql, account)
        sql = "UPDATE wraps SET sealed = $3 WHERE account = $1 AND kind = $2"
        await connection.execute(sql, account, kind, data.wrap)
        ended = await end(connection, account, now, but=request.user.session)
    await tell_ended(backing.channel, account, ended)


@put("/v1/account/root", opt=needs("vault:write", answers=_ANSWERS))
async def rotate_root(
    request: PersonsRequest, data: JSONBody[RotateRoot], database: NamedDependency[Database]
) -> Account:
    """A new root key: the next epoch, and every wrap of it. Pushes under the old one are refused from now."""
    account = request.user.account
    kinds = [wrap.kind for wrap in data.wraps]
    if kinds.count("password") != 1 or kinds.count("recovery") != 1:
        raise Problem(
            400,
            "A new root key is wrapped once for the password and once for the recovery key.",
            kind="wraps",
        )
    async with database.transaction() as connection:
        row = await own_row(connection, account)
        if data.epoch != row["epoch"] + 1:
            raise _stale()
        await _require_listed(connection, account, request.user.device)
        await connection.execute("DELETE FROM wraps WHERE account = $1", account)
        for wrap in data.wraps:
            await connection.execute(
                "INSERT INTO wraps (account, kind, device, sealed) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (account, kind, device) DO NOTHING",
                account, wrap.kind, wrap.device.bytes if wrap.device is not UNSET else b"", wrap.sealed,
            )  # fmt: skip
        sql = "UPDATE accounts SET epoch = $2, keys_version = keys_version + 1 WHERE id = $1"
        await connection.execute(sql, account, data.epoch)
    return await show_account.fn(request, database)


async def _require_listed(connection: Connection, account: bytes, device: bytes | None) -> None:
    sql = "SELECT 1 FROM devices WHERE account = $1 AND id = $2 AND listed = 1 AND revoked IS NULL"
    if device is None or await connection.value(sql, account, device) is None:
        raise Problem(403, "Only a device that the account lists may change its root key.", kind="not-listed")

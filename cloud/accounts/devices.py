"""Devices: the signed list, and locking one out at once."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET

from app.sync.wire.accounts import ChangeDevices, DeviceList, DeviceShown, DeviceStatement
from cloud.accounts import chain
from cloud.accounts.sessions import PersonsRequest, end, tell_ended
from cloud.backing import Backing
from cloud.db import Connection, Database
from cloud.errors import Problem
from cloud.security.authentication import needs


@get("/v1/devices", opt=needs("account"))
async def list_devices(request: PersonsRequest, database: NamedDependency[Database]) -> DeviceList:
    """The account's devices, revoked ones too, and the chain of statements that says so."""
    async with database.reading() as connection:
        sql = "SELECT * FROM devices WHERE account = $1 ORDER BY added, id"
        rows = await connection.rows(sql, request.user.account)
        links = await chain.links(connection, request.user.account)
    devices = [
        DeviceShown(
            UUID(bytes=row["id"]),
            row["label"],
            bool(row["listed"]),
            row["added"],
            row["seen"],
            row["id"] == request.user.device,
            row["revoked"],
        )
        for row in rows
    ]
    return DeviceList(devices, links)


@post(
    "/v1/devices",
    opt=needs("vault:write", answers={409: "The list has changed in between."}, creating=True),
)
async def change_devices(
    request: PersonsRequest,
    data: JSONBody[ChangeDevices],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
) -> DeviceList:
    """Add the next statement to the chain. A device it revokes is out at once."""
    account, ended = request.user.account, list[bytes]()
    async with database.transaction() as connection:
        sql = "SELECT login_key, recovery_key FROM accounts WHERE id = $1" + connection.lock
        own = await connection.row(sql, account)
        head = await chain.head(connection, account)
        statement = chain.read(data.statement, account, head)
        keys = await _signers_keys(connection, statement, () if own is None else (own[0], own[1]))
        chain.require_signature(data.statement, keys)
        if statement.action == "add":
            await _list(connection, statement, data, now())
        else:
            await _revoke(connection, account, statement.device, now())
            ended = await end(connection, account, now(), device=statement.device)
        await chain.append(connection, account, head.length, data.statement)
    await tell_ended(backing.channel, account, ended)
    return await list_devices.fn(request, database)


async def _signers_keys(
    connection: Connection, statement: DeviceStatement, own: tuple[bytes, ...]
) -> tuple[bytes, ...]:
    """The account's own keys (password, words), or the key of a listed device that is not revoked."""
    if statement.signer == statement.account:
        return own
    sql = "SELECT signing_key FROM devices WHERE account = $1 AND id = $2 AND listed = 1 AND revoked IS NULL"
    key = await connection.value(sql, statement.account, statement.signer)
    return () if key is None else (key,)


async def _list(connection: Connection, statement: DeviceStatement, data: ChangeDevices, now: int) -> None:
    account, device = statement.account, statement.device
    sql = "SELECT signing_key, revoked, label FROM devices WHERE account = $1 AND id = $2"
    known = await connection.row(sql, account, device)
    label = data.label
    if label is UNSET:
        label = b"\0" if known is None else known["label"]
    if known is None:
        await connection.execute(
            "INSERT INTO devices (account, id, signing_key, label, listed, added, seen)"
            " VALUES ($1, $2, $3, $4, 1, $5, $5)",
            account, device, statement.signing_key, label, now,
        )  # fmt: skip
    elif known["revoked"] is not None or known["signing_key"] != statement.signing_key:
        raise Problem(
            400, "A device that was revoked, or with another key, cannot be listed again.", kind="statement"
        )
    else:
        sql = "UPDATE devices SET listed = 1, label = $3 WHERE account = $1 AND id = $2"
        await connection.execute(sql, account, device, label)
    if data.wrap is not UNSET:
        await connection.execute(
            "INSERT INTO wraps (account, kind, device, sealed) VALUES ($1, 'device', $2, $3)"
            " ON CONFLICT (account, kind, device) DO UPDATE SET sealed = excluded.sealed",
            account, device, data.wrap,
        )  # fmt: skip


async def _revoke(connection: Connection, account: bytes, device: bytes, now: int) -> int:
    """Lock the device out; how many were not locked out before."""
    await connection.execute("DELETE FROM wraps WHERE account = $1 AND device = $2", account, device)
    sql = "UPDATE devices SET revoked = $3 WHERE account = $1 AND id = $2 AND revoked IS NULL"
    return await connection.execute(sql, account, device, now)


async def lock_out(database: Database, backing: Backing, account: bytes, device: bytes, now: int) -> bool:
    """Lock a device out and end its sessions; False when there is none to lock out."""
    async with database.transaction() as connection:
        changed = await _revoke(connection, account, device, now)
        ended = await end(connection, account, now, device=device)
    await tell_ended(backing.channel, account, ended)
    return bool(changed)


@delete("/v1/devices/{device:uuid}", opt=needs("account"))
async def revoke_device(
    request: PersonsRequest,
    device: FromPath[UUID],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    now: NamedDependency[Callable[[], int]],
) -> None:
    """Lock a device out now. A listed device should then sign the statement that revokes it."""
    if not await lock_out(database, backing, request.user.account, device.bytes, now()):
        raise Problem(
            404, "There is no such device in this account, or it is revoked already.", kind="no-device"
        )

"""What an operator does with accounts: list, invite, disable, enable, delete. None of it reads a vault."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cloud.accounts.account import erase, invite
from cloud.accounts.challenges import as_account_id, normal_email
from cloud.accounts.sessions import end, tell_ended
from cloud.backing import Backing
from cloud.db import Database

__all__ = ["delete", "invite", "listing", "switch"]


async def listing(database: Database) -> list[dict[str, Any]]:
    """Every account: id, e-mail, devices, when it was made, whether it is disabled."""
    sql = """
        SELECT a.id, a.email, a.created, a.disabled,
               (SELECT count(*) FROM devices d WHERE d.account = a.id AND d.revoked IS NULL) AS devices,
               (SELECT max(d.seen) FROM devices d WHERE d.account = a.id) AS seen
        FROM accounts a ORDER BY a.created
    """
    async with database.reading() as connection:
        rows = await connection.rows(sql)
    return [
        {
            "account": str(UUID(bytes=row["id"])),
            "email": row["email"],
            "devices": row["devices"],
            "created": _iso(row["created"]),
            "seen": _iso(row["seen"]),
            "disabled": row["disabled"] is not None,
        }
        for row in rows
    ]


def _iso(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")


async def find(database: Database, name: str) -> bytes | None:
    """The account of this id or e-mail, disabled or not."""
    async with database.reading() as connection:
        account = as_account_id(name)
        if account is not None:
            return await connection.value("SELECT id FROM accounts WHERE id = $1", account)
        return await connection.value("SELECT id FROM accounts WHERE email = $1", normal_email(name))


async def switch(database: Database, backing: Backing, name: str, now: int, *, off: bool) -> bool:
    """Disable an account, which ends its sessions, or enable it again; False when there is none."""
    account = await find(database, name)
    if account is None:
        return False
    async with database.transaction() as connection:
        sql = "UPDATE accounts SET disabled = $2 WHERE id = $1"
        await connection.execute(sql, account, now if off else None)
        ended = await end(connection, account, now) if off else []
    await tell_ended(backing.channel, account, ended)
    return True


async def delete(database: Database, backing: Backing, name: str, now: int) -> bool:
    """Erase an account, for good; False when there is none."""
    account = await find(database, name)
    return account is not None and await erase(database, backing, account, now)

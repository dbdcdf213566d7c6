"""One account's row of the vault: its lineage, its last sequence, the bytes it takes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cloud.db import Connection, Database
from cloud.errors import Problem
from cloud.security.authentication import Standing


@dataclass(frozen=True, slots=True)
class Shelf:
    """`sequence`: the last one given out. `bytes`: of all envelopes, old versions included."""

    lineage: bytes
    sequence: int
    bytes: int


def standing_shelf(standing: Standing) -> Shelf | None:
    """The account's row as it stood when the request came; None before its first use."""
    if standing.lineage is None:
        return None
    return Shelf(standing.lineage, standing.sequence, standing.bytes)


async def shelf_of(database: Database, account: bytes) -> Shelf:
    """The account's row, made at its first use. Raises DatabaseAway."""
    async with database.reading() as connection:
        found = await read(connection, account)
    if found is not None:
        return found
    async with database.transaction() as connection:
        return await make(connection, account)


async def read(connection: Connection, account: bytes) -> Shelf | None:
    """The account's row as it stands; None before its first use."""
    sql = "SELECT lineage, sequence, bytes FROM vaults WHERE account = $1"
    row = await connection.row(sql, account)
    return None if row is None else Shelf(row["lineage"], row["sequence"], row["bytes"])


async def make(connection: Connection, account: bytes) -> Shelf:
    """The account's row, made where it is not there yet."""
    sql = (
        "INSERT INTO vaults (account, lineage, sequence, bytes) VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING"
    )
    await connection.execute(sql, account, secrets.token_bytes(16))
    made = await read(connection, account)
    assert made is not None
    return made


@dataclass(frozen=True, slots=True)
class Held:
    """An account held for a push: the root key's epoch, its shelf, whether the device may push."""

    epoch: int
    shelf: Shelf
    listed: bool


async def hold(connection: Connection, account: bytes, device: bytes = b"") -> Held:
    """Lock the account until the transaction ends, so that sequences follow commits."""
    # In a statement of its own: one that waits for a lock reads other tables as they were before it waited.
    await connection.value("SELECT 1 FROM accounts WHERE id = $1" + connection.lock, account)  # noqa: S608
    row = await connection.row(_HELD, account, device)
    assert row is not None, "an account that is signed in has a row"
    if row["lineage"] is None:
        shelf = await make(connection, account)
    else:
        shelf = Shelf(row["lineage"], row["sequence"], row["bytes"])
    return Held(row["epoch"], shelf, bool(row["listed"]))


_HELD = """
SELECT a.epoch, v.lineage, v.sequence, v.bytes, d.listed FROM accounts a
LEFT JOIN vaults v ON v.account = a.id
LEFT JOIN devices d ON d.account = a.id AND d.id = $2 AND d.revoked IS NULL
WHERE a.id = $1
"""


async def begin_new_lineages(connection: Connection) -> int:
    """After a backup was restored: sequences given out since then will be given out once more.

    Every device then starts over from a snapshot and pushes what is missing. Returns how many vaults.
    """
    rows = await connection.rows("SELECT account FROM vaults")
    each = [(secrets.token_bytes(16), row["account"]) for row in rows]
    await connection.many("UPDATE vaults SET lineage = $1 WHERE account = $2", each)
    return len(each)


def check_place(shelf: Shelf, lineage: bytes, cursor: int) -> None:
    """The cursor means something in this vault. Raises Problem 409 `restored`."""
    if (not lineage and not cursor) or (lineage == shelf.lineage and cursor <= shelf.sequence):
        return
    raise Problem(
        409,
        "The service was restored from a backup, or this cursor is not from it. Nothing was stored; start "
        "over from a snapshot, and push what is missing.",
        kind="restored",
        more={"lineage": shelf.lineage.hex(), "latest": shelf.sequence},
    )

"""An account's device list: a chain of signed statements, of which the service keeps and checks each link.

The service cannot forge a link; checking here only keeps nonsense out. Clients check the whole chain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from app.sync.wire.accounts import DeviceStatement, SignedStatement
from cloud.accounts.proofs import verified
from cloud.db import Connection
from cloud.errors import Problem

_BEGINNING = bytes(32)
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many links it has, and the digest of the last."""

    length: int
    digest: bytes


EMPTY = Head(0, _BEGINNING)


def digest(signed: SignedStatement) -> bytes:
    """What the next statement names as its parent: SHA-256 of statement ‖ signature."""
    return hashlib.sha256(signed.statement + signed.signature).digest()


def read(signed: SignedStatement, account: bytes, head: Head) -> DeviceStatement:
    """The statement, if it is the next link of this account's chain. Raises Problem 400 or 409."""
    try:
        statement = msgspec.msgpack.decode(signed.statement, type=DeviceStatement)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _refused("it is not a device statement") from None
    ids = (statement.account, statement.device, statement.signer)
    keys = (statement.signing_key, statement.exchange_key)
    if statement.version != 1 or any(len(one) != 16 for one in ids) or any(len(one) != 32 for one in keys):
        raise _refused("its version, an id or a key is not of the right kind")
    if statement.account != account:
        raise _refused("it is another account's")
    if (statement.sequence, statement.parent) != (head.length, head.digest):
        raise Problem(
            409,
            "The device list has changed in between; nothing was added. Read it and sign the next statement.",
            kind="stale-chain",
            more={"length": head.length},
        )
    if head.length >= _LONGEST:
        raise _refused("the list is as long as it may become")
    return statement


def require_signature(signed: SignedStatement, keys: Iterable[bytes]) -> None:
    """Raise Problem 400 unless one of these keys, which may sign, has signed it."""
    if not any(verified(key, signed.signature, signed.statement) for key in keys):
        raise _refused("its signature is not by the account or by one of its listed devices")


def _refused(reason: str) -> Problem:
    return Problem(400, f"The device statement was refused: {reason}. Nothing was changed.", kind="statement")


async def head(connection: Connection, account: bytes) -> Head:
    """The end of the account's chain."""
    sql = "SELECT sequence, digest FROM device_statements WHERE account = $1 ORDER BY sequence DESC LIMIT 1"
    row = await connection.row(sql, account)
    return Head(row["sequence"] + 1, row["digest"]) if row is not None else EMPTY


async def append(connection: Connection, account: bytes, sequence: int, signed: SignedStatement) -> None:
    """Keep one more link."""
    await connection.execute(
        "INSERT INTO device_statements (account, sequence, statement, signature, digest)"
        " VALUES ($1, $2, $3, $4, $5)",
        account, sequence, signed.statement, signed.signature, digest(signed),
    )  # fmt: skip


async def links(connection: Connection, account: bytes) -> list[SignedStatement]:
    """The whole chain, from its beginning."""
    sql = "SELECT statement, signature FROM device_statements WHERE account = $1 ORDER BY sequence"
    return [SignedStatement(row[0], row[1]) for row in await connection.rows(sql, account)]

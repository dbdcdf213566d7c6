"""Reading the vault: what is new, all of it, and the versions of one object."""

from __future__ import annotations

from collections.abc import AsyncIterator

from app.sync.wire.exchange import Pulled, Version, VersionList
from cloud.db import Database
from cloud.errors import Problem

# So many rows are looked at in one go; an envelope has at most 1 MiB, and most a kilobyte or two.
_ROWS = 256


async def pull(
    database: Database, account: bytes, after: int, until: int, page: int, *, without: range = range(0)
) -> tuple[list[Pulled], int]:
    """Current envelopes in (after, until], as many as `page` bytes hold but at least one, and the new cursor.

    `without`: sequences that the caller has just been given. The cursor is `until` when nothing is left.
    """
    found: list[Pulled] = []
    room = page
    async for pulled in _current(database, account, after, until):
        if pulled.sequence in without:
            continue
        room -= len(pulled.envelope)
        if room < 0 and found:
            return found, found[-1].sequence
        found.append(pulled)
    return found, until


async def everything(database: Database, account: bytes, after: int, until: int) -> AsyncIterator[bytes]:
    """The current envelopes in (after, until] as frames: u32 length, u64 sequence (big-endian), envelope.

    A frame of length 0 with the last sequence ends it; without that one it was cut off, and is resumed
    after the last whole frame. No connection to the database is held while a slow caller reads.
    """
    async for pulled in _current(database, account, after, until):
        yield _frame(pulled.sequence, pulled.envelope)
    yield _frame(until, b"")


def _frame(sequence: int, envelope: bytes) -> bytes:
    return len(envelope).to_bytes(4) + sequence.to_bytes(8) + envelope


async def _current(database: Database, account: bytes, after: int, until: int) -> AsyncIterator[Pulled]:
    size = 8
    while True:
        async with database.reading() as connection:
            rows = await connection.rows(_NEXT, account, after, until, size)
        for row in rows:
            yield Pulled(row["sequence"], row["sealed"])
        if len(rows) < size:
            return
        after = rows[-1]["sequence"]
        # Large envelopes come in small lots, many small ones in large lots.
        mean = sum(len(row["sealed"]) for row in rows) // len(rows) + 1
        size = max(4, min(_ROWS, (1 << 20) // mean))


async def versions(
    database: Database, account: bytes, object_: bytes, kind: int, before: int, page: int
) -> VersionList:
    """The versions of an object that are still kept, the newest first, as many as `page` bytes hold.

    `before`: only those with a lower sequence. Raises Problem 404 where there are none.
    """
    async with database.reading() as connection:
        sizes = await connection.rows(_SIZES, account, object_, kind, before)
        count, room = 0, page
        for row in sizes:
            room -= row["size"]
            if room < 0 and count:
                break
            count += 1
        rows = await connection.rows(_VERSIONS, account, object_, kind, before, count)
    if not rows:
        raise Problem(404, "There is no such object in this vault, or no older version of it.")
    found = [Version(row["sequence"], row["received"], row["superseded"], row["sealed"]) for row in rows]
    return VersionList(found, more=count < len(sizes))


_NEXT = """
SELECT sequence, sealed FROM envelopes
WHERE account = $1 AND sequence > $2 AND sequence <= $3 AND superseded IS NULL
ORDER BY sequence LIMIT $4
"""
_SIZES = """
SELECT size FROM envelopes WHERE account = $1 AND object = $2 AND kind = $3 AND sequence < $4
ORDER BY version DESC
"""
_VERSIONS = """
SELECT sequence, received, superseded, sealed FROM envelopes
WHERE account = $1 AND object = $2 AND kind = $3 AND sequence < $4 ORDER BY version DESC LIMIT $5
"""

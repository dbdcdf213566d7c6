"""The usual push, in one statement: a living session, nobody in between, everything fits on what is there.

On PostgreSQL only, where each statement is a round trip. Whatever is not as usual is left to `pushing`, which
locks the account, looks, and tells why it refuses; here nothing is ever refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app.sync.wire.envelope import EnvelopeRefused, Flags, Header, header_of
from app.sync.wire.exchange import Pushed, SyncRequest
from cloud.db import AlreadyThere, Database
from cloud.security.tokens import Claims
from cloud.vault.pushing import MOST_VERSIONS

_SCOPES = frozenset({"vault:read", "vault:write"})


@dataclass(frozen=True, slots=True)
class Added:
    """What was stored, and the vault as it is now."""

    lineage: bytes
    latest: int
    pushed: list[Pushed]


async def add(
    database: Database, claims: Claims, asked: SyncRequest, *, quota: int, now: int
) -> Added | None:
    """Store what is pushed, for whom the token speaks; None, with nothing stored, where it is unusual."""
    if database.dialect != "postgresql" or not asked.push or not claims.scopes >= _SCOPES:
        return None
    try:
        headers = [header_of(sealed) for sealed in asked.push]
    except EnvelopeRefused:
        return None
    if not _usual(headers):
        return None
    try:
        async with database.reading() as connection:
            row = await connection.row(
                _ADD,
                claims.account,
                claims.session,
                headers[0].device,
                headers[0].epoch,
                now,
                asked.lineage,
                asked.cursor,
                quota,
                len(headers),
                sum(len(sealed) for sealed in asked.push),
                [int(header.kind) for header in headers],
                [header.object for header in headers],
                [header.version for header in headers],
                [header.parent for header in headers],
                [hashlib.sha256(sealed).digest() for sealed in asked.push],
                asked.push,
            )
    except AlreadyThere:
        return None
    if row is None:
        return None
    latest: int = row["sequence"]
    first = latest - len(headers) + 1
    return Added(row["lineage"], latest, [Pushed(place, fresh=True) for place in range(first, latest + 1)])


def _usual(headers: list[Header]) -> bool:
    """Of one device under one root key, each of another object, and no older version to be removed for it."""
    places = {(header.kind, header.object) for header in headers}
    first = headers[0]
    return len(places) == len(headers) and all(
        header.device == first.device
        and header.epoch == first.epoch
        and header.version <= MOST_VERSIONS
        and Flags.ERASES_OLDER not in header.flags
        for header in headers
    )


# First account and device are held, as `hold` does, until this is committed. Then the last sequence must
# still be the one that was `seen` when the statement began: of the row that is changed PostgreSQL looks at
# the newest version, however long it waited for it, of all others at that of the beginning. So what `fit`
# found is still as it was, for every push moves the sequence; and sequences follow commits, for the row
# stays locked until then.
_ADD = """
WITH held AS (
    SELECT a.id FROM sessions s
    JOIN accounts a ON a.id = s.account
    JOIN devices d ON d.account = s.account AND d.id = s.device
    WHERE s.id = $2 AND s.account = $1 AND s.device = $3 AND s.revoked IS NULL AND s.expires > $5
        AND s.scopes LIKE '%vault:write%' AND a.disabled IS NULL AND a.epoch = $4
        AND d.listed = 1 AND d.revoked IS NULL
    FOR SHARE OF a, d
), seen AS MATERIALIZED (
    SELECT sequence FROM vaults WHERE account = $1
), new AS (
    SELECT * FROM unnest($11::int[], $12::bytea[], $13::bigint[], $14::bytea[], $15::bytea[], $16::bytea[])
    WITH ORDINALITY AS new (kind, object, version, parent, digest, sealed, place)
), fit AS MATERIALIZED (
    SELECT count(*) AS count FROM new
    LEFT JOIN envelopes e
        ON e.account = $1 AND e.object = new.object AND e.kind = new.kind AND e.superseded IS NULL
    WHERE (e.account IS NULL AND new.version = 1)
        OR (e.version = new.version - 1 AND e.digest = new.parent)
), moved AS (
    UPDATE vaults v SET sequence = v.sequence + $9, bytes = v.bytes + $10 FROM held, seen, fit
    WHERE v.account = held.id AND v.sequence = seen.sequence AND v.bytes + $10 <= $8 AND fit.count = $9
        AND (($6 = ''::bytea AND $7 = 0) OR (v.lineage = $6 AND v.sequence >= $7))
    RETURNING v.account, v.lineage, v.sequence
), superseded AS (
    UPDATE envelopes e SET superseded = $5 FROM moved, new
    WHERE e.account = moved.account AND e.object = new.object AND e.kind = new.kind
        AND e.version = new.version - 1
), stored AS (
    INSERT INTO envelopes
        (account, sequence, kind, object, version, digest, device, epoch, received, superseded, size, sealed)
    SELECT moved.account, moved.sequence - $9 + new.place, new.kind, new.object, new.version, new.digest,
        $3, $4, $5, NULL, length(new.sealed), new.sealed
    FROM moved, new
)
SELECT lineage, sequence FROM moved
"""

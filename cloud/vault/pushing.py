"""Storing envelopes: in order, all or none, each on top of the version it was made from."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.sync.wire.envelope import EnvelopeRefused, Flags, Header, header_of
from app.sync.wire.exchange import PAGE_BYTES, Pushed
from cloud.db import Connection, Database
from cloud.errors import Problem
from cloud.vault.shelf import hold

# So many versions of an object are kept, the current one included.
MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class Arrival:
    """A pushed envelope, its outside read. `digest`: SHA-256 of all of it."""

    header: Header
    digest: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class _Current:
    """The version of an object that counts, as far as this push goes."""

    sequence: int
    version: int
    digest: bytes


def read_arrivals(envelopes: Sequence[bytes], device: bytes | None) -> list[Arrival]:
    """The envelopes' outsides. Raises Problem: 400 for what is none, 403 for another device's."""
    arrivals: list[Arrival] = []
    for index, sealed in enumerate(envelopes):
        try:
            header = header_of(sealed)
        except EnvelopeRefused as refused:
            told = f"Envelope {index} of the push is refused, and nothing of the push was stored: {refused}"
            raise Problem(400, told, kind="envelope", more={"index": index}) from None
        if header.device != device:
            raise Problem(
                403,
                "An envelope can only be pushed by the device that sealed it. Nothing was stored.",
                kind="device",
                more={"index": index},
            )
        arrivals.append(Arrival(header, hashlib.sha256(sealed).digest(), sealed))
    return arrivals


async def push(
    database: Database, account: bytes, device: bytes, arrivals: Sequence[Arrival], *, quota: int, now: int
) -> list[Pushed]:
    """Store them and return what became of each, in their order.

    Raises Problem, and then nothing was stored: 403 where the device is not listed, 409 `stale-epoch`, 409
    `stale-parent` with the current envelopes, 413 `quota`. Raises DatabaseAway.
    """
    async with database.transaction() as connection:
        return await _Push(connection, account, now).run(device, arrivals, quota)


class _Push:
    """One push, inside its transaction. The account's row is locked, so sequences follow the commits."""

    def __init__(self, connection: Connection, account: bytes, now: int) -> None:
        self._connection = connection
        self._account = account
        self._now = now
        self._sequence = 0
        self._bytes = 0
        self._current: dict[tuple[int, bytes], _Current] = {}
        self._unwritten: list[tuple[Any, ...]] = []

    async def run(self, device: bytes, arrivals: Sequence[Arrival], quota: int) -> list[Pushed]:
        held = await hold(self._connection, self._account, device)
        if not held.listed:
            raise _not_listed()
        self._sequence, self._bytes = held.shelf.sequence, held.shelf.bytes
        await self._look_up([arrival.header.object for arrival in arrivals])
        stored: list[Pushed] = []
        stale: list[int] = []
        for index, arrival in enumerate(arrivals):
            known = await self._known(arrival)
            if known is not None:
                stored.append(known)
            elif arrival.header.epoch != held.epoch:
                raise _stale_epoch(held.epoch)
            elif self._fits(arrival.header):
                stored.append(await self._store(arrival))
            else:
                stale.append(index)
        if stale:
            raise await self._stale_parents(arrivals, stale)
        if self._bytes > quota and self._bytes > held.shelf.bytes:
            raise _over_quota(quota, held.shelf.bytes)
        await self._write()
        sql = "UPDATE vaults SET sequence = $2, bytes = $3 WHERE account = $1"
        await self._connection.execute(sql, self._account, self._sequence, self._bytes)
        return stored

    async def _look_up(self, objects: Sequence[bytes]) -> None:
        """The current versions of all objects that are pushed, in one question."""
        wanted = sorted(set(objects))
        # One text for many sizes, so that the database need not prepare each anew.
        size = 1 << (len(wanted) - 1).bit_length()
        values = [*wanted, *wanted[-1:] * (size - len(wanted))]
        marks = ", ".join(f"${number + 2}" for number in range(size))
        for row in await self._connection.rows(_CURRENTS % marks, self._account, *values):
            current = _Current(row["sequence"], row["version"], row["digest"])
            self._current[row["kind"], row["object"]] = current

    async def _known(self, arrival: Arrival) -> Pushed | None:
        """Where exactly this envelope is stored already, its answer was lost: the same one again."""
        header = arrival.header
        current = self._current.get((header.kind, header.object))
        if current is None or header.version > current.version:
            return None
        if header.version == current.version:
            return Pushed(current.sequence, fresh=False) if current.digest == arrival.digest else None
        await self._write()
        row = await self._connection.row(_VERSION, self._account, header.object, header.kind, header.version)
        if row is not None and row["digest"] == arrival.digest:
            return Pushed(row["sequence"], fresh=False)
        return None

    def _fits(self, header: Header) -> bool:
        current = self._current.get((header.kind, header.object))
        if current is None:
            return header.version == 1
        return header.version == current.version + 1 and header.parent == current.digest

    async def _store(self, arrival: Arrival) -> Pushed:
        header = arrival.header
        if header.version > 1:
            await self._write()
            place = (self._account, header.object, header.kind)
            await self._connection.execute(_SUPERSEDE, *place, header.version - 1, self._now)
            erases = Flags.ERASES_OLDER in header.flags
            await self._remove(place, header.version - (0 if erases else MOST_VERSIONS - 1))
        self._sequence += 1
        self._bytes += len(arrival.sealed)
        self._unwritten.append(
            (
                self._account,
                self._sequence,
                header.kind,
                header.object,
                header.version,
                arrival.digest,
                header.device,
                header.epoch,
                self._now,
                len(arrival.sealed),
                arrival.sealed,
            )
        )
        self._current[header.kind, header.object] = _Current(self._sequence, header.version, arrival.digest)
        return Pushed(self._sequence, fresh=True)

    async def _write(self) -> None:
        """Bring what is stored so far into the database, where statements can find it."""
        if self._unwritten:
            await self._connection.many(_INSERT, self._unwritten)
            self._unwritten = []

    async def _remove(self, place: tuple[bytes, bytes, int], before: int) -> None:
        """The bytes of the object's versions below `before` go."""
        if before > 1:
            self._bytes -= await self._connection.value(_OLD_BYTES, *place, before)
            await self._connection.execute(_REMOVE, *place, before)

    async def _stale_parents(self, arrivals: Sequence[Arrival], stale: Sequence[int]) -> Problem:
        """The refusal, with the current envelopes as far as a page holds them."""
        conflicts: list[dict[str, object]] = []
        room = PAGE_BYTES
        for index in stale:
            header = arrivals[index].header
            row = await self._connection.row(_CURRENT, self._account, header.object, header.kind)
            conflict: dict[str, object] = {"index": index}
            if row is not None and row["size"] <= room:
                room -= row["size"]
                envelope = base64.b64encode(row["sealed"]).decode()
                conflict |= {"sequence": row["sequence"], "envelope": envelope}
            conflicts.append(conflict)
        return Problem(
            409,
            "Another device has changed this meanwhile, so nothing of the push was stored. Merge with the "
            "current versions, and push again.",
            kind="stale-parent",
            more={"conflicts": conflicts},
        )


def _not_listed() -> Problem:
    return Problem(
        403,
        "This device is not on the account's list of devices, so it may not push. Pair it first.",
        kind="device",
    )


def _stale_epoch(epoch: int) -> Problem:
    return Problem(
        409,
        "The account's root key has changed, so nothing of the push was stored. Fetch the new key, seal "
        "again, and push again.",
        kind="stale-epoch",
        more={"epoch": epoch},
    )


def _over_quota(quota: int, used: int) -> Problem:
    return Problem(
        413,
        f"The account's {quota} bytes on this service do not hold this push; {used} are used. Nothing was "
        "stored, and nothing is lost on your machines. Erase old data, or ask the operator for more.",
        kind="quota",
        more={"quota": quota, "used": used},
    )


_CURRENTS = """
SELECT kind, object, sequence, version, digest FROM envelopes
WHERE account = $1 AND object IN (%s) AND superseded IS NULL
"""
_VERSION = """
SELECT sequence, digest FROM envelopes WHERE account = $1 AND object = $2 AND kind = $3 AND version = $4
"""
_CURRENT = """
SELECT sequence, size, sealed FROM envelopes
WHERE account = $1 AND object = $2 AND kind = $3 AND superseded IS NULL
"""
_SUPERSEDE = """
UPDATE envelopes SET superseded = $5 WHERE account = $1 AND object = $2 AND kind = $3 AND version = $4
"""
_OLD_BYTES = """
SELECT coalesce(sum(size), 0) FROM envelopes
WHERE account = $1 AND object = $2 AND kind = $3 AND version < $4
"""
_REMOVE = "DELETE FROM envelopes WHERE account = $1 AND object = $2 AND kind = $3 AND version < $4"
_INSERT = """
INSERT INTO envelopes
    (account, sequence, kind, object, version, digest, device, epoch, received, superseded, size, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, $11)
"""

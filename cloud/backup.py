"""A copy of everything in one file, from either database, and back into an empty one of either kind.

The file is a row of MessagePack messages, each behind its length: a heading, the tables' rows, and an end
with the number of rows and the SHA-256 of all before. It holds sealed rows as they are: the operator's
secret is not in it, and without that secret signing keys and integration tokens do not open again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from cloud.db import Connection, Database
from cloud.db.migrate import newest
from cloud.db.tables import metadata
from cloud.vault.shelf import begin_new_lineages
from cloud.version import __version__

_FORMAT = "devpulse-cloud backup 1"
_CHUNK_ROWS = 200
_LENGTH_BYTES = 4
# So many rows of the largest envelopes, and some room.
_MOST_BYTES = 256 << 20


class BackupRefused(Exception):
    """The file or the database is not fit for it; the words say why, and that nothing was changed."""


class Heading(msgspec.Struct, frozen=True):
    """What the file is, and what it fits."""

    format: str
    version: str
    schema: str
    made: int


class Rows(msgspec.Struct, frozen=True, tag="rows"):
    """Some rows of a table."""

    table: str
    columns: list[str]
    rows: list[list[Any]]


class End(msgspec.Struct, frozen=True, tag="end"):
    """The last message: a file without it was cut off."""

    rows: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What was copied."""

    accounts: int
    rows: int


async def backup(database: Database, path: Path, now: int) -> Told:
    """Write a copy of one moment into `path`, for its owner only; whole, or not at all.

    Raises BackupRefused where the file cannot be written, DatabaseAway.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            told = await _write(database, raw, now)
            raw.flush()
            os.fsync(raw.fileno())
        fresh.replace(path)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be written: {error.strerror}. No copy was made.") from None
    finally:
        fresh.unlink(missing_ok=True)
    return told


async def _write(database: Database, raw: IO[bytes], now: int) -> Told:
    written = {table.name: 0 for table in metadata.sorted_tables}
    digest = hashlib.sha256()

    def put(message: Heading | Rows | End) -> None:
        encoded = msgspec.msgpack.encode(message)
        framed = len(encoded).to_bytes(_LENGTH_BYTES) + encoded
        digest.update(framed)
        raw.write(framed)

    put(Heading(_FORMAT, __version__, newest(), now))
    async with database.snapshot() as connection:
        for table in metadata.sorted_tables:
            columns = [str(column.name) for column in table.columns]
            async for rows in _chunks(connection, table.name, columns):
                written[table.name] += len(rows)
                put(Rows(str(table.name), columns, rows))
    put(End(sum(written.values()), digest.digest()))
    return Told(written["accounts"], sum(written.values()))


async def _chunks(connection: Connection, table: str, columns: list[str]) -> AsyncIterator[list[list[Any]]]:
    rows: list[list[Any]] = []
    names = ", ".join(columns)
    async for row in connection.stream(f"SELECT {names} FROM {table}"):  # noqa: S608 - names of our own
        rows.append([row[number] for number in range(len(columns))])
        if len(rows) == _CHUNK_ROWS:
            yield rows
            rows = []
    if rows:
        yield rows


async def restore(database: Database, path: Path) -> Told:
    """Fill an empty, migrated database from the file, in one transaction.

    Every vault begins a new lineage, so that devices notice and bring back what is newer than the copy.
    Raises BackupRefused, and then nothing was changed; DatabaseAway.
    """
    try:
        with path.open("rb") as raw:
            messages = _messages(raw)
            _check(next(messages, None))
            async with database.transaction() as connection:
                return await _fill(connection, messages)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror}. Nothing was changed.") from None
    except (msgspec.MsgspecError, RecursionError):
        raise BackupRefused(f"{path} is damaged, or no copy of this service. Nothing was changed.") from None


def _messages(raw: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each message, and the digest of all before it. Raises BackupRefused where the file is cut off."""
    digest = hashlib.sha256()
    while head := raw.read(_LENGTH_BYTES):
        size = int.from_bytes(head)
        message = raw.read(size) if size <= _MOST_BYTES else b""
        if len(message) != size:
            raise BackupRefused("The copy was cut off, or is none. Nothing was changed.")
        yield message, digest.digest()
        digest.update(head + message)


def _check(first: tuple[bytes, bytes] | None) -> None:
    heading = msgspec.msgpack.decode(first[0] if first else b"", type=Heading)
    if heading.format != _FORMAT:
        raise BackupRefused("This is a copy of another kind. Nothing was changed.")
    if heading.schema != newest():
        raise BackupRefused(
            f"The copy has schema {heading.schema} (devpulse-cloud {heading.version}), this version works "
            f"with {newest()}. Restore it with that version, then upgrade. Nothing was changed."
        )


async def _fill(connection: Connection, messages: Iterator[tuple[bytes, bytes]]) -> Told:
    known = {table.name: {column.name for column in table.columns} for table in metadata.sorted_tables}
    for name in known:
        if await connection.value(f"SELECT 1 FROM {name} LIMIT 1"):  # noqa: S608 - names of our own
            raise BackupRefused(
                "The database is not empty. Restore into an empty one: nothing is ever overwritten."
            )
    count = accounts = 0
    for message, before in messages:
        part = msgspec.msgpack.decode(message, type=Rows | End)
        if isinstance(part, End):
            if part.rows != count or part.digest != before:
                raise BackupRefused("The copy is not whole. Nothing was changed.")
            await begin_new_lineages(connection)
            return Told(accounts, count)
        if part.table not in known or not set(part.columns) <= known[part.table]:
            raise BackupRefused("The copy holds what this version does not know. Nothing was changed.")
        marks = ", ".join(f"${number + 1}" for number in range(len(part.columns)))
        names = ", ".join(part.columns)
        insert = f"INSERT INTO {part.table} ({names}) VALUES ({marks})"  # noqa: S608 - checked against ours
        await connection.many(insert, [tuple(row) for row in part.rows])
        count += len(part.rows)
        accounts += len(part.rows) if part.table == "accounts" else 0
    raise BackupRefused("The copy was cut off. Nothing was changed.")

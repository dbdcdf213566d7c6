"""The keys that sign access tokens: a ring in the database, sealed; one signs, retired ones still verify."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from cloud.db import Connection, Database
from cloud.security.sealing import Sealer

# A retired key verifies for as long as a token it has signed can live, and some more.
RETIRED_MS = 3_600_000
# How long a replica may go on without having looked whether another one rotated.
_LOOK_MS = 60_000


@dataclass(frozen=True, slots=True)
class _Key:
    kid: str
    private: Ed25519PrivateKey
    created: int
    retired: int | None


class SigningKeys:
    """The ring as this process last read it."""

    def __init__(self, database: Database, sealer: Sealer, now: Callable[[], int]) -> None:
        self._database = database
        self._sealer = sealer
        self._now = now
        self._keys: dict[str, _Key] = {}
        self._read_at = 0

    async def signer(self) -> tuple[str, Ed25519PrivateKey]:
        """The id and key to sign with; the first is made when there is none."""
        await self._look()
        key = self._newest()
        if key is None:
            async with self._database.transaction() as connection:
                await _insert(connection, self._sealer, self._now(), kid="first")
            self._read_at = 0
            await self._look()
            key = self._newest()
        assert key is not None
        return key.kid, key.private

    async def verifies(self, kid: str) -> bool:
        """Whether the key of this id may still verify. Looks again for one not known, once a second."""
        return await self._living(kid) is not None

    async def verifier(self, kid: str) -> Ed25519PublicKey | None:
        """The key of this id if it may still verify."""
        key = await self._living(kid)
        return None if key is None else key.private.public_key()

    async def _living(self, kid: str) -> _Key | None:
        await self._look()
        if kid not in self._keys and self._now() - self._read_at > 1000:
            self._read_at = 0
            await self._look()
        key = self._keys.get(kid)
        if key is None or (key.retired is not None and self._now() - key.retired > RETIRED_MS):
            return None
        return key

    def _newest(self) -> _Key | None:
        living = [key for key in self._keys.values() if key.retired is None]
        return max(living, key=lambda key: key.created, default=None)

    async def _look(self) -> None:
        if self._keys and self._now() - self._read_at < _LOOK_MS:
            return
        async with self._database.reading() as connection:
            rows = await connection.rows("SELECT kid, sealed, created, retired FROM signing_keys")
        self._read_at = self._now()
        self._keys = {
            row["kid"]: _Key(
                row["kid"],
                Ed25519PrivateKey.from_private_bytes(self._sealer.open(row["sealed"], _place(row["kid"]))),
                row["created"],
                row["retired"],
            )
            for row in rows
        }


async def rotate(database: Database, sealer: Sealer, now: int) -> tuple[str, int]:
    """A new signing key; the others retire and are sealed anew under the newest secret.

    Answers with the new key's id and how many old ones went for good. Replicas notice within a minute.
    """
    async with database.transaction() as connection:
        gone = await connection.execute("DELETE FROM signing_keys WHERE retired < $1", now - RETIRED_MS)
        for row in await connection.rows("SELECT kid, sealed FROM signing_keys"):
            opened = sealer.open(row["sealed"], _place(row["kid"]))
            sealed = sealer.seal(opened, _place(row["kid"]))
            await connection.execute("UPDATE signing_keys SET sealed = $1 WHERE kid = $2", sealed, row["kid"])
        # One that signs until the replicas have looked again must outlive that: it retires from then on.
        await connection.execute("UPDATE signing_keys SET retired = $1 WHERE retired IS NULL", now + _LOOK_MS)
        kid = await _insert(connection, sealer, now, kid=secrets.token_hex(8))
    return kid, gone


async def _insert(connection: Connection, sealer: Sealer, now: int, kid: str) -> str:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    sealed = sealer.seal(private, _place(kid))
    columns = "(kid, sealed, public, created) VALUES ($1, $2, $3, $4)"
    insert = f"INSERT INTO signing_keys {columns} ON CONFLICT DO NOTHING"
    await connection.execute(insert, kid, sealed, public, now)
    return kid


def _place(kid: str) -> bytes:
    return b"signing_keys\0" + kid.encode()


async def server_id(database: Database) -> bytes:
    """The 16 bytes that a client's signatures name, so that none made for another service counts here."""
    async with database.transaction() as connection:
        insert = "INSERT INTO service (name, value) VALUES ('id', $1) ON CONFLICT DO NOTHING"
        await connection.execute(insert, secrets.token_bytes(16))
        return await connection.value("SELECT value FROM service WHERE name = 'id'")

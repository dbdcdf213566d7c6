"""Challenges: random, for one action of one account, good once and for five minutes."""

from __future__ import annotations

import secrets
import unicodedata
from uuid import UUID

import msgspec

from app.sync.wire.accounts import Action, Challenge, Kdf
from cloud.accounts.proofs import NO_DEVICE, signed, verified
from cloud.backing import Store
from cloud.db import Connection, Row
from cloud.errors import Problem
from cloud.security.sealing import Sealer

SECONDS = 300


class Issued(msgspec.Struct, frozen=True, array_like=True):
    """What the service remembers of a challenge."""

    action: str
    account: bytes


class NotProven(Problem):
    """The same words for every reason: who guesses learns nothing."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "The proof does not fit: the password, the keys or the challenge is not the right one. "
            "Nothing was changed; ask for a new challenge and try again.",
            kind="not-proven",
            headers={"WWW-Authenticate": 'DevPulse-Proof realm="devpulse"'},
        )


def normal_email(email: str) -> str:
    """One spelling for one address: NFC, small letters, no space around."""
    return unicodedata.normalize("NFC", email).strip().lower()


def as_account_id(login: str) -> bytes | None:
    """The 16 bytes of an account's id, or None if the text is none."""
    try:
        return UUID(login).bytes if len(login) >= 32 else None
    except ValueError:
        return None


async def find(connection: Connection, login: str) -> Row | None:
    """The account of an id or an e-mail, if there is one that may sign in."""
    account = as_account_id(login)
    if account is not None:
        return await connection.row("SELECT * FROM accounts WHERE id = $1 AND disabled IS NULL", account)
    sql = "SELECT * FROM accounts WHERE email = $1 AND disabled IS NULL"
    return await connection.row(sql, normal_email(login))


def pretended(sealer: Sealer, login: str) -> tuple[bytes, Kdf]:
    """An id and parameters for nobody: always the same for the same login, and like anybody's."""
    account = as_account_id(login)
    if account is None:
        raw = bytearray(sealer.pretend(b"account", normal_email(login).encode())[:16])
        # Like the ids that clients make: UUIDs of version 4.
        raw[6], raw[8] = raw[6] & 0x0F | 0x40, raw[8] & 0x3F | 0x80
        account = bytes(raw)
    salt = sealer.pretend(b"salt", account)
    return account, Kdf("argon2id", salt, 65_536, 3, 4)


async def issue(store: Store, action: Action, account: bytes, kdf: Kdf, server: bytes) -> Challenge:
    """A new challenge, which the store remembers."""
    challenge = secrets.token_bytes(32)
    issued = msgspec.msgpack.encode(Issued(action, account))
    await store.put(f"challenge:{challenge.hex()}", issued, SECONDS)
    return Challenge(challenge, UUID(bytes=server), UUID(bytes=account), kdf, SECONDS)


async def spend(store: Store, challenge: bytes, action: str, account: bytes) -> None:
    """Take the challenge away; raise NotProven unless it was issued for just this."""
    kept = await store.take(f"challenge:{challenge.hex()}")
    if kept is None or msgspec.msgpack.decode(kept, type=Issued) != Issued(action, account):
        raise NotProven


def require(key: bytes, proof: bytes, message: bytes) -> None:
    """Raise NotProven unless the key signed the message."""
    if not verified(key, proof, message):
        raise NotProven


async def require_key_of_account(
    store: Store, account: Row, action: Action, server: bytes, challenge: bytes, proven_by: str, proof: bytes
) -> None:
    """For a grave step of someone signed in already: a fresh challenge, signed by a key that counts now."""
    await spend(store, challenge, action, account["id"])
    key = account["login_key"] if proven_by == "password" else account["recovery_key"]
    require(key, proof, signed(action, server, account["id"], NO_DEVICE, challenge))

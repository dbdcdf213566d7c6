"""Signing up: open to all, to the invited, or to nobody but the first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET

from app.sync.wire.accounts import SignedUp, SignUp
from cloud.accounts import chain
from cloud.accounts.challenges import NotProven, normal_email, require, spend
from cloud.accounts.proofs import signed
from cloud.backing import Backing
from cloud.db import AlreadyThere, Connection, Database
from cloud.errors import Problem
from cloud.security.authentication import PUBLIC
from cloud.settings import Settings

_ANSWERS = {401: "A proof does not fit.", 403: "Not open to you.", 409: "Taken."}


@post(
    "/v1/accounts",
    opt={**PUBLIC, "strict": True, "creating": True, "answers": _ANSWERS},
)
async def sign_up(
    data: JSONBody[SignUp],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    backing: NamedDependency[Backing],
    server: NamedDependency[bytes],
    now: NamedDependency[Callable[[], int]],
) -> SignedUp:
    """Make an account with its first device. The service sees the public halves of its keys."""
    account = data.account.bytes
    await spend(backing.store, data.challenge, "sign-up", account)
    statement = chain.read(data.device, account, chain.EMPTY)
    if statement.action != "add" or statement.signer != account:
        raise NotProven
    message = signed("sign-up", server, account, statement.device, data.challenge)
    require(data.login_key, data.login_proof, message)
    require(data.recovery_key, data.recovery_proof, message)
    chain.require_signature(data.device, (data.login_key,))
    try:
        async with database.transaction() as connection:
            await _admit(connection, settings, data, now())
            await _insert(connection, data, statement.device, statement.signing_key, now())
    except AlreadyThere:
        raise Problem(
            409, "An account with this id or e-mail address exists. Nothing was made.", kind="taken"
        ) from None
    return SignedUp(data.account, now())


async def _admit(connection: Connection, settings: Settings, data: SignUp, now: int) -> None:
    """Raise Problem 403 unless this person may sign up; an invitation is spent."""
    # The one row every replica knows keeps two from being the first at the same time.
    await connection.value("SELECT value FROM service WHERE name = 'id'" + connection.lock)
    if await connection.value("SELECT 1 FROM accounts LIMIT 1") is None or settings.sign_up == "open":
        return
    if settings.sign_up == "invited" and data.invitation is not UNSET:
        sql = "DELETE FROM invitations WHERE digest = $1 AND expires > $2"
        digest = hashlib.sha256(data.invitation.strip().encode()).digest()
        if await connection.execute(sql, digest, now):
            return
    raise Problem(
        403,
        "This service takes no new accounts"
        + (" without an invitation." if settings.sign_up == "invited" else ".")
        + " Ask the person who runs it.",
        kind="sign-up-closed",
    )


async def _insert(connection: Connection, data: SignUp, device: bytes, key: bytes, now: int) -> None:
    account = data.account.bytes
    email = None if data.email is UNSET else normal_email(data.email)
    await connection.execute(
        "INSERT INTO accounts (id, email, kdf, login_key, recovery_key, epoch, keys_version, created)"
        " VALUES ($1, $2, $3, $4, $5, 1, 1, $6)",
        account, email, msgspec.msgpack.encode(data.kdf), data.login_key, data.recovery_key, now,
    )  # fmt: skip
    await connection.many(
        "INSERT INTO wraps (account, kind, device, sealed) VALUES ($1, $2, $3, $4)",
        [(account, "password", b"", data.password_wrap), (account, "recovery", b"", data.recovery_wrap)],
    )
    await connection.execute(
        "INSERT INTO devices (account, id, signing_key, label, listed, added, seen)"
        " VALUES ($1, $2, $3, $4, 1, $5, $5)",
        account, device, key, data.device_label, now,
    )  # fmt: skip
    await chain.append(connection, account, 0, data.device)

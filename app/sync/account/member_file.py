"""Where the member's keys rest: one file, sealed by the data key and replaced in one step.

Not the keyring itself, but under a key that is kept there (or under the passphrase, or in key.json; `data key
status` tells): the token of a session changes at each use and must be safe before it is sent, and a keyring
takes a fifth of a second for that and may ask a question nobody is there to answer.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from app.errors import KeyUnavailable
from app.models.aead import NONCE_BYTES, AlteredError, aead
from app.models.database import tell_os
from app.models.keys import DataKey
from app.sync.account.member import Member, Session
from app.sync.crypto.derivation import expand
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import Login, Mark
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Secret
from app.sync.wire.accounts import Kdf

_LABEL = b"devpulse 1 account file\0"
_VERSION = b"\x01"
_LARGEST = 4 << 20


class _Written(Struct, frozen=True):
    """The file's content, as MessagePack. Fields that a newer DevPulse adds have defaults."""

    server: str
    server_id: bytes
    account: bytes
    email: str | None
    device: bytes
    signing: bytes
    exchange: bytes
    label: str
    epoch: int
    roots: dict[int, bytes]
    logins: list[tuple[int, bytes, bool]]
    kdf: Kdf
    mark: tuple[int, bytes]
    secret_key: bytes | None = None
    refresh: bytes | None = None
    following: bytes | None = None
    access: str = ""
    until_ms: int = 0


class MemberFile:
    """The file of one home."""

    def __init__(self, path: Path, key: DataKey) -> None:
        self._path = path
        self._key = key

    def load(self) -> Member | None:
        """The member; None where nobody is signed in. Raises `KeyUnavailable` where it does not open."""
        try:
            with self._path.open("rb") as file:
                sealed = file.read(_LARGEST)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise tell_os(error) from error
        nonce, text = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            if sealed[:1] != _VERSION:
                raise AlteredError
            with self._sealing_key() as key:
                content = aead(key.reveal()).open(nonce, text, _LABEL)
            return _member(msgspec.msgpack.decode(content, type=_Written))
        except (AlteredError, msgspec.MsgspecError, ValueError):
            raise _unreadable(self._path) from None

    def save(self, member: Member) -> None:
        """Replace the file; it is on the disk when this returns. Raises `StorageError`."""
        nonce = os.urandom(NONCE_BYTES)
        with self._sealing_key() as key:
            sealed = aead(key.reveal()).seal(nonce, msgspec.msgpack.encode(_written(member)), _LABEL)
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(_VERSION + nonce + sealed)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink()
            raise tell_os(error) from error

    def forget(self) -> None:
        """Remove the file. Raises `StorageError`."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise tell_os(error) from error

    def _sealing_key(self) -> Secret:
        with Secret(self._key.value) as data_key:
            return expand(data_key, _LABEL)


def _written(member: Member) -> _Written:
    session = member.session
    return _Written(
        server=member.server,
        server_id=member.server_id,
        account=member.account,
        email=member.email,
        device=member.device.device,
        signing=member.device.signing.reveal(),
        exchange=member.device.exchange.reveal(),
        label=member.label,
        epoch=member.roots.epoch,
        roots={epoch: key.reveal() for epoch, key in member.roots.keys.items()},
        logins=[(login.since, login.key, login.recovery) for login in member.logins],
        kdf=member.kdf,
        mark=(member.mark.length, member.mark.digest),
        secret_key=_revealed(member.secret_key),
        refresh=None if session is None else session.refresh.reveal(),
        following=None if session is None else _revealed(session.following),
        access="" if session is None else session.access,
        until_ms=0 if session is None else session.until_ms,
    )


def _member(found: _Written) -> Member:
    session = None
    if found.refresh is not None:
        session = Session(Secret(found.refresh), _secret(found.following), found.access, found.until_ms)
    return Member(
        server=found.server,
        server_id=found.server_id,
        account=found.account,
        email=found.email,
        device=DeviceKeys(found.device, Secret(found.signing), Secret(found.exchange)),
        label=found.label,
        roots=RootKeys(found.epoch, {epoch: Secret(key) for epoch, key in found.roots.items()}),
        logins=tuple(Login(*login) for login in found.logins),
        kdf=found.kdf,
        mark=Mark(*found.mark),
        secret_key=_secret(found.secret_key),
        session=session,
    )


def _revealed(secret: Secret | None) -> bytes | None:
    return None if secret is None else secret.reveal()


def _secret(value: bytes | None) -> Secret | None:
    return None if value is None else Secret(value)


def _unreadable(path: Path) -> KeyUnavailable:
    return KeyUnavailable(
        "The keys of your account cannot be read.",
        detail=f"{path.name} does not open with this home's key, or is damaged. What was recorded is safe.",
        advice="Sign in again: `devpulse account forget`, then `devpulse account sign-in`.",
    )

"""The data key: made once, and kept in the keyring, under a passphrase, or in a file of the owner's.

`key.json` tells which way; only in the file way does it hold the key itself. It is replaced in one
step, and only after the new way has given the key back, so that at every moment one way is valid.
"""

from __future__ import annotations

import base64
import binascii
import os
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from app.errors import KeyUnavailable, StorageError, UsageError
from app.models import keyfile
from app.models.cipher import KEY_BYTES, Cipher
from app.models.database import BROKEN, reading
from app.models.exclusive import exclusive
from app.models.keycheck import mark_of, stored_mark
from app.models.keyfile import Kept, Way
from app.models.keyring_access import Keyring, KeyringRefused
from app.models.passphrase import unwrap, wrap
from app.paths import Paths

SHORTEST_PASSPHRASE = 8


@dataclass(frozen=True, slots=True)
class DataKey:
    """The 32 bytes that seal every stored text. It shows itself nowhere."""

    value: bytes = field(repr=False)

    def cipher(self) -> Cipher:
        return Cipher(self.value)


@dataclass(frozen=True, slots=True)
class KeyState:
    """How the key is kept (None: there is none yet), and what that means, in words."""

    way: Way | None
    told: str


@dataclass(frozen=True, slots=True)
class FirstKey:
    """The key at a start; `created`: just now. `state.told` belongs in the log and in `doctor`."""

    key: DataKey
    state: KeyState
    created: bool


def ensure_key(paths: Paths, *, keyring: Keyring | None = None) -> FirstKey:
    """The key of this home; made on the first start of all, in the keyring if one works, else in a file.

    Raises `KeyUnavailable` (locked, missing, damaged) and never makes a second key for existing data.
    """
    keyring = keyring or Keyring()
    with exclusive(paths.data / "key.lock"):
        if keyfile.read(paths.key_file) is None:
            return _first(paths, keyring)
    return FirstKey(load_key(paths, keyring=keyring), key_state(paths), created=False)


def load_key(paths: Paths, *, keyring: Keyring | None = None) -> DataKey:
    """The key, where no person is needed for it. Raises `KeyUnavailable` with what to do otherwise."""
    kept = _required(paths)
    if kept.way is Way.PASSPHRASE:
        raise KeyUnavailable(
            "Your key is locked by a passphrase.",
            detail="Recording goes on without titles until it is unlocked.",
            advice="Unlock it with `devpulse unlock`.",
        )
    key = _from_keyring(kept, keyring or Keyring()) if kept.way is Way.KEYRING else kept.key
    assert key is not None
    return _checked(kept, key)


def unlock(paths: Paths, passphrase: str) -> DataKey:
    """The key, by its passphrase: some tenths of a second and 64 MB, so it belongs in a command.

    Raises `KeyUnavailable` for another passphrase, `UsageError` when the key is kept another way.
    """
    kept = _required(paths)
    if kept.wrapped is None:
        raise UsageError("The key is not protected by a passphrase.")
    return _checked(kept, unwrap(kept.wrapped, passphrase))


def create_key(
    paths: Paths, way: Way, *, passphrase: str | None = None, keyring: Keyring | None = None
) -> DataKey:
    """Make the key of a new home and keep it this way.

    Raises `KeyUnavailable` when there is a key already, or data that was sealed with a lost one;
    `UsageError` for a passphrase that is too short; `KeyUnavailable` when the keyring refuses.
    """
    with exclusive(paths.data / "key.lock"):
        if keyfile.read(paths.key_file) is not None:
            raise KeyUnavailable("There is a key already.", detail="Nothing was changed.")
        return _create(paths, way, passphrase, keyring or Keyring())


def move_key(
    paths: Paths, key: DataKey, *, to: Way, passphrase: str | None = None, keyring: Keyring | None = None
) -> KeyState:
    """Keep the key another way, or under another passphrase. The old way holds until the new one is proven.

    `key`: from `load_key` or `unlock`. Raises `KeyUnavailable`, `UsageError`, `StorageError`.
    """
    keyring = keyring or Keyring()
    with exclusive(paths.data / "key.lock"):
        before = _required(paths)
        _checked(before, key.value)
        keyfile.write(paths.key_file, _kept(key.value, to, passphrase, keyring))
        if before.account is not None:
            # It stays behind, useless without its account's name, when the keyring does not answer now.
            with suppress(KeyringRefused):
                keyring.delete(before.account)
    return key_state(paths)


def key_state(paths: Paths) -> KeyState:
    """How the key is kept, without asking the keyring. Raises `KeyUnavailable` for a damaged key.json."""
    kept = keyfile.read(paths.key_file)
    return KeyState(None, "There is no key yet.") if kept is None else KeyState(kept.way, _TOLD[kept.way])


def _first(paths: Paths, keyring: Keyring) -> FirstKey:
    try:
        return FirstKey(_create(paths, Way.KEYRING, None, keyring), key_state(paths), created=True)
    except _KeyringFailed as error:
        key = _create(paths, Way.FILE, None, keyring)
        told = f"{error.detail} {_TOLD[Way.FILE]}"
        return FirstKey(key, KeyState(Way.FILE, told), created=True)


def _create(paths: Paths, way: Way, passphrase: str | None, keyring: Keyring) -> DataKey:
    _require_nothing_sealed(paths)
    key = os.urandom(KEY_BYTES)
    keyfile.write(paths.key_file, _kept(key, way, passphrase, keyring))
    return DataKey(key)


def _require_nothing_sealed(paths: Paths) -> None:
    if not paths.database.is_file():
        return
    try:
        with reading(paths.database) as connection:
            mark = stored_mark(connection)
    except (StorageError, *BROKEN):
        # A damaged database is for recovery; what it says of its key is found out there.
        return
    if mark is not None:
        raise KeyUnavailable(
            "The key to your data is missing.",
            detail=f"{paths.key_file.name} is gone; titles recorded so far cannot be read without it.",
            advice="Bring key.json back from a backup of your data folder.",
        )


def _kept(key: bytes, way: Way, passphrase: str | None, keyring: Keyring) -> Kept:
    """Keep the key the new way, and prove that it comes back, before key.json tells of it."""
    check = mark_of(Cipher(key))
    if way is Way.FILE:
        return Kept(way, check, key=key)
    if way is Way.PASSPHRASE:
        if passphrase is None or len(passphrase) < SHORTEST_PASSPHRASE:
            raise UsageError(f"A passphrase has at least {SHORTEST_PASSPHRASE} characters.")
        wrapped = wrap(key, passphrase)
        if unwrap(wrapped, passphrase) != key:
            raise KeyUnavailable("The key could not be wrapped.", detail="Nothing was changed.")
        return Kept(way, check, wrapped=wrapped)
    account = str(uuid4())
    try:
        keyring.set(account, base64.b64encode(key).decode())
        if _decoded(keyring.get(account)) == key:
            return Kept(way, check, account=account)
        reason = "The keyring did not give back what it was given."
    except KeyringRefused as error:
        reason = str(error)
    with suppress(KeyringRefused):
        keyring.delete(account)
    raise _KeyringFailed("The keyring cannot keep your key.", detail=reason, advice="Choose another way.")


class _KeyringFailed(KeyUnavailable):
    """The keyring could not be made to keep a key."""


def _required(paths: Paths) -> Kept:
    kept = keyfile.read(paths.key_file)
    if kept is None:
        _require_nothing_sealed(paths)
        raise KeyUnavailable("There is no key yet.", advice="It is made when DevPulse starts.")
    return kept


def _from_keyring(kept: Kept, keyring: Keyring) -> bytes:
    assert kept.account is not None
    try:
        key = _decoded(keyring.get(kept.account))
    except KeyringRefused as error:
        raise KeyUnavailable(
            "The keyring does not give your key.",
            detail=f"{error} Recording goes on without titles.",
            advice="Unlock the keyring of your desktop, then restart DevPulse.",
        ) from error
    if key is None:
        raise KeyUnavailable(
            "Your key is no longer in the keyring.",
            detail="Titles recorded so far cannot be read without it; nothing was changed.",
            advice="Bring back the keyring that held it (another login, another machine?).",
        )
    return key


def _decoded(secret: str | None) -> bytes | None:
    try:
        key = base64.b64decode(secret or "", validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def _checked(kept: Kept, key: bytes) -> DataKey:
    if mark_of(Cipher(key)) != kept.check:
        raise KeyUnavailable(
            "The key that was found is not the right one.",
            detail="It does not fit key.json. Nothing was changed.",
            advice="Bring back the key.json, or the keyring's entry, that belong together.",
        )
    return DataKey(key)


_TOLD = {
    Way.KEYRING: "The key to your titles is kept in the keyring of your desktop.",
    Way.FILE: (
        "The key to your titles lies in the file key.json beside the database, for you alone to read: "
        "whoever can read your files can read your titles. A passphrase protects better: "
        "`devpulse data key move passphrase`."
    ),
    Way.PASSPHRASE: (
        "The key to your titles is locked by your passphrase; after each start `devpulse unlock` "
        "opens it. Nobody can read the titles without it, you included."
    ),
}

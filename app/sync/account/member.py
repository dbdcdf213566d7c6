"""What makes this machine a member of an account: its keys, and what it has seen of the account. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import Login, Mark
from app.sync.crypto.object_ids import ObjectIds
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Secret
from app.sync.wire.accounts import Kdf


@dataclass(frozen=True, slots=True)
class Session:
    """`refresh`: the token that renews it. `following`: the next one, once it has been sent for.

    `access` is good until `until_ms` (by this machine's clock); "" where there is none yet.
    """

    refresh: Secret
    following: Secret | None = None
    access: str = field(default="", repr=False)
    until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """`server_id`: whom we sign for, whatever the address. `secret_key`: None after a sign-in by words.

    `kdf`: the strongest way of hardening the password that was seen; `mark`: where the device list ended when
    it was last seen; `logins`: whose links in that list count. `label`: this machine's name.
    """

    server: str
    server_id: bytes
    account: bytes
    email: str | None
    device: DeviceKeys
    label: str
    roots: RootKeys
    logins: tuple[Login, ...]
    kdf: Kdf
    mark: Mark
    secret_key: Secret | None = None
    session: Session | None = None

    @property
    def ids(self) -> ObjectIds:
        """The names of this account's objects. Raises `UnknownEpoch` before the keyring has been read."""
        return ObjectIds(self.roots, self.device.device)

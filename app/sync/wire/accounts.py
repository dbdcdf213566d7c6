"""Messages about accounts: signing up, signing in, devices, keys.

JSON over HTTPS; bytes are base64, ids UUIDs, times milliseconds since 1970 (UTC). What is signed is the
MessagePack of a `Proof` (as an array, `msgspec.msgpack.encode`), by Ed25519; a device statement is signed
as the very bytes that are sent.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

LABEL = "devpulse sign 1"

Key32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Digest = Annotated[bytes, Meta(min_length=32, max_length=32)]
Signature = Annotated[bytes, Meta(min_length=64, max_length=64)]
# An envelope of kind "wrap" (the root key under one key), or a device's sealed name. Opaque to the service.
Sealed = Annotated[bytes, Meta(min_length=1, max_length=4096)]
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]

Action = Literal["sign-up", "sign-in", "recover", "refresh", "change-password", "change-recovery", "delete"]


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """A message: frozen, and one with a field too many is refused."""


class Proof(Struct, frozen=True, array_like=True):
    """What is signed to prove a key: MessagePack array of these, in this order.

    `server`, `account`, `device` are 16 bytes (device all zeros where there is none), `challenge` 32: the
    challenge, or for a refresh the SHA-256 of the refresh token followed by the SHA-256 of the next one.
    """

    label: str
    action: str
    server: bytes
    account: bytes
    device: bytes
    challenge: bytes


class Kdf(Message, frozen=True):
    """How the password becomes a key. A client refuses parameters below its own floor, whoever asks."""

    algorithm: Literal["argon2id", "pbkdf2-sha256"]
    salt: Key32
    memory_kib: Annotated[int, Meta(ge=0, le=1 << 20)]
    iterations: Annotated[int, Meta(ge=1, le=10_000_000)]
    parallelism: Annotated[int, Meta(ge=1, le=16)]


class DeviceStatement(Struct, frozen=True, array_like=True):
    """One link of an account's device list: signed as its MessagePack bytes, chained by `parent`.

    `parent` is the SHA-256 of the statement before it, followed by its signature; 32 zeros in the first.
    `signer` is the id of the device that signs, or the account's own id where its login key or the key of
    its recovery words does.
    """

    version: int
    account: bytes
    sequence: int
    parent: bytes
    action: Literal["add", "revoke"]
    device: bytes
    signing_key: bytes
    exchange_key: bytes
    time: int
    signer: bytes


class SignedStatement(Message, frozen=True):
    """A `DeviceStatement` as it was signed, byte for byte, with its signature."""

    statement: Annotated[bytes, Meta(min_length=1, max_length=1024)]
    signature: Signature


class ChallengeRequest(Message, frozen=True):
    """Ask for something to sign. `login` is an e-mail or an account id; at sign-up the new account's id."""

    action: Action
    login: Annotated[str, Meta(min_length=3, max_length=254)]


class Challenge(Message, frozen=True):
    """Sign `challenge` within `expires_in` seconds, once. For an unknown login it looks just the same."""

    challenge: Digest
    server: UUID
    account: UUID
    kdf: Kdf
    expires_in: int


class SignUp(Message, frozen=True):
    """A new account with its first device, signed (action "sign-up") by login key and recovery key."""

    account: UUID
    kdf: Kdf
    login_key: Key32
    recovery_key: Key32
    password_wrap: Sealed
    recovery_wrap: Sealed
    device: SignedStatement
    device_label: Sealed
    challenge: Digest
    login_proof: Signature
    recovery_proof: Signature
    email: Email | UnsetType = UNSET
    invitation: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET


class SignedUp(Message, frozen=True):
    """The account is there; now sign in."""

    account: UUID
    created: int


class SignIn(Message, frozen=True):
    """Prove the login key (action "sign-in"), the recovery key ("recover"), or a listed device's key.

    `proof` and `device_proof` sign the same `Proof`; with the method "device" they are the same. `refresh`
    is the SHA-256 of the first refresh token: 32 random bytes that the client has made and keeps. A device
    that the account does not list yet may sign in; to push it must be listed (`POST /v1/devices`).
    """

    account: UUID
    device: UUID
    method: Literal["password", "recovery", "device"]
    challenge: Digest
    proof: Signature
    device_key: Key32
    device_proof: Signature
    refresh: Digest
    device_label: Sealed


class OAuthSignIn(Message, frozen=True):
    """Trade the code that came to the loopback address for a session, without the vault.

    `device_proof` signs a `Proof` with the action "sign-in", an account of zeros, and the SHA-256 of `code`.
    """

    code: Annotated[str, Meta(min_length=20, max_length=200)]
    code_verifier: Annotated[str, Meta(min_length=43, max_length=128)]
    device: UUID
    device_key: Key32
    device_proof: Signature
    refresh: Digest
    device_label: Sealed


class Tokens(Message, frozen=True):
    """An open session. The refresh token is the client's own and never sent by the service."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
    session: UUID
    account: UUID


class Refresh(Message, frozen=True):
    """A new access token for a refresh token, which is spent by it; `next` is the SHA-256 of the next one.

    Signed by the device's key (action "refresh"). If the answer was lost, repeat the very same request.
    """

    token: Key32
    next: Digest
    proof: Signature


class DeviceShown(Message, frozen=True):
    """One device: `label` is sealed, only the account's own devices can read it."""

    device: UUID
    label: Sealed
    listed: bool
    added: int
    seen: int
    current: bool
    revoked: int | None


class DeviceList(Message, frozen=True):
    """The devices, and the signed chain that says so."""

    devices: list[DeviceShown]
    chain: list[SignedStatement]


class ChangeDevices(Message, frozen=True):
    """The next statement of the chain: list a device, or revoke one, whose sessions end at once.

    With a device come the root key wrapped for it, and its sealed label.
    """

    statement: SignedStatement
    wrap: Sealed | UnsetType = UNSET
    label: Sealed | UnsetType = UNSET


class Wrap(Message, frozen=True):
    """The account's root key under one key: the password's, the recovery key's, or a device's."""

    kind: Literal["password", "recovery", "device"]
    sealed: Sealed
    device: UUID | UnsetType = UNSET


class Account(Message, frozen=True):
    """What the service knows of an account, for the account itself."""

    account: UUID
    email: str | None
    created: int
    epoch: int
    keys_version: int
    kdf: Kdf
    login_key: Key32
    recovery_key: Key32
    wraps: list[Wrap]
    identities: list[str]


class ChangeAccount(Message, frozen=True):
    """A new e-mail, or none."""

    email: Email | None


class ChangePassword(Message, frozen=True):
    """A new password (or a new recovery key): its public key, and the root key wrapped under it.

    Signed over a fresh challenge by a key that counts now (`proof`, by `proven_by`), and by the new key.
    `keys_version` is the one that was seen; a change in between is answered with 409.
    """

    keys_version: int
    challenge: Digest
    proven_by: Literal["password", "recovery"]
    proof: Signature
    new_key: Key32
    new_proof: Signature
    wrap: Sealed
    kdf: Kdf | UnsetType = UNSET


class RotateRoot(Message, frozen=True):
    """A new root key: the next epoch, and every wrap of it. Wraps not named here are gone afterwards."""

    epoch: Annotated[int, Meta(ge=1, le=1 << 31)]
    wraps: Annotated[list[Wrap], Meta(min_length=2, max_length=100)]


class DeleteAccount(Message, frozen=True):
    """Signed by the login key or the recovery key (action "delete"). There is no way back."""

    challenge: Digest
    proven_by: Literal["password", "recovery"]
    proof: Signature


class SessionShown(Message, frozen=True):
    """One open session: a device's, one by "sign in with", or a browser's."""

    session: UUID
    kind: Literal["device", "oauth", "browser"]
    device: UUID | None
    created: int
    used: int
    expires: int
    current: bool


class SessionList(Message, frozen=True):
    """The open sessions, the latest used first."""

    sessions: list[SessionShown]


class TicketRequest(Message, frozen=True):
    """Ask for a ticket: for the events' WebSocket, or for the account's pages in a browser."""

    purpose: Literal["events", "browser"]


class Ticket(Message, frozen=True):
    """Good once, for `expires_in` seconds."""

    ticket: str
    expires_in: int


PairingBytes = Annotated[bytes, Meta(min_length=1, max_length=65_536)]


class PairingOffer(Message, frozen=True):
    """What a new machine leaves under `place`, the digest of a code that a person carries over."""

    place: Digest
    content: Annotated[bytes, Meta(min_length=1, max_length=1024)]


class PairingContent(Message, frozen=True):
    """An offer, or what a machine of the account answers: sealed to the new machine's key."""

    content: PairingBytes

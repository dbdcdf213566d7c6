"""Pairing: a new machine shows a code, a listed one takes it in; the service carries two sealed notes.

1. The new machine makes its keys and a code, and leaves an *offer* (its public keys) at a place that
   follows from the code.
2. The listed machine is told the code, fetches the offer, sees that it was made with this code, and shows
   the six words that the new one shows.
3. It lists the new machine and leaves a *welcome*, sealed to the new machine's key (HPKE) and authenticated
   by the code: root keys, Secret Key, where the device list and the heads stand.

Code and place pass through Argon2id, so a service that keeps the offer needs some tenths of a second for
every one of 2⁶⁰ guesses, in the ten minutes that it lies there; and then the words still differ.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.sync.crypto import base32, hpke, labels
from app.sync.crypto.derivation import expand
from app.sync.crypto.device_keys import DeviceKeys, DevicePublic
from app.sync.crypto.device_list import Mark
from app.sync.crypto.fingerprint import fingerprint
from app.sync.crypto.keyring import Keyring, decode_keyring, encode_keyring
from app.sync.crypto.refusals import Mistyped, NotSealedForUs
from app.sync.crypto.secret import Random, Secret
from app.sync.crypto.unpacking import unpacked

CODE_CHARACTERS = 12
MOST_BYTES = 64 * 1024
_MAC_BYTES = 32
_CODE_BYTES = 8
_MEMORY_KIB, _PASSES, _LANES = 64 * 1024, 3, 4
_WHAT = "pairing code"

_Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
_Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
_Whole = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A code that was stretched. `place`: where the notes lie, 32 bytes."""

    text: str = field(repr=False)
    place: bytes
    _mac: Secret

    def mac(self, label: bytes, *fields: bytes) -> bytes:
        """What only who knows the code can put under a note."""
        return hmac.digest(self._mac.view(), b"".join((label, *fields)), "sha256")


@dataclass(frozen=True, slots=True)
class Offer:
    """A new machine's public keys, as they were in its offer. `words`: six, to compare on both screens."""

    public: DevicePublic
    digest: bytes
    words: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """All that a new machine needs. `heads`: device → (sequence, digest), the latest that were seen."""

    account: bytes
    server: str
    secret_key: Secret
    keyring: Keyring
    anchor: Mark
    heads: dict[bytes, tuple[int, bytes]]


class _OfferBody(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    version: Annotated[int, Meta(ge=1, le=1)]
    device: _Id
    signing_key: _Bytes32
    exchange_key: _Bytes32


class _WelcomeBody(Struct, array_like=True, frozen=True):
    version: Annotated[int, Meta(ge=1, le=1)]
    account: _Id
    server: Annotated[str, Meta(max_length=500)]
    secret_key: _Id
    keyring: Annotated[bytes, Meta(max_length=MOST_BYTES)]
    anchor_length: _Whole
    anchor_digest: _Bytes32
    heads: Annotated[list[tuple[_Id, _Whole, _Bytes32]], Meta(max_length=1000)]


_OFFER = msgspec.msgpack.Decoder(_OfferBody)
_WELCOME = msgspec.msgpack.Decoder(_WelcomeBody)


def fresh_code(random: Random) -> PairingCode:
    """A code for the new machine to show: `XXXX-XXXX-XXXX`. Takes some tenths of a second."""
    return read_code(base32.encode(random(_CODE_BYTES), CODE_CHARACTERS))


def read_code(text: str) -> PairingCode:
    """A code as it was typed. Takes some tenths of a second. Raises `Mistyped`."""
    from argon2.low_level import Type, hash_secret_raw

    number = base32.decode(text, CODE_CHARACTERS, _WHAT)
    shown = base32.encode((number << 4).to_bytes(_CODE_BYTES), CODE_CHARACTERS)
    salt = hashlib.sha256(labels.PAIRING_CODE).digest()
    stretched = Secret(
        hash_secret_raw(shown.encode(), salt, _PASSES, _MEMORY_KIB, _LANES, hash_len=32, type=Type.ID)
    )
    with stretched:
        place = expand(stretched, labels.PAIRING_PLACE).reveal()
        return PairingCode(shown, place, expand(stretched, labels.PAIRING_MAC))


def make_offer(public: DevicePublic, code: PairingCode) -> bytes:
    """The new machine's note: its public keys, and that they are of who has the code."""
    body = msgspec.msgpack.encode(_OfferBody(1, public.device, public.signing_key, public.exchange_key))
    return body + code.mac(labels.PAIRING_OFFER, body)


def read_offer(note: bytes, code: PairingCode) -> Offer:
    """Raises `Mistyped` where the note was not made with this code, `BadBody` where it is none."""
    body, mac = note[:-_MAC_BYTES], note[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, code.mac(labels.PAIRING_OFFER, body)):
        raise Mistyped(
            "What waits for this code was not made with it.",
            detail="Nothing was sent to it.",
            advice="Make a new code on the new machine. If it happens again, do not trust the service.",
        )
    found = unpacked(body, _OFFER, "The new machine's offer")
    public = DevicePublic(found.device, found.signing_key, found.exchange_key)
    return Offer(public, hashlib.sha256(note).digest(), offer_words(public))


def offer_words(public: DevicePublic) -> str:
    """Six words of a new machine's keys, for both screens."""
    return fingerprint(labels.PAIRING_WORDS, public.device, public.signing_key, public.exchange_key)


def make_welcome(welcome: Welcome, offer: Offer, code: PairingCode) -> bytes:
    """The listed machine's note, for the offer's key alone."""
    heads = [(device, sequence, digest) for device, (sequence, digest) in sorted(welcome.heads.items())]
    body = msgspec.msgpack.encode(
        _WelcomeBody(
            1,
            welcome.account,
            welcome.server,
            welcome.secret_key.reveal(),
            encode_keyring(welcome.keyring),
            welcome.anchor.length,
            welcome.anchor.digest,
            heads,
        )
    )
    sealed = hpke.seal_to(offer.public.exchange_key, body, labels.PAIRING_ANSWER + offer.digest)
    return sealed + code.mac(labels.PAIRING_ANSWER, offer.digest, sealed)


def read_welcome(note: bytes, keys: DeviceKeys, code: PairingCode) -> Welcome:
    """Raises `NotSealedForUs` where the note is not an answer to our offer by who was told the code."""
    offered = hashlib.sha256(make_offer(keys.public, code)).digest()
    sealed, mac = note[:-_MAC_BYTES], note[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, code.mac(labels.PAIRING_ANSWER, offered, sealed)):
        raise NotSealedForUs
    body = hpke.open_with(keys.exchange, sealed, labels.PAIRING_ANSWER + offered)
    found = unpacked(body, _WELCOME, "The welcome")
    return Welcome(
        found.account,
        found.server,
        Secret(found.secret_key),
        decode_keyring(found.keyring),
        Mark(found.anchor_length, found.anchor_digest),
        {device: (sequence, digest) for device, sequence, digest in found.heads},
    )

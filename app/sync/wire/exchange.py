"""Messages about the vault: pushing and pulling envelopes. MessagePack over HTTPS; bytes are bytes.

A push and a pull go in one round trip. The push is all or nothing: either every envelope is stored, or
none and the answer (409) names those whose parent is not the current version any more. Pushing again
what is stored already changes nothing and answers the same.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

CONTENT_TYPE = "application/vnd.msgpack"
MOST_PUSHED = 1_000
PAGE_BYTES = 4 << 20

Lineage = Annotated[bytes, Meta(max_length=16)]
Envelope = Annotated[bytes, Meta(min_length=116, max_length=1 << 20)]


class SyncRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`cursor`: the last sequence this device has seen (0: none) of the vault whose `lineage` it knows.

    `lineage` is empty at the first call. `page`: bytes of envelopes wanted at the most; 0 pulls nothing.
    """

    cursor: Annotated[int, Meta(ge=0, lt=1 << 62)] = 0
    lineage: Lineage = b""
    push: Annotated[list[Envelope], Meta(max_length=MOST_PUSHED)] = []
    page: Annotated[int, Meta(ge=0, le=PAGE_BYTES)] = PAGE_BYTES


class Pushed(Struct, frozen=True, array_like=True):
    """What became of a pushed envelope: its sequence; `fresh` is false where it was stored before."""

    sequence: int
    fresh: bool


class Pulled(Struct, frozen=True, array_like=True):
    """A current envelope and its sequence."""

    sequence: int
    envelope: bytes


class SyncAnswer(Struct, frozen=True):
    """`pushed` in the order of the push. `cursor` is the one to send next; `more`: ask again at once.

    `latest` is the vault's last sequence. Versions that others have replaced meanwhile are left out.
    """

    lineage: bytes
    cursor: int
    latest: int
    more: bool
    pushed: list[Pushed]
    pulled: list[Pulled]


class Version(Struct, frozen=True, array_like=True):
    """One version of an object; times in ms since 1970, `superseded` null in the current one."""

    sequence: int
    received: int
    superseded: int | None
    envelope: bytes


class VersionList(Struct, frozen=True):
    """The versions the service still has, the newest first; `more`: ask again `before` the last one's."""

    versions: list[Version]
    more: bool


class Listen(Struct, frozen=True, forbid_unknown_fields=True):
    """The first message of a listener for events (JSON text): an access token, or a ticket."""

    token: Annotated[str, Meta(max_length=4096)] = ""
    ticket: Annotated[str, Meta(max_length=200)] = ""


class Hint(Struct, frozen=True):
    """Something may be new: the vault's last sequence as the service knows it (JSON text)."""

    latest: int

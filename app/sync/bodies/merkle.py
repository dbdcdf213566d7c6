"""One digest for many leaves: the tree of RFC 9162, section 2.1, over sorted leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from app.sync.wire.envelope import Kind

_LEAF, _NODE = b"\0", b"\1"


def root(leaves: Iterable[bytes]) -> bytes:
    """The root, 32 bytes; the leaves' order does not matter, and none is there twice."""
    level = [hashlib.sha256(_LEAF + leaf).digest() for leaf in sorted(leaves)]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        # Pairing from the left makes the RFC's tree: the last, odd one goes up as it is.
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [hashlib.sha256(_NODE + left + right).digest() for left, right in pairs] + odd
    return level[0]


def slots_root(slots: Iterable[tuple[int, bytes]]) -> bytes:
    """Of a device's activity: (hour, `slot_digest`) of each of its slots."""
    return root(hour.to_bytes(4) + digest for hour, digest in slots)


def records_root(records: Iterable[tuple[Kind, bytes, int, bytes]]) -> bytes:
    """Of records, settings and conflicts: (kind, object, version, envelope's digest) of each current one."""
    return root(
        bytes((kind,)) + object_ + version.to_bytes(8) + digest for kind, object_, version, digest in records
    )

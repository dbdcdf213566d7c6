"""Six words that two people, or one before two screens, compare: 66 bits of SHA-256.

To show the same words for something else, somebody has to try 2⁶⁶ of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from app.sync.crypto import labels
from app.sync.crypto.device_list import DeviceList, Mark
from app.sync.crypto.word_list import BITS_A_WORD, spelled

WORDS = 6
_BITS = WORDS * BITS_A_WORD


def words(of: DeviceList | Mark) -> str:
    """Of the device list: the same on all machines that see the same list."""
    mark = of if isinstance(of, Mark) else of.mark
    return fingerprint(labels.DEVICE_LIST_WORDS, mark.length.to_bytes(4), mark.digest)


def vault_words(mark: Mark, heads: Iterable[tuple[bytes, int, bytes]]) -> str:
    """Of the device list and heads (device, sequence, digest): the same where two machines stand alike."""
    vector = b"".join(device + sequence.to_bytes(8) + digest for device, sequence, digest in sorted(heads))
    return fingerprint(labels.VAULT_WORDS, mark.length.to_bytes(4), mark.digest, vector)


def fingerprint(label: bytes, *fields: bytes) -> str:
    """Six words of a label and its fields."""
    digest = hashlib.sha256(b"".join((label, *fields))).digest()
    return spelled(int.from_bytes(digest) >> 256 - _BITS, WORDS)

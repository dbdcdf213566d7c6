"""The recovery key as 24 words: BIP-39's encoding of 256 bits and an 8-bit check.

Only the encoding is BIP-39's; the words are turned back into the 32 bytes, and the keys made from those
(`account_keys.from_recovery`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from app.sync.crypto.refusals import Mistyped
from app.sync.crypto.secret import Random, Secret
from app.sync.crypto.word_list import BITS_A_WORD, english, numbers, spelled

ENTROPY_BYTES = 32
WORDS = 24

_CHECK_BITS = 8
# People number them, and put commas.
_BETWEEN = re.compile(r"[\s,;.:]*(?:\d+[.):]?)?[\s,;.:]+")


def fresh(random: Random) -> Secret:
    """A new recovery key."""
    return Secret.random(ENTROPY_BYTES, random)


def encode(entropy: Secret) -> str:
    """The 24 words, by blanks."""
    number = int.from_bytes(entropy.view()) << _CHECK_BITS | _check(entropy)
    return spelled(number, WORDS)


def decode(text: str) -> Secret:
    """The inverse; the first four letters of a word will do. Raises `Mistyped`, and never quotes a word."""
    typed = [word for word in _BETWEEN.split(f" {unicodedata.normalize('NFKC', text).lower()} ") if word]
    if len(typed) != WORDS:
        raise Mistyped(f"There are {WORDS} recovery words; these are {len(typed)}.")
    number = 0
    for place, word in enumerate(typed, 1):
        number = number << BITS_A_WORD | _number(word, place)
    entropy = Secret((number >> _CHECK_BITS).to_bytes(ENTROPY_BYTES))
    if number & (1 << _CHECK_BITS) - 1 != _check(entropy):
        raise Mistyped(
            "These words do not belong together.",
            detail="All of them are on the list, so one was taken for another, or two have changed places.",
            advice="Compare them with the paper, one by one.",
        )
    return entropy


def _number(word: str, place: int) -> int:
    number = numbers().get(word, numbers().get(word[:4]) if len(word) > 4 else None)
    if number is None or not english()[number].startswith(word):
        raise Mistyped(f"Word {place} is not on the list of recovery words.", advice="Compare its spelling.")
    return number


def _check(entropy: Secret) -> int:
    return hashlib.sha256(entropy.view()).digest()[0]

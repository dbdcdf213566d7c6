"""The 2,048 English words of BIP-39: each is told by its first four letters."""

from __future__ import annotations

from functools import lru_cache

from app.paths import resources

WORDS = 2048
BITS_A_WORD = 11


@lru_cache(maxsize=1)
def english() -> tuple[str, ...]:
    """The list, in its order."""
    words = tuple((resources() / "recovery_words.txt").read_text(encoding="ascii").split())
    if len(words) != WORDS:
        raise ValueError("the list of words is damaged: install DevPulse anew")
    return words


@lru_cache(maxsize=1)
def numbers() -> dict[str, int]:
    """Each word's place, also under its first four letters."""
    places = {word: place for place, word in enumerate(english())}
    return {word[:4]: place for word, place in places.items()} | places


def spelled(number: int, words: int) -> str:
    """The lowest `words` × 11 bits of a number, as words."""
    mask = WORDS - 1
    return " ".join(english()[number >> BITS_A_WORD * at & mask] for at in range(words - 1, -1, -1))

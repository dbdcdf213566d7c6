"""Which commands fit what a person types into the palette. Pure."""

from __future__ import annotations

import unicodedata


def score(typed: str, title: str) -> int | None:
    """How well `title` fits: higher is better, None when it does not. Each typed word must be found.

    The start of the title beats the start of a word, which beats the middle of one; letters in order
    with gaps fit least.
    """
    plain = _plain(title)
    total = 0
    for word in _plain(typed).split():
        found = _word(word, plain)
        if found is None:
            return None
        total += found
    return total


def _word(word: str, title: str) -> int | None:
    at = title.find(word)
    if at == 0:
        return 100
    if at > 0:
        return 80 if f" {word}" in title else 50
    return 10 if _in_order(word, title) else None


def _in_order(letters: str, title: str) -> bool:
    rest = iter(title)
    return all(letter in rest for letter in letters)


def _plain(text: str) -> str:
    """Lower case without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))

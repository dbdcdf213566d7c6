"""Crockford's base 32 in groups of four: what a person copies from paper, in whatever case, with 0 for O."""

from __future__ import annotations

from app.sync.crypto.refusals import Mistyped

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_IGNORED = str.maketrans("", "", " -–—_.\t\r\n\u00a0\u2010\u2011")


def encode(value: bytes, characters: int) -> str:
    """The first `characters` × 5 bits of a value (zeros behind it), grouped by hyphens."""
    bits = characters * 5
    number = int.from_bytes(value)
    shift = bits - len(value) * 8
    number = number << shift if shift >= 0 else number >> -shift
    letters = [_ALPHABET[number >> 5 * place & 31] for place in range(characters - 1, -1, -1)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, characters, 4))


def decode(text: str, characters: int, what: str) -> int:
    """The number that so many characters say. Raises `Mistyped`, with the place and never the character."""
    letters = text.translate(_IGNORED).upper()
    for place, letter in enumerate(letters, 1):
        if letter not in _VALUES:
            raise Mistyped(
                f"The {what} has a character at place {place} that none has.", advice="Compare it once more."
            )
    if len(letters) != characters:
        raise Mistyped(
            f"The {what} has {characters} characters; these are {len(letters)}.",
            advice="Compare it once more.",
        )
    number = 0
    for letter in letters:
        number = number << 5 | _VALUES[letter]
    return number

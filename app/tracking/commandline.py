"""What a command line says of the program's own options and files (pure). It is looked at and never kept."""

from __future__ import annotations

from collections.abc import Sequence


def options(
    words: Sequence[str], *, with_value: str, without_value: str = ""
) -> tuple[dict[str, str], Sequence[str]]:
    """Single-letter options as getopt reads them, up to the first word that is none, and what follows.

    `with_value`: letters whose value follows. An option without value has the value "". Letters that are
    in neither list end the reading.
    """
    found: dict[str, str] = {}
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] not in {"-", "--"}:
        word = rest.pop(0)
        for at, letter in enumerate(word[1:], 1):
            if letter in with_value:
                value = word[at + 1 :]
                found[letter] = value or (rest.pop(0) if rest else "")
                break
            if letter not in without_value:
                return found, rest
            found[letter] = ""
    return found, rest


def files(words: Sequence[str]) -> list[str]:
    """Words after the program's name that may be files, the likeliest last: no option, no address."""
    found: list[str] = []
    only_files = False
    for word in words[1:]:
        if word == "--":
            only_files = True
        elif word and "\0" not in word and (only_files or not word.startswith(("-", "+"))):
            path = word.removeprefix("file://")
            if "://" not in path:
                found.append(path)
    return found

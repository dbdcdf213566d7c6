"""Sentences of the lower floors (errors, findings of the agent) in another language, their values kept. Pure.

Those floors write plain English, with names and numbers put in already: whoever is told by a command reads it
as it is. A table therefore holds their sentences with `{places}`, and a sentence is known again by what
stands around them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

_PLACE = re.compile(r"\{(\w+)\}")
_ENDS = re.compile(r"(?<=[.!?:])\s+")
# Values that are sentences of the lower floors themselves.
_SENTENCES = frozenset({"reason", "problem", "title", "detail", "advice", "error", "why", "strerror", "unit"})


class Sentences:
    """`said`: from a sentence of the lower floors to its translation, both with the same places; `table`: all
    else that is known by itself, such as the units of settings."""

    def __init__(self, said: Mapping[str, str], table: Mapping[str, str] | None = None) -> None:
        self._said = said
        self._table = {**(table or {}), **said}

    def of(self, text: str) -> str:
        """The text in the other language; what is not known stays as it is."""
        whole = self._known(text)
        if whole is not None:
            return whole
        return "\n".join(self._line(line) for line in text.split("\n"))

    def _line(self, line: str) -> str:
        whole = self._known(line)
        if whole is not None:
            return whole
        # The longest beginnings first: a translation may hold several sentences.
        cuts = [match for match in _ENDS.finditer(line) if match.start()]
        for cut in reversed(cuts):
            known = self._known(line[: cut.start()])
            if known is not None:
                return f"{known} {self._line(line[cut.end() :])}"
        if cuts:
            return f"{line[: cuts[0].start()]} {self._line(line[cuts[0].end() :])}"
        bare = self._known(line.removesuffix("."))
        return line if bare is None else f"{bare}."

    def _known(self, text: str) -> str | None:
        if text in self._table:
            return self._table[text]
        for pattern, source in self._patterns:
            found = pattern.fullmatch(text)
            if found is not None:
                return self._filled(self._table[source], found.groupdict())
        return None

    def _filled(self, translated: str, values: Mapping[str, str]) -> str:
        def value(place: re.Match[str]) -> str:
            given = values[place[1]]
            return self.of(given) if place[1] in _SENTENCES else given

        return _PLACE.sub(value, translated)

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Those that say most come first."""
        told = [source for source in self._said if _PLACE.search(source) and says_something(source)]
        told.sort(key=lambda source: -len(_PLACE.sub("", source)))
        return [(_pattern(source), source) for source in told]


def says_something(source: str) -> bool:
    """Whether there is a word beside the places, by which the sentence can be known again."""
    return re.search(r"\w{2}", _PLACE.sub(" ", source)) is not None


def _pattern(source: str) -> re.Pattern[str]:
    parts = _PLACE.split(source)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    )

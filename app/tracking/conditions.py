"""The conditions of a rule: `{"field": "application", "is": "one_of", "value": ["code", "vim"]}`.

| field | is |
| --- | --- |
| application, title, url, path, project, branch, language | equals, one_of, contains, glob, pattern |
| url | also host: the site or one below it |
| time | between: `mon-fri 09:00-17:00`, see `schedule.py` |

All but `pattern` take upper and lower case as the same. A value is a text; `one_of` takes a list, and
`contains`, `glob` and `host` may: any of them then suffices. What is not known (no project, no title
recorded) fits no condition.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from app.errors import UsageError
from app.tracking.patterns import compile_pattern, glob_matches
from app.tracking.schedule import Schedule, parse_schedule

FIELDS: tuple[str, ...] = ("application", "title", "url", "path", "project", "branch", "language")
MOST_CONDITIONS = 20
MOST_VALUES = 1000
LONGEST_VALUE = 1000

Facts = Mapping[str, str | None]
Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one field. `texts`: what it is compared with for equality, None for other tests."""

    subject: str
    fits: Test = field(repr=False)
    texts: frozenset[str] | None = field(default=None, repr=False)

    def holds(self, facts: Facts) -> bool:
        known = facts.get(self.subject)
        return known is not None and self.fits(known)


@dataclass(frozen=True, slots=True)
class Conditions:
    """All conditions of a rule: those on what was seen, and those on when."""

    seen: tuple[Condition, ...]
    when: tuple[Schedule, ...] = ()

    def hold(self, facts: Facts) -> bool:
        """Whether those on what was seen hold."""
        return all(condition.holds(facts) for condition in self.seen)

    def hold_at(self, local: datetime) -> bool:
        """Whether those on when hold."""
        return all(schedule.covers(local) for schedule in self.when)

    @property
    def applications(self) -> frozenset[str] | None:
        """The only applications (case-folded) they can hold for; None when it may be any."""
        sets = [c.texts for c in self.seen if c.subject == "application" and c.texts is not None]
        return sets[0].intersection(*sets[1:]) if sets else None


def parse_conditions(text: str) -> Conditions:
    """Conditions from their JSON text; raises `UsageError` or `InvalidPattern` in words."""
    try:
        content: object = json.loads(text)
    except (ValueError, RecursionError):
        raise _refused("They are not JSON.") from None
    if not isinstance(content, list):
        raise _refused("They are a list of objects.")
    return read_conditions(cast("list[object]", content))


def read_conditions(items: Sequence[object]) -> Conditions:
    """Conditions from a list of objects; raises `UsageError` or `InvalidPattern` in words."""
    if not 1 <= len(items) <= MOST_CONDITIONS:
        raise _refused(f"A rule has 1 to {MOST_CONDITIONS} of them.")
    seen: list[Condition] = []
    when: list[Schedule] = []
    for item in items:
        if not isinstance(item, Mapping) or set(cast("Mapping[object, object]", item)) != {
            "field",
            "is",
            "value",
        }:
            raise _refused("Each is an object with field, is and value.")
        fields = cast("Mapping[str, object]", item)
        if (fields["field"], fields["is"]) == ("time", "between"):
            when.append(parse_schedule(_texts(fields["value"], several=False)[0]))
        else:
            seen.append(_condition(fields["field"], fields["is"], fields["value"]))
    return Conditions(tuple(seen), tuple(when))


def _condition(name: object, how: object, value: object) -> Condition:
    if not isinstance(name, str) or name not in FIELDS:
        raise _refused(f"A field is one of: {', '.join(FIELDS)}, time.")
    if not isinstance(how, str) or how not in _TESTS or (how == "host" and name != "url"):
        raise _refused(f"What {name} is cannot be tested that way.")
    several, make = _TESTS[how]
    texts = _texts(value, several=several)
    test = make(texts)
    return Condition(name, test, test.texts if isinstance(test, _Exactly) else None)


def _texts(value: object, *, several: bool) -> tuple[str, ...]:
    items = cast("list[object]", value) if several and isinstance(value, list) else [value]
    if not 1 <= len(items) <= MOST_VALUES:
        raise _refused(f"A list of values has 1 to {MOST_VALUES} of them.")
    # By whole lists: the agent reads thousands of values at its start.
    texts = cast("list[str]", items)
    if set(map(type, items)) != {str} or not all(texts) or max(map(len, texts)) > LONGEST_VALUE:
        raise _refused(f"A value is a text of 1 to {LONGEST_VALUE} characters.")
    return tuple(texts)


class _Exactly:
    """Fits the texts themselves."""

    __slots__ = ("texts",)

    def __init__(self, texts: tuple[str, ...]) -> None:
        # Dozens of rules name the same browsers; interned, each name is in memory once.
        self.texts = frozenset(map(sys.intern, map(str.casefold, texts)))

    def __call__(self, known: str) -> bool:
        return known.casefold() in self.texts


def _containing(texts: tuple[str, ...]) -> Test:
    folded = tuple(text.casefold() for text in texts)
    return lambda known: any(text in known.casefold() for text in folded)


def _like(texts: tuple[str, ...]) -> Test:
    folded = tuple(text.casefold() for text in texts)
    return lambda known: any(glob_matches(glob, known.casefold()) for glob in folded)


def _matching(texts: tuple[str, ...]) -> Test:
    return compile_pattern(texts[0]).found_in


def _on_host(texts: tuple[str, ...]) -> Test:
    sites = frozenset(text.casefold().strip(".") for text in texts)

    def below(known: str) -> bool:
        host = host_of(known)
        while host:
            if host in sites:
                return True
            host = host.partition(".")[2]
        return False

    return below


# For each test: whether it takes a list, and how it is made.
_TESTS: Mapping[str, tuple[bool, Callable[[tuple[str, ...]], Test]]] = {
    "equals": (False, _Exactly),
    "one_of": (True, _Exactly),
    "contains": (True, _containing),
    "glob": (True, _like),
    "pattern": (False, _matching),
    "host": (True, _on_host),
}


def host_of(address: str) -> str:
    """The host of a recorded address, with or without scheme and port, case-folded."""
    rest = address.casefold().partition("://")[2] or address.casefold()
    site = rest.partition("/")[0].partition("?")[0].partition("#")[0]
    name, colon, port = site.rpartition(":")
    return name if colon and port.isdecimal() else site


def _refused(reason: str) -> UsageError:
    return UsageError("These conditions of a rule cannot be used.", detail=reason)

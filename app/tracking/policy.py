"""What the person decided about privacy, made from the settings so that an error never shows more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, cast

from app.config import Settings
from app.errors import InvalidPattern
from app.tracking.addresses import Addresses
from app.tracking.patterns import Globs, Pattern, compile_pattern
from app.tracking.titles import cleaned

_Level = TypeVar("_Level", bound=StrEnum)

# A shorter salt could be guessed, and with it the words behind the tags.
SHORTEST_SALT = 16


class Detail(StrEnum):
    """The levels of the setting `privacy.detail`."""

    APPLICATIONS = "applications"
    PROJECTS = "projects"
    TITLES = "titles"


class Action(StrEnum):
    """What a title rule does with what it matches."""

    DROP = "drop"
    REPLACE = "replace"
    HASH = "hash"


@dataclass(frozen=True, slots=True)
class TitleRule:
    """One title rule. `pattern` None: it could not be understood, so it drops every title it is for.
    `application` None: for all of them."""

    pattern: Pattern | None = field(repr=False)
    action: Action
    replacement: str = field(default="", repr=False)
    application: Globs | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """The person's decisions, and whether recording is suspended now.

    `salt`: secret of this installation, at least 16 bytes, so that nobody can look up what a tag stands
    for; without one, a rule that hashes drops. `problems`: what was not understood, in words.
    """

    detail: Detail = Detail.APPLICATIONS
    addresses: Addresses = Addresses.NONE
    excluded: Globs = field(default=Globs(()), repr=False)
    untitled: Globs = field(default=Globs(()), repr=False)
    allow_list_only: bool = False
    allowed: Globs = field(default=Globs(()), repr=False)
    title_rules: tuple[TitleRule, ...] = field(default=(), repr=False)
    salt: bytes = field(default=b"", repr=False)
    private_mode: bool = False
    paused: bool = False
    problems: tuple[str, ...] = ()


def policy_from(
    settings: Settings, *, salt: bytes = b"", private_mode: bool = False, paused: bool = False
) -> Policy:
    """The policy of these settings; what cannot be understood is taken in its strictest sense."""
    problems: list[str] = []
    defaults = Settings()

    def raw(key: str) -> object:
        return settings.rejected.get(key, settings.get(key))

    def names(key: str, *, beside_defaults: bool) -> Globs:
        always = defaults.texts(key) if beside_defaults and key in settings.rejected else ()
        return Globs((*always, *_names(raw(key))))

    return Policy(
        detail=_level(Detail, raw("privacy.detail"), Detail.APPLICATIONS),
        addresses=_level(Addresses, raw("privacy.addresses"), Addresses.NONE),
        excluded=names("privacy.excluded_applications", beside_defaults=True),
        untitled=names("privacy.untitled_applications", beside_defaults=True),
        allow_list_only=raw("privacy.allow_list_only") is not False,
        allowed=names("privacy.allowed_applications", beside_defaults=False),
        title_rules=_title_rules(raw("privacy.title_rules"), salt, problems),
        salt=salt,
        private_mode=private_mode,
        paused=paused,
        problems=tuple(problems),
    )


def _level(kind: type[_Level], value: object, strictest: _Level) -> _Level:
    return kind(value) if value in list(kind) else strictest


def _names(value: object) -> list[str]:
    """The names in a value that ought to be a list of texts, whatever it is."""
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return [cleaned(str(item), 1000) for item in items if isinstance(item, (str, int)) and str(item).strip()]


def _title_rules(value: object, salt: bytes, problems: list[str]) -> tuple[TitleRule, ...]:
    if not isinstance(value, list):
        problems.append("The title rules are not a list. No titles are recorded until they are.")
        return (TitleRule(None, Action.DROP),)
    rules: list[TitleRule] = []
    for number, given in enumerate(cast("list[object]", value), start=1):
        fields = cast("Mapping[str, object]", given if isinstance(given, dict) else {})
        rule, problem = _title_rule(fields, salt)
        rules.append(rule)
        if problem:
            problems.append(f"Title rule {number}: {problem} It drops every title it is for.")
    return tuple(rules)


def _title_rule(fields: Mapping[str, object], salt: bytes) -> tuple[TitleRule, str]:
    """The rule, and why it could not be understood; empty when it could."""
    given = fields.get("application")
    application = Globs([given]) if isinstance(given, str) and given.strip() else None
    closed = TitleRule(None, Action.DROP, application=application)
    pattern, replacement = fields.get("pattern"), fields.get("replacement", "")
    action = _level(Action, fields.get("action"), Action.DROP)
    if not isinstance(pattern, str) or not pattern or not isinstance(replacement, str):
        return closed, "It has no pattern, or a field that is not a text."
    if fields.get("action") != action:
        return closed, "Its action is none of drop, replace and hash."
    if action is Action.HASH and len(salt) < SHORTEST_SALT:
        return closed, "It hashes, and the secret for that is not available."
    try:
        compiled = compile_pattern(pattern)
    except InvalidPattern as error:
        return closed, error.detail
    return TitleRule(compiled, action, cleaned(replacement, 200), application), ""

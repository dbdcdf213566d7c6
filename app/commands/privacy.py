"""`devpulse privacy`: what is never recorded, and what of a title is."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands.context import Context
from app.commands.words import Subparsers, command, group, json_option
from app.config import Settings, load
from app.errors import UsageError

_EXCLUDED = "privacy.excluded_applications"
_ALLOWED = "privacy.allowed_applications"
_RULES = "privacy.title_rules"


def register(subparsers: Subparsers) -> None:
    """Declare `privacy` and what it holds."""
    commands = group(subparsers, "privacy", summary="Decide what is never recorded, and try it.")
    parser = command(
        commands, "list", summary="Show every privacy rule.", data="It only reads.", run=list_all
    )
    json_option(parser)
    parser = command(
        commands, "exclude", summary="Never record an application.", run=exclude,
        data="Nothing of it is recorded from now on; with --history what was is erased for good.",
        examples=(
            ("privacy exclude gimp", "one"), ("privacy exclude 'steam*'", "with * and ?"),
            ("privacy exclude gimp --history", "and from what was recorded, backups too"),
        ),
    )  # fmt: skip
    parser.add_argument("application", metavar="APPLICATION")
    _past(parser)
    json_option(parser)
    parser = command(
        commands, "include", summary="Record an application again that was excluded.", run=include,
        data="It is recorded from now on, as other applications are.",
        examples=(("privacy include gimp", ""),),
    )  # fmt: skip
    parser.add_argument("application", metavar="APPLICATION")
    json_option(parser)
    parser = command(
        commands, "redact", summary="Drop, replace or hash what a pattern finds in titles.", run=redact,
        data="Titles are changed before they are stored; with --history those stored before are changed too.",
        examples=(
            ("privacy redact 'ACME-[0-9]+' --replace '[ticket]'", "replace the part that matches"),
            ("privacy redact '(?i)invoice'", "drop titles that match"),
            ("privacy redact 'case [0-9]+' --hash", "equal parts stay recognisable"),
            ("privacy redact --remove 2", "take the second rule away"),
        ),
    )  # fmt: skip
    parser.add_argument("pattern", nargs="?", metavar="PATTERN", help="RE2 syntax")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--replace", metavar="TEXT", help="put this in place of the matching part")
    how.add_argument("--hash", action="store_true", help="put a tag in place of the matching part")
    how.add_argument("--remove", type=int, metavar="N", help="take a rule away instead")
    parser.add_argument("--application", metavar="NAME", help="only in this application's titles")
    _past(parser)
    json_option(parser)
    parser = command(
        commands, "test", summary="Show what would be recorded of a window.", run=test,
        data="Nothing is recorded, and what you type is not kept.",
        examples=(("privacy test firefox 'Online banking — Mozilla Firefox'", "application and title"),),
    )  # fmt: skip
    parser.add_argument("application", metavar="APPLICATION")
    parser.add_argument("title", nargs="?", default="", metavar="TITLE")
    parser.add_argument("--url", default=None, help="the address it shows")
    json_option(parser)


def _past(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--history", action="store_true", help="also in what was recorded, for good")
    parser.add_argument("--yes", action="store_true", help="do not ask about the history")


def list_all(arguments: argparse.Namespace, context: Context) -> int:
    """Show what is in force."""
    settings = load(context.paths.settings)
    values = {key: settings.get(key) for key in _keys()}
    if arguments.json:
        context.say_json({"settings": values, "problems": list(_problems(settings))})
        return 0
    from app.declarations import SETTINGS

    for key, value in values.items():
        setting = SETTINGS[key]
        context.say(f"{setting.title} ({key})")
        for line in _value_lines(key, value):
            context.say(f"  {line}")
    for problem in _problems(settings):
        context.warn(problem)
    return 0


def _keys() -> list[str]:
    from app.declarations import SETTINGS

    return [setting.key for setting in SETTINGS.values() if setting.section == "privacy"]


def _problems(settings: Settings) -> tuple[str, ...]:
    from app.tracking.policy import policy_from

    # The salt stands in for the real one, whose absence is no fault of a rule.
    return (*settings.problems, *policy_from(settings, salt=bytes(16)).problems)


def _value_lines(key: str, value: Any) -> list[str]:
    if key == _RULES:
        return [f"{n}. {_rule_in_words(rule)}" for n, rule in enumerate(value, 1)] or ["(none)"]
    if isinstance(value, list):
        return [", ".join(map(str, value)) or "(none)"]  # pyright: ignore[reportUnknownArgumentType]
    return [{True: "yes", False: "no"}.get(value, str(value))]


def _rule_in_words(rule: dict[str, str]) -> str:
    then = {
        "drop": "drop the title",
        "hash": "hash it",
        "replace": f"replace it by {rule.get('replacement', '')!r}",
    }
    only = f" (only {rule['application']})" if rule.get("application") else ""
    return f"{rule['pattern']}  →  {then[rule['action']]}{only}"


def exclude(arguments: argparse.Namespace, context: Context) -> int:
    """Add to the excluded applications."""
    if arguments.history:
        from app.commands.privacy_history import exclude_everywhere

        return exclude_everywhere(arguments, context, _name(arguments.application))
    settings = load(context.paths.settings)
    name = _name(arguments.application)
    names = [*settings.texts(_EXCLUDED)]
    if name.casefold() not in (known.casefold() for known in names):
        names.append(name)
    _store(context, settings.with_value(_EXCLUDED, names))
    return _told(arguments, context, f"{name} is never recorded from now on.", names)


def include(arguments: argparse.Namespace, context: Context) -> int:
    """Take off the excluded applications; in allow-list mode also put on the allowed ones."""
    from app.tracking.applications import ApplicationNames
    from app.tracking.patterns import Globs

    settings = load(context.paths.settings)
    name = _name(arguments.application)
    names = [known for known in settings.texts(_EXCLUDED) if known.casefold() != name.casefold()]
    covering = [glob for glob in names if Globs([glob]).match_any(ApplicationNames().traces(name))]
    if covering:
        raise UsageError(
            f"{name} is still excluded by {covering[0]!r}.",
            advice=f"`devpulse privacy include '{covering[0]}'` takes that away.",
        )
    settings = settings.with_value(_EXCLUDED, names)
    if settings.switch("privacy.allow_list_only"):
        allowed = settings.texts(_ALLOWED)
        if not Globs(allowed).match_any(ApplicationNames().known_as(name)):
            settings = settings.with_value(_ALLOWED, [*allowed, name])
    _store(context, settings)
    return _told(arguments, context, f"{name} is recorded from now on.", names)


def redact(arguments: argparse.Namespace, context: Context) -> int:
    """Add or take away a title rule."""
    settings = load(context.paths.settings)
    rules: list[dict[str, str]] = [*settings.get(_RULES)]
    if arguments.remove is not None:
        if arguments.pattern is not None or not 1 <= arguments.remove <= len(rules):
            raise UsageError("Name one rule by its number.", advice="`devpulse privacy list` numbers them.")
        del rules[arguments.remove - 1]
        words = f"Rule {arguments.remove} is taken away."
    elif arguments.history:
        from app.commands.privacy_history import redact_everywhere

        return redact_everywhere(arguments, context, _new_rule(arguments))
    else:
        rules.append(_new_rule(arguments))
        words = f"Rule {len(rules)}: {_rule_in_words(rules[-1])}"
    _store(context, settings.with_value(_RULES, rules))
    return _told(arguments, context, words, rules)


def _new_rule(arguments: argparse.Namespace) -> dict[str, str]:
    from app.tracking.patterns import compile_pattern

    if not arguments.pattern:
        raise UsageError("A pattern is missing.", advice="`devpulse privacy redact --help` has examples.")
    compile_pattern(arguments.pattern)
    rule = {"pattern": arguments.pattern, "action": "drop"}
    if arguments.replace is not None:
        rule |= {"action": "replace", "replacement": arguments.replace}
    elif arguments.hash:
        rule["action"] = "hash"
    if arguments.application:
        rule["application"] = arguments.application
    return rule


def test(arguments: argparse.Namespace, context: Context) -> int:
    """Show what the filter makes of a window."""
    from app.models.values import Hidden, WindowSample
    from app.tracking.policy import policy_from
    from app.tracking.privacy import PrivacyFilter

    policy = policy_from(load(context.paths.settings), salt=bytes(16))
    seen = PrivacyFilter(policy).apply(
        WindowSample(application=arguments.application, title=arguments.title, url=arguments.url)
    )
    if isinstance(seen, Hidden):
        if arguments.json:
            context.say_json({"recorded": False, "reason": seen.value})
        else:
            context.say(f"Nothing is recorded: {_REASONS[seen.value]}.")
        return 0
    kept = {"application": seen.application, "title": seen.title, "url": seen.url}
    if arguments.json:
        context.say_json({"recorded": True, **kept})
        return 0
    from app.analytics.layout import plain

    for name, value in kept.items():
        context.say(f"{name:<12} {'(not recorded)' if value is None else plain(value)}")
    return 0


_REASONS = {
    "private_mode": "private mode is on",
    "paused": "recording is paused",
    "excluded_application": "the application is excluded",
    "not_allowed": "only allowed applications are recorded, and this is none",
    "private_browsing": "it is a private window",
}


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > 200:
        raise UsageError("An application's name has 1 to 200 characters.")
    return name


def _store(context: Context, settings: Settings) -> None:
    from app.commands.settings import store

    store(context, settings)


def _told(arguments: argparse.Namespace, context: Context, words: str, value: Any) -> int:
    if arguments.json:
        context.say_json(value)
    else:
        context.say(words)
    return 0

"""`devpulse settings`: what can be chosen, and what is."""

from __future__ import annotations

import argparse
import json
from typing import Any, cast

from app import autostart
from app.commands.context import Context
from app.commands.words import Subparsers, command, group, json_option
from app.config import Settings, load, save
from app.declarations import SETTINGS, Kind, Setting, declared
from app.errors import InvalidSetting


def register(subparsers: Subparsers) -> None:
    """Declare `settings` and what it holds."""
    commands = group(subparsers, "settings", summary="Show and change the settings.")
    parser = command(
        commands, "list", summary="List all settings with their values.", run=list_all, data="It only reads.",
        examples=(("settings list", "all of them"), ("settings list privacy", "one section")),
    )  # fmt: skip
    parser.add_argument("section", nargs="?", metavar="SECTION", help="tracking, privacy, projects, …")
    json_option(parser)
    parser = command(
        commands, "get", summary="Show one setting, and what it means.", run=get, data="It only reads.",
        examples=(("settings get privacy.detail", "its value, meaning and choices"),),
    )  # fmt: skip
    _key(parser)
    json_option(parser)
    parser = command(
        commands, "set", summary="Change one setting; a running agent follows at once.", run=set_one,
        data="What is recorded from now on follows it; what was recorded stays.",
        examples=(
            ("settings set tracking.idle_after_s 120", "a number"),
            ("settings set privacy.allow_list_only true", "a switch"),
            ("settings set privacy.allowed_applications code,firefox", "a list, also as JSON"),
        ),
    )  # fmt: skip
    _key(parser)
    parser.add_argument("value", metavar="VALUE", help="the new value")
    json_option(parser)
    parser = command(
        commands, "reset", summary="Put one setting back to its default.", run=reset,
        data="What is recorded from now on follows it; what was recorded stays.",
        examples=(("settings reset tracking.idle_after_s", "back to its default"),),
    )  # fmt: skip
    _key(parser)
    json_option(parser)


def _key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", metavar="KEY", help="as `devpulse settings list` shows it")


def list_all(arguments: argparse.Namespace, context: Context) -> int:
    """List the settings of a section, or all."""
    settings = _loaded(context)
    chosen = [s for s in SETTINGS.values() if arguments.section in (None, s.section)]
    if not chosen:
        sections = dict.fromkeys(s.section for s in SETTINGS.values())
        raise InvalidSetting(
            f"There is no section {arguments.section!r}.", advice=f"There are: {', '.join(sections)}."
        )
    if arguments.json:
        context.say_json([_as_json(s, settings) for s in chosen])
        return 0
    from app.analytics.layout import table

    rows = [
        (s.key, _shown(settings.get(s.key)), "" if s.key in settings.given else "default") for s in chosen
    ]
    context.say(table(rows, width=context.width, header=("SETTING", "VALUE", "")))
    return 0


def get(arguments: argparse.Namespace, context: Context) -> int:
    """Show one setting."""
    setting, settings = declared(arguments.key), _loaded(context)
    if arguments.json:
        context.say_json(_as_json(setting, settings))
        return 0
    context.say(f"{_shown(settings.get(setting.key))} {setting.unit}".rstrip())
    context.say(f"\n{setting.title}. {setting.prose}")
    for choice, words in setting.choices.items():
        context.say(f"  {choice}: {words}")
    context.say(f"Default: {_shown(setting.default)}")
    return 0


def set_one(arguments: argparse.Namespace, context: Context) -> int:
    """Change one setting."""
    from app.changes.settings import check_patterns

    setting, settings = declared(arguments.key), _loaded(context)
    value = value_of(setting, arguments.value)
    check_patterns(setting.key, value)
    return _store(arguments, context, settings.with_value(setting.key, value))


def reset(arguments: argparse.Namespace, context: Context) -> int:
    """Put one setting back."""
    return _store(arguments, context, _loaded(context).without(arguments.key))


def _store(arguments: argparse.Namespace, context: Context, settings: Settings) -> int:
    store(context, settings)
    setting = declared(arguments.key)
    if arguments.json:
        context.say_json(_as_json(setting, settings))
    else:
        context.say(f"{setting.key}: {_shown(settings.get(setting.key))}")
    return 0


def store(context: Context, settings: Settings) -> None:
    """Save settings, and let a running agent follow them."""
    from app.commands.link import reload

    save(context.paths.settings, settings)
    reload(context)
    autostart.apply(settings.switch("general.start_with_system"), context.paths, context.environ)


def value_of(setting: Setting, text: str) -> Any:
    """What a person wrote, in the setting's kind. Raises `InvalidSetting`."""
    if setting.kind in (Kind.TEXT, Kind.CHOICE):
        return text
    if setting.kind is Kind.SWITCH:
        return _SWITCHES.get(text.strip().lower(), text)
    if setting.kind is Kind.WHOLE_NUMBER:
        return int(text) if text.strip().lstrip("-").isdecimal() and len(text) < 20 else text
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise InvalidSetting(f"{setting.key}: this list is not valid JSON.") from None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if setting.kind is Kind.NUMBERS:
        return [int(part) if part.isdecimal() and len(part) < 20 else part for part in parts]
    return parts


_SWITCHES = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}


def _loaded(context: Context) -> Settings:
    settings = load(context.paths.settings)
    for problem in settings.problems:
        context.warn(problem)
    return settings


def _as_json(setting: Setting, settings: Settings) -> dict[str, Any]:
    return {
        "key": setting.key,
        "value": settings.get(setting.key),
        "default": setting.default,
        "is_default": setting.key not in settings.given,
        "title": setting.title,
        "prose": setting.prose,
        "unit": setting.unit,
        "choices": dict(setting.choices),
    }


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        items = cast("list[object]", value)
        if all(isinstance(item, (str, int)) for item in items):
            return ",".join(str(item) for item in items) or "(none)"
        return json.dumps(items, ensure_ascii=False)
    return str(value)

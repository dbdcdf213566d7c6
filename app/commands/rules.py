"""`devpulse rules`: which activity belongs to which category."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.commands.conditions import HELP, in_words, typed, when_option
from app.commands.context import Context
from app.commands.named import category_named, category_names, rule_numbered, rules_of
from app.commands.rules_history import register_history
from app.commands.words import Subparsers, command, group, json_option
from app.errors import UsageError

if TYPE_CHECKING:
    from app.models.rules import Rule
    from app.models.store import Store


def register(subparsers: Subparsers) -> None:
    """Declare `rules` and what it holds."""
    commands = group(
        subparsers, "rules", summary="Say which activity belongs to which category; the first rule decides."
    )
    json_option(
        command(
            commands, "list", summary="List the rules in their order.", data="It only reads.", run=list_all
        )
    )
    later = "What is recorded from now on follows it; `rules apply` does the same for the past."
    parser = command(
        commands, "add", summary="Add a rule, before all others unless said.", data=later, run=add,
        examples=(
            ("rules add Coding --when application equals Code", "one application"),
            ("rules add Review --when url host github.com --when title contains pull", "two conditions"),
        ),
    )  # fmt: skip
    parser.add_argument("category", metavar="CATEGORY", help="its name")
    when_option(parser, required=True)
    parser.add_argument("--at", type=int, default=1, metavar="N", help="its place in the order (default: 1)")
    _explain(parser)
    parser = command(
        commands, "edit", summary="Change a rule.", data=later, run=edit,
        examples=(("rules edit 3 --category Reading", ""), ("rules edit 3 --off", "switch it off")),
    )  # fmt: skip
    _number(parser)
    parser.add_argument("--category", metavar="CATEGORY", help="another category")
    when_option(parser, required=False)
    parser.add_argument("--on", dest="enabled", action="store_true", default=None, help="switch it on")
    parser.add_argument("--off", dest="enabled", action="store_false", help="switch it off")
    _explain(parser)
    parser = command(
        commands, "remove", summary="Remove a rule; a default one does not come back.", data=later,
        run=remove,
        examples=(("rules remove 3", "the third of the list"),),
    )  # fmt: skip
    _number(parser)
    json_option(parser)
    parser = command(
        commands, "move", summary="Move a rule to another place in the order.", data=later, run=move,
        examples=(("rules move 3 1", "the third becomes the first"),),
    )  # fmt: skip
    _number(parser)
    parser.add_argument("to", type=int, metavar="TO", help="its new place, 1 is the first")
    json_option(parser)
    register_history(commands)


def _explain(parser: argparse.ArgumentParser) -> None:
    json_option(parser)
    parser.epilog = f"{parser.epilog}\n\n{HELP.replace('%', '%%')}"


def _number(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="N", help="as `devpulse rules list` numbers it")


def list_all(arguments: argparse.Namespace, context: Context) -> int:
    """List the rules."""
    from app.commands.storage import open_store

    with open_store(context) as store:
        rules, names = rules_of(store), category_names(store)
    if arguments.json:
        context.say_json([_as_json(n, rule, names) for n, rule in enumerate(rules, 1)])
        return 0
    if not rules:
        context.say("There are no rules yet. `devpulse rules add` adds one.")
        return 0
    from app.analytics.layout import table

    rows = [
        (str(n), names.get(r.category_id, ""), in_words(r.conditions), "" if r.enabled else "off")
        for n, r in enumerate(rules, 1)
    ]
    context.say(table(rows, width=context.width, header=("", "CATEGORY", "WHEN", "")))
    return 0


def add(arguments: argparse.Namespace, context: Context) -> int:
    """Add a rule."""
    from app.commands.storage import open_store
    from app.models.rules import Rules

    conditions = typed(arguments.when)
    if arguments.at < 1:
        raise UsageError("The first place is 1.")
    with open_store(context) as store:
        category = category_named(store, arguments.category)
        rule = Rules(store).add(category, conditions, position=arguments.at - 1)
        return _changed(arguments, context, store, rule.id)


def edit(arguments: argparse.Namespace, context: Context) -> int:
    """Change a rule's category, conditions or switch."""
    from app.commands.storage import open_store
    from app.models.rules import Rules

    with open_store(context) as store:
        rule = rule_numbered(store, arguments.number)
        if arguments.category is not None:
            rule = replace(rule, category_id=category_named(store, arguments.category))
        if arguments.when:
            rule = replace(rule, conditions=typed(arguments.when))
        if arguments.enabled is not None:
            rule = replace(rule, enabled=arguments.enabled)
        Rules(store).change(rule)
        return _changed(arguments, context, store, rule.id)


def remove(arguments: argparse.Namespace, context: Context) -> int:
    """Remove a rule."""
    from app.commands.storage import open_store
    from app.models.rules import Rules

    with open_store(context) as store:
        rule = rule_numbered(store, arguments.number)
        Rules(store).delete(rule.id)
        return _changed(arguments, context, store, None)


def move(arguments: argparse.Namespace, context: Context) -> int:
    """Move a rule."""
    from app.commands.storage import open_store
    from app.models.rules import Rules

    if arguments.to < 1:
        raise UsageError("The first place is 1.")
    with open_store(context) as store:
        rule = rule_numbered(store, arguments.number)
        Rules(store).move(rule.id, arguments.to - 1)
        return _changed(arguments, context, store, rule.id)


def _changed(arguments: argparse.Namespace, context: Context, store: Store, rule_id: int | None) -> int:
    from app.commands.link import reload

    reload(context)
    rules, names = rules_of(store), category_names(store)
    shown = [_as_json(n, rule, names) for n, rule in enumerate(rules, 1) if rule.id == rule_id]
    if arguments.json:
        context.say_json(shown[0] if shown else {"removed": arguments.number})
    elif shown:
        context.say(f"Rule {shown[0]['number']}: {shown[0]['category']} when {shown[0]['words']}")
    else:
        context.say(f"Rule {arguments.number} is removed.")
    return 0


def _as_json(number: int, rule: Rule, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "number": number,
        "category": names.get(rule.category_id),
        "conditions": [dict(condition) for condition in rule.conditions],
        "words": in_words(rule.conditions),
        "enabled": rule.enabled,
        "origin": rule.origin,
        "uuid": rule.uuid,
    }

"""`devpulse categories`: what kinds of work there are."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.commands.words import Subparsers, command, group, json_option

if TYPE_CHECKING:
    from app.models.store import Store

_PRODUCTIVITY = {"productive": 1, "neutral": 0, "distracting": -1}


def register(subparsers: Subparsers) -> None:
    """Declare `categories` and what it holds."""
    commands = group(subparsers, "categories", summary="Show and change the categories of activity.")
    json_option(
        command(commands, "list", summary="List the categories.", data="It only reads.", run=list_all)
    )
    parser = command(
        commands, "add", summary="Add a category.", run=add, data="Nothing recorded changes.",
        examples=(("categories add Teaching --under Work --color #4477aa", "a category below another"),),
    )  # fmt: skip
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--under", metavar="CATEGORY", help="the category it lies under")
    _looks(parser)
    parser = command(
        commands, "edit", summary="Rename or change a category.", run=edit,
        data="Recorded time keeps its category, which then looks different.",
        examples=(("categories edit Reading --name Research --as productive", ""),),
    )  # fmt: skip
    parser.add_argument("category", metavar="CATEGORY")
    parser.add_argument("--name", metavar="NAME", help="a new name")
    _looks(parser)
    parser = command(
        commands, "remove", summary="Remove a category and its rules.", run=remove,
        data="Its time goes to another category, or to none.",
        examples=(("categories remove Games --move-to Leisure", ""),),
    )  # fmt: skip
    parser.add_argument("category", metavar="CATEGORY")
    parser.add_argument("--move-to", metavar="CATEGORY", help="where its recorded time goes")
    json_option(parser)


def _looks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--color", metavar="#RRGGBB", help="its colour in charts")
    parser.add_argument("--as", dest="kind", choices=tuple(_PRODUCTIVITY), help="how its time counts")
    json_option(parser)


def list_all(arguments: argparse.Namespace, context: Context) -> int:
    """List the categories."""
    from app.commands.named import category_names
    from app.commands.storage import open_store
    from app.models.categories import Categories

    with open_store(context) as store:
        names = category_names(store)
        rows = [(names[c.id], c.color, _kind(c.productivity)) for c in Categories(store).all()]
    if arguments.json:
        context.say_json([{"name": name, "color": color, "kind": kind} for name, color, kind in sorted(rows)])
        return 0
    from app.analytics.layout import table

    context.say(table(sorted(rows), width=context.width, header=("CATEGORY", "COLOUR", "COUNTS AS")))
    return 0


def add(arguments: argparse.Namespace, context: Context) -> int:
    """Add a category."""
    from app.commands.named import category_named
    from app.commands.storage import open_store
    from app.models.categories import Categories
    from app.models.projects import color_for

    with open_store(context) as store:
        under = None if arguments.under is None else category_named(store, arguments.under)
        made = Categories(store).add(
            arguments.name,
            color=arguments.color or color_for(arguments.name),
            parent_id=under,
            productivity=_PRODUCTIVITY[arguments.kind or "neutral"],
        )
        return _changed(arguments, context, store, made.id)


def edit(arguments: argparse.Namespace, context: Context) -> int:
    """Change a category."""
    from app.commands.named import category_named
    from app.commands.storage import open_store
    from app.models.categories import Categories

    with open_store(context) as store:
        categories = Categories(store)
        identity = category_named(store, arguments.category)
        category = next(c for c in categories.all() if c.id == identity)
        category = replace(
            category,
            name=arguments.name or category.name,
            color=arguments.color or category.color,
            productivity=category.productivity if arguments.kind is None else _PRODUCTIVITY[arguments.kind],
        )
        categories.change(category)
        return _changed(arguments, context, store, identity)


def remove(arguments: argparse.Namespace, context: Context) -> int:
    """Remove a category."""
    from app.commands.link import reload
    from app.commands.named import category_named
    from app.commands.storage import open_store
    from app.models.categories import Categories

    with open_store(context) as store:
        identity = category_named(store, arguments.category)
        target = None if arguments.move_to is None else category_named(store, arguments.move_to)
        moved = Categories(store).delete(identity, move_to=target)
    reload(context)
    if arguments.json:
        context.say_json({"removed": arguments.category, "moved_activities": moved})
    else:
        context.say(f"Removed; {moved:,} activities moved.")
    return 0


def _changed(arguments: argparse.Namespace, context: Context, store: Store, identity: int) -> int:
    from app.commands.link import reload
    from app.commands.named import category_names
    from app.models.categories import Categories

    reload(context)
    category = next(c for c in Categories(store).all() if c.id == identity)
    path = category_names(store)[identity]
    if arguments.json:
        context.say_json({"name": path, "color": category.color, "kind": _kind(category.productivity)})
    else:
        context.say(f"{path}  {category.color}  {_kind(category.productivity)}")
    return 0


def _kind(productivity: int) -> str:
    return next(word for word, value in _PRODUCTIVITY.items() if value == productivity)

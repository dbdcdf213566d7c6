"""`devpulse correct`: what was recorded belonged to something else, also what is being recorded now."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option
from app.errors import UsageError

if TYPE_CHECKING:
    from app.changes.workbench import Words
    from app.models.corrections import Keep
    from app.models.spans_table import Row
    from app.models.store import Store


def register(subparsers: Subparsers) -> None:
    """Declare `correct`."""
    parser = command(
        subparsers,
        "correct",
        summary="Say what recorded time belonged to: another project, another category, a note.",
        examples=(
            ("correct --project api", "what is recorded now"),
            ("correct --last 30m --project api", "all of the last half hour"),
            ("correct --from yesterday --to yesterday --category Reading", ""),
            ("correct --last 1h --note 'review with Kim'", ""),
        ),
        data="What you say is kept: rules never change it again. Idle time stays idle.",
        run=run,
    )
    parser.add_argument("--last", metavar="TIME", help="the last 30m, 1h, 1h30m …")
    parser.add_argument("--from", dest="start", metavar="D", help="from this date or time on")
    parser.add_argument("--to", dest="end", metavar="D", help="up to the end of this date, or to this time")
    for what in ("project", "category"):
        one = parser.add_mutually_exclusive_group()
        one.add_argument(f"--{what}", metavar="NAME", help=f"the {what} it belonged to")
        one.add_argument(f"--no-{what}", action="store_true", help=f"it belonged to no {what}")
    parser.add_argument("--note", metavar="TEXT", help='a note to it; "" takes one away')
    json_option(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Correct what the words choose."""
    from app.changes.editing import Editing
    from app.commands.storage import cipher_of, require_data

    require_data(context)
    _check(arguments)
    bounds = _bounds(arguments, context)
    cipher = cipher_of(arguments, context) if arguments.note else None
    editing = Editing.open(context.paths, cipher)
    try:
        seconds: list[float] = []
        undo = editing.perform(lambda store: _corrected(store, arguments, bounds, seconds))
    finally:
        editing.close()
    if arguments.json:
        count = undo.words.values["count"]
        context.say_json({"activities": count, "seconds": round(sum(seconds), 3)})
    else:
        context.say(f"{undo.sentence}.")
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if arguments.last is not None and (arguments.start is not None or arguments.end is not None):
        raise UsageError("--last stands without --from and --to.")
    wishes = (arguments.project, arguments.category, arguments.note)
    if not any(wish is not None for wish in wishes) and not (arguments.no_project or arguments.no_category):
        raise UsageError(
            "Say what it belonged to.", advice="For example `devpulse correct --last 30m --project NAME`."
        )


def _bounds(arguments: argparse.Namespace, context: Context) -> tuple[int, int] | None:
    """From and to in ms UTC; None for the span that is being recorded now."""
    from app.commands.lengths import seconds_of
    from app.commands.link import ask
    from app.commands.periods import utc_bounds

    now_ms = context.clock.now().wall_ms
    if arguments.last is not None:
        return now_ms - seconds_of(arguments.last) * 1000, now_ms
    if arguments.start is not None or arguments.end is not None:
        start, end = utc_bounds(arguments.start, arguments.end, context)
        return start or 0, end or now_ms
    if not ask(context, "status").get("current"):
        raise UsageError(
            "Nothing is being recorded at the moment.",
            advice="Say when it was: --last 30m, or --from and --to.",
        )
    return None


def _corrected(
    store: Store, arguments: argparse.Namespace, bounds: tuple[int, int] | None, seconds: list[float]
) -> Words:
    from app.changes.workbench import counted
    from app.models import by_hand
    from app.models.corrections import reassign

    project, category = _targets(store, arguments)
    chosen = _open_span(store) if bounds is None else _cut_out(store, *bounds)
    if not chosen:
        raise UsageError("Nothing was recorded then.", advice="`devpulse report` shows what was, and when.")
    ids = [row.id for row in chosen]
    seconds += [(row.end_ms - row.start_ms) / 1000 for row in chosen]
    reassign(store, ids, project_id=project, category_id=category, by_hand=True)
    if arguments.note is not None:
        by_hand.annotate(store, ids, arguments.note)
    return counted(len(ids), "1 activity corrected", "{count} activities corrected")


def _targets(store: Store, arguments: argparse.Namespace) -> tuple[int | Keep | None, int | Keep | None]:
    from app.commands.named import category_named, project_named, projects_of
    from app.models.corrections import Keep

    project: int | Keep | None = None if arguments.no_project else Keep.KEEP
    category: int | Keep | None = None if arguments.no_category else Keep.KEEP
    if arguments.project is not None:
        project = project_named(projects_of(store), arguments.project).id
    if arguments.category is not None:
        category = category_named(store, arguments.category)
    return project, category


def _open_span(store: Store) -> list[Row]:
    from app.models.spans_table import rows
    from app.models.store import THIS_DEVICE

    newest = "id = (SELECT max(id) FROM activity_logs WHERE device_id = ? AND state = 0)"
    return rows(store.connection, newest, (THIS_DEVICE,))


def _cut_out(store: Store, from_ms: int, to_ms: int) -> list[Row]:
    """The active spans of this time, cut at its ends."""
    from app.models.corrections import split
    from app.models.spans_table import LONGEST_MS, first_id, rows

    within = "id >= ? AND id < ? AND end_ms > ? AND state = 0"
    values = (first_id(from_ms - LONGEST_MS), first_id(to_ms), from_ms)
    for row in rows(store.connection, within, values):
        cut = row.id
        if row.start_ms < from_ms < row.end_ms:
            cut = split(store, row.id, from_ms)
        if row.start_ms < to_ms < row.end_ms:
            split(store, cut, to_ms)
    inside = [row for row in rows(store.connection, within, values) if row.start_ms >= from_ms]
    return [row for row in inside if row.end_ms <= to_ms]

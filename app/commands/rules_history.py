"""`devpulse rules test` and `rules apply`: rules against what was recorded before."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from app.commands.conditions import in_words, typed, when_option
from app.commands.context import Context
from app.commands.named import rule_numbered
from app.commands.words import Subparsers, command, json_option
from app.errors import UsageError

if TYPE_CHECKING:
    from app.changes.history import History
    from app.changes.reclassify import Change
    from app.models.rules import Rule
    from app.models.store import Store

_EXAMPLES_SHOWN = 5


def register_history(commands: Subparsers) -> None:
    """Declare `rules test` and `rules apply`."""
    from app.commands.secrets import secrets_option

    parser = command(
        commands,
        "test",
        summary="Try a rule on recorded activity, without changing anything.",
        examples=(
            ("rules test 3", "a rule of the list"),
            ("rules test --when title contains review", "one that does not exist yet"),
        ),
        data="It only reads.",
        run=test,
    )
    parser.add_argument("number", nargs="?", type=int, metavar="N", help="a rule of the list")
    when_option(parser, required=False)
    _period_options(parser)
    json_option(parser)
    secrets_option(parser, '{"passphrase"}')
    parser = command(
        commands,
        "apply",
        summary="Sort what was recorded by the rules as they are now.",
        examples=(
            ("rules apply --dry-run", "only tell what would change"),
            ("rules apply --from 2026-01-01", "this year"),
        ),
        data="Categories of recorded time change, but what you assigned by hand stays.",
        run=apply,
    )
    parser.add_argument("--dry-run", action="store_true", help="change nothing, only tell")
    _period_options(parser)
    json_option(parser)
    secrets_option(parser, '{"passphrase"}')


def _period_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", metavar="D", help="only from this date, time or period on")
    parser.add_argument("--to", dest="end", metavar="D", help="only up to this date or time")


def test(arguments: argparse.Namespace, context: Context) -> int:
    """Count what a rule matches."""
    from app.commands.storage import cipher_of, open_store
    from app.tracking.conditions import read_conditions

    if (arguments.number is None) == (not arguments.when):
        raise UsageError("Name a rule by its number, or give conditions with --when.")
    given = typed(arguments.when) if arguments.when else None
    with open_store(context, cipher_of(arguments, context)) as store:
        conditions = given or rule_numbered(store, arguments.number).conditions
        history = _history(arguments, context, store)
        tested = read_conditions(conditions)
        matches = spans_ms = 0
        seen: Counter[tuple[str, str]] = Counter()
        for step in history.steps():
            for past in step:
                activity, project = history.activity(past)
                facts = {
                    "application": activity.application, "title": activity.title, "url": activity.url,
                    "path": activity.path, "project": project, "branch": activity.branch,
                    "language": activity.language,
                }  # fmt: skip
                if tested.hold(facts) and tested.hold_at(past.local):
                    matches += 1
                    spans_ms += past.end_ms - past.start_ms
                    seen[activity.application, activity.title or ""] += past.end_ms - past.start_ms
    _tell_matches(arguments, context, matches, spans_ms, seen, in_words(conditions))
    return 0


def _tell_matches(
    arguments: argparse.Namespace,
    context: Context,
    matches: int,
    matched_ms: int,
    seen: Counter[tuple[str, str]],
    words: str,
) -> None:
    from app.analytics.layout import cut, plain
    from app.durations import told

    shown = seen.most_common(_EXAMPLES_SHOWN)
    if arguments.json:
        examples = [{"application": a, "title": t or None, "seconds": ms / 1000} for (a, t), ms in shown]
        context.say_json({"activities": matches, "seconds": matched_ms / 1000, "examples": examples})
        return
    activities = "1 activity" if matches == 1 else f"{matches:,} activities"
    context.say(f"Matches {activities}, {told(matched_ms / 1000)}: {words}.")
    for (application, title), ms in shown:
        line = " · ".join(part for part in (application, title) if part)
        context.say(f"  {told(ms / 1000):>10}  {cut(plain(line), context.width - 14)}")


def apply(arguments: argparse.Namespace, context: Context) -> int:
    """Re-classify the history."""
    from app.changes.reclassify import Reclassifier
    from app.commands.storage import cipher_of, open_store
    from app.models.categories import Categories
    from app.models.journal import Journal
    from app.models.rules import Rules

    with open_store(context, cipher_of(arguments, context)) as store:
        history = _history(arguments, context, store)
        rules: list[Rule] = Rules(store).all()
        work = Reclassifier(history, rules, [category.id for category in Categories(store).all()])
        for problem in work.problems:
            context.warn(problem)
        total = history.count()
        journal = None if arguments.dry_run else Journal(store)

        def progress(done: Change) -> None:
            if context.isatty:
                context.err.write(f"\r{done.looked_at * 100 // max(1, total):3} %")
                context.err.flush()

        try:
            done = work.apply(journal, progress)
        except KeyboardInterrupt:
            context.warn("\nInterrupted: what was done so far stays; `devpulse rules apply` does the rest.")
            raise
    _tell_change(arguments, context, done)
    return 0


def _tell_change(arguments: argparse.Namespace, context: Context, done: Change) -> None:
    from app.commands.link import reload
    from app.durations import told

    if not arguments.dry_run:
        reload(context)
    if context.isatty:
        context.err.write("\r")
    if arguments.json:
        context.say_json(
            {
                "dry_run": arguments.dry_run,
                "looked_at": done.looked_at,
                "changed": done.changed,
                "seconds": done.changed_ms / 1000,
            }
        )
        return
    verb = "would change" if arguments.dry_run else "changed"
    context.say(f"{done.changed:,} of {done.looked_at:,} activities {verb} ({told(done.changed_ms / 1000)}).")


def _history(arguments: argparse.Namespace, context: Context, store: Store) -> History:
    from app.changes.history import History
    from app.commands.fresh import refresh
    from app.commands.periods import utc_bounds

    refresh(context)
    return History(store, *utc_bounds(arguments.start, arguments.end, context))

"""`devpulse data erase`: remove what was recorded, so that nothing of it stays anywhere."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option
from app.errors import UsageError

if TYPE_CHECKING:
    from app.changes.erasure import Erasing, Erasure
    from app.models.erasure import Found, Selection

_EPOCH = date(1970, 1, 1)
_DAYS_SHOWN = 10


def register_erase(commands: Subparsers) -> None:
    """Declare `data erase`."""
    from app.commands.secrets import secrets_option

    parser = command(
        commands,
        "erase",
        summary="Erase recorded activity for good; shows first what it would erase, and asks.",
        examples=(
            ("data erase --from 2026-03-01 --to 2026-03-02", "two days"),
            ("data erase --application gimp", "one application, of all time"),
            ("data erase --from today --project secret", "today's time of one project"),
            ("data erase --title '(?i)holiday' --preview", "only show what it would be"),
            ("data erase --everything", "all activity and focus sessions"),
        ),
        data="It is gone from the database and from the backups, which are replaced by a new one.",
        run=run,
    )
    parser.add_argument("--from", dest="start", metavar="D", help="from this date, time or period on")
    parser.add_argument("--to", dest="end", metavar="D", help="up to the end of this date, or to this time")
    parser.add_argument("--application", metavar="NAME", help="only this application, as reports name it")
    parser.add_argument("--project", metavar="NAME", help="only this project; without a time the project too")
    parser.add_argument(
        "--title", metavar="PATTERN", help="only where a title, address, path or note matches (RE2)"
    )
    parser.add_argument("--everything", action="store_true", help="all that was recorded")
    # The second name is that of imports.
    parser.add_argument(
        "--preview", "--dry-run", dest="preview", action="store_true", help="only show what would be erased"
    )
    parser.add_argument("--keep-backups", action="store_true", help="leave it in the backups")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    secrets_option(parser, '{"passphrase"}')
    json_option(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Preview, ask, erase."""
    from app.commands.fresh import refresh
    from app.commands.storage import require_data

    require_data(context)
    refresh(context)
    selection = _selection(arguments, context)
    erasing = erasing_of(arguments, context, titles=arguments.title is not None)
    found = erasing.preview(selection)
    if not arguments.json:
        show(found, context)
    if arguments.preview or not (found.spans or found.sessions or selection.whole_project):
        return _done(arguments, context, found, None)
    if not arguments.yes and not context.confirmed("Erase this for good?"):
        context.say("Nothing was erased.")
        return 1
    done = erasing.erase(selection, keep_backups=arguments.keep_backups)
    tell_left(done, context)
    return _done(arguments, context, found, done)


def erasing_of(arguments: argparse.Namespace, context: Context, *, titles: bool) -> Erasing:
    """What erases in this home; with the key where titles must be read."""
    from app.changes.erasure import Erasing
    from app.commands.link import ask_if_running
    from app.commands.storage import cipher_of
    from app.models import unstored

    needed = titles or unstored.waits(context.paths.unstored)
    cipher = cipher_of(arguments, context) if needed else None
    return Erasing(context.paths, cipher, lambda name: ask_if_running(context, name))


def _selection(arguments: argparse.Namespace, context: Context) -> Selection:
    from app.changes.erasure import matching
    from app.commands.periods import utc_bounds
    from app.models.erasure import Selection

    chosen = (arguments.start, arguments.end, arguments.application, arguments.project, arguments.title)
    if arguments.everything == any(part is not None for part in chosen):
        raise UsageError(
            "Say what to erase.",
            advice="--from, --to, --application, --project, --title, or --everything alone.",
        )
    if arguments.everything:
        return Selection()
    from_ms, to_ms = utc_bounds(arguments.start, arguments.end, context)
    return Selection(
        from_ms,
        to_ms,
        None if arguments.application is None else (arguments.application,),
        None if arguments.project is None else _project(arguments.project, context),
        None if arguments.title is None else matching(arguments.title),
    )


def _project(name: str, context: Context) -> int:
    from app.commands.named import project_named, projects_of
    from app.commands.storage import open_store

    with open_store(context) as store:
        return project_named(projects_of(store), name).id


def show(found: Found, context: Context) -> None:
    """Say what would be erased."""
    from app.durations import told

    spans = "1 activity" if found.spans == 1 else f"{found.spans:,} activities"
    sessions = "1 focus session" if found.sessions == 1 else f"{found.sessions:,} focus sessions"
    also = f" and {sessions}" if found.sessions else ""
    context.say(f"{spans} ({told(found.ms / 1000)}){also}.")
    for day in found.days[:_DAYS_SHOWN]:
        context.say(f"  {_date(day.day)}  {told(day.ms / 1000):>10}")
    if len(found.days) > _DAYS_SHOWN:
        last = _date(found.days[-1].day)
        context.say(f"  … and {len(found.days) - _DAYS_SHOWN:,} more days, up to {last}")


def tell_left(done: Erasure, context: Context) -> None:
    """Say where something may remain."""
    for words in done.left:
        context.warn(words)


def found_json(found: Found) -> dict[str, Any]:
    """What would be erased, for programs."""
    return {
        "activities": found.spans,
        "seconds": found.ms / 1000,
        "focus_sessions": found.sessions,
        "days": [
            {"date": _date(day.day), "activities": day.spans, "seconds": day.ms / 1000} for day in found.days
        ],
    }


def _done(arguments: argparse.Namespace, context: Context, found: Found, done: Erasure | None) -> int:
    if arguments.json:
        gone = 0 if done is None else done.backups
        context.say_json({"erased": done is not None, **found_json(found), "backups_replaced": gone})
    elif done is not None:
        context.say("Erased.")
    elif not arguments.preview:
        context.say("There is nothing to erase.")
    return 0


def _date(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()

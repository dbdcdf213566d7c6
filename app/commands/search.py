"""`devpulse search`: what was on the screen, by the words it had."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option

if TYPE_CHECKING:
    from app.analytics.search import Hit

_SHOWN = 50


def register(subparsers: Subparsers) -> None:
    """Declare `search`."""
    parser = command(
        subparsers, "search", summary="Find activity by titles, addresses, paths and notes.", run=run,
        data="It only reads; your titles are opened in memory.",
        examples=(
            ("search pull request", "all words, in any order"),
            ("search '\"pull request\" app:firefox'", "words in a row, in one application"),
            ("search invoice after:2026-03-01 before:2026-03-31", "in March; also project: and category:"),
        ),
    )  # fmt: skip
    parser.add_argument("words", nargs="+", metavar="WORDS", help='words, "words in a row", filters')
    parser.add_argument("--limit", type=int, default=_SHOWN, metavar="N", help=f"at most so many ({_SHOWN})")
    json_option(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Search, and show what was found, the newest first."""
    from app.analytics.search import Search
    from app.analytics.search_words import parse
    from app.commands.fresh import refresh
    from app.commands.storage import cipher_of, require_data

    asked = parse(" ".join(arguments.words))
    require_data(context)
    refresh(context)
    search = Search(context.paths.database, cipher_of(arguments, context) if asked.words else None)
    try:
        found = [hit for hits in search.run(asked, limit=max(1, arguments.limit)) for hit in hits]
    finally:
        search.close()
    if arguments.json:
        context.say_json([_as_json(hit) for hit in found])
    elif found:
        _show(found, context)
    else:
        context.say("Nothing was found.")
    return 0


def _show(found: list[Hit], context: Context) -> None:
    from app.analytics.layout import table
    from app.durations import told

    rows = [
        (
            _begin(hit).strftime("%Y-%m-%d %H:%M"),
            told((hit.end_ms - hit.start_ms) / 1000),
            hit.application or "idle",
            hit.project or "",
            " · ".join(part for part in (hit.title, hit.note, hit.path or hit.url) if part),
        )
        for hit in found
    ]
    context.say(table(rows, width=context.width, header=("WHEN", "TIME", "APPLICATION", "PROJECT", "WHAT")))


def _as_json(hit: Hit) -> dict[str, Any]:
    return {
        "start": _begin(hit).isoformat(timespec="milliseconds"),
        "seconds": (hit.end_ms - hit.start_ms) / 1000,
        "application": hit.application,
        "project": hit.project,
        "category": hit.category,
        "title": hit.title,
        "url": hit.url,
        "path": hit.path,
        "note": hit.note,
    }


def _begin(hit: Hit) -> datetime:
    """When it began, on the wall clock where it was recorded."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=hit.start_ms)
    return moment.astimezone(timezone(timedelta(seconds=hit.utc_offset_s)))

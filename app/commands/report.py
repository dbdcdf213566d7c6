"""`devpulse report`: what was worked on, for how long."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option
from app.errors import UsageError

if TYPE_CHECKING:
    from app.analytics.periods import Period
    from app.analytics.service import Report

BREAKDOWNS = ("project", "category", "application", "day", "hour")
SENT = ("html", "pdf")
FORMATS = ("text", "json", "csv", "md", "html", "pdf")


def register(subparsers: Subparsers) -> None:
    """Declare `report`."""
    parser = command(
        subparsers,
        "report",
        summary="Tell what was worked on, and for how long.",
        examples=(
            ("report", "today"),
            ("report week --by day", "this week, day by day"),
            ("report --from 2026-03-01 --to 2026-03-15", "both days included"),
            ("report --from 2026-03-02T09:00 --to 2026-03-02T12:30", "one morning"),
            ("report last-month --by project --format csv -o month.csv", "for a spreadsheet"),
            ('report last-month -o march.pdf --client "ACME" --hide-applications', "to send"),
        ),
        data="It only reads. A file it writes can be read by you alone.",
        run=run,
    )
    parser.add_argument(
        "period", nargs="?", metavar="PERIOD",
        help="today, yesterday, week, last-week, month, last-month, year, 7d, or a date (default: today)",
    )  # fmt: skip
    parser.add_argument("--from", dest="start", metavar="D", help="from this date, time or period on")
    parser.add_argument("--to", dest="end", metavar="D", help="up to the end of this date, or to this time")
    parser.add_argument("--by", choices=BREAKDOWNS, help="tell only this, and all of it")
    parser.add_argument("--format", choices=FORMATS, help="default: by the file's ending, else text")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to a file")
    sent = parser.add_argument_group("for html and pdf")
    sent.add_argument("--title", metavar="TEXT", default="", help="default: Work report")
    sent.add_argument("--person", metavar="NAME", default="", help="whose work it is")
    sent.add_argument("--client", metavar="NAME", default="", help="whom it is for")
    sent.add_argument(
        "--project", metavar="NAME", action="append", default=[], help="only this project; may be repeated"
    )
    sent.add_argument("--hide-applications", action="store_true", help="say nothing of applications")
    json_option(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print or write the report."""
    from app.analytics.periods import period
    from app.analytics.reports.written import rendered
    from app.analytics.zone import zone_name
    from app.commands.files import write_private
    from app.commands.fresh import refresh

    now = context.local_now()
    asked = period(arguments.period, arguments.start, arguments.end, now)
    kind = _format(arguments)
    _check(arguments, kind)
    refresh(context)
    if kind in SENT:
        from app.commands.report_sent import send

        return send(arguments, context, asked, kind)
    report = _report(context, asked, now, by_hour=arguments.by == "hour")
    text = rendered(
        report,
        kind,
        by=arguments.by,
        width=context.width if arguments.output is None else 80,
        timezone=zone_name(context.environ),
    )
    if arguments.output is None:
        context.out.write(text)
    else:
        write_private(Path(arguments.output), [text])
    return 0


def _check(arguments: argparse.Namespace, kind: str) -> None:
    given = (
        arguments.title, arguments.person, arguments.client, arguments.project, arguments.hide_applications
    )  # fmt: skip
    if kind not in SENT and any(given):
        raise UsageError(
            "A title, names, projects and hidden applications are for html and pdf.",
            advice="Add --format html or pdf, or -o with such an ending.",
        )
    if kind in SENT and arguments.by is not None:
        raise UsageError("--by is for the other formats; html and pdf hold every breakdown.")
    if kind == "pdf" and arguments.output is None:
        raise UsageError("A PDF goes to a file.", advice="Add -o FILE.")


def _report(context: Context, asked: Period, now: datetime, *, by_hour: bool) -> Report:
    from app.analytics.periods import DAY_MS, local_ms
    from app.analytics.service import Report, Service
    from app.models.database import reading, require_schema
    from app.models.engine import read_engine

    if not context.paths.database.exists():
        from app.commands.storage import warn_if_lost

        warn_if_lost(context)
        return Report(start=asked.end - DAY_MS if asked.start is None else asked.start, end=asked.end)
    with reading(context.paths.database) as connection:
        require_schema(connection)
    engine = read_engine(context.paths.database)
    try:
        return Service(engine).report(asked, today=local_ms(now) // DAY_MS, by_hour=by_hour)
    finally:
        engine.dispose()


def _format(arguments: argparse.Namespace) -> str:
    if arguments.json:
        return "json"
    if arguments.format is not None:
        return arguments.format
    suffix = Path(arguments.output or "").suffix.lstrip(".").lower()
    return suffix if suffix in FORMATS else "text"

"""`devpulse report --format html|pdf`: a report to send to somebody."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.errors import DevPulseError, UsageError

if TYPE_CHECKING:
    import sqlite3

    from app.analytics.periods import Period
    from app.analytics.reports.composition import Composed
    from app.analytics.reports.facts import Facts


def send(arguments: argparse.Namespace, context: Context, asked: Period, kind: str) -> int:
    """Write the report."""
    from app.analytics.reports.composition import Wishes, composed
    from app.commands.files import write_private

    wishes = Wishes(
        title=arguments.title or "Work report",
        person=arguments.person,
        client=arguments.client,
        hide_applications=arguments.hide_applications,
    )
    report = composed(_facts(arguments, context, asked), wishes, made=context.local_now().date())
    content = _html(report) if kind == "html" else _pdf(report)
    if arguments.output is None:
        context.out.write(content.decode())
    else:
        write_private(Path(arguments.output), content)
        context.warn(f"Written to {arguments.output}, for you alone to read.")
    return 0


def _html(report: Composed) -> bytes:
    from app.analytics.reports.html import as_html

    return as_html(report).encode("utf-8", "replace")


def _pdf(report: Composed) -> bytes:
    try:
        from app.ui.paper import as_pdf_in_a_command
    except ImportError as error:
        raise DevPulseError(
            "A PDF cannot be made here: Qt's libraries cannot be loaded.",
            advice="--format html works without them.",
        ) from error
    return as_pdf_in_a_command(report)


def _facts(arguments: argparse.Namespace, context: Context, asked: Period) -> Facts:
    from app.analytics.periods import DAY_MS
    from app.analytics.reports.facts import Facts, facts
    from app.models.database import reading, require_schema
    from app.models.engine import read_engine

    if not context.paths.database.exists():
        return Facts(start=asked.end - DAY_MS if asked.start is None else asked.start, end=asked.end)
    with reading(context.paths.database) as connection:
        require_schema(connection)
        projects = [_project(connection, name) for name in arguments.project]
    engine = read_engine(context.paths.database)
    try:
        return facts(engine, asked, projects)
    finally:
        engine.dispose()


def _project(connection: sqlite3.Connection, name: str) -> int:
    rows = connection.execute("SELECT id, name FROM projects WHERE merged_into_id IS NULL").fetchall()
    exact = [identity for identity, known in rows if known == name]
    found = exact or [identity for identity, known in rows if known.casefold() == name.casefold()]
    if not found:
        raise UsageError(
            "There is no project of that name.", advice="`devpulse projects list` shows them all."
        )
    return found[0]

"""`devpulse data erase`: remove what was recorded, so that nothing of it stays anywhere."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option
from app.errors import StorageError, UsageError

if TYPE_CHECKING:
    from app.models.store import Store


def register_erase(commands: Subparsers) -> None:
    """Declare `data erase`."""
    parser = command(
        commands,
        "erase",
        summary="Erase recorded activity for good; shows first what it would erase, and asks.",
        examples=(
            ("data erase --from 2026-03-01 --to 2026-03-02", "two days"),
            ("data erase --application gimp", "one application, of all time"),
            ("data erase --from today --project secret", "today's time of one project"),
            ("data erase --everything", "all activity and focus sessions"),
        ),
        data="It is gone from the database and from the backups, which are replaced by a new one.",
        run=run,
    )
    parser.add_argument("--from", dest="start", metavar="D", help="from this date, time or period on")
    parser.add_argument("--to", dest="end", metavar="D", help="up to the end of this date, or to this time")
    parser.add_argument("--application", metavar="NAME", help="only this application, as reports name it")
    parser.add_argument("--project", metavar="NAME", help="only this project")
    parser.add_argument("--everything", action="store_true", help="all that was recorded")
    parser.add_argument("--keep-backups", action="store_true", help="leave it in the backups")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    json_option(parser)


@dataclass(frozen=True, slots=True)
class Selection:
    """What to erase: a stretch of time in ms UTC (None: no bound), an application, a project."""

    from_ms: int | None
    to_ms: int | None
    application: str | None = None
    project_id: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would touch: spans, their ms within the selection, and focus sessions."""

    spans: int
    ms: int
    sessions: int


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Preview, ask, erase."""
    from app.commands.fresh import refresh
    from app.commands.storage import open_store, require_data

    require_data(context)
    refresh(context)
    with open_store(context) as store:
        selection = _selection(arguments, context, store)
        found = preview(store, selection)
        if not arguments.json:
            _show(found, context)
        if not found.spans and not found.sessions:
            return _done(arguments, context, found, erased=False)
        if not arguments.yes and not context.confirmed("Erase this for good?"):
            context.say("Nothing was erased.")
            return 1
        erase(store, selection)
    _clear_traces(arguments, context)
    return _done(arguments, context, found, erased=True)


def _selection(arguments: argparse.Namespace, context: Context, store: Store) -> Selection:
    from app.commands.periods import utc_bounds
    from app.models.projects import Projects

    chosen = (arguments.start, arguments.end, arguments.application, arguments.project)
    if arguments.everything == any(part is not None for part in chosen):
        raise UsageError(
            "Say what to erase.", advice="--from, --to, --application, --project, or --everything alone."
        )
    if arguments.everything:
        return Selection(0, None)
    project = None
    if arguments.project is not None:
        project = Projects(store).named(arguments.project)
        if project is None:
            raise UsageError(f"There is no project {arguments.project!r}.")
    from_ms, to_ms = utc_bounds(arguments.start, arguments.end, context)
    return Selection(from_ms, to_ms, arguments.application, None if project is None else project.id)


def preview(store: Store, selection: Selection) -> Preview:
    """What would be erased."""
    from app.models.database import translated

    low = -(2**62) if selection.from_ms is None else selection.from_ms
    high = 2**62 if selection.to_ms is None else selection.to_ms
    values = {
        "low": low,
        "high": high,
        "application": selection.application,
        "project": selection.project_id,
    }
    with translated():
        spans, ms = store.connection.execute(_PREVIEW, values).fetchone()
        sessions = 0
        if selection.application is None:
            sessions = store.connection.execute(f"SELECT count(*) {_SESSIONS}", values).fetchone()[0]
    return Preview(spans, ms or 0, sessions)


def erase(store: Store, selection: Selection) -> None:
    """Erase, with the texts that nothing refers to any more. Raises `StorageError`."""
    from app.models.journal import Journal
    from app.models.orphans import drop_orphans

    if selection.application is None:
        values = {
            "low": -(2**62) if selection.from_ms is None else selection.from_ms,
            "high": 2**62 if selection.to_ms is None else selection.to_ms,
            "project": selection.project_id,
        }
        with store.unchecked_references(), store.transaction():
            store.connection.execute(f"DELETE {_SESSIONS}", values)
            drop_orphans(store.connection)
            store.interning.forget()
    Journal(store).delete(
        from_ms=selection.from_ms,
        to_ms=selection.to_ms,
        application=selection.application,
        project_id=selection.project_id,
    )
    _shrink(store)


def _shrink(store: Store) -> None:
    """Give the room back to the disk; what was erased is overwritten already, so a busy disk may refuse."""
    from app.models.database import translated

    with suppress(StorageError), translated():
        store.connection.execute("VACUUM")
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _clear_traces(arguments: argparse.Namespace, context: Context) -> None:
    from app.commands.link import reload
    from app.config import load
    from app.models.backups import back_up, backups, discard

    reload(context)
    if arguments.keep_backups:
        return
    had_backups = bool(backups(context.paths))
    discard(context.paths)
    if had_backups:
        try:
            back_up(context.paths, keep=load(context.paths.settings).number("storage.backups_kept"))
        except StorageError as error:
            context.warn(f"The old backups are gone, and no new one could be made: {error.title}")


def _show(found: Preview, context: Context) -> None:
    from app.durations import told

    spans = "1 activity" if found.spans == 1 else f"{found.spans:,} activities"
    sessions = "1 focus session" if found.sessions == 1 else f"{found.sessions:,} focus sessions"
    also = f" and {sessions}" if found.sessions else ""
    context.say(f"{spans} ({told(found.ms / 1000)}){also}.")


def _done(arguments: argparse.Namespace, context: Context, found: Preview, *, erased: bool) -> int:
    if arguments.json:
        context.say_json(
            {
                "erased": erased,
                "activities": found.spans,
                "seconds": found.ms / 1000,
                "focus_sessions": found.sessions,
            }
        )
    else:
        context.say("Erased." if erased else "There is nothing to erase.")
    return 0


_PREVIEW = """
    SELECT count(*), sum(max(0, min(end_ms, :high) - max(start_ms, :low))) FROM activity_logs
    WHERE start_ms < :high AND (end_ms > :low OR start_ms >= :low)
        AND (:application IS NULL OR application_id = (SELECT id FROM applications WHERE name = :application))
        AND (:project IS NULL OR project_id = :project)
"""
# One that runs belongs to the agent, which would store it again.
_SESSIONS = """
    FROM focus_sessions WHERE started_ms >= :low AND started_ms < :high
        AND (:project IS NULL OR project_id = :project) AND state NOT IN ('running', 'paused')
"""

"""Import of our own export: all or nothing, and the same when it is done twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from app.analytics.exchange.intake_file import records
from app.analytics.exchange.intake_spans import SpanCounts, Spans
from app.analytics.exchange.intake_things import Ids, Things
from app.analytics.exchange.records import Record, refused
from app.config import Settings
from app.declarations import SETTINGS
from app.errors import InvalidSetting
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.imports import Imports
from app.models.journal import Journal
from app.models.store import Store


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import brought. `settings`: those in force now, for the caller to save. `import_id`: for
    undoing; None where nothing was recorded before, because then the file is restored as it is."""

    spans: SpanCounts
    devices: int
    categories: int
    rules: int
    projects: int
    goals: int
    focus_sessions: int
    settings_taken: int
    settings: Settings
    import_id: int | None = None


class _Undone(Exception):
    """Ends the transaction of a dry run."""


class Intake:
    """One import into one store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._journal = Journal(store)
        self._settings = settings
        self._settings_taken = 0
        self._focus = FocusSessions(store)
        self._focus_new = 0
        self._focus_ids = Ids("focus session")

    def take(
        self,
        file: BinaryIO,
        *,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda _: None,
        note: Callable[[], int] | None = None,
        finished_ms: int = 0,
    ) -> Taken:
        """Take a file in, in one transaction; with `dry_run` only tell what would come of it.

        `progress` is called with the number of lines now and then, and may raise to end it. `note` makes the
        row of this import, within the transaction, and returns its id.
        Raises `ImportRefused`, `StorageError`.
        """
        taken: list[Taken] = []
        try:
            with self._store.transaction():
                taken.append(self._take(file, progress, note, finished_ms))
                if dry_run:
                    raise _Undone
        except _Undone:
            pass
        return taken[0]

    def _take(
        self,
        file: BinaryIO,
        progress: Callable[[int], None],
        note: Callable[[], int] | None,
        finished_ms: int,
    ) -> Taken:
        fresh = self._is_fresh()
        things = Things(self._store, fresh=fresh)
        import_id = None if fresh or note is None else note()
        spans = Spans(self._journal, things, import_id)
        finished = False
        for number, kind, record in records(file):
            if kind in ("span", "focus") and not finished:
                things.finish()
                finished = True
            if kind == "settings":
                self._take_settings(record, number, fresh=fresh)
            elif kind == "span":
                spans.span(record, number)
            elif kind == "focus":
                self._take_focus(record, number, things)
            else:
                getattr(things, f"take_{kind}")(record, number)
            if number % 1000 == 0:
                progress(number)
        if not finished:
            things.finish()
        spans.finish()
        if import_id is not None:
            Imports(self._store).finish(import_id, spans.counts.new, finished_ms)
        return Taken(
            spans=spans.counts,
            devices=things.new["device"],
            categories=things.new["category"],
            rules=things.new["rule"],
            projects=things.new["project"],
            goals=things.new["goal"],
            focus_sessions=self._focus_new,
            settings_taken=self._settings_taken,
            settings=self._settings,
            import_id=import_id if spans.counts.new else None,
        )

    def _is_fresh(self) -> bool:
        """Nothing of the person's own is here, so the file's order of things can be taken as it is."""
        return not any(self._store.connection.execute(query).fetchone() for query in _OWN)

    def _take_settings(self, record: Record, number: int, *, fresh: bool) -> None:
        """What is set here stays; privacy is only taken over where nothing was recorded yet."""
        for key, value in record["values"].items():
            if key in self._settings.given or key in self._settings.rejected:
                continue
            if key.startswith("privacy.") and not fresh:
                continue
            if key in SETTINGS:
                try:
                    self._settings = self._settings.with_value(key, value)
                except InvalidSetting as error:
                    raise refused(number, error.title.rstrip(".")) from None
            else:
                given = {**self._settings.given, key: value}
                self._settings = Settings(given, self._settings.problems, self._settings.rejected)
            self._settings_taken += 1

    def _take_focus(self, record: Record, number: int, things: Things) -> None:
        device = things.devices.require(record, "device", number)
        project = things.projects.require(record, "project", number)
        self._focus_ids.take(record["uuid"], 1, number)
        row = self._store.connection.execute(
            "SELECT updated_ms FROM focus_sessions WHERE uuid = ?", (record["uuid"],)
        ).fetchone()
        if row is not None and row[0] >= record["updated"]:
            return
        assert device is not None
        self._focus_new += 1
        self._focus.save(
            StoredSession(
                state=record["state"], started_ms=record["started"], utc_offset_s=record["offset"],
                updated_ms=record["updated"], focused_ms=record["focused"], planned_ms=record.get("planned"),
                ended_ms=record.get("ended"), project_id=project, device_id=device, uuid=record["uuid"],
                interruptions=record.get("interruptions", 0), note=record.get("note"),
            )
        )  # fmt: skip


_OWN = (
    "SELECT 1 FROM activity_logs LIMIT 1",
    "SELECT 1 FROM projects LIMIT 1",
    "SELECT 1 FROM focus_sessions LIMIT 1",
    "SELECT 1 FROM goals LIMIT 1",
    "SELECT 1 FROM rules WHERE origin = 'person' LIMIT 1",
)

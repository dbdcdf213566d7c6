"""Homes of a made-up person for pictures, made once and kept in `build/pictures`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from app.config import Settings, save
from app.models.erasure import Selection, erase
from app.models.focus_sessions import FocusSessions, StoredSession
from app.models.goals import Aim, Goal, Goals, Period, Subject
from app.models.journal import Journal
from app.models.keyfile import Way
from app.models.keys import create_key, load_key
from app.models.migrate import migrate
from app.models.projects import Projects
from app.models.store import Store
from app.models.values import Activity, Span, State
from app.paths import Paths
from tests.pictures.person import PROJECTS, Day, Person, Piece, Session, days

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "pictures" / "homes"
HERE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 6, 30)
NOW = datetime.combine(TODAY, time(17, 42), HERE)
KINDS = {"empty": 0, "day": 1, "month": 31, "year": 365, "5years": 1826}
# Grows when what is made below changes, so that nobody looks at old data.
_EDITION = 6
_AT_ONCE = 20_000


def home(kind: str) -> Paths:
    """A home with this much data, up to `NOW`; a fresh copy of the cached one."""
    kept = CACHE / f"{kind}-{_EDITION}"
    if not (kept / "ready").exists():
        shutil.rmtree(kept, ignore_errors=True)
        _make(kept, KINDS[kind])
        (kept / "ready").touch()
    used = CACHE.parent / "used" / kind
    shutil.rmtree(used, ignore_errors=True)
    shutil.copytree(kept, used)
    return Paths.discover({"DEVPULSE_HOME": str(used)})


def _make(folder: Path, length: int) -> None:
    paths = Paths.discover({"DEVPULSE_HOME": str(folder)}).create()
    save(paths.settings, Settings())
    create_key(paths, Way.FILE)
    migrate(paths)
    if not length:
        return
    with Store.open(paths.database, load_key(paths).cipher()) as store:
        _Recorder(store).record(length)
        # The pictures are taken at this moment, and nothing is recorded ahead of it.
        erase(store, Selection(from_ms=int(NOW.timestamp() * 1000)), sessions=True)


class _Recorder:
    """Stores what the person did, as the agent would have."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._journal = Journal(store)
        self._sessions = FocusSessions(store)
        self._categories = dict(store.connection.execute("SELECT name, id FROM categories").fetchall())
        self._projects: dict[int, int] = {}

    def record(self, length: int) -> None:
        wanted = [TODAY - timedelta(back) for back in range(length - 1, -1, -1)]
        spans: list[Span] = []
        for day, done in days(Person(TODAY), wanted):
            spans += self._spans(day, done)
            for number, session in enumerate(done.sessions):
                made = self._session(day, number, session)
                if made.updated_ms <= NOW.timestamp() * 1000:
                    self._sessions.save(made)
            if len(spans) > _AT_ONCE:
                self._journal.insert(spans)
                spans.clear()
        self._journal.insert(spans)
        self._goals()

    def _spans(self, day: date, done: Day) -> Iterator[Span]:
        midnight, offset = _midnight(day)
        before: Piece | None = None
        for piece in done.pieces:
            activity = self._activity(piece) if piece.application else None
            state = State.ACTIVE if activity else State.IDLE
            switched = before is not None and activity is not None and _elsewhere(before, piece)
            start, end = (midnight + round(at * 60_000) for at in (piece.start, piece.end))
            yield Span(start, end, offset, state, activity, switched)
            before = piece

    def _activity(self, piece: Piece) -> Activity:
        project = None if piece.project is None else self._project(piece.project)
        language = PROJECTS[piece.project].language if piece.project is not None and piece.branch else None
        return Activity(
            piece.application,
            piece.title,
            url=piece.url or None,
            project_id=project,
            branch=piece.branch or None,
            language=language,
            category_id=self._categories[piece.category],
        )

    def _project(self, number: int) -> int:
        if number not in self._projects:
            projects, work = Projects(self._store), PROJECTS[number]
            self._projects[number] = projects.add(work.name)
            projects.set_language(self._projects[number], work.language)
        return self._projects[number]

    def _session(self, day: date, number: int, session: Session) -> StoredSession:
        midnight, offset = _midnight(day)
        start, length = midnight + round(session.start * 60_000), session.planned * 60_000
        return StoredSession(
            uuid=str(UUID(int=day.toordinal() * 100 + number)),
            state="completed",
            started_ms=start,
            ended_ms=start + length,
            utc_offset_s=offset,
            planned_ms=length,
            focused_ms=length,
            updated_ms=start + length,
            project_id=self._project(session.project),
            interruptions=session.interruptions,
        )

    def _goals(self) -> None:
        goals, hour = Goals(self._store, lambda: 0), 3_600_000
        weekdays = 0b11111
        goals.add(Goal(Aim.AT_LEAST, Subject.FOCUS, Period.DAY, 3 * hour, weekdays=weekdays))
        main = self._projects.get(0)
        if main is not None:
            goals.add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.WEEK, 15 * hour, main))
        goals.add(Goal(Aim.AT_MOST, Subject.CATEGORY, Period.DAY, hour, self._categories["Chat"], weekdays))


def _midnight(day: date) -> tuple[int, int]:
    """ms UTC of a day's beginning, and its seconds east of UTC at noon."""
    noon = datetime.combine(day, time(12), HERE)
    offset = noon.utcoffset()
    assert offset is not None
    return int(noon.timestamp() * 1000) - 12 * 3_600_000, round(offset.total_seconds())


def _elsewhere(before: Piece, now: Piece) -> bool:
    return before.project != now.project or before.application != now.application

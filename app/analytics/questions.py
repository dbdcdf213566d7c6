"""The named questions that windows ask, off the GUI thread; every answer is of one moment of the database.

A `Questions` may be asked from any thread: it has one connection and answers one question at a time, in
milliseconds. What takes seconds is asked of `inquiries.py`. Answers are frozen and may be kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np

from app.analytics.activities import ActivityRow, activity_rows
from app.analytics.best_hours import BestHours, best_hours
from app.analytics.cache_file import CacheFile
from app.analytics.cube import Filter
from app.analytics.day import DayView, day_view, spans_of
from app.analytics.focus_trend import FocusTrend, focus_trend
from app.analytics.interruptions import Interruption, interruptions
from app.analytics.labels import By, Names
from app.analytics.machines import ALL, Machines
from app.analytics.moment import Moment
from app.analytics.past import Past
from app.analytics.periods import DAY_MS, date_of
from app.analytics.places import Places, project_places
from app.analytics.projects import ProjectDetails, ProjectLine, project_details, project_lines
from app.analytics.ranges import Days, Granularity, number_of
from app.analytics.recorded import RecordedApplication, recorded_applications
from app.analytics.rollups import Rollups
from app.analytics.rulebook import Rulebook, rulebook
from app.analytics.sessions import Session, focused_days, open_session, sessions_of
from app.analytics.source import Source
from app.analytics.streaks import Streaks, streaks
from app.analytics.timeline import cut
from app.analytics.today import GoalView, Today, goal_views, resting_goals
from app.analytics.trends import Calendar, HeatMap, Trends, calendar, heat_map, trends
from app.analytics.usual import usual
from app.clock import Clock
from app.models.cipher import Cipher
from app.models.goals import read_goals

_HOUR_MS = 3_600_000


class Questions:
    """Answers from the database at `path`. Every method raises `StorageError` and its kinds.

    `cipher`: None while the key is locked; then texts are told as None. `machines`: whose time; of all
    together (the default) each moment counts once, for the machine that was turned to last.
    """

    def __init__(self, path: Path, cipher: Cipher | None, clock: Clock, machines: Machines = ALL) -> None:
        self._source = Source(path, cipher)
        self._clock = clock
        self.machines = machines
        cache = CacheFile(path, machines.scope)
        self._rollups = Rollups(cache, machines)
        self._past = Past(self._rollups, cache, machines)

    def close(self) -> None:
        """Give the connection back; a later question opens another."""
        self._source.close()

    # Now

    def today_date(self) -> date:
        """The local date now."""
        return date_of(self._today())

    def recorded_days(self) -> Days | None:
        """From the first day with anything recorded to the last; None for an empty database."""

        def ask(moment: Moment) -> Days | None:
            cube = self._rollups.days(moment)
            if not len(cube.day):
                return None
            return Days(date_of(int(cube.day[0])), date_of(int(cube.day[-1])))

        return self._source.ask(("recorded_days",), ask)

    def names(self) -> Names:
        """All projects, categories, applications, branches and languages with their colours."""
        return self._source.ask(("names",), self._source.names)

    def day(self, day: date) -> DayView:
        """A local day: timeline without gaps, hours, shares, attention, focus sessions."""
        number = number_of(day)
        return self._source.ask(("day", number), lambda moment: self._day(moment, number))

    def today(self) -> Today:
        """What the Today page shows."""
        number, now_ms = self._today(), self._clock.now().wall_ms
        elapsed = (now_ms + self._clock.utc_offset_s(now_ms) * 1000) % DAY_MS / _HOUR_MS
        with self._source.reader.moment() as moment:
            view = self._day(moment, number)
            names = self._source.names(moment)
            return Today(
                view=view,
                now_ms=now_ms,
                session=open_session(moment, names),
                goals=self._goals(moment, number),
                usual=usual(self._rollups.hours(moment), number, elapsed),
            )

    def goals(self) -> tuple[GoalView, ...]:
        """All goals: those that count today with how far they are, then those that do not."""

        def ask(moment: Moment) -> tuple[GoalView, ...]:
            counting = self._goals(moment, self._today())
            return (*counting, *resting_goals(read_goals(moment.raw), counting, self._source.names(moment)))

        return self._source.ask(("goals", self._today()), ask)

    # Long ranges

    def trends(
        self,
        days: Days,
        by: By = By.PROJECT,
        granularity: Granularity = Granularity.DAY,
        only: Filter = Filter(),  # noqa: B008 - frozen
        most: int = 12,
    ) -> Trends:
        """Stacked time over a range with the period before; `only` drills down."""
        return self._source.ask(
            ("trends", days, by, granularity, only, most),
            lambda m: trends(
                self._rollups.days(m).only(only), self._source.names(m), days, by, granularity, most
            ),
        )

    def heat_map(self, days: Days, categories: frozenset[int] | None = None) -> HeatMap:
        """Hour × weekday over a range, of all time or of some categories (0: none)."""

        def ask(moment: Moment) -> HeatMap:
            cube = self._rollups.hours(moment)
            return heat_map(cube if categories is None else cube.only(categories), days)

        return self._source.ask(("heat_map", days, categories), ask)

    def focus_trend(
        self, days: Days, granularity: Granularity = Granularity.DAY, average: int = 7
    ) -> FocusTrend:
        """Scores, deep work, fragmentation and switches over a range, with moving averages."""

        def ask(moment: Moment) -> FocusTrend:
            digests, missing = self._past.digests(moment, days.numbers)
            return focus_trend(digests, days, granularity, average, missing)

        return self._source.ask(("focus_trend", days, granularity, average, self._past.stamp()), ask)

    def best_hours(self, days: Days) -> BestHours | None:
        """The three hours in a row with most productive time; None below five days, or without any."""
        return self._source.ask(
            ("best_hours", days),
            lambda m: best_hours(self._rollups.hours(m), self._source.names(m).productive, days),
        )

    def calendar(self, days: Days, only: Filter = Filter()) -> Calendar:  # noqa: B008 - frozen
        """Active time of each day, for a year's calendar."""
        return self._source.ask(
            ("calendar", days, only), lambda m: calendar(self._rollups.days(m).only(only), days)
        )

    def rulebook(self) -> Rulebook:
        """Categories and rules in their order."""
        return self._source.ask(("rulebook",), rulebook)

    # Projects

    def projects(self, days: Days, *, archived: bool = False) -> tuple[ProjectLine, ...]:
        """All projects with their time; sparklines over `days`."""
        return self._source.ask(
            ("projects", days, archived),
            lambda m: project_lines(m, self._rollups.days(m), self._source.names(m), days, archived=archived),
        )

    def project(self, project_id: int, days: Days) -> ProjectDetails:
        """One project by branch, language, application, category and day."""

        def ask(moment: Moment) -> ProjectDetails:
            names, cube = self._source.names(moment), self._rollups.days(moment)
            parts, missing = self._past.parts(moment, project_id, days.numbers)
            return project_details(cube, names, project_id, days, parts, missing)

        return self._source.ask(("project", project_id, days, self._past.stamp()), ask)

    def project_places(self, project_id: int) -> Places:
        """Where a project lies: its folders and remote (left out while the key is locked)."""
        with self._source.reader.moment() as moment:
            return project_places(moment, self._source.texts, project_id)

    # Focus

    def sessions(self, days: Days) -> tuple[Session, ...]:
        """The focus sessions that began on those days, in their order."""
        return self._source.ask(
            ("sessions", days), lambda m: sessions_of(m, self._source.names(m), days.numbers)
        )

    def streaks(self) -> Streaks:
        """Days in a row with a completed focus session or 25 minutes focused in sessions."""

        def ask(moment: Moment) -> Streaks:
            cube = self._rollups.days(moment)
            worked = np.unique(cube.day[cube.active_ms > 0]).tolist()
            return streaks(focused_days(moment), worked, self._today())

        return self._source.ask(("streaks", self._today()), ask)

    def interruptions(self, session: Session, after_ms: int) -> tuple[Interruption, ...]:
        """What interrupted a session for longer than `after_ms` (setting `focus.interruption_after_s`)."""

        def ask(moment: Moment) -> tuple[Interruption, ...]:
            end = session.updated_ms if session.ended_ms is None else session.ended_ms
            spans = cut(spans_of(moment, session.started_ms, end), session.started_ms, end)
            return interruptions(spans, self._source.names(moment), session.project.id, after_ms)

        return self._source.ask(("interruptions", session, after_ms), ask)

    # Recorded activity

    def recorded_applications(self) -> tuple[RecordedApplication, ...]:
        """All applications with their time; `Inquiries.stored` tells more of one."""
        return self._source.ask(
            ("recorded",), lambda m: recorded_applications(self._rollups.days(m), self._source.names(m))
        )

    def activity_rows(self, ids: Iterable[int]) -> tuple[ActivityRow, ...]:
        """The activities with these ids with their texts; some dozens at a time, as they are looked at."""
        with self._source.reader.moment() as moment:
            return activity_rows(moment, self._source.names(moment), self._source.texts, ids)

    def texts(self, ids: Iterable[int]) -> dict[int, str | None]:
        """Titles, addresses, paths and notes by their ids, opened; None for what cannot be opened."""
        with self._source.reader.moment() as moment:
            return self._source.texts.of(moment, ids)

    # Inside

    def _day(self, moment: Moment, number: int) -> DayView:
        offsets = (self._offset(number), self._offset(number + 1))
        return self._source.within(
            moment,
            ("day", number),
            lambda m: day_view(m, self._source.names(m), number, offsets, self.machines),
        )

    def _goals(self, moment: Moment, number: int) -> tuple[GoalView, ...]:
        goals = read_goals(moment.raw)
        if not goals:
            return ()
        monday = number - date_of(number).weekday()
        week = [self._day(moment, day) for day in range(monday, number + 1)]
        return goal_views(goals, week, self._rollups.days(moment), self._source.names(moment))

    def _today(self) -> int:
        wall = self._clock.now().wall_ms
        return (wall + self._clock.utc_offset_s(wall) * 1000) // DAY_MS

    def _offset(self, number: int) -> int:
        """Seconds east of UTC at a local midnight, by this machine's zone."""
        midnight = number * DAY_MS
        guess = self._clock.utc_offset_s(midnight)
        return self._clock.utc_offset_s(midnight - guess * 1000)

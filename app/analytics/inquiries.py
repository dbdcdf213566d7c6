"""The questions that take seconds, for they read the spans of a long time, by a connection of their own."""

from __future__ import annotations

from pathlib import Path

from app.analytics.activities import activity_ids
from app.analytics.cache_file import CacheFile
from app.analytics.cube import Filter
from app.analytics.machines import ALL, Machines
from app.analytics.matching import Matches, Matching, Progress, Test
from app.analytics.past import STEP_DAYS, Past
from app.analytics.ranges import Days
from app.analytics.recorded import Stored, stored_of
from app.analytics.rollups import Rollups
from app.analytics.series import Ints
from app.analytics.source import Source
from app.models.cipher import Cipher


def _go_on(done: int, of: int) -> bool:
    return done <= of


class Inquiries:
    """Asked beside `Questions`, which stay quick. Every method raises `StorageError` and its kinds."""

    def __init__(self, path: Path, cipher: Cipher | None, machines: Machines = ALL) -> None:
        self._source = Source(path, cipher)
        cache = CacheFile(path, machines.scope)
        self._rollups = Rollups(cache, machines)
        self._past = Past(self._rollups, cache, machines)

    def close(self) -> None:
        """Give the connection back; a later question opens another."""
        self._source.close()

    def reckon(self, progress: Progress = _go_on) -> bool:
        """Reckon what `Questions.focus_trend` and `project` need of all finished days, the latest first.

        It is kept in a side file, so once for each day: some 15 s for ten million activities, nothing the
        next time. `progress(done, all)` is told in days; answering False stops it, and what is done stays.
        Returns whether all is done.
        """
        with self._source.reader.moment() as moment:
            of = len(self._past.missing(moment))
        done, left = 0, of
        while left:
            if not progress(done, of):
                return False
            # Each step is a moment of its own, so that the agent's log never waits long for this reader.
            with self._source.reader.moment() as moment:
                self._past.reckon(moment, self._past.missing(moment)[:STEP_DAYS])
                left = len(self._past.missing(moment))
            done = max(done, of - left)
        progress(of, of)
        return True

    def activities(self, days: Days, only: Filter = Filter(), *, idle: bool = False) -> Ints:  # noqa: B008
        """The ids of the activities of a range, latest first: the rows of a table, of which
        `Questions.activity_rows` reads those that are seen. A second for two million."""
        return self._source.ask(
            ("activities", days, only, idle), lambda m: activity_ids(m, days, only, idle=idle)
        )

    def matches(self, test: Test, days: Days, progress: Progress = _go_on) -> Matches:
        """How much recorded activity a rule's conditions fit (`app.tracking.conditions.read_conditions`).

        `progress(done, all)` is told in days, and cancels by answering False. Without the key, conditions
        on titles, addresses and files fit nothing.
        """
        with self._source.reader.moment() as moment:
            names = self._source.names(moment)
            return Matching(moment, names, self._source.texts, test).over(days, progress)

    def stored(self, application_id: int, most_titles: int = 200) -> Stored:
        """What is stored of an application (0: of activity without one), and its titles with most time."""
        return self._source.ask(
            ("stored", application_id, most_titles),
            lambda m: stored_of(m, self._source.names(m), self._source.texts, application_id, most_titles),
        )

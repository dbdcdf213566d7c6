"""The tracking service: tracker, rules, projects, focus and switches as one thing that can be asked.

All of it runs in the loop's thread. `requests.py` lets commands ask it over the control socket.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import config
from app.clock import Clock, Instant
from app.errors import DatabaseGone, DevPulseError, KeyUnavailable, StorageError
from app.loop import Loop
from app.models import displaced, lost, unstored
from app.models.books import Books
from app.models.focus_sessions import StoredSession
from app.models.pulse import Pulse
from app.models.today import Totals, local_day, recent_projects, totals
from app.models.values import Span
from app.paths import Paths, resources
from app.tracking import live, switches
from app.tracking.anchorage import Anchorage
from app.tracking.applications import ApplicationNames
from app.tracking.browsing import Browsers
from app.tracking.focus import Work
from app.tracking.focus_keeper import FocusKeeper
from app.tracking.pause_end import PauseEnd
from app.tracking.pipeline import Pipeline, Project
from app.tracking.platform.base import SessionEvent, Sources
from app.tracking.policy import Policy, policy_from
from app.tracking.privacy import PrivacyFilter
from app.tracking.project_book import ProjectBook
from app.tracking.projects import ProjectResolver, ProjectTables
from app.tracking.recorder import Recorder
from app.tracking.reminders import Reminder, Reminders
from app.tracking.rulebook import Rulebook
from app.tracking.switches import Switches
from app.tracking.tracker import Moment, Tracker
from app.tracking.troubles import troubles
from app.version import __version__

logger = logging.getLogger(__name__)

# How often the status is told while nothing but today's total grows.
_TELL_EVERY_MS = 60_000


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the service calls, in the loop's thread.

    `tell(status)`: something changed that a person could see. `focus_completed(session, project)`.
    `stored_for_sleep()`: all is stored, the machine may sleep. `new_project(project)`: its repository
    should be identified. `remind(reminder)`: see `reminders.py`. `replaced()`: another file lies in the
    database's place; what was recorded is kept, and only a new start can go on with that file.
    """

    tell: Callable[[dict[str, Any]], None]
    focus_completed: Callable[[StoredSession, str | None], None]
    stored_for_sleep: Callable[[], None]
    new_project: Callable[[Project], None]
    remind: Callable[[Reminder], None]
    replaced: Callable[[], None]


class Service:
    """Builds the parts of tracking over open `books`, and keeps them in step with settings and switches."""

    def __init__(
        self,
        *,
        paths: Paths,
        loop: Loop,
        clock: Clock,
        sources: Sources,
        books: Books,
        settings: config.Settings,
        hooks: Hooks,
        problems: Sequence[DevPulseError] = (),
    ) -> None:
        self._paths = paths
        self._loop = loop
        self._clock = clock
        self._sources = sources
        self._books = books
        self._settings = settings
        self._hooks = hooks
        self._start_problems = tuple(problems)
        self._account_waits: Mapping[str, int] = {}
        self._switches = switches.load(paths.switches).at(clock.now().wall_ms)
        self._pause_end = PauseEnd(loop, clock, self.switch)
        self._moment: Moment | None = None
        self._told_at: Instant | None = None
        self._rulebook = Rulebook()
        self._rulebook.read(books.store.connection)
        self._projects = ProjectBook(books.projects, hooks.new_project)
        self._privacy = PrivacyFilter(
            self._policy(),
            names=ApplicationNames.load(resources()),
            browsers=Browsers.load(resources()),
            command_line=sources.processes.command_line,
        )
        self._pipeline = Pipeline(
            privacy=self._privacy,
            resolver=ProjectResolver(
                processes=sources.processes,
                tables=ProjectTables.load(resources()),
                known_roots=self._projects.roots,
                home=str(Path.home()),
            ),
            project_of=self._projects.project_of,
            categories=self._rulebook,
        )
        self._recorder = Recorder(books.journal, Pulse(paths.pulse), clock, self._keep_unstored)
        self._anchorage = Anchorage(
            loop=loop,
            clock=clock,
            database=paths.database,
            books=books,
            recorder=self._recorder,
            go_on_with=self._go_on_with,
            put_back=self._add_problem,
            replaced=hooks.replaced,
            changed=self._changed,
        )
        self.focus = FocusKeeper(
            loop=loop,
            clock=clock,
            sessions=books.sessions,
            interruption_after_ms=settings.number("focus.interruption_after_s") * 1000,
            on_change=self._changed,
            on_completed=self._focus_completed,
        )
        self._reminders = Reminders(hooks.remind)
        self._tracker = Tracker(
            loop=loop,
            clock=clock,
            sources=sources,
            pipeline=self._pipeline,
            recorder=self._recorder,
            settings=settings,
            suspended=lambda: self._switches.paused or self._switches.private,
            on_change=self._saw,
            on_beat=self._beat,
            on_stored_for_sleep=hooks.stored_for_sleep,
        )

    @property
    def settings(self) -> config.Settings:
        return self._settings

    @property
    def switches(self) -> Switches:
        return self._switches

    @property
    def sources(self) -> Sources:
        return self._sources

    @property
    def blind(self) -> bool:
        """Whether no window can be seen."""
        return self._moment is None or self._moment.blind

    def start(self) -> None:
        """Begin to track."""
        self._take_project_by_hand()
        self._tracker.start()
        self._anchorage.start()
        self._pause_end.wait(self._switches)

    def stop(self) -> None:
        """Store everything and close the books."""
        self._tracker.stop()
        self.focus.close()
        self._anchorage.stop()
        self._books.close()

    def session_event(self, event: SessionEvent) -> None:
        """From any thread."""
        self._tracker.session(event)

    def flush(self) -> None:
        """Bring the open span up to now into the database. Raises `StorageError` when that fails."""
        self._tracker.flush()
        self.focus.beat(self._clock.now())
        self._anchorage.try_now()
        self._anchorage.look()
        problem = self._recorder.problem or self._anchorage.problem
        if problem is not None:
            raise problem

    def _keep_unstored(self, spans: Sequence[Span]) -> None:
        unstored.save(self._paths.unstored, self._books.store.cipher, spans)
        logger.warning("%d activities could not be stored; the next start takes them in", len(spans))

    def look_for_file(self) -> None:
        """See that what is recorded goes into the database that everybody else sees."""
        self._anchorage.look()

    def switch(self, changed: Switches) -> None:
        """Pause, private mode or a project by hand, from now on and after a restart."""
        self._switches = changed
        try:
            switches.save(self._paths.switches, changed)
        except OSError as error:
            logger.warning("the switches could not be stored: %s", error.strerror)
        self._privacy.policy = self._policy()
        self._take_project_by_hand()
        self._pause_end.wait(self._switches)
        self._tracker.look_again()
        self._changed()

    def account_waits(self, conflicts: int, alarms: int) -> None:
        """A command has looked at the account: so much of it waits for the person."""
        found = {"conflicts": conflicts, "alarms": alarms}
        if found != self._account_waits:
            self._account_waits = found
            self._changed()

    def project_named(self, name: str) -> Project:
        """Raises `DevPulseError` when there is none of that name."""
        return self._projects.named(name)

    def reload(self) -> None:
        """Settings, rules or projects were changed by somebody: use them from now on."""
        self._settings = config.load(self._paths.settings)
        if not self._paths.account.exists():
            self._account_waits = {}
        if lost.problem(self._paths) is None and displaced.replaced(self._paths) is None:
            self._drop_problems(DatabaseGone)
        self._rulebook.read(self._books.store.connection)
        self._projects.forget()
        self._privacy.policy = self._policy()
        self.focus.set_interruption_after(self._settings.number("focus.interruption_after_s") * 1000)
        self._take_project_by_hand()
        self._tracker.use(self._settings)
        self._changed()

    def unlock(self, books: Books) -> None:
        """Go on with books that can seal texts."""
        self._tracker.flush()
        self._go_on_with(books)
        try:
            unstored.take_in(self._paths.unstored, books.journal)
        except StorageError as error:
            logger.warning("what the last run could not store waits on: %s", error.title)
        self._drop_problems(KeyUnavailable)
        self._privacy.policy = self._policy()
        self._tracker.look_again()
        self._changed()

    def _go_on_with(self, books: Books) -> None:
        self._recorder.replace_ledger(books.journal)
        self.focus.replace_sessions(books.sessions)
        self._projects.use(books.projects)
        self._books.close()
        self._books = books
        self._anchorage.use(books)

    @property
    def locked(self) -> bool:
        """Whether titles cannot be recorded because the key is not there."""
        return self._books.locked

    def reveal_key(self) -> bytes | None:
        """The data key, for a command that is handed it by a pipe; None where it is not here."""
        cipher = self._books.store.cipher
        return None if cipher is None else cipher.reveal()

    @property
    def _sees_nothing(self) -> bool:
        return self._sources.windows.name == "null"

    @property
    def problems(self) -> tuple[DevPulseError, ...]:
        """What keeps DevPulse from doing all it should, in words."""
        return troubles(
            removed=self._anchorage.problem,
            storing=self._recorder.problem,
            start=self._start_problems,
            blind_for=self._sources.windows.limits if self._sees_nothing else None,
            settings=(*self._settings.problems, *self._privacy.policy.problems),
            rules=self._rulebook.problems,
        )

    def status(self) -> dict[str, Any]:
        """The status value; see docs/control-socket.md."""
        now = self._clock.now()
        offset = self._clock.utc_offset_s(now.wall_ms)
        day = local_day(now.wall_ms, offset)
        focus = self.focus.session
        activity = None if self._moment is None or self._moment.seen is None else self._moment.seen.activity
        told = live.status(
            live.Live(
                version=__version__,
                pid=os.getpid(),
                now_ms=now.wall_ms,
                utc_offset_s=offset,
                moment=self._moment,
                switches=self._switches,
                today=self._totals(day),
                extra_ms=self._recorder.unstored_ms,
                focus=focus,
                focus_project=self._project_name(None if focus is None else focus.project_id),
                focus_remaining_ms=self.focus.remaining_ms,
                category=self._rulebook.name(None if activity is None else activity.category_id),
                sources=self._source_names(),
                problems=self.problems,
                hidden={str(why): count for why, count in self._pipeline.hidden.items()},
                projects=self._recent(day),
                by_hand=None if self._pipeline.by_hand is None else self._pipeline.by_hand.name,
                degraded=self._degraded,
            )
        )
        return {**told, "account": dict(self._account_waits) or None}

    @property
    def _degraded(self) -> bool:
        trouble = self._recorder.problem or self._anchorage.problem
        return self.blind or self._sees_nothing or trouble is not None

    def _totals(self, day: int) -> Totals:
        try:
            return totals(self._books.store.connection, day)
        except StorageError:
            return Totals()

    def _recent(self, day: int) -> tuple[str, ...]:
        try:
            return recent_projects(self._books.store.connection, day)
        except StorageError:
            return ()

    def _project_name(self, project_id: int | None) -> str | None:
        try:
            project = None if project_id is None else self._projects.get(project_id)
        except StorageError:
            return None
        return None if project is None else project.name

    def _source_names(self) -> Mapping[str, str]:
        sources = self._sources
        return {
            "windows": sources.windows.name,
            "input": sources.input.name,
            "session": sources.session.name,
        }

    def _policy(self) -> Policy:
        return policy_from(
            self._settings,
            salt=self._books.salt,
            private_mode=self._switches.private,
            paused=self._switches.paused,
        )

    def _take_project_by_hand(self) -> None:
        chosen = self._switches.project_id
        try:
            self._pipeline.by_hand = None if chosen is None else self._projects.get(chosen)
        except StorageError:
            self._pipeline.by_hand = None

    def _add_problem(self, problem: DevPulseError) -> None:
        self._start_problems = (*self._start_problems, problem)

    def _drop_problems(self, kind: type[DevPulseError]) -> None:
        self._start_problems = tuple(p for p in self._start_problems if not isinstance(p, kind))

    def _saw(self, moment: Moment) -> None:
        self._moment = moment
        activity = None if moment.seen is None else moment.seen.activity
        productivity = self._rulebook.productivity(None if activity is None else activity.category_id)
        now, work = self._clock.now(), Work(moment.presence, activity, productivity)
        self.focus.saw(now, work)
        self._reminders.saw(now, work, self.focus.session)
        self._changed()

    def _beat(self, now: Instant) -> None:
        self._anchorage.look()
        self._books.checkpoints.look()
        self.focus.beat(now)
        self._reminders.beat(now, self._settings)
        if self._told_at is None or now.awake_ms - self._told_at.awake_ms >= _TELL_EVERY_MS:
            self._changed()
            day = local_day(now.wall_ms, self._clock.utc_offset_s(now.wall_ms))
            self._reminders.look_at_goals(self._books.store.connection, day, self._settings)

    def _focus_completed(self, session: StoredSession) -> None:
        self._hooks.focus_completed(session, self._project_name(session.project_id))

    def _changed(self) -> None:
        self._told_at = self._clock.now()
        self._hooks.tell(self.status())

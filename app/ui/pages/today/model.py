"""The view model of Today: the agent's status and the day's answer, and who is told when they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.analytics.day import DayView
from app.analytics.today import GoalView, Today
from app.ui.background import BackgroundQuery
from app.ui.focus.live_session import LiveSession, session_of
from app.ui.pages.today.growth import Open, grown
from app.ui.pages.today.now import Trouble, now_of, troubles_of
from app.ui.services import Services
from app.ui.shell.times import local_now


class TodayModel(QObject):
    """`now_changed`: the state, the session or a problem is another. `day_changed`: the day's numbers are.

    Between two statuses time goes on: `active_seconds` and `now` tell it without asking anybody.
    """

    now_changed = pyqtSignal()
    day_changed = pyqtSignal(object)  # Today
    failed = pyqtSignal(object)  # DevPulseError

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._query = BackgroundQuery(services.background, self)
        self._heard_ms = services.clock.now().wall_ms
        self.day: Today | None = None
        self.goals: tuple[GoalView, ...] = ()
        self.now = now_of(services.agent.status, local_now(services.clock))
        services.agent.status_changed.connect(self._heard)
        services.agent.present_changed.connect(self._heard)

    @property
    def session(self) -> LiveSession | None:
        """The focus session that runs or is paused."""
        return session_of(self._services.agent.status, self._heard_ms)

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        return troubles_of(self._services.agent.status)

    @property
    def now_ms(self) -> int:
        return self._services.clock.now().wall_ms

    @property
    def current_seconds(self) -> float | None:
        """How long what is shown as now goes on; None for no clock."""
        return None if self.now.since_ms is None else max(0, self.now_ms - self.now.since_ms) / 1000

    @property
    def active_seconds(self) -> float:
        """Today's active time to this second: the agent's, or the database's while there is no agent."""
        status = self._services.agent.status
        stored = 0.0 if self.day is None else self.day.view.active_ms / 1000
        if status is None:
            return stored
        told = float((status.get("today") or {}).get("active_seconds") or 0)
        gone = max(0, self.now_ms - self._heard_ms) / 1000 if self.now.recording else 0.0
        return max(stored, told + gone)

    @property
    def view(self) -> DayView | None:
        """The day to this second; None before the first answer."""
        if self.day is None:
            return None
        view, status = self.day.view, self._services.agent.status or {}
        local = local_now(self._services.clock)
        if not self.now.recording or local.date() != view.date:
            return view
        current: Mapping[str, Any] = status.get("current") or {}
        project, category = (str(current.get(key) or "") for key in ("project", "category"))
        into = (local.minute * 60 + local.second) * 1000
        growth = round(self.active_seconds * 1000) - view.active_ms
        return grown(view, growth, Open(project, category, local.hour, into))

    @property
    def project_seconds(self) -> float | None:
        """Today's time of the project that is worked on, to this second; None without one."""
        status = self._services.agent.status or {}
        project = (status.get("current") or {}).get("project")
        if project is None or not self.now.recording:
            return None
        sums = (status.get("today") or {}).get("by_project") or ()
        told = next((float(one["seconds"]) for one in sums if one.get("name") == project), 0.0)
        return told + max(0, self.now_ms - self._heard_ms) / 1000

    @property
    def idle_seconds(self) -> float:
        """Today's idle time, as the agent or else the database last told it."""
        status = self._services.agent.status
        if status is not None:
            return float((status.get("today") or {}).get("idle_seconds") or 0)
        return 0.0 if self.day is None else self.day.view.idle_ms / 1000

    def ask(self) -> None:
        """Ask for the day anew."""
        library = self._services.library

        def work() -> tuple[Today, tuple[GoalView, ...]]:
            return library.questions.today(), library.questions.goals()

        self._query.ask(work, self._show, failed=self.failed.emit)

    def forget(self) -> None:
        self._query.forget()

    def _show(self, answer: tuple[Today, tuple[GoalView, ...]]) -> None:
        self.day, self.goals = answer
        self.day_changed.emit(self.day)

    def _heard(self, _: object = None) -> None:
        self._heard_ms = self._services.clock.now().wall_ms
        self.now = now_of(self._services.agent.status, local_now(self._services.clock))
        self.now_changed.emit()

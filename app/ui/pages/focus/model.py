"""The view model of Focus: sessions, streaks, interruptions, and the session that runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.analytics.interruptions import Interruption
from app.analytics.labels import Names
from app.analytics.ranges import Days
from app.analytics.sessions import Session
from app.analytics.streaks import Streaks
from app.models.focus_sessions import StoredSession
from app.ui.background import BackgroundQuery
from app.ui.focus.breaks import Break, break_after
from app.ui.focus.live_session import LiveSession, session_of
from app.ui.hearing import hear
from app.ui.services import Services

if TYPE_CHECKING:
    from app.analytics.questions import Questions

# Twelve weeks: what is shown at first, and what the chart is made of.
SHOWN_DAYS = 84


@dataclass(frozen=True, slots=True)
class FocusAnswer:
    """One answer. `sessions`: latest first. `notes` by the uuid of their session. `latest`: whose
    interruptions are shown."""

    today: date
    sessions: tuple[Session, ...]
    notes: dict[str, str]
    streaks: Streaks
    names: Names
    latest: Session | None
    interruptions: tuple[Interruption, ...]


class FocusModel(QObject):
    """`changed`: the agent tells another session. `answered(FocusAnswer)`."""

    changed = pyqtSignal()
    answered = pyqtSignal(object)
    failed = pyqtSignal(object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._query = BackgroundQuery(services.background, self)
        self._heard_ms = services.clock.now().wall_ms
        self.days = SHOWN_DAYS
        self.answer: FocusAnswer | None = None
        services.agent.status_changed.connect(self._heard)
        services.agent.present_changed.connect(self._heard)
        hear(services.agent.focus_ended, self, lambda _: self.ask())

    @property
    def session(self) -> LiveSession | None:
        """The session that runs or is paused."""
        return session_of(self._services.agent.status, self._heard_ms)

    @property
    def rest(self) -> Break | None:
        """The break after the session that ended last."""
        sessions = () if self.answer is None else self.answer.sessions
        ended = next((session for session in sessions if not session.open), None)
        return break_after(ended, self._services.clock.now().wall_ms)

    def ask(self) -> None:
        """Ask for everything anew."""
        library, days = self._services.library, self.days
        after_ms = int(self._services.settings.get("focus.interruption_after_s")) * 1000
        self._query.ask(
            lambda: _answer(library.questions, days, after_ms), self._show, failed=self.failed.emit
        )

    def forget(self) -> None:
        self._query.forget()

    def change(self, session: Session, project_id: int | None, note: str) -> None:
        """Give an ended session another project or note."""
        stored = _stored(session, project_id, note.strip() or None)
        self._services.edits.run(lambda editing: editing.sessions.change(stored))

    def delete(self, session: Session) -> None:
        """Forget a session."""
        self._services.edits.run(lambda editing: editing.sessions.delete(session.uuid))

    def _show(self, answer: FocusAnswer) -> None:
        self.answer = answer
        self.answered.emit(answer)

    def _heard(self, _: object = None) -> None:
        self._heard_ms = self._services.clock.now().wall_ms
        self.changed.emit()


def _answer(questions: Questions, days: int, after_ms: int) -> FocusAnswer:
    today = questions.today_date()
    sessions = questions.sessions(Days(today - timedelta(days=days - 1), today))[::-1]
    texts = questions.texts(session.note_id for session in sessions if session.note_id)
    latest = sessions[0] if sessions else None
    return FocusAnswer(
        today=today,
        sessions=sessions,
        notes={s.uuid: note for s in sessions if (note := texts.get(s.note_id))},
        streaks=questions.streaks(),
        names=questions.names(),
        latest=latest,
        interruptions=() if latest is None else questions.interruptions(latest, after_ms),
    )


def _stored(session: Session, project_id: int | None, note: str | None) -> StoredSession:
    return StoredSession(
        state=session.state,
        started_ms=session.started_ms,
        utc_offset_s=session.utc_offset_s,
        updated_ms=session.updated_ms,
        focused_ms=session.focused_ms,
        planned_ms=session.planned_ms,
        ended_ms=session.ended_ms,
        project_id=project_id,
        interruptions=session.interruptions,
        note=note,
        uuid=session.uuid,
        id=session.id,
    )

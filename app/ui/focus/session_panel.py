"""The focus session that runs, with its ring and controls; or the break after one; or how to start one."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.focus.breaks import Break
from app.ui.focus.control import FocusControl
from app.ui.focus.live_session import LiveSession
from app.ui.focus.starter import Starter
from app.ui.focus.timer_ring import TimerRing
from app.ui.moments import counting_down, ticking
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.labels import ElidedLabel, label
from app.ui.words import name, tr


class SessionPanel(QWidget):
    """`show_session` when it changes, `tick` every second. `side`: of the ring, in pixels."""

    def __init__(self, services: Services, *, side: int, below: bool = False) -> None:
        super().__init__()
        self._services = services
        self.control = FocusControl(services)
        self._always = below
        self._session: LiveSession | None = None
        self._break: Break | None = None
        self._skipped = ""
        self._ring = TimerRing(services.theme, side)
        self._title = ElidedLabel("", "title")
        self._words = label("", "muted", wrap=True)
        self.starter = Starter(services, self.control)
        icons = services.icons
        self._pause = button(icons, tr("Pause"), self.control.pause, icon="pause")
        self._resume = button(icons, tr("Resume"), self.control.resume, icon="play", kind="primary")
        self._stop = button(icons, tr("Stop"), self.control.stop, icon="square")
        self._skip = button(icons, tr("Skip the break"), self.skip_break, icon="skip-forward")
        self._lay_out(below=below)
        self.starter.chosen.connect(self.tick)
        self.show_session(None, None)

    def show_session(self, session: LiveSession | None, rest: Break | None) -> None:
        """Show this session; without one the break, unless it was skipped."""
        self._session = session
        self._break = None if session is not None or (rest and rest.session == self._skipped) else rest
        self._dress()
        self.tick()

    def skip_break(self) -> None:
        """The person goes on at once."""
        if self._break is not None:
            self._skipped = self._break.session
        self.show_session(self._session, None)

    def tick(self) -> None:
        """A second has passed."""
        now_ms = self._services.clock.now().wall_ms
        session, rest = self._session, self._break
        if session is not None:
            left = session.left(now_ms)
            words = tr("left") if left is not None else tr("focused")
            time = counting_down(left) if left is not None else ticking(session.focused(now_ms))
            color = "accent" if session.running else "warning"
            self._ring.tell(session.part(now_ms), time, words if session.running else tr("paused"), color)
        elif rest is not None and rest.left(now_ms) > 0:
            self._ring.tell(rest.part(now_ms), counting_down(rest.left(now_ms)), tr("break"), "success")
        elif rest is not None:
            self.show_session(None, None)
        else:
            minutes = self.starter.minutes
            time = tr("free") if minutes is None else ticking(minutes * 60)
            self._ring.tell(0.0, time, tr("ready"))

    def _dress(self) -> None:
        session, rest = self._session, self._break
        there = self._services.agent.present
        self._ring.setVisible(self._always or session is not None or rest is not None)
        self.starter.setVisible(session is None)
        self.starter.enable(there=there)
        self._pause.setVisible(session is not None and session.running)
        self._resume.setVisible(session is not None and not session.running)
        self._stop.setVisible(session is not None)
        self._skip.setVisible(session is None and rest is not None)
        for one in (self._pause, self._resume, self._stop):
            one.setEnabled(there)
        title, words = _told(session, rest)
        self._title.tell(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def _lay_out(self, *, below: bool) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for one in (self._pause, self._resume, self._stop, self._skip):
            buttons.addWidget(one)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addLayout(buttons)
        column.addWidget(self.starter)
        column.addStretch(1)
        if below:
            outer: QVBoxLayout | QHBoxLayout = QVBoxLayout(self)
            outer.addWidget(self._ring, 0, Qt.AlignmentFlag.AlignHCenter)
        else:
            outer = QHBoxLayout(self)
            outer.addWidget(self._ring, 0, Qt.AlignmentFlag.AlignTop)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(16)
        outer.addLayout(column, 1)


def _told(session: LiveSession | None, rest: Break | None) -> tuple[str, str]:
    if session is not None:
        title = name(session.project) if session.project else tr("No project")
        count = session.interruptions
        if not count:
            return title, tr("No interruptions so far")
        return title, tr("1 interruption") if count == 1 else tr("{count} interruptions", count=count)
    if rest is not None:
        return tr("Take a break"), tr("Stand up, look far away. Then go on.")
    return tr("Ready to focus?"), tr("Choose how long, and what for.")

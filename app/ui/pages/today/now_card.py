"""The card of what is tracked right now: the state, for how long, and how to pause, hide and resume."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from app.ui.hearing import hear
from app.ui.moments import ticking
from app.ui.pages.today.model import TodayModel
from app.ui.pages.today.now import Now
from app.ui.services import Services
from app.ui.theme.palette import tabular
from app.ui.theme.stylesheet import styled
from app.ui.theme.theme import Theme
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.labels import DurationLabel, ElidedLabel, label
from app.ui.words import mark, tr

_COLORS = {
    "tracking": "success",
    "idle": "warning",
    "locked": "warning",
    "asleep": "warning",
    "away": "warning",
    "paused": "warning",
    "private": "accent",
    "degraded": "danger",
    "absent": "danger",
}
_OVERLINES = {
    "tracking": mark("Tracking now"),
    "paused": mark("Not recording"),
    "private": mark("Not recording"),
    "degraded": mark("Needs your attention"),
    "absent": mark("Not recording"),
}
_OTHERWISE = mark("Right now")
_PAUSES = ((mark("For 15 minutes"), 900), (mark("For 1 hour"), 3600))


class StateDot(QWidget):
    """A dot in the state's colour; the words beside it say the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._color = theme, "text_faint"
        self.setFixedSize(QSize(10, 10))
        hear(theme.changed, self, lambda _: self.update())

    def tell(self, color: str) -> None:
        """Show this one, a name of `Colors`."""
        self._color = color
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(self._theme.tokens.colors, self._color)))
        painter.drawEllipse(QRectF(1, 1, 8, 8))


class _Sum(QWidget):
    """A length of time with what it is below."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._value = DurationLabel(role="title")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._value)
        column.addWidget(label(words, "caption"))
        self.setAccessibleName(words)

    def tell(self, seconds: float) -> None:
        self._value.tell(seconds)
        self.setAccessibleDescription(self._value.text())


class NowCard(Card):
    """`tick` once a second; all else follows the model."""

    def __init__(self, services: Services, model: TodayModel) -> None:
        super().__init__(padding=20)
        self._services, self._model = services, model
        self.setAccessibleName(tr("Now"))
        self._dot = StateDot(services.theme)
        self._overline = label("", "overline")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._dot)
        head.addWidget(self._overline)
        head.addStretch(1)
        self._buttons(head)
        self.body.addLayout(head)
        self.body.addLayout(self._facts())
        self._advice = label("", "muted", wrap=True)
        self._troubles = QVBoxLayout()
        self._troubles.setSpacing(4)
        self.body.addWidget(self._advice)
        self.body.addLayout(self._troubles)
        self.body.addStretch(1)
        self.body.addSpacing(8)
        self._sums = QHBoxLayout()
        self._sums.setSpacing(32)
        self._figures = {
            "project": _Sum(tr("On this project")),
            "idle": _Sum(tr("Idle today")),
        }
        for figure in self._figures.values():
            self._sums.addWidget(figure)
        self._sums.addStretch(1)
        self.body.addLayout(self._sums)
        model.now_changed.connect(self.show_now)
        self.show_now()

    def show_now(self) -> None:
        """Show the model's state."""
        now = self._model.now
        self._dot.tell(_COLORS.get(now.state, "text_faint"))
        self._overline.setText(tr(_OVERLINES.get(now.state, _OTHERWISE)).upper())
        self._title.tell(now.title)
        self._branch.setText(now.branch)
        self._branch.setVisible(bool(now.branch))
        self._details.setText("  ·  ".join(now.details) or now.words)
        self._advice.setText(now.advice)
        self._advice.setVisible(bool(now.advice))
        self._show_buttons(now)
        self._show_troubles()
        self.tick()

    def tick(self) -> None:
        """A second has passed."""
        seconds = self._model.current_seconds
        self._clock.setVisible(seconds is not None)
        if seconds is not None:
            self._clock.setText(ticking(seconds))
        project = self._model.project_seconds
        self._figures["idle"].tell(self._model.idle_seconds)
        self._figures["project"].setVisible(project is not None)
        self._figures["project"].tell(project or 0)

    def pause(self, **how: Any) -> None:
        """Pause the recording: `seconds=…`, `until="tomorrow"`, or until resumed."""
        self._services.agent.request("pause", failed=self._refused, **how)

    def resume(self) -> None:
        """Record again: ends a pause, or leaves private mode."""
        if self._model.now.state == "private":
            self._services.agent.request("private", on=False, failed=self._refused)
        else:
            self._services.agent.request("resume", failed=self._refused)

    def private(self) -> None:
        """Enter private mode."""
        self._services.agent.request("private", on=True, failed=self._refused)

    def _refused(self, error: object) -> None:
        self._services.changes.failed.emit(error)

    def _facts(self) -> QHBoxLayout:
        self._title = ElidedLabel("", "heading")
        self._branch = label("", "pill")
        self._branch.setMaximumWidth(260)
        self._details = label("", "muted", wrap=True)
        self._clock = QLabel()
        styled(self._clock, role="display")
        self._clock.setFont(tabular(self._clock.font()))
        self._clock.setToolTip(tr("For so long without a change"))
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._branch)
        below.addWidget(self._details, 1)
        words.addLayout(below)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self._clock, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _buttons(self, row: QHBoxLayout) -> None:
        icons = self._services.icons
        self._pause = button(icons, tr("Pause"), lambda: None, icon="pause", kind="ghost")
        menu = QMenu(self._pause)
        for words, seconds in _PAUSES:
            menu.addAction(tr(words), lambda seconds=seconds: self.pause(seconds=seconds))
        menu.addAction(tr("Until tomorrow"), lambda: self.pause(until="tomorrow"))
        menu.addAction(tr("Until I resume"), self.pause)
        self._pause.setMenu(menu)
        self._private = button(icons, tr("Private mode"), self.private, icon="eye-off", kind="ghost")
        self._private.setToolTip(tr("Record nothing until you leave it"))
        self._resume = button(icons, tr("Resume"), self.resume, icon="play", kind="primary")
        for widget in (self._pause, self._private, self._resume):
            row.addWidget(widget)

    def _show_buttons(self, now: Now) -> None:
        there = now.state not in ("absent", "starting")
        self._pause.setVisible(there and not now.stopped)
        self._private.setVisible(there and now.state != "private")
        self._resume.setVisible(now.stopped)
        self._resume.setText(tr("Leave private mode") if now.state == "private" else tr("Resume"))

    def _show_troubles(self) -> None:
        while (item := self._troubles.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for trouble in self._model.troubles:
            words = " ".join(part for part in (trouble.title, trouble.advice) if part)
            self._troubles.addWidget(label(words, "warning", wrap=True))

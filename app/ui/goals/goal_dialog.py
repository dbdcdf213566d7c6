"""The dialog for a new goal, or for changing one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PyQt6.QtCore import QLocale
from PyQt6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSpinBox, QToolButton, QWidget

from app.analytics.labels import By, Names
from app.analytics.today import GoalView
from app.models.goals import EVERY_DAY, Aim, Goal, Period, Subject
from app.ui.labelled import name_of
from app.ui.theme.stylesheet import styled
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label
from app.ui.words import tr

_HOUR_MS, _MINUTE_MS = 3_600_000, 60_000
_FIRST_TARGET_MS = 2 * _HOUR_MS
_PLAIN = (Subject.TOTAL, Subject.PRODUCTIVE, Subject.FOCUS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person chose."""

    aim: Aim
    subject: Subject
    subject_id: int | None
    period: Period
    target_ms: int
    weekdays: int

    def goal(self, before: Goal | None = None) -> Goal:
        """The goal to store; `before`: the one that becomes it."""
        if before is None:
            return Goal(self.aim, self.subject, self.period, self.target_ms, self.subject_id, self.weekdays)
        return replace(
            before, kind=self.aim, subject=self.subject, period=self.period, target_ms=self.target_ms,
            subject_id=self.subject_id, weekdays=self.weekdays,
        )  # fmt: skip


class GoalDialog(Dialog):
    """`about`: the project a new goal is for."""

    def __init__(
        self, parent: QWidget, names: Names, view: GoalView | None, *, about: int | None = None
    ) -> None:
        super().__init__(
            parent.window() or parent,
            tr("Add a goal") if view is None else tr("Change goal"),
            accept=tr("Add") if view is None else tr("Save"),
        )
        self._subject = _subjects(names)
        self._aim, self._period = QComboBox(), QComboBox()
        self._aim.addItem(tr("at least"), Aim.AT_LEAST)
        self._aim.addItem(tr("at most"), Aim.AT_MOST)
        self._period.addItem(tr("a day"), Period.DAY)
        self._period.addItem(tr("a week"), Period.WEEK)
        self._hours, self._minutes = _number(tr("Hours"), 168, tr(" h")), _number(tr("Minutes"), 59, tr(" m"))
        self._minutes.setSingleStep(5)
        self._days = _Weekdays()
        self._subject.setAccessibleName(tr("What the goal is about"))
        self._aim.setAccessibleName(tr("At least or at most"))
        self._period.setAccessibleName(tr("A day or a week"))
        self._lay_out()
        self._fill(view, about)
        for box in (self._subject, self._aim, self._period):
            box.currentIndexChanged.connect(self._check)
        for number in (self._hours, self._minutes):
            number.valueChanged.connect(self._check)
        self._days.changed(self._check)
        self._check()
        self._subject.setFocus()

    def wanted(self) -> Wanted:
        """What is chosen now."""
        subject, identity = self._subject.currentData()
        return Wanted(
            self._aim.currentData(),
            subject,
            identity,
            self._period.currentData(),
            self._hours.value() * _HOUR_MS + self._minutes.value() * _MINUTE_MS,
            self._days.mask if self._period.currentData() is Period.DAY else EVERY_DAY,
        )

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(12)
        grid.addWidget(label(tr("About"), "muted"), 0, 0)
        grid.addWidget(self._subject, 0, 1)
        grid.addWidget(label(tr("Time"), "muted"), 1, 0)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self._aim, self._hours, self._minutes, self._period):
            row.addWidget(widget)
        row.addStretch(1)
        grid.addLayout(row, 1, 1)
        self._days_label = label(tr("On"), "muted")
        grid.addWidget(self._days_label, 2, 0)
        grid.addWidget(self._days, 2, 1)
        grid.setColumnStretch(1, 1)
        self._problem = label("", "danger", wrap=True)
        self.body.addLayout(grid)
        self.body.addWidget(self._problem)

    def _fill(self, view: GoalView | None, about: int | None) -> None:
        target, days = _FIRST_TARGET_MS, EVERY_DAY
        if about is not None:
            self._choose(Subject.PROJECT, about)
        if view is not None:
            goal = view.progress.goal
            target, days = goal.target_ms, goal.weekdays
            self._choose(goal.subject, goal.subject_id)
            self._aim.setCurrentIndex(self._aim.findData(goal.kind))
            self._period.setCurrentIndex(self._period.findData(goal.period))
        self._hours.setValue(target // _HOUR_MS)
        self._minutes.setValue(target % _HOUR_MS // _MINUTE_MS)
        self._days.take(days)

    def _choose(self, subject: Subject, identity: int | None) -> None:
        for at in range(self._subject.count()):
            if self._subject.itemData(at) == (subject, identity):
                self._subject.setCurrentIndex(at)

    def _check(self) -> None:
        wanted = self.wanted()
        daily = wanted.period is Period.DAY
        self._days.setVisible(daily)
        self._days_label.setVisible(daily)
        longest = (24 if daily else 168) * _HOUR_MS
        problem = ""
        if wanted.target_ms > longest:
            problem = tr("A day has 24 hours.") if daily else tr("A week has 168 hours.")
        elif not wanted.target_ms and wanted.aim is Aim.AT_LEAST:
            problem = tr("Say how long.")
        elif not wanted.weekdays:
            problem = tr("Choose at least one day.")
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.accept_button.setEnabled(not problem)


class _Weekdays(QWidget):
    """A button for each day of the week."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._buttons: list[QToolButton] = []
        for day in range(1, 8):
            made = styled(QToolButton(), kind="day")
            made.setText(QLocale().standaloneDayName(day, QLocale.FormatType.ShortFormat))
            made.setAccessibleName(QLocale().standaloneDayName(day, QLocale.FormatType.LongFormat))
            made.setCheckable(True)
            self._buttons.append(made)
            row.addWidget(made)
        row.addStretch(1)

    @property
    def mask(self) -> int:
        """Bit 0 is Monday."""
        return sum(made.isChecked() << day for day, made in enumerate(self._buttons))

    def take(self, mask: int) -> None:
        """Choose these."""
        for day, made in enumerate(self._buttons):
            made.setChecked(bool(mask >> day & 1))

    def changed(self, call: Callable[[], None]) -> None:
        """Call this whenever another day is chosen."""
        for made in self._buttons:
            made.toggled.connect(lambda _: call())


def _subjects(names: Names) -> QComboBox:
    box = QComboBox()
    box.setMaxVisibleItems(16)
    box.setMinimumWidth(220)
    words = {
        Subject.TOTAL: tr("All active time"),
        Subject.PRODUCTIVE: tr("Productive time"),
        Subject.FOCUS: tr("Focused time"),
    }
    for subject in _PLAIN:
        box.addItem(words[subject], (subject, None))
    for subject, by in ((Subject.PROJECT, By.PROJECT), (Subject.CATEGORY, By.CATEGORY)):
        labels = sorted(names.all(by).values(), key=lambda one: name_of(one, by).casefold())
        if labels:
            box.insertSeparator(box.count())
        for one in labels:
            box.addItem(name_of(one, by), (subject, one.id))
    return box


def _number(name: str, most: int, suffix: str) -> QSpinBox:
    made = QSpinBox()
    made.setRange(0, most)
    made.setSuffix(suffix)
    made.setAccessibleName(name)
    made.setMinimumWidth(84)
    return made

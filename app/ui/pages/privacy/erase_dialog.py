"""Erase for good: what and when, with a preview that follows every choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from PyQt6.QtCore import QDate, QTimer
from PyQt6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QFormLayout, QWidget

from app.durations import told
from app.errors import DevPulseError
from app.models.erasure import Found, Selection
from app.ui.background import Background, BackgroundQuery
from app.ui.said import said_error
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label
from app.ui.words import number, tr

_WAIT_MS = 250


class EraseDialog(Dialog):
    """`preview(selection)` is asked off the GUI thread. `selection()`: what was chosen, once accepted.

    `applications`: names; `projects`: id and name of each.
    """

    def __init__(
        self,
        parent: QWidget,
        background: Background,
        preview: Callable[[Selection], Found],
        *,
        today: date,
        applications: Sequence[str],
        projects: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(
            parent,
            tr("Erase recorded activity"),
            accept=tr("Erase for good"),
            words=tr("It goes from the database, its indexes and the backups, and cannot be brought back."),
            danger=True,
            width=480,
        )
        self._preview, self._today = preview, today
        self._query = BackgroundQuery(background, self)
        self._all_time = QCheckBox(tr("Of all time"))
        self._first, self._last = _day(today), _day(today)
        self._application, self._project = QComboBox(), QComboBox()
        self._application.addItem(tr("Every application"), None)
        for name in applications:
            self._application.addItem(name, name)
        self._project.addItem(tr("Every project"), None)
        for identity, name in projects:
            self._project.addItem(name, identity)
        self._found = label("", "strong", wrap=True)
        self._lay_out()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WAIT_MS)
        self._soon.timeout.connect(self._ask)
        for field in (self._first, self._last):
            field.dateChanged.connect(lambda _: self._changed())
        for choice in (self._application, self._project):
            choice.currentIndexChanged.connect(lambda _: self._changed())
        self._all_time.toggled.connect(lambda _: self._changed())
        self._changed()

    def selection(self) -> Selection:
        """What the fields say."""
        application = self._application.currentData()
        names = None if application is None else (str(application),)
        project = self._project.currentData()
        if self._all_time.isChecked():
            return Selection(applications=names, project_id=project)
        first, last = sorted((_date(self._first), _date(self._last)))
        return Selection(_midnight(first), _midnight(last + timedelta(days=1)), names, project)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(12)
        for words, field in (
            (tr("From"), self._first),
            (tr("To"), self._last),
            ("", self._all_time),
            (tr("Application"), self._application),
            (tr("Project"), self._project),
        ):
            field.setAccessibleName(words or self._all_time.text())
            form.addRow(words, field)
        self.body.addLayout(form)
        self.body.addWidget(self._found)

    def _changed(self) -> None:
        for field in (self._first, self._last):
            field.setEnabled(not self._all_time.isChecked())
        self.accept_button.setEnabled(False)
        self._found.setText(tr("Looking…"))
        self._soon.start()

    def _ask(self) -> None:
        selection = self.selection()
        self._query.ask(lambda: self._preview(selection), self._show, failed=self._failed)

    def _show(self, found: Found) -> None:
        self.accept_button.setEnabled(bool(found.spans or found.sessions))
        if not found.spans and not found.sessions:
            self._found.setText(tr("Nothing is stored there."))
            return
        self._found.setText(
            tr(
                "{time} in {count} activities on {days} days, and {sessions} focus sessions.",
                time=told(found.ms / 1000),
                count=number(found.spans),
                days=len(found.days),
                sessions=found.sessions,
            )
        )

    def _failed(self, error: DevPulseError) -> None:
        self._found.setText(said_error(error))


def _day(day: date) -> QDateEdit:
    made = QDateEdit(QDate(day.year, day.month, day.day))
    made.setDisplayFormat("yyyy-MM-dd")
    made.setCalendarPopup(True)
    return made


def _date(field: QDateEdit) -> date:
    day = field.date()
    return date(day.year(), day.month(), day.day())


def _midnight(day: date) -> int:
    """Its local beginning, ms UTC."""
    return round(datetime.combine(day, datetime.min.time()).astimezone().timestamp() * 1000)

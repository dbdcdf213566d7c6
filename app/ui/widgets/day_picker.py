"""One day: back and forth by arrows, or from a calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PyQt6.QtCore import QDate, Qt, pyqtSignal
from PyQt6.QtGui import QTextCharFormat
from PyQt6.QtWidgets import QCalendarWidget, QHBoxLayout, QPushButton, QWidget

from app.ui.dates import told_day
from app.ui.theme.icons import Icons
from app.ui.widgets.buttons import WIDE_ICON, icon_button
from app.ui.widgets.popover import Popover
from app.ui.words import tr


def calendar(day: date, last: date | None = None) -> QCalendarWidget:
    """A month to pick a day from, none later than `last`."""
    made = QCalendarWidget()
    made.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    made.setGridVisible(False)
    plain = QTextCharFormat()
    for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        made.setWeekdayTextFormat(weekday, plain)
    if last is not None:
        made.setMaximumDate(QDate(last.year, last.month, last.day))
    made.setSelectedDate(QDate(day.year, day.month, day.day))
    made.setMinimumSize(300, 240)
    return made


class DayPicker(QWidget):
    """`picked(date)` when the person chooses another day; `today()` is the last that can be chosen."""

    picked = pyqtSignal(object)

    def __init__(self, icons: Icons, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._day = today()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._back = icon_button(icons, "chevron-left", tr("Previous day"), lambda: self.step(-1))
        self._words = QPushButton()
        self._words.setMinimumWidth(148)
        self._words.setIconSize(WIDE_ICON)
        self._words.setIcon(icons.icon("calendar"))
        self._words.clicked.connect(self._open)
        self._on = icon_button(icons, "chevron-right", tr("Next day"), lambda: self.step(1))
        self._now = QPushButton(tr("Today"))
        self._now.clicked.connect(lambda: self._pick(self._today()))
        for widget in (self._back, self._words, self._on, self._now):
            row.addWidget(widget)
        self._show()

    @property
    def day(self) -> date:
        return self._day

    def show_day(self, day: date) -> None:
        """Show this day, without `picked`."""
        self._day = day
        self._show()

    def step(self, days: int) -> None:
        """So many days on, or back; not past today."""
        self._pick(self._day + timedelta(days=days))

    def _pick(self, day: date) -> None:
        day = min(day, self._today())
        if day != self._day:
            self.show_day(day)
            self.picked.emit(day)

    def _show(self) -> None:
        today = self._today()
        self._words.setText(told_day(self._day, today))
        self._words.setAccessibleName(tr("Day: {day}", day=told_day(self._day, today)))
        self._on.setEnabled(self._day < today)
        self._now.setVisible(self._day != today)

    def _open(self) -> None:
        popover = Popover(self)
        month = calendar(self._day, self._today())

        def take(day: QDate) -> None:
            popover.close()
            self._pick(_date(day))

        month.clicked.connect(take)
        month.activated.connect(take)
        popover.body.addWidget(month)
        popover.open_below(self._words)
        month.setFocus()


def _date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())

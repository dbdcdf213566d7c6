"""A range of dates: day, week, month, quarter, year, custom or all; back and forth by arrows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PyQt6.QtCore import QDate, pyqtSignal
from PyQt6.QtWidgets import QDateEdit, QFormLayout, QHBoxLayout, QPushButton, QWidget

from app.ui.dates import DateRange, Span, around, told_range
from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import WIDE_ICON, icon_button
from app.ui.widgets.popover import Popover
from app.ui.widgets.segments import Segments
from app.ui.words import tr

# Between the parts: four of 4, and the wider one.
_GAPS = 24


class RangePicker(QWidget):
    """`picked(DateRange)` when the person chooses another. `today()`: no range begins later.

    `first_recorded`: set it when it is known, for "all".
    """

    picked = pyqtSignal(object)

    def __init__(self, icons: Icons, today: Callable[[], date], kind: Span = Span.WEEK) -> None:
        super().__init__()
        self._today = today
        self.first_recorded: date | None = None
        self._range = around(kind, today())
        choices = (
            (Span.DAY, tr("Day")),
            (Span.WEEK, tr("Week")),
            (Span.MONTH, tr("Month")),
            (Span.QUARTER, tr("Quarter")),
            (Span.YEAR, tr("Year")),
            (Span.ALL, tr("All")),
            (Span.CUSTOM, tr("Custom")),
        )
        self._kinds = Segments(choices, name=tr("Range"), current=kind)
        self._kinds.chosen.connect(self._choose_kind)
        self._back = icon_button(icons, "chevron-left", tr("Earlier"), lambda: self.step(-1))
        self._words = QPushButton()
        self._words.setMinimumWidth(168)
        self._words.setIconSize(WIDE_ICON)
        self._words.setIcon(icons.icon("calendar-range"))
        self._words.setToolTip(tr("Choose the dates"))
        self._words.clicked.connect(self._open)
        self._on = icon_button(icons, "chevron-right", tr("Later"), lambda: self.step(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._kinds)
        row.addSpacing(8)
        row.addWidget(self._back)
        row.addWidget(self._words)
        row.addWidget(self._on)
        self._show()

    def fit(self, width: int) -> None:
        """Take no more than `width` logical pixels: the kinds in a box where they have no room."""
        ends = (self._back, self._words, self._on)
        others = sum(one.sizeHint().expandedTo(one.minimumSize()).width() for one in ends) + _GAPS
        self._kinds.fold(folded=self._kinds.unfolded_width + others > width)

    @property
    def range(self) -> DateRange:
        return self._range

    def show_range(self, found: DateRange) -> None:
        """Show this one, without `picked`."""
        self._range = found
        self._kinds.choose(found.kind)
        self._show()

    def step(self, steps: int) -> None:
        """So many ranges on, or back; not past today."""
        moved = self._range.moved(steps)
        if moved.first <= self._today() and moved != self._range:
            self._pick(moved)

    def _pick(self, found: DateRange) -> None:
        self.show_range(found)
        self.picked.emit(found)

    def _choose_kind(self, key: str) -> None:
        kind = Span(key)
        day = min(self._range.last, self._today())
        self._pick(around(kind, day, first_recorded=self.first_recorded))
        if kind is Span.CUSTOM:
            self._open()

    def _show(self) -> None:
        words = told_range(self._range, self._today())
        self._words.setText(words)
        self._words.setAccessibleName(tr("Dates: {range}", range=words))
        movable = self._range.kind is not Span.ALL
        self._back.setEnabled(movable)
        self._on.setEnabled(movable and self._range.moved(1).first <= self._today())

    def _open(self) -> None:
        popover = Popover(self)
        first, last = _field(self._range.first, tr("From")), _field(self._range.last, tr("To"))
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(tr("From"), first)
        form.addRow(tr("To"), last)
        take = styled(QPushButton(tr("Show")), kind="primary")

        def done() -> None:
            popover.close()
            ends = sorted((_date(first), _date(last)))
            self._pick(DateRange(Span.CUSTOM, ends[0], ends[1]))

        take.clicked.connect(done)
        popover.body.addLayout(form)
        popover.body.addWidget(take)
        popover.open_below(self._words)
        first.setFocus()


def _field(day: date, name: str) -> QDateEdit:
    made = QDateEdit(QDate(day.year, day.month, day.day))
    made.setDisplayFormat("yyyy-MM-dd")
    made.setAccessibleName(name)
    made.setMinimumWidth(140)
    return made


def _date(field: QDateEdit) -> date:
    day = field.date()
    return date(day.year(), day.month(), day.day())

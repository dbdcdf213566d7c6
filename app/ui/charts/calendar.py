"""A year as a calendar: each day a cell, a column a week, one row of cells for each weekday."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PyQt6.QtWidgets import QWidget

from app.durations import told
from app.ui.charts.chart import Chart
from app.ui.charts.colors import ChartColors
from app.ui.charts.frame import Frame
from app.ui.charts.hint import Hint, Line
from app.ui.charts.inks import ink, on_ramp
from app.ui.charts.values import Table
from app.ui.words import tr

Floats = NDArray[np.float64]
_EPOCH = date(1970, 1, 1)
_WEEKS, _LARGEST, _SMALLEST = 54, 18.0, 6.0
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes in logical pixels: the side of a cell, where the cells begin, how high one year is."""

    cell: float
    left: float
    head: float
    year: float


class CalendarChart(Chart):
    """One block of weeks for each year, the latest below. `chosen` tells the `date` of a day with time."""

    def __init__(
        self,
        name: str,
        colors: ChartColors,
        months: Sequence[str],
        weekdays: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        self._months, self._weekdays = tuple(months), tuple(weekdays)
        self._first = _EPOCH
        self._seconds: Floats = np.zeros(0)
        super().__init__(name, colors, parent)

    def show_days(self, first: date, seconds: Floats) -> None:
        """`seconds`: one number for each day from `first` on."""
        self._first = first
        self._seconds = seconds
        self.setMinimumHeight(round(len(self._years()) * 7 * 11 + 40))
        self.changed()

    @property
    def is_empty(self) -> bool:
        return not self._seconds.any()

    def marks(self) -> int:
        return len(self._seconds)

    def mark_at(self, frame: Frame, x: float, y: float) -> int | None:
        if self.is_empty:
            return None
        place = self._place(frame)
        row = int((y - 0) // place.year)
        years = self._years()
        week, day = (
            int((x - place.left) // place.cell),
            int((y - row * place.year - place.head) // place.cell),
        )
        if not (0 <= row < len(years) and 0 <= week < _WEEKS and 0 <= day < 7):
            return None
        monday = _monday(date(years[row], 1, 1)) + timedelta(weeks=week)
        found = monday + timedelta(days=day)
        index = (found - self._first).days
        return index if found.year == years[row] and 0 <= index < self.marks() else None

    def mark_place(self, frame: Frame, mark: int) -> QPointF:
        return self._cell(self._place(frame), mark).center()

    def step(self, mark: int, key: Qt.Key) -> int:
        days = {Qt.Key.Key_Left: -7, Qt.Key.Key_Right: 7, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        to = mark + days[key]
        return to if 0 <= to < self.marks() else mark

    def choice(self, mark: int) -> object | None:
        return self._date(mark) if self._seconds[mark] > 0 else None

    def hint(self, mark: int) -> Hint | None:
        day = self._date(mark)
        title = tr(
            "{weekday}, {day} {month} {year}",
            weekday=self._weekdays[day.weekday()],
            day=day.day,
            month=self._months[day.month - 1],
            year=day.year,
        )
        return Hint(title, (Line(tr("Active"), told(float(self._seconds[mark]))),))

    def sizeHint(self) -> QSize:
        return QSize(760, max(1, len(self._years())) * 130)

    def draw(self, painter: QPainter, frame: Frame) -> None:
        place = self._place(frame)
        self._draw_names(painter, place)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, place.cell >= 9)
        levels = self._levels()
        cells = [self._cell(place, mark) for mark in range(self.marks())]
        round_ = place.cell * 0.16
        for level in range(_LEVELS):
            painter.setBrush(ink(self._color(level)))
            for mark in np.flatnonzero(levels == level).tolist():
                painter.drawRoundedRect(cells[mark], round_, round_)
        self._draw_scale(painter, frame, place)
        if self.mark is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink(self.colors.focus), 1.5))
            painter.drawRect(self._cell(place, self.mark))

    def table(self) -> Table:
        rows = tuple((self._date(n).isoformat(), float(s)) for n, s in enumerate(self._seconds))
        return Table((tr("Day"), tr("Active (s)")), rows)

    def sentence(self) -> str:
        most = int(self._seconds.argmax())
        worked = int((self._seconds > 0).sum())
        return tr(
            "{worked} of {days} days have activity; the longest is {day} with {most}.",
            worked=worked, days=self.marks(), day=self._date(most).isoformat(),
            most=told(float(self._seconds[most])),
        )  # fmt: skip

    def _levels(self) -> NDArray[np.int64]:
        """0 for nothing, then 1 to 4 by quarters of the days that have any (docs/metrics.md)."""
        worked = self._seconds[self._seconds > 0]
        quarters = np.quantile(worked, (0.25, 0.5, 0.75)) if len(worked) else np.zeros(3)
        above = 1 + np.searchsorted(quarters, self._seconds, side="left")
        return np.where(self._seconds > 0, above, 0).astype(np.int64)

    def _color(self, level: int) -> str:
        if not level:
            return self.colors.track
        return on_ramp(self.colors.ramp, (level - 1) / (_LEVELS - 2))

    def _years(self) -> list[int]:
        if not len(self._seconds):
            return []
        return list(range(self._first.year, self._date(len(self._seconds) - 1).year + 1))

    def _date(self, mark: int) -> date:
        return self._first + timedelta(days=mark)

    def _place(self, frame: Frame) -> _Layout:
        metrics = QFontMetricsF(self._small())
        years = max(1, len(self._years()))
        left, head = metrics.horizontalAdvance("0000") + 14, metrics.height() + 4
        foot = metrics.height() + 8
        high = (frame.height - foot) / years
        cell = max(_SMALLEST, min(_LARGEST, (frame.width - left) / _WEEKS, (high - head - 4) / 7))
        cell = int(cell * frame.ratio) / frame.ratio
        return _Layout(cell, left, head, cell * 7 + head + min(14.0, max(2.0, high - cell * 7 - head)))

    def _cell(self, place: _Layout, mark: int) -> QRectF:
        day = self._date(mark)
        week = (day - _monday(date(day.year, 1, 1))).days // 7
        row = day.year - self._first.year
        gap = 2.0 if place.cell >= 9 else 1.0
        return QRectF(
            place.left + week * place.cell,
            row * place.year + place.head + day.weekday() * place.cell,
            place.cell - gap,
            place.cell - gap,
        )

    def _draw_names(self, painter: QPainter, place: _Layout) -> None:
        font = QFont(self._small())
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for row, year in enumerate(self._years()):
            top = row * place.year
            painter.setPen(ink(self.colors.text))
            painter.drawText(QPointF(0, top + metrics.ascent()), str(year))
            painter.setPen(ink(self.colors.muted))
            for month, name in enumerate(self._months, 1):
                week = (date(year, month, 1) - _monday(date(year, 1, 1))).days // 7
                painter.drawText(QPointF(place.left + week * place.cell, top + metrics.ascent()), name[:3])
            if place.cell * 2 >= metrics.height():
                for day in (0, 2, 4):
                    y = top + place.head + day * place.cell + (place.cell + metrics.ascent()) / 2 - 2
                    painter.drawText(QPointF(0, y), tr("{day:.3}", day=self._weekdays[day]))

    def _draw_scale(self, painter: QPainter, frame: Frame, place: _Layout) -> None:
        """Less ▢▢▢▢▢ more, at the lower right."""
        font = self._small()
        metrics = QFontMetricsF(font)
        less, more = tr("less"), tr("more")
        side = 10.0
        y = min(frame.height - metrics.height(), len(self._years()) * place.year + 2)
        x = (
            place.left
            + _WEEKS * place.cell
            - metrics.horizontalAdvance(less + more)
            - _LEVELS * (side + 2)
            - 8
        )
        painter.setFont(font)
        painter.setPen(ink(self.colors.muted))
        painter.drawText(QPointF(x, y + metrics.ascent()), less)
        x += metrics.horizontalAdvance(less) + 4
        painter.setPen(Qt.PenStyle.NoPen)
        for level in range(_LEVELS):
            painter.setBrush(ink(self._color(level)))
            painter.drawRoundedRect(QRectF(x, y + (metrics.height() - side) / 2, side, side), 2, 2)
            x += side + 2
        painter.setPen(ink(self.colors.muted))
        painter.drawText(QPointF(x + 2, y + metrics.ascent()), more)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

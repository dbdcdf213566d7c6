"""A heat map of hours and weekdays: when in the week the time goes by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPen
from PyQt6.QtWidgets import QWidget

from app.durations import told
from app.ui.charts.axis import Tick
from app.ui.charts.chart import Chart
from app.ui.charts.colors import ChartColors
from app.ui.charts.frame import Frame
from app.ui.charts.hint import Hint, Line
from app.ui.charts.inks import ink, on_ramp
from app.ui.charts.values import Table
from app.ui.words import tr

Floats = NDArray[np.float64]
_HOURS = 24


class HourWeekdayChart(Chart):
    """Rows are weekdays, columns hours. `chosen` tells (weekday, hour), Monday 0, if it `leads` anywhere."""

    guided = ()

    def __init__(
        self, name: str, colors: ChartColors, weekdays: Sequence[str], parent: QWidget | None = None
    ) -> None:
        self._weekdays = tuple(weekdays)
        self.seconds: Floats = np.zeros((7, _HOURS))
        self._weeks = 1.0
        self.leads = False
        super().__init__(name, colors, parent, left=self._day_ticks, bottom=self._hour_ticks)
        self.show_range(0, _HOURS, 0, 7)

    def show_seconds(self, seconds: Floats, weeks: float = 1.0) -> None:
        """`seconds`: 7 × 24, Monday first, summed; `weeks`: over so many weeks, for the mean in the hint."""
        self.seconds = seconds
        self._weeks = max(1.0, weeks)
        self.changed()

    @property
    def is_empty(self) -> bool:
        return not self.seconds.any()

    def marks(self) -> int:
        return 7 * _HOURS

    def mark_at(self, frame: Frame, x: float, y: float) -> int | None:
        if self.is_empty or not (0 <= x < frame.width and 0 <= y < frame.height):
            return None
        return int(y / frame.height * 7) * _HOURS + int(x / frame.width * _HOURS)

    def mark_place(self, frame: Frame, mark: int) -> QPointF:
        return self._cell(frame, mark).center()

    def step(self, mark: int, key: Qt.Key) -> int:
        rows = {Qt.Key.Key_Up: -_HOURS, Qt.Key.Key_Down: _HOURS}
        to = mark + rows[key] if key in rows else super().step(mark, key)
        return to if 0 <= to < self.marks() else mark

    def choice(self, mark: int) -> object | None:
        return divmod(mark, _HOURS) if self.leads and self.seconds.flat[mark] > 0 else None

    def hint(self, mark: int) -> Hint | None:
        day, hour = divmod(mark, _HOURS)
        seconds = float(self.seconds[day, hour])
        lines = [Line(tr("Total"), told(seconds))]
        if self._weeks > 1:
            lines.append(Line(tr("A week, on average"), told(seconds / self._weeks)))
        return Hint(f"{self._weekdays[day]}, {hour:02d}:00 – {hour + 1:02d}:00", tuple(lines))

    def draw(self, painter: QPainter, frame: Frame) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        most = float(self.seconds.max())
        for mark in range(self.marks()):
            seconds = float(self.seconds.flat[mark])
            color = self.colors.track if seconds <= 0 else on_ramp(self.colors.ramp, (seconds / most) ** 0.75)
            painter.setBrush(ink(color))
            painter.drawRoundedRect(self._cell(frame, mark), 2.5, 2.5)
        if self.mark is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink(self.colors.focus), 1.5))
            painter.drawRoundedRect(self._cell(frame, self.mark), 2.5, 2.5)

    def table(self) -> Table:
        columns = (tr("Weekday"), *(tr("{hour}:00 (s)", hour=f"{hour:02d}") for hour in range(_HOURS)))
        rows = tuple((day, *(float(s) for s in self.seconds[n])) for n, day in enumerate(self._weekdays))
        return Table(columns, rows)

    def sentence(self) -> str:
        day, hour = divmod(int(self.seconds.argmax()), _HOURS)
        busiest = int(self.seconds.sum(1).argmax())
        return tr(
            "Most time is on {day} from {hour}:00; the fullest day of the week is {busiest} with {total}.",
            day=self._weekdays[day], hour=f"{hour:02d}", busiest=self._weekdays[busiest],
            total=told(float(self.seconds[busiest].sum())),
        )  # fmt: skip

    def _cell(self, frame: Frame, mark: int) -> QRectF:
        day, hour = divmod(mark, _HOURS)
        left, right = (frame.sharp(frame.width * n / _HOURS) for n in (hour, hour + 1))
        top, bottom = (frame.sharp(frame.height * n / 7) for n in (day, day + 1))
        return QRectF(left + 1, top + 1, right - left - 2, bottom - top - 2)

    def _day_ticks(self, frame: Frame, metrics: QFontMetricsF) -> list[Tick]:
        return [Tick(6.5 - n, tr("{day:.3}", day=day)) for n, day in enumerate(self._weekdays)]

    def _hour_ticks(self, frame: Frame, metrics: QFontMetricsF) -> list[Tick]:
        every = 2 if frame.width > metrics.horizontalAdvance("00:00") * 18 else 4
        return [Tick(hour, f"{hour:02d}:00") for hour in range(0, _HOURS + 1, every)]

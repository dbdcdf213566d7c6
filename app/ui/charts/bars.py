"""Stacked bars: time in each day, week or month, or in each hour of the day, by project or category."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

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
from app.ui.charts.inks import ink, legible
from app.ui.charts.layer import fill
from app.ui.charts.ticks import headroom, length_label, length_step, multiples
from app.ui.charts.values import Series, Table
from app.ui.words import tr

Floats = NDArray[np.float64]
_WIDEST_BAR, _GAP_SHARE = 64.0, 0.28
_MOST_LINES = 9


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar. `label`: under it; `title`: in full; `key`: what a click tells, None for nothing."""

    label: str
    title: str
    key: Hashable = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """`seconds`: series × buckets. `before`: seconds a bucket in the period before, drawn as marks.

    `whole`: how long a bar can be at most, in seconds, 0 where no length is known: no axis goes beyond it.
    """

    buckets: tuple[Bucket, ...]
    series: tuple[Series, ...]
    seconds: Floats = field(repr=False)
    before: Floats | None = field(default=None, repr=False)
    whole: float = 0.0

    @classmethod
    def none(cls) -> Bars:
        return cls((), (), np.zeros((0, 0)))


class BarsChart(Chart):
    """`chosen` tells the `key` of the bucket. Hidden series take no part: the others stand on the ground."""

    def __init__(
        self, name: str, colors: ChartColors, parent: QWidget | None = None, *, bucket_word: str = ""
    ) -> None:
        self.bars = Bars.none()
        self._hidden: frozenset[Hashable] = frozenset()
        self._bucket_word = bucket_word or tr("Day")
        self._shown = np.zeros((0, 0))
        self._rects: tuple[Frame, list[tuple[str, list[QRectF]]]] | None = None
        super().__init__(name, colors, parent, left=self._length_ticks, bottom=self._bucket_ticks)

    def show_bars(self, bars: Bars) -> None:
        """Show other numbers."""
        self.bars = bars
        self._stack()

    def hide_series(self, hidden: frozenset[Hashable]) -> None:
        """Leave out the series with these keys."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._stack()

    @property
    def is_empty(self) -> bool:
        return not self.bars.buckets or not self.bars.seconds.any()

    def marks(self) -> int:
        return len(self.bars.buckets)

    def mark_at(self, frame: Frame, x: float, y: float) -> int | None:
        if self.is_empty or not (0 <= y <= frame.height and 0 <= x <= frame.width):
            return None
        return min(self.marks() - 1, int(frame.value_x(x)))

    def mark_place(self, frame: Frame, mark: int) -> QPointF:
        return QPointF(frame.x(mark + 0.5), frame.y(float(self._shown[:, mark].sum())))

    def choice(self, mark: int) -> object | None:
        return self.bars.buckets[mark].key

    def hint(self, mark: int) -> Hint | None:
        order = np.argsort(-self._shown[:, mark], kind="stable")
        there = [int(n) for n in order if self._shown[n, mark] > 0]
        lines = [
            Line(self.bars.series[n].name, told(float(self._shown[n, mark])), self.bars.series[n].color)
            for n in there[:_MOST_LINES]
        ]
        rest = there[_MOST_LINES:]
        if rest:
            seconds = float(self._shown[rest, mark].sum())
            lines.append(Line(tr("{count} more", count=len(rest)), told(seconds)))
        if len(there) != 1:
            lines.append(Line(tr("Total"), told(float(self._shown[:, mark].sum()))))
        if self.bars.before is not None and mark < len(self.bars.before):
            lines.append(Line(tr("Period before"), told(float(self.bars.before[mark]))))
        return Hint(self.bars.buckets[mark].title, tuple(lines))

    def draw(self, painter: QPainter, frame: Frame) -> None:
        if self.mark is not None:
            self._draw_band(painter, frame, self.mark)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        for color, rects in self._filled(frame):
            painter.setBrush(ink(color))
            fill(painter, rects)
        self._draw_before(painter, frame)
        if self.mark is not None:
            left, right = (float(edge[self.mark]) for edge in self._edges(frame))
            top = frame.y(float(self._shown[:, self.mark].sum()))
            self.draw_focus(painter, QRectF(left - 2, top - 2, right - left + 4, frame.height - top + 1))

    def restyle(self) -> None:
        self._rects = None

    def legend(self) -> Sequence[Series]:
        return [one for one in self.bars.series if one.key not in self._hidden]

    def table(self) -> Table:
        names = [one.name for one in self.legend()]
        kept = [n for n, one in enumerate(self.bars.series) if one.key not in self._hidden]
        columns = (self._bucket_word, *(tr("{name} (s)", name=name) for name in names), tr("Total (s)"))
        rows = tuple(
            (bucket.title, *(float(self._shown[n, i]) for n in kept), float(self._shown[:, i].sum()))
            for i, bucket in enumerate(self.bars.buckets)
        )
        return Table(columns, rows)

    def sentence(self) -> str:
        totals = self._shown.sum(0)
        most = int(totals.argmax())
        names = self.legend()
        sums = [
            float(self._shown[n].sum()) for n, s in enumerate(self.bars.series) if s.key not in self._hidden
        ]
        first = names[int(np.argmax(sums))].name
        return tr(
            "{total} in all, the most in {bucket} with {most}; {name} takes the largest part.",
            total=told(float(totals.sum())), bucket=self.bars.buckets[most].title,
            most=told(float(totals[most])), name=first,
        )  # fmt: skip

    def _stack(self) -> None:
        keep = np.array([one.key not in self._hidden for one in self.bars.series], np.float64)
        self._shown = self.bars.seconds * keep[:, None] if len(keep) else self.bars.seconds
        self._rects = None
        if not self.is_empty:
            before = 0.0 if self.bars.before is None else float(self.bars.before.max(initial=0.0))
            top = max(float(self._shown.sum(0).max()), before, 60.0)
            # A second more than the whole is only its rounding; what is really more is shown.
            top = min(top, self.bars.whole) if top <= self.bars.whole + 1 else top
            self.show_range(0, self.marks(), 0, headroom(top, length_step(top, 4)))
        self.changed()

    def _edges(self, frame: Frame) -> tuple[Floats, Floats]:
        """Left and right of the bars: a gap between neighbours as long as there is room for one."""
        room = frame.width / max(1, self.marks())
        width = min(_WIDEST_BAR, room * (1 - _GAP_SHARE)) if room >= 4 else room
        middle = frame.xs(np.arange(self.marks(), dtype=np.float64) + 0.5)
        left = np.rint((middle - width / 2) * frame.ratio) / frame.ratio
        right = np.rint((middle + width / 2) * frame.ratio) / frame.ratio
        return left, np.maximum(left + 1 / frame.ratio, right)

    def _filled(self, frame: Frame) -> list[tuple[str, list[QRectF]]]:
        if self._rects is not None and self._rects[0] == frame:
            return self._rects[1]
        left, right = self._edges(frame)
        tops = np.cumsum(self._shown, axis=0)
        upper = np.rint(frame.ys(tops) * frame.ratio) / frame.ratio
        lower = np.vstack((np.full((1, self.marks()), frame.height), upper[:-1])) if len(upper) else upper
        made: list[tuple[str, list[QRectF]]] = []
        for n, one in enumerate(self.bars.series):
            # What is less than a pixel high has its place in the sum above it.
            here = lower[n] - upper[n] > 0
            tall = (lower[n] - upper[n])[here]
            # A hairline of the ground parts what may have the same colour, where there is room for one.
            hair = np.where((tall >= 4) & (lower[n][here] < frame.height), 1 / frame.ratio, 0.0)
            sides = (left[here], upper[n][here], (right - left)[here], tall - hair)
            rects = [QRectF(*side) for side in zip(*(part.tolist() for part in sides), strict=True)]
            made.append((legible(one.color, self.colors.surface), rects))
        self._rects = (frame, made)
        return made

    def _draw_band(self, painter: QPainter, frame: Frame, mark: int) -> None:
        left, right = frame.x(mark), frame.x(mark + 1)
        painter.fillRect(QRectF(left, 0, right - left, frame.height), ink(self.colors.track))

    def _draw_before(self, painter: QPainter, frame: Frame) -> None:
        if self.bars.before is None:
            return
        painter.setPen(QPen(ink(self.colors.text), 2))
        lefts, rights = (edge.tolist() for edge in self._edges(frame))
        for left, right, seconds in zip(lefts, rights, self.bars.before.tolist(), strict=False):
            if seconds > 0:
                y = frame.sharp(frame.y(seconds))
                painter.drawLine(QPointF(left - 1, y), QPointF(right + 1, y))

    def _length_ticks(self, frame: Frame, metrics: QFontMetricsF) -> list[Tick]:
        if self.is_empty:
            return []
        step = length_step(frame.y1, max(2, int(frame.height / (metrics.height() * 2.6))))
        return [Tick(at, length_label(at)) for at in multiples(0, frame.y1, step)]

    def _bucket_ticks(self, frame: Frame, metrics: QFontMetricsF) -> list[Tick]:
        return bucket_ticks(self.bars.buckets, frame, metrics)


def bucket_ticks(buckets: Sequence[Bucket], frame: Frame, metrics: QFontMetricsF) -> list[Tick]:
    """The labels under the bars; of more than could ever stand there only as many as could."""
    sample = buckets[:: max(1, len(buckets) // 12)]
    wide = max((metrics.horizontalAdvance(bucket.label) for bucket in sample), default=1.0)
    every = max(1, int(len(buckets) * wide / frame.width))
    return [Tick(i + 0.5, buckets[i].label, buckets[i].strong) for i in range(0, len(buckets), every)]

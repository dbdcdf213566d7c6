"""An axis: labels that never overlap, lines that guide into the plot, all in the theme's colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PyQt6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget
from pyqtgraph import ViewBox

from app.ui.charts.colors import ChartColors
from app.ui.charts.frame import Frame
from app.ui.charts.inks import ink
from app.ui.charts.layer import frame_of
from app.ui.charts.ticks import apart

_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis; `strong` ones begin something larger, as a day among hours."""

    at: float
    text: str
    strong: bool = False


class Side(Enum):
    LEFT = "left"
    BOTTOM = "bottom"


# Put together once: Qt's flags are slow to add.
_FLAGS = {
    side: (Qt.AlignmentFlag.AlignVCenter | across | Qt.TextFlag.TextDontClip).value
    for side, across in (
        (Side.LEFT, Qt.AlignmentFlag.AlignRight),
        (Side.BOTTOM, Qt.AlignmentFlag.AlignHCenter),
    )
}

# The ticks for what is shown on so many pixels; the metrics tell how wide a label comes out.
Ticking = Callable[[Frame, QFontMetricsF], Sequence[Tick]]


class Axis(QGraphicsWidget):
    """Along one side of `box`. What `ticking` proposes is thinned out until no two labels touch."""

    def __init__(self, box: ViewBox, side: Side, ticking: Ticking, colors: ChartColors, font: QFont) -> None:
        super().__init__()
        self.side = side
        self._box = box
        self._ticking = ticking
        self._colors = colors
        self._font = font
        self._measure = QFontMetricsF(font)
        self._size(self._measure.height())

    def recolor(self, colors: ChartColors) -> None:
        self._colors = colors
        self.update()

    def refont(self, font: QFont) -> None:
        self.prepareGeometryChange()
        self._font = font
        self._measure = QFontMetricsF(font)
        self.refit()

    def boundingRect(self) -> QRectF:
        """With the halves of the first and last labels that stand out, so that Qt wipes them, too."""
        out = self._measure.height() / 2 + 1 if self.side is Side.LEFT else 0.0
        return super().boundingRect().adjusted(0, -out, 0, out)

    def refit(self) -> None:
        """Take the room that the labels need now; for a left axis that is their width."""
        if self.side is Side.BOTTOM:
            self._size(self._measure.height() + 8)
            self.update()
            return
        texts = [tick.text for tick in self._ticking(frame_of(self._box), self._measure)]
        widest = max((self._measure.horizontalAdvance(text) for text in texts), default=0.0)
        self._size(widest + 10)
        self.update()

    def shown(self, frame: Frame) -> list[Tick]:
        """The ticks whose labels are drawn."""
        ticks = [tick for tick in self._ticking(frame, self._measure) if self._inside(frame, tick.at)]
        places = [self._place(frame, tick) for tick in ticks]
        if self.side is Side.LEFT:
            downwards = sorted(range(len(ticks)), key=places.__getitem__, reverse=True)
            upwards = [-places[n] for n in downwards]
            return [ticks[downwards[i]] for i in apart(upwards, [self._measure.height()] * len(ticks), 2)]
        widths = [self._measure.horizontalAdvance(tick.text) for tick in ticks]
        return [ticks[i] for i in apart(places, widths, 2 * _GAP)]

    def guide(self, painter: QPainter, frame: Frame) -> None:
        """Draw the guiding lines of the labelled ticks into the plot."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        pen = QPen(ink(self._colors.grid), 1 / frame.ratio)
        painter.setPen(pen)
        for tick in self.shown(frame):
            if self.side is Side.LEFT:
                y = min(frame.sharp(frame.y(tick.at)), frame.height - 0.5 / frame.ratio)
                painter.drawLine(QPointF(0, y), QPointF(frame.width, y))
            else:
                x = frame.sharp(frame.x(tick.at))
                painter.drawLine(QPointF(x, 0), QPointF(x, frame.height))

    def paint(
        self, painter: QPainter | None, option: QStyleOptionGraphicsItem | None, widget: QWidget | None = None
    ) -> None:
        if painter is None:
            return
        frame = frame_of(self._box, painter)
        painter.setFont(self._font)
        for tick in self.shown(frame):
            painter.setPen(ink(self._colors.text if tick.strong else self._colors.muted))
            painter.drawText(self._label(frame, tick), _FLAGS[self.side], tick.text)

    def _label(self, frame: Frame, tick: Tick) -> QRectF:
        place, height = self._place(frame, tick), self._measure.height()
        if self.side is Side.LEFT:
            return QRectF(0, place - height / 2, self.size().width() - 8, height)
        return QRectF(place - 200, 6, 400, height)

    def _inside(self, frame: Frame, at: float) -> bool:
        slack = 0.5
        if self.side is Side.LEFT:
            return -slack <= frame.y(at) <= frame.height + slack
        return -slack <= frame.x(at) <= frame.width + slack

    def _place(self, frame: Frame, tick: Tick) -> float:
        """The middle of the label: at the tick, but within the plot's ends."""
        if self.side is Side.LEFT:
            return frame.y(tick.at)
        half = self._measure.horizontalAdvance(tick.text) / 2
        return (
            max(half, min(frame.width - half, frame.x(tick.at)))
            if half * 2 < frame.width
            else frame.x(tick.at)
        )

    def _size(self, room: float) -> None:
        if self.side is Side.LEFT:
            self.setMinimumWidth(room)
            self.setMaximumWidth(room)
        else:
            self.setMinimumHeight(room)
            self.setMaximumHeight(room)

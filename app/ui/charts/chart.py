"""What every chart has: the house's look, hints, keyboard, an empty state, a description, saving.

pyqtgraph holds the scene and the ranges shown. Nothing is left of its look: axes, marks and menu are ours.
"""

# PyQt6's own stubs leave the type of every slot unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from abc import abstractmethod

import pyqtgraph
from PyQt6 import sip
from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QGraphicsView, QWidget
from pyqtgraph import ViewBox

from app.ui.charts.axis import Axis, Side, Ticking
from app.ui.charts.colors import ChartColors
from app.ui.charts.frame import Frame
from app.ui.charts.hint import Hint, HintBox
from app.ui.charts.inks import ink
from app.ui.charts.layer import Layer, frame_of
from app.ui.charts.menu import open_menu
from app.ui.charts.sheet import Sheet

# Its clean-up at exit walks all objects of Python, and has crashed.
pyqtgraph.setConfigOption("exitCleanup", False)

_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1,
}  # fmt: skip


class Chart(Sheet):
    """A chart is a number of marks: bars, cells, points. Pointer and keyboard go from one to the next.

    `chosen` tells what was clicked, or chosen with Enter; its type is told by each chart.
    """

    guided: tuple[Side, ...] = (Side.LEFT,)  # the axes whose ticks go on as lines through the plot

    chosen = pyqtSignal(object)

    def __init__(
        self,
        name: str,
        colors: ChartColors,
        parent: QWidget | None = None,
        *,
        left: Ticking | None = None,
        bottom: Ticking | None = None,
    ) -> None:
        # pyqtgraph resizes the view while it is made.
        self.axes: list[Axis] = []
        self._layers: list[Layer] = []
        super().__init__(name, colors, parent)
        self.mark: int | None = None
        self.empty_words = ("", "")
        self._by_keyboard = False
        self._hint_box: HintBox | None = None
        self.box = ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self.box.disableAutoRange()
        self.axes = [
            Axis(self.box, side, ticking, colors, self._small())
            for side, ticking in ((Side.LEFT, left), (Side.BOTTOM, bottom))
            if ticking is not None
        ]
        self._layers = [Layer(self.box, self._paint_guides, 0), Layer(self.box, self._paint, 1)]
        self._arrange()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setAntialiasing(True)
        self.setStyleSheet("background: transparent")
        self.box.sigXRangeChanged.connect(self._moved)
        self.box.sigYRangeChanged.connect(self._refit)
        self.box.sigResized.connect(self._refit)

    # What each chart says of itself.

    @abstractmethod
    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Draw the marks."""

    @abstractmethod
    def sentence(self) -> str:
        """What the chart says, for who cannot see it."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.marks()

    def marks(self) -> int:
        """How many marks there are."""
        return 0

    def mark_at(self, frame: Frame, x: float, y: float) -> int | None:
        """The mark under a pixel of the plot."""
        return None

    def mark_place(self, frame: Frame, mark: int) -> QPointF:
        """Where the hint of a mark stands when the keyboard went there."""
        return QPointF(frame.width / 2, frame.height / 2)

    def hint(self, mark: int) -> Hint | None:
        """The exact values of a mark."""
        return None

    def choice(self, mark: int) -> object | None:
        """What `chosen` tells for a mark; None for a mark that leads nowhere."""
        return None

    def step(self, mark: int, key: Qt.Key) -> int:
        """The mark an arrow key leads to."""
        return mark + _STEPS[key]

    # What all charts do.

    def recolor(self, colors: ChartColors) -> None:
        """The theme changed."""
        self.colors = colors
        for axis in self.axes:
            axis.recolor(colors)
        if self._hint_box is not None:
            self._hint_box.colors = colors
        self.restyle()
        self.redraw()

    def restyle(self) -> None:
        """Forget what was made for the old colours."""

    def explain_emptiness(self, title: str, detail: str = "") -> None:
        """What is told in place of an empty chart: what will appear here, and how."""
        self.empty_words = (title, detail)
        self.redraw()

    def changed(self) -> None:
        """Other numbers are shown: draw, describe, and keep the mark where it still exists."""
        if self.mark is not None and self.mark >= self.marks():
            self._go_to(None)
        self._refit()
        self.setAccessibleDescription(
            " ".join(self.empty_words).strip() if self.is_empty else self.sentence()
        )

    def redraw(self) -> None:
        for layer in self._layers:
            layer.fit()

    def frame(self) -> Frame:
        """What is shown now, and on how many pixels."""
        return frame_of(self.box)

    def show_range(self, x0: float, x1: float, y0: float = 0.0, y1: float = 1.0) -> None:
        """Show exactly this."""
        self.box.setXRange(x0, x1, padding=0)
        self.box.setYRange(y0, y1, padding=0)

    def add_layer(self, layer: Layer) -> None:
        self._layers.append(layer)

    def paint_picture(self, painter: QPainter, target: QRectF) -> None:
        mark, self.mark = self.mark, None
        scene = self.scene()
        assert scene is not None
        scene.render(painter, target, self.sceneRect(), Qt.AspectRatioMode.IgnoreAspectRatio)
        self.mark = mark

    def hide_hint(self) -> None:
        if self._hint_box is not None:
            self._hint_box.hide()

    def show_hint(self, hint: Hint | None, place: QPointF) -> None:
        """Show beside a place of the plot, in its pixels."""
        if hint is None:
            self.hide_hint()
            return
        window = self.window()
        assert window is not None
        if self._hint_box is None or self._hint_box.parentWidget() is not window:
            self._hint_box = HintBox(window, self.colors)
        spot = self.mapFromScene(self.box.mapToScene(place))
        self._hint_box.show_at(hint, self.mapTo(window, spot))

    def in_plot(self, event: QMouseEvent | QWheelEvent) -> QPointF:
        """Where the pointer is, in pixels of the plot."""
        return self.box.mapFromScene(self.mapToScene(event.position().toPoint()))

    def sizeHint(self) -> QSize:
        return QSize(420, 220)

    # Events.

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        place = self.in_plot(event)
        self._by_keyboard = False
        self._go_to(self.mark_at(self.frame(), place.x(), place.y()), place)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            self.mouseMoveEvent(event)
            self._choose()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        pass

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        pass

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        # A page scrolls, whatever lies under the pointer.
        if event is not None:
            event.ignore()

    def leaveEvent(self, a0: QEvent | None) -> None:
        if not self._by_keyboard:
            self._go_to(None)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.mark is not None:
            self._choose()
        elif key is Qt.Key.Key_Escape and self.mark is not None:
            self._go_to(None)
        elif key in _STEPS or key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._walk(key)
        else:
            event.ignore()

    def close(self) -> bool:
        """Close as any widget does; pyqtgraph would take the scene apart."""
        return QGraphicsView.close(self)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        if sip.isdeleted(self.box):  # the window goes, and the focus with it
            return
        super().focusOutEvent(event)
        if self._by_keyboard:
            self._by_keyboard = False
            self._go_to(None)
        self.redraw()

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self.redraw()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is not None:
            self.hide_hint()
            open_menu(self, event.globalPos())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._refit()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._refit()

    def changeEvent(self, a0: QEvent | None) -> None:
        super().changeEvent(a0)
        if a0 is not None and a0.type() is QEvent.Type.FontChange and hasattr(self, "axes"):
            for axis in self.axes:
                axis.refont(self._small())

    def _walk(self, key: Qt.Key) -> None:
        count = self.marks()
        if self.is_empty:
            return
        if key is Qt.Key.Key_Home:
            mark = 0
        elif key is Qt.Key.Key_End or self.mark is None:
            mark = count - 1
        else:
            mark = max(0, min(count - 1, self.step(self.mark, key)))
        self._by_keyboard = True
        self._go_to(mark, self.mark_place(self.frame(), mark))

    def _go_to(self, mark: int | None, place: QPointF | None = None) -> None:
        if mark != self.mark:
            self.mark = mark
            leads = mark is not None and self.choice(mark) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)
            self.redraw()
        if mark is None or place is None:
            self.hide_hint()
        else:
            self.show_hint(self.hint(mark), place)

    def _choose(self) -> None:
        choice = None if self.mark is None else self.choice(self.mark)
        if choice is not None:
            self.hide_hint()
            self.chosen.emit(choice)

    def _arrange(self) -> None:
        grid = self.centralLayout
        grid.setContentsMargins(0, 8, 2, 0)
        grid.setSpacing(0)
        grid.addItem(self.box, 0, 1)
        for axis in self.axes:
            row, column = (0, 0) if axis.side is Side.LEFT else (1, 1)
            grid.addItem(axis, row, column)

    def _moved(self) -> None:
        for axis in self.axes:
            axis.update()
        self.redraw()

    def _refit(self) -> None:
        empty = self.is_empty
        for axis in self.axes:
            axis.setVisible(not empty)
            axis.refit()
        self.redraw()

    def _small(self) -> QFont:
        font = QFont(self.font())
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * 0.9)
        else:
            font.setPixelSize(round(font.pixelSize() * 0.9))
        return font

    def _paint_guides(self, painter: QPainter, frame: Frame) -> None:
        if self.is_empty:
            return
        for axis in self.axes:
            if axis.side in self.guided:
                axis.guide(painter, frame)

    def _paint(self, painter: QPainter, frame: Frame) -> None:
        if self.is_empty:
            self._paint_emptiness(painter, frame)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.draw(painter, frame)

    def _paint_emptiness(self, painter: QPainter, frame: Frame) -> None:
        title, detail = self.empty_words
        font = QFont(self.font())
        line = QFontMetricsF(font).height()
        middle = frame.height / 2
        flags = (Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap).value
        painter.setFont(font)
        painter.setPen(ink(self.colors.text))
        top = middle - line * (1.2 if detail else 0.5)
        painter.drawText(QRectF(8, top, frame.width - 16, line * 2), flags, title)
        painter.setPen(ink(self.colors.muted))
        painter.drawText(QRectF(8, top + line * 1.4, frame.width - 16, line * 3), flags, detail)

    def draw_focus(self, painter: QPainter, rect: QRectF) -> None:
        """The ring around the mark that the keyboard is on."""
        if self._by_keyboard and self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(ink(self.colors.focus), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 3, 3)

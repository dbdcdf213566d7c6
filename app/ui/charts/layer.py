"""One thing drawn in a chart's plot area, in pixels: a layer, whatever number of marks it has."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from pyqtgraph import ViewBox

from app.ui.charts.frame import Frame

Draw = Callable[[QPainter, Frame], None]


class Layer(QGraphicsItem):
    """Lies over `box`, is clipped to it, and calls `draw` with a painter whose origin is its top left."""

    def __init__(self, box: ViewBox, draw: Draw, z: float = 0) -> None:
        super().__init__(box)
        self._box = box
        self._draw = draw
        self.setZValue(z)
        self._size = box.rect()

    def fit(self) -> None:
        """The box has another size, or shows another range."""
        if self._size != self._box.rect():
            self.prepareGeometryChange()
            self._size = self._box.rect()
        self.update()

    def boundingRect(self) -> QRectF:
        return self._size

    def paint(
        self, painter: QPainter | None, option: QStyleOptionGraphicsItem | None, widget: QWidget | None = None
    ) -> None:
        if painter is None or self._size.width() < 1 or self._size.height() < 1:
            return
        painter.save()
        painter.setClipRect(self._size)
        self._draw(painter, frame_of(self._box, painter))
        painter.restore()


def fill(painter: QPainter, rects: list[QRectF]) -> None:
    """Fill many rectangles in one call."""
    # Qt takes a list, which its stubs do not tell.
    painter.drawRects(rects)  # pyright: ignore[reportCallIssue, reportArgumentType]


def frame_of(box: ViewBox, painter: QPainter | None = None) -> Frame:
    """What a box shows, and on how many pixels; the pixels' ratio is the painter's."""
    (x0, x1), (y0, y1) = box.viewRange()
    rect = box.rect()
    ratio = 1.0
    if painter is not None:
        ratio = max(1.0, painter.deviceTransform().m11())
    return Frame(max(1.0, rect.width()), max(1.0, rect.height()), x0, x1, y0, y1, ratio)

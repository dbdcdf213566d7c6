"""What DevPulse uses of pyqtgraph, which has no types of its own."""

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, pyqtBoundSignal
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QGraphicsGridLayout, QGraphicsItem, QGraphicsView, QGraphicsWidget, QWidget

def setConfigOption(opt: str, value: object) -> None: ...

class ViewBox(QGraphicsWidget):
    sigRangeChanged: pyqtBoundSignal
    sigXRangeChanged: pyqtBoundSignal
    sigYRangeChanged: pyqtBoundSignal
    sigResized: pyqtBoundSignal

    def __init__(
        self,
        parent: QGraphicsItem | None = None,
        *,
        enableMouse: bool = True,
        enableMenu: bool = True,
        defaultPadding: float = 0.02,
    ) -> None: ...
    def setXRange(self, min: float, max: float, padding: float | None = None) -> None: ...
    def setYRange(self, min: float, max: float, padding: float | None = None) -> None: ...
    def setLimits(self, **kwds: float | None) -> None: ...
    def viewRange(self) -> Sequence[Sequence[float]]: ...
    def scaleBy(
        self, s: Sequence[float] | None = None, center: QPointF | None = None, *, x: float | None = None
    ) -> None: ...
    def translateBy(self, *, x: float | None = None, y: float | None = None) -> None: ...
    def disableAutoRange(self) -> None: ...
    def setXLink(self, view: ViewBox | None) -> None: ...
    def rect(self) -> QRectF: ...

class GraphicsView(QGraphicsView):
    centralLayout: QGraphicsGridLayout
    centralWidget: QGraphicsWidget
    def __init__(
        self,
        parent: QWidget | None = None,
        useOpenGL: bool | None = None,
        background: QColor | str | None = "default",
    ) -> None: ...
    def setBackground(self, background: QColor | str | None) -> None: ...
    def setAntialiasing(self, aa: bool) -> None: ...

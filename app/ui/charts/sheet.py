"""What a chart is to its menu, to a saved picture and to a table of its numbers."""

# PyQt6's own stubs leave the type of every slot unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from PyQt6.QtCore import QRectF, pyqtSignal
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget
from pyqtgraph import GraphicsView

from app.ui.charts.colors import ChartColors
from app.ui.charts.values import Series, Table


class Sheet(GraphicsView):
    """Something drawn that has a name, numbers and colours. `trouble` tells why a file could not be saved.

    `caption`: the period or whatever else belongs below the name of a saved picture.
    """

    trouble = pyqtSignal(str)

    def __init__(self, name: str, colors: ChartColors, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.name = name
        self.caption = ""
        self.colors = colors

    @property
    @abstractmethod
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""

    @abstractmethod
    def table(self) -> Table:
        """The numbers drawn."""

    @abstractmethod
    def paint_picture(self, painter: QPainter, target: QRectF) -> None:
        """Paint the chart as it is, without pointer and hint."""

    def legend(self) -> Sequence[Series]:
        """What a saved picture explains the colours with."""
        return ()

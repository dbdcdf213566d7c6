"""The legend: what each colour stands for; a click hides or shows it, a double click shows it alone."""

# PyQt6's own stubs leave the type of every slot unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from PyQt6.QtCore import QPoint, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractButton, QLayout, QLayoutItem, QSizePolicy, QWidget

from app.ui.charts.colors import ChartColors
from app.ui.charts.inks import ink, legible
from app.ui.charts.values import Series
from app.ui.words import tr

_DOT, _GAP, _PAD, _LONGEST = 10.0, 7.0, 6.0, 180.0


class Legend(QWidget):
    """`hidden_changed` tells the keys of the series that are hidden. One always stays."""

    hidden_changed = pyqtSignal(object)

    def __init__(self, colors: ChartColors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self._flow = Flow(self)
        self._entries: list[_Entry] = []
        self._hidden: frozenset[Hashable] = frozenset()
        self.setAccessibleName(tr("Legend"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def hidden(self) -> frozenset[Hashable]:
        return self._hidden

    def show_series(self, series: Sequence[Series]) -> None:
        """Entries for these, in their order; what was hidden and is still there stays hidden."""
        if [entry.series for entry in self._entries] == list(series):
            return
        if [_named(entry.series) for entry in self._entries] == [_named(one) for one in series]:
            for entry, one in zip(self._entries, series, strict=True):
                entry.paint_as(one)
            return
        for entry in self._entries:
            self._flow.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        self._entries = [_Entry(one, self._colors, self._toggle, self._alone, self) for one in series]
        for entry in self._entries:
            self._flow.addWidget(entry)
            entry.show()
        self._hide(self._hidden & {one.key for one in series})

    def recolor(self, colors: ChartColors) -> None:
        self._colors = colors
        for entry in self._entries:
            entry.recolor(colors)

    def _toggle(self, key: Hashable) -> None:
        self._hide(self._hidden ^ {key})

    def _alone(self, key: Hashable) -> None:
        others = frozenset(entry.series.key for entry in self._entries) - {key}
        self._hide(frozenset() if self._hidden == others else others)

    def _hide(self, hidden: frozenset[Hashable]) -> None:
        if self._entries and len(hidden) >= len(self._entries):
            hidden = frozenset()
        for entry in self._entries:
            entry.setChecked(entry.series.key not in hidden)
        if hidden != self._hidden:
            self._hidden = hidden
            self.hidden_changed.emit(hidden)


class _Entry(QAbstractButton):
    def __init__(
        self,
        series: Series,
        colors: ChartColors,
        toggle: Callable[[Hashable], None],
        alone: Callable[[Hashable], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.series = series
        self._colors = colors
        self._alone = alone
        self.setCheckable(True)
        self.setChecked(True)
        self.setText(series.name)
        self.setAccessibleName(series.name)
        self.setToolTip(tr("Click to hide or show; double-click to show alone"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda: toggle(series.key))

    def recolor(self, colors: ChartColors) -> None:
        self._colors = colors
        self.update()

    def paint_as(self, series: Series) -> None:
        """The same in another colour."""
        self.series = series
        self.update()

    def mouseDoubleClickEvent(self, a0: QMouseEvent | None) -> None:
        self._alone(self.series.key)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        text = min(_LONGEST, metrics.horizontalAdvance(self.text()))
        return QSize(round(_PAD * 2 + _DOT + _GAP + text + 1), round(metrics.height() + 8))

    def paintEvent(self, e: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = self._colors
        dot = QRectF(_PAD, (self.height() - _DOT) / 2, _DOT, _DOT)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink(legible(self.series.color, colors.surface)))
        else:
            painter.setPen(ink(colors.muted))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            dot = dot.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(dot, 2.5, 2.5)
        font = self.font()
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        lit = self.isChecked() and not self.underMouse()
        painter.setPen(ink(colors.muted if lit or not self.isChecked() else colors.text))
        left = _PAD + _DOT + _GAP
        text = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, _LONGEST)
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        if self.hasFocus():
            painter.setPen(ink(colors.focus))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()


def _named(series: Series) -> tuple[Hashable, str]:
    return series.key, series.name


class Flow(QLayout):
    """Items beside each other, going on in the next line where the width is used up."""

    def __init__(self, parent: QWidget | None = None, gap: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, a0: QLayoutItem | None) -> None:
        if a0 is not None:
            self._items.append(a0)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, a0: int) -> int:
        return self._arrange(QRect(0, 0, a0, 0), move=False)

    def setGeometry(self, a0: QRect) -> None:
        super().setGeometry(a0)
        self._arrange(a0, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(item.sizeHint())
        return size

    def _arrange(self, room: QRect, *, move: bool) -> int:
        x, y, line = room.x(), room.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if x > room.x() and x + size.width() > room.right() + 1:
                x, y, line = room.x(), y + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line - room.y()

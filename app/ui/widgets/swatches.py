"""Choosing a colour: a row of those that are told apart well, and any other."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QButtonGroup, QColorDialog, QHBoxLayout, QWidget

from app.ui.theme.icons import Icons
from app.ui.theme.theme import Theme
from app.ui.widgets.buttons import icon_button
from app.ui.words import tr

_SIDE = 24


class _Swatch(QAbstractButton):
    def __init__(self, theme: Theme, color: str, name: str) -> None:
        super().__init__()
        self.color = color
        self._theme = theme
        self.setCheckable(True)
        self.setFixedSize(QSize(_SIDE, _SIDE))
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, e: QPaintEvent | None) -> None:
        c = self._theme.tokens.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.color))
        painter.drawEllipse(QRectF(4, 4, _SIDE - 8, _SIDE - 8))
        if self.isChecked() or self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.accent if self.hasFocus() else c.text), 2))
            painter.drawEllipse(QRectF(1, 1, _SIDE - 2, _SIDE - 2))


class Swatches(QWidget):
    """`chosen(str)`: the person took `#rrggbb`. Arrow keys move."""

    chosen = pyqtSignal(str)

    def __init__(self, theme: Theme, icons: Icons, palette: Sequence[str], *, current: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._group = QButtonGroup(self)
        self._swatches: list[_Swatch] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        for number, color in enumerate(palette, 1):
            self._add(color, tr("Colour {number}", number=number))
        more = icon_button(icons, "palette", tr("Another colour"), self._ask)
        self._row.addWidget(more)
        self._row.addStretch(1)
        self.choose(current or palette[0])

    @property
    def color(self) -> str:
        """The colour that is taken, `#rrggbb`."""
        found = self._group.checkedButton()
        return found.color if isinstance(found, _Swatch) else ""

    def choose(self, color: str) -> None:
        """Take this one, without `chosen`."""
        found = next((one for one in self._swatches if one.color.lower() == color.lower()), None)
        if found is None:
            found = self._add(color, color)
        found.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key())) if event else None
        if step is None:
            super().keyPressEvent(event)
            return
        at = next((n for n, one in enumerate(self._swatches) if one.isChecked()), 0)
        taken = self._swatches[(at + step) % len(self._swatches)]
        taken.setFocus()
        taken.click()

    def _add(self, color: str, name: str) -> _Swatch:
        made = _Swatch(self._theme, color, name)
        made.clicked.connect(lambda: self.chosen.emit(color))
        self._group.addButton(made)
        self._row.insertWidget(len(self._swatches), made)
        self._swatches.append(made)
        return made

    def _ask(self) -> None:
        dialog = QColorDialog(QColor(self.color), self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)

        def take(color: QColor) -> None:
            self.choose(color.name())
            self.chosen.emit(color.name())

        dialog.colorSelected.connect(take)
        dialog.open()

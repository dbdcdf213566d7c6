"""One set of line icons (`resources/icons/line`), painted in a token's colour, sharp at any scale."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from app.paths import resources
from app.ui.theme.theme import Theme

_THIN = ('stroke-width="2"', 'stroke-width="1.75"')


class Icons:
    """Makes icons by the name of their file; an icon follows the theme by itself."""

    def __init__(self, theme: Theme, folder: Path | None = None) -> None:
        self._theme = theme
        self._folder = folder or resources() / "icons" / "line"
        self._sources: dict[str, str] = {}
        self._drawn: dict[tuple[str, str], QSvgRenderer] = {}

    def icon(self, name: str, color: str = "text_muted", on: str | None = None) -> QIcon:
        """`color`: a name of `Colors`, or `#rrggbb`; `on`: the same for the checked or selected state.

        Raises FileNotFoundError for a name that is none.
        """
        self._source(name)
        return QIcon(_Engine(self, name, color, on or color))

    def pixmap(self, name: str, size: int, color: str = "text_muted", ratio: float = 1.0) -> QPixmap:
        """A picture of `size` device-independent pixels for a screen of this ratio."""
        made = QPixmap(round(size * ratio), round(size * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRectF(0, 0, size, size), name, color)
        painter.end()
        return made

    def paint(self, painter: QPainter, at: QRectF, name: str, color: str = "text_muted") -> None:
        """Draw the icon into `at`."""
        shade = color if color.startswith("#") else str(getattr(self._theme.tokens.colors, color))
        self._renderer(name, shade).render(painter, at)

    def _renderer(self, name: str, shade: str) -> QSvgRenderer:
        found = self._drawn.get((name, shade))
        if found is None:
            svg = self._source(name).replace("currentColor", shade)
            found = self._drawn[name, shade] = QSvgRenderer(QByteArray(svg.encode()))
        return found

    def _source(self, name: str) -> str:
        if name not in self._sources:
            text = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
            self._sources[name] = text.replace(*_THIN)
        return self._sources[name]


class _Engine(QIconEngine):
    def __init__(self, icons: Icons, name: str, color: str, on: str) -> None:
        super().__init__()
        self._icons, self._name, self._color, self._on = icons, name, color, on

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if painter is None:
            return
        active = state == QIcon.State.On or mode == QIcon.Mode.Selected
        side = min(rect.width(), rect.height())
        at = QRectF(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if mode == QIcon.Mode.Disabled:
            painter.setOpacity(0.4)
        self._icons.paint(painter, at, self._name, self._on if active else self._color)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        if made.isNull():  # Qt asks for no size, too
            return made
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Engine(self._icons, self._name, self._color, self._on)

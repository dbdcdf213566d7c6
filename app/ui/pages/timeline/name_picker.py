"""A choice among the projects or categories there are, each with its colour; none is a choice as well."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap
from PyQt6.QtWidgets import QComboBox, QLabel, QWidget

from app.analytics.labels import NONE, By, Label, Names
from app.ui.charts.inks import legible
from app.ui.hearing import hear
from app.ui.labelled import color_of, name_of
from app.ui.theme.theme import Theme
from app.ui.widgets.labels import label
from app.ui.words import tr


class NamePicker(QComboBox):
    """`picked(object)`: the id the person chose, None for none."""

    picked = pyqtSignal(object)

    def __init__(self, theme: Theme, by: By, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._by = theme, by
        self._labels: tuple[Label, ...] = ()
        self.setAccessibleName(name)
        self.setIconSize(QSize(10, 10))
        self.setMaxVisibleItems(16)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.setPlaceholderText(tr("Several"))
        self.activated.connect(self._picked)
        hear(theme.changed, self, lambda _: self._fill())

    def show_names(self, names: Names, current: int | None) -> None:
        """Offer what there is; `current`: the id that is chosen, 0 for none, None when several differ."""
        labels = ordered(names.all(self._by).values(), self._by)
        if labels != self._labels:
            self._labels = labels
            self._fill()
        wanted = next((n for n, one in enumerate(labels) if one.id == current), -1)
        self.setCurrentIndex(wanted)

    def _fill(self) -> None:
        current = self.currentIndex()
        self.clear()
        for one in self._labels:
            icon = dot(color_of(one, self._theme.tokens), self._theme)
            self.addItem(icon, name_of(one, self._by), one.id)
        self.setCurrentIndex(current)

    def _picked(self, index: int) -> None:
        self.picked.emit(self._labels[index].id or None)


def ordered(labels: Iterable[Label], by: By) -> tuple[Label, ...]:
    """None first, then by name."""
    return (NONE, *sorted((one for one in labels if one.id > 0), key=lambda one: name_of(one, by).casefold()))


def dot(color: str, theme: Theme) -> QIcon:
    """A small square of a colour, made legible."""
    picture = QPixmap(20, 20)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(legible(color, theme.tokens.colors.surface)))
    painter.drawRoundedRect(QRectF(0, 0, 20, 20), 5, 5)
    painter.end()
    made = QIcon(picture)
    # Qt would tint it in a selected row.
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made


def field_label(words: str, field: QWidget) -> QLabel:
    """The words left of a field of a form, in the middle of its height."""
    made = label(words, "caption")
    made.setBuddy(field)
    made.setFixedHeight(max(32, field.sizeHint().height()))
    return made

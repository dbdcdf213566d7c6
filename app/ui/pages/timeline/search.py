"""The search over titles: results as the person types, Enter jumps to the activity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Event
from typing import TYPE_CHECKING

from PyQt6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    pyqtSignal,
)
from PyQt6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PyQt6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.errors import DevPulseError
from app.ui.background import Background, BackgroundQuery
from app.ui.charts.inks import ink
from app.ui.dates import told_day
from app.ui.said import said
from app.ui.theme.stylesheet import styled
from app.ui.theme.theme import Theme
from app.ui.widgets.labels import label
from app.ui.words import name, tr

if TYPE_CHECKING:
    from app.analytics.search import Hit

_ROOT = QModelIndex()
_SETTLE_MS = 90
_SHORTEST = 2
_LONGEST = 300
_ROW, _ROWS_SHOWN, _WIDTH, _PAD = 48, 8, 480, 10


@dataclass(frozen=True, slots=True)
class Found:
    """An activity whose title holds what was typed. `clock`: when it began, on its wall clock."""

    span_id: int
    day: date
    clock: str
    application: str
    project: str = ""
    title: str = field(default="", repr=False)


# `find(typed, cancelled)`: what fits; it looks now and then whether nobody wants the answer any more.
Find = Callable[[str, Callable[[], bool]], Sequence[Found]]


def found_of(hits: Iterable[Hit], most: int = 60) -> tuple[Found, ...]:
    """The hits as they are listed: the same title of the same day once, at its latest."""
    listed: dict[tuple[object, ...], Found] = {}
    for hit in hits:
        wall = datetime.fromtimestamp(hit.start_ms / 1000 + hit.utc_offset_s, UTC)
        title = hit.title or hit.note or hit.path or hit.url or ""
        application = hit.application or tr("Idle")
        key = (wall.date(), title, application, hit.project)
        if key not in listed:
            shown = name(title, _LONGEST) if title else application
            listed[key] = Found(
                hit.span_id, wall.date(), f"{wall:%H:%M}", application, hit.project or "", shown
            )
            if len(listed) == most:
                break
    return tuple(listed.values())


class TitleSearch(QLineEdit):
    """`found(date, int)`: the day and the span that was chosen. `find` is called off the GUI thread."""

    found = pyqtSignal(object, object)

    def __init__(self, background: Background, theme: Theme, find: Find, today: Callable[[], date]) -> None:
        super().__init__()
        self._find = find
        self._results = _Results()
        self._box = _Box(self, theme, self._results, today)
        self._query = BackgroundQuery(background, self)
        self._unwanted = Event()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._ask)
        self.setPlaceholderText(tr("Search titles"))
        self.setToolTip(tr("Words, or app:firefox project:api after:2026-03-01"))
        self.setAccessibleName(tr("Search titles"))
        self.setClearButtonEnabled(True)
        self.setFixedWidth(220)
        self.textEdited.connect(self._typed)
        self.textChanged.connect(lambda text: None if text else self._close())
        self._box.view.clicked.connect(self._take)

    @property
    def results(self) -> tuple[Found, ...]:
        """What is listed now."""
        return self._results.found

    @property
    def listed(self) -> bool:
        """Whether the list is open."""
        return self._box.isVisible()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        key = None if a0 is None else Qt.Key(a0.key())
        view = self._box.view
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._results.found:
            step = 1 if key is Qt.Key.Key_Down else -1
            row = max(0, min(len(self._results.found) - 1, view.currentIndex().row() + step))
            view.setCurrentIndex(self._results.index(row))
            self._box.open()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._results.found:
            self._take(self._results.index(max(0, view.currentIndex().row())))
        elif key is Qt.Key.Key_Escape and (self.text() or self.listed):
            self.clear()
            self._close()
        else:
            super().keyPressEvent(a0)

    def _typed(self, text: str) -> None:
        if len(text.strip()) >= _SHORTEST:
            self._timer.start()
        else:
            self._close()

    def _ask(self) -> None:
        typed = self.text().strip()
        if len(typed) >= _SHORTEST:
            self._unwanted.set()
            unwanted = self._unwanted = Event()
            self._query.ask(
                lambda: tuple(self._find(typed, unwanted.is_set)), self._answered, failed=self._refused
            )

    def _refused(self, error: DevPulseError) -> None:
        self._results.show(())
        self._box.tell(said(error.title))
        self._box.open()

    def _answered(self, found: tuple[Found, ...]) -> None:
        if not self.text():
            return
        self._results.show(found)
        self._box.tell(tr("Nothing is titled like this") if not found else "")
        self._box.view.setCurrentIndex(self._results.index(0) if found else QModelIndex())
        self._box.open()

    def _take(self, index: QModelIndex) -> None:
        chosen = self._results.found[index.row()]
        self._close()
        self.found.emit(chosen.day, chosen.span_id)

    def _close(self) -> None:
        self._timer.stop()
        self._unwanted.set()
        self._query.forget()
        self._box.hide()


class _Results(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.found: tuple[Found, ...] = ()

    def show(self, found: tuple[Found, ...]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.found[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{one.title}, {one.application}, {one.day.isoformat()} {one.clock}"
        return None


class _Box(QFrame):
    """Hangs below the field, in its window, so that typing goes on."""

    def __init__(self, field: QLineEdit, theme: Theme, results: _Results, today: Callable[[], date]) -> None:
        super().__init__()
        self._field = field
        styled(self, role="popover")
        self.view = QListView()
        self.view.setModel(results)
        self.view.setItemDelegate(_Row(theme, results, today, self.view))
        styled(self.view, kind="bare")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setMouseTracking(True)
        self.view.setAccessibleName(tr("Found activities"))
        self._words = label("", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(0)
        column.addWidget(self._words)
        column.addWidget(self.view)
        self.hide()

    def tell(self, words: str) -> None:
        """Say this instead of a list."""
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.view.setVisible(not words)

    def open(self) -> None:
        window = self._field.window()
        if window is None:
            return
        if self.parentWidget() is not window:
            self.setParent(window)
            window.installEventFilter(self)
        model = self.view.model()
        rows = min(_ROWS_SHOWN, 0 if model is None else model.rowCount())
        height = rows * _ROW + 14 if rows else 48
        corner = self._field.mapTo(window, QPoint(0, self._field.height() + 4))
        left = max(8, min(corner.x() + self._field.width() - _WIDTH, window.width() - _WIDTH - 8))
        self.setGeometry(QRect(left, corner.y(), _WIDTH, height))
        self.show()
        self.raise_()

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() in (QEvent.Type.Resize, QEvent.Type.MouseButtonPress):
            self.hide()
        return False


class _Row(QStyledItemDelegate):
    """Two lines: the title; application, project and day."""

    def __init__(self, theme: Theme, results: _Results, today: Callable[[], date], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._results, self._today = theme, results, today

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(100, _ROW)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        one, colors = self._results.found[index.row()], self._theme.tokens.colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = option.rect
        hit = (
            QStyle.StateFlag.State_Selected in option.state
            or QStyle.StateFlag.State_MouseOver in option.state
        )
        if hit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink(colors.selected))
            painter.drawRoundedRect(at.adjusted(0, 1, 0, -1), 5, 5)
        metrics, room = option.fontMetrics, at.width() - 2 * _PAD
        painter.setPen(ink(colors.text))
        self._line(painter, one.title, at.left() + _PAD, at.top() + 7, room, metrics)
        small = QFont(option.font)
        small.setPixelSize(self._theme.tokens.letters.caption)
        painter.setFont(small)
        painter.setPen(ink(colors.text_muted))
        when = f"{told_day(one.day, self._today())}, {one.clock}"
        about = "  ·  ".join(part for part in (one.application, one.project, when) if part)
        self._line(painter, about, at.left() + _PAD, at.top() + 25, room, QFontMetrics(small))
        painter.restore()

    def _line(self, painter: QPainter, text: str, x: int, y: int, room: int, metrics: QFontMetrics) -> None:
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPoint(x, y + metrics.ascent()), shown)

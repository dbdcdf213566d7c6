"""The sessions of the last weeks as a table, with changing and deleting one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QIcon, QKeySequence
from PyQt6.QtWidgets import QHeaderView, QMenu

from app.analytics.labels import By
from app.analytics.sessions import Session
from app.durations import told_in_minutes
from app.ui.dates import told_day
from app.ui.labelled import color_of, name_of
from app.ui.pages.focus.model import FocusAnswer
from app.ui.services import Services
from app.ui.widgets.table import Table
from app.ui.words import mark, name, tr

_COLUMNS = (
    mark("Day"), mark("Began"), mark("Project"), mark("Focused"), mark("Planned"), mark("Interruptions"),
    mark("End"), mark("Note"),
)  # fmt: skip
_WIDTHS = (150, 72, 190, 92, 92, 108, 104)
_RIGHT = (3, 4, 5)
_STATES = {
    "running": mark("Running"),
    "paused": mark("Paused"),
    "completed": mark("Completed"),
    "stopped": mark("Stopped"),
}


class Sessions(QAbstractTableModel):
    """A row a session, latest first."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._answer: FocusAnswer | None = None
        self._today = date.min

    def show_answer(self, answer: FocusAnswer, today: date) -> None:
        """Show these."""
        self.beginResetModel()
        self._answer, self._today = answer, today
        self.endResetModel()

    def session(self, row: int) -> Session | None:
        """The session of a row."""
        sessions = () if self._answer is None else self._answer.sessions
        return sessions[row] if 0 <= row < len(sessions) else None

    def note(self, session: Session) -> str:
        return "" if self._answer is None else self._answer.notes.get(session.uuid, "")

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if self._answer is None or parent.isValid() else len(self._answer.sessions)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_COLUMNS[section])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        session = self.session(index.row())
        if session is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(session, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 2:
            return self._dot(session)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in (2, 7):
            return self._text(session, index.column()) or None
        return None

    def _text(self, session: Session, column: int) -> str:
        began = _local(session.started_ms, session.utc_offset_s)
        planned = "–" if session.planned_ms is None else told_in_minutes(session.planned_ms / 1000)
        return (
            told_day(began.date(), self._today),
            f"{began:%H:%M}",
            name_of(session.project, By.PROJECT),
            told_in_minutes(session.focused_ms / 1000),
            planned,
            str(session.interruptions),
            tr(_STATES.get(session.state, session.state)),
            name(self.note(session), 120),
        )[column]

    def _dot(self, session: Session) -> QIcon:
        color = color_of(session.project, self._services.theme.tokens)
        return self._services.icons.icon("dot", color)


class History(Table):
    """Enter or a double click changes a session, Delete forgets it."""

    edit_wanted = pyqtSignal(object)
    delete_wanted = pyqtSignal(object)

    def __init__(self, services: Services) -> None:
        self.sessions = Sessions(services)
        super().__init__(self.sessions, name=tr("Focus sessions"), stretched=len(_COLUMNS) - 1)
        self._services = services
        self.setSelectionMode(Table.SelectionMode.SingleSelection)
        columns = self.horizontalHeader()
        assert columns is not None
        for column, width in enumerate(_WIDTHS):
            columns.resizeSection(column, width)
        columns.setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        columns.setMinimumSectionSize(56)
        self.doubleClicked.connect(lambda _: self._tell(self.edit_wanted))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        for keys, signal in (
            ("Return", self.edit_wanted),
            ("Enter", self.edit_wanted),
            ("Del", self.delete_wanted),
        ):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, signal=signal: self._tell(signal))
            self.addAction(action)

    @property
    def chosen(self) -> Session | None:
        """The session of the row the keyboard is on, if it has ended."""
        session = self.sessions.session(self.currentIndex().row())
        return None if session is None or session.open else session

    def _tell(self, signal: Any) -> None:
        if self.chosen is not None:
            signal.emit(self.chosen)

    def _menu(self, at: QPoint) -> None:
        if self.chosen is None:
            return
        menu = QMenu(self)
        icons = self._services.icons
        menu.addAction(icons.icon("pencil"), tr("Change…"), lambda: self._tell(self.edit_wanted))
        menu.addAction(icons.icon("trash-2"), tr("Delete"), lambda: self._tell(self.delete_wanted))
        viewport = self.viewport()
        assert viewport is not None
        menu.popup(viewport.mapToGlobal(at))


def _local(ms: int, offset_s: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC) + timedelta(seconds=offset_s)


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter

"""The list of rules: changed, switched, removed and moved, by pointer or keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView

from app.models.rules import Rule
from app.ui.pages.rules.model import RulesModel
from app.ui.pages.rules.rule_rows import CATEGORY, ON, WHEN, RuleRows
from app.ui.services import Services
from app.ui.theme.stylesheet import styled
from app.ui.widgets.table import Table
from app.ui.words import tr

# The category's width, and that in a small window.
_WIDE, _NARROW = 190, 160


class RuleTable(Table):
    """Enter changes a rule, Space switches it, Delete removes it, Alt+Up and Alt+Down move it."""

    edit_wanted = pyqtSignal(object)
    menu_wanted = pyqtSignal(QPoint)

    def __init__(self, services: Services, model: RulesModel) -> None:
        self.rows = RuleRows(services, model)
        super().__init__(self.rows, name=tr("Rules"), stretched=WHEN)
        self._model = model
        self._kept = 0
        styled(self, kind="bare")
        self.setIconSize(QSize(16, 16))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropOverwriteMode(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        columns = self.horizontalHeader()
        assert columns is not None
        columns.setMinimumSectionSize(40)
        columns.resizeSection(ON, 44)
        columns.resizeSection(CATEGORY, _WIDE)
        self.doubleClicked.connect(lambda _: self._edit())
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        for keys, run in (
            ("Return", self._edit),
            ("Enter", self._edit),
            ("Space", self.turn),
            ("Del", self.remove),
            ("Alt+Up", lambda: self.move_by(-1)),
            ("Alt+Down", lambda: self.move_by(1)),
        ):
            self._key(keys, run)
        self.rows.modelAboutToBeReset.connect(self._keep)
        self.rows.modelReset.connect(self._return)

    @property
    def chosen(self) -> Rule | None:
        """The rule the keyboard is on."""
        return self.rows.rule(self.currentIndex().row())

    def narrow(self, *, narrow: bool) -> None:
        """Leave more of a small window to the conditions."""
        self.setColumnWidth(CATEGORY, _NARROW if narrow else _WIDE)

    def turn(self) -> None:
        """Switch the chosen rule on or off."""
        if self.chosen is not None:
            self._model.turn_rule(self.chosen)

    def remove(self) -> None:
        """Delete the chosen rule."""
        if self.chosen is not None:
            self._model.delete_rule(self.chosen.id)

    def move_by(self, by: int) -> None:
        """Move the chosen rule one place up (-1) or down (1) among those shown."""
        rule, row = self.chosen, self.currentIndex().row() + by
        if rule is not None and 0 <= row < self.rows.rowCount():
            self._model.move_rule(rule.id, self.rows.place(row))

    def _key(self, keys: str, run: Callable[[], None]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: run())
        self.addAction(action)

    def _edit(self) -> None:
        if self.chosen is not None:
            self.edit_wanted.emit(self.chosen)

    def _keep(self) -> None:
        self._kept = 0 if self.chosen is None else self.chosen.id

    def _return(self) -> None:
        for row in range(self.rows.rowCount()):
            rule = self.rows.rule(row)
            if rule is not None and rule.id == self._kept:
                self.selectRow(row)

    def _menu(self, at: QPoint) -> None:
        viewport = self.viewport()
        if self.chosen is not None and viewport is not None:
            self.menu_wanted.emit(viewport.mapToGlobal(at))

"""The rules as rows of a table, in their order; dragged to another place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, Qt
from PyQt6.QtGui import QColor

from app.models.rules import Rule
from app.ui.classify.wording import rule_words, short_words
from app.ui.labelled import category_name
from app.ui.pages.rules.model import RulesModel
from app.ui.services import Services
from app.ui.words import mark, name, tr

ON, WHEN, CATEGORY = range(3)
_MIME = "application/x-devpulse-rule"
_COLUMNS = (mark("On"), mark("When"), mark("Category"))
_LONGEST, _LONGEST_TIP = 400, 2000


class RuleRows(QAbstractTableModel):
    """A row a rule. `search`: only rules that hold all of the words are shown."""

    def __init__(self, services: Services, model: RulesModel) -> None:
        super().__init__()
        self._services, self._model = services, model
        self._rules: list[Rule] = []
        self._words: list[str] = []
        model.changed.connect(self._changed)

    def search(self, words: str) -> None:
        """Show only these."""
        self._words = words.casefold().split()
        self._changed()

    def rule(self, row: int) -> Rule | None:
        return self._rules[row] if 0 <= row < len(self._rules) else None

    def place(self, row: int) -> int:
        """The place among all rules, from 0, of what is shown in a row; past the end: after the last."""
        rule = self.rule(row)
        order = [one.id for one in self._model.book.rules]
        return len(order) if rule is None else order.index(rule.id)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rules)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return tr(_COLUMNS[section])

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == ON else flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        rule = self.rule(index.row())
        if rule is None:
            return None
        if role == Qt.ItemDataRole.ForegroundRole and not rule.enabled:
            return QColor(self._services.theme.tokens.colors.text_faint)
        if index.column() == ON:
            return _switch(rule, role)
        if index.column() == WHEN:
            return _when(rule, role)
        return self._category(rule, role)

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        rule = self.rule(index.row())
        if role != Qt.ItemDataRole.CheckStateRole or rule is None:
            return False
        self._model.turn_rule(rule)
        return True

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        rule = self.rule(next((index.row() for index in indexes), -1))
        mime.setData(_MIME, str(0 if rule is None else rule.id).encode("ascii"))
        return mime

    def dropMimeData(
        self, data: QMimeData | None, action: Qt.DropAction, row: int, column: int, parent: QModelIndex
    ) -> bool:
        if data is not None and data.hasFormat(_MIME):
            onto = parent.row() if parent.isValid() else self.rowCount()
            self._drop(int(bytes(data.data(_MIME).data()) or b"0"), row if row >= 0 else onto)
        # The rows follow the database; the view must not remove what it thinks it has moved.
        return False

    def _drop(self, rule_id: int, row: int) -> None:
        order = [rule.id for rule in self._model.book.rules]
        if rule_id not in order:
            return
        place, at = self.place(row), order.index(rule_id)
        # Those after it close up when it leaves its place.
        place = place - 1 if at < place else place
        if place != at:
            self._model.move_rule(rule_id, place)

    def _category(self, rule: Rule, role: int) -> Any:
        category = self._model.category(rule.category_id)
        if category is None:
            return None
        if role == Qt.ItemDataRole.DecorationRole:
            return self._services.icons.icon("dot", category.color)
        return category_name(category.name) if role == Qt.ItemDataRole.DisplayRole else None

    def _changed(self) -> None:
        self.beginResetModel()
        self._rules = [rule for rule in self._model.book.rules if self._fits(rule)]
        self.endResetModel()

    def _fits(self, rule: Rule) -> bool:
        category = self._model.category(rule.category_id)
        named = "" if category is None else category_name(category.name)
        text = f"{rule_words(rule.conditions)} {named}".casefold()
        return all(word in text for word in self._words)


def _switch(rule: Rule, role: int) -> Any:
    if role == Qt.ItemDataRole.CheckStateRole:
        return Qt.CheckState.Checked if rule.enabled else Qt.CheckState.Unchecked
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return tr("on") if rule.enabled else tr("off")
    return None


def _when(rule: Rule, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return name(short_words(rule.conditions), _LONGEST)
    return rule_words(rule.conditions)[:_LONGEST_TIP] if role == Qt.ItemDataRole.ToolTipRole else None

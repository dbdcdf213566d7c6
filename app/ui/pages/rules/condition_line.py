"""One condition of a rule as it is written: what, how, and with what it is compared."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from app.tracking.conditions import LONGEST_VALUE
from app.ui.classify.wording import FIELDS, TESTS, Condition, tests_of, typed_condition, value_words
from app.ui.services import Services
from app.ui.widgets.buttons import icon_button
from app.ui.words import tr

_MOST_IN_A_LINE = 20
_HINTS = {
    "application": "code",
    "title": "review",
    "url": "github.com",
    "path": "*/notes/*",
    "project": "harbor-api",
    "branch": "fix/*",
    "language": "Python",
    "time": "mon-fri 09:00-17:00",
}


class ConditionLine(QWidget):
    """`changed()` after every change; `remove(self)` when the person wants it gone."""

    def __init__(
        self,
        services: Services,
        condition: Condition,
        changed: Callable[[], None],
        remove: Callable[[ConditionLine], None],
    ) -> None:
        super().__init__()
        self._changed = changed
        self.field, self.test, self.value = QComboBox(), QComboBox(), QLineEdit()
        self.field.setAccessibleName(tr("What is compared"))
        self.test.setAccessibleName(tr("How it is compared"))
        self.value.setAccessibleName(tr("With what it is compared"))
        self.value.setMaxLength(LONGEST_VALUE * _MOST_IN_A_LINE)
        for key, words in FIELDS.items():
            self.field.addItem(tr(words), key)
        self.field.setCurrentIndex(max(0, self.field.findData(condition.get("field"))))
        self._offer_tests(str(condition.get("is", "")))
        self.value.setText(value_words(condition))
        self._remove = icon_button(services.icons, "x", tr("Remove this condition"), lambda: remove(self))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field)
        row.addWidget(self.test)
        row.addWidget(self.value, 1)
        row.addWidget(self._remove)
        self.field.currentIndexChanged.connect(lambda _: self._field_changed())
        self.test.currentIndexChanged.connect(lambda _: changed())
        self.value.textChanged.connect(lambda _: changed())

    @property
    def condition(self) -> Condition:
        return typed_condition(self.field.currentData(), self.test.currentData(), self.value.text())

    def removable(self, *, there_are_more: bool) -> None:
        """Whether it can be taken away."""
        self._remove.setEnabled(there_are_more)

    def _field_changed(self) -> None:
        self._offer_tests(str(self.test.currentData()))
        self._changed()

    def _offer_tests(self, chosen: str) -> None:
        field = str(self.field.currentData())
        self.test.blockSignals(True)
        self.test.clear()
        for test in tests_of(field):
            self.test.addItem(tr(TESTS[test]), test)
        self.test.setCurrentIndex(max(0, self.test.findData(chosen)))
        self.test.blockSignals(False)
        self.value.setPlaceholderText(_HINTS[field])

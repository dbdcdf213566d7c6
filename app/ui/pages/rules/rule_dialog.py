"""The dialog that makes or changes a rule, and tries it on what was recorded while it is written."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.models.categories import Category
from app.models.rules import Rule
from app.tracking.conditions import MOST_CONDITIONS
from app.ui.classify.category_box import CategoryBox
from app.ui.classify.trial import Trial
from app.ui.classify.trial_view import TrialView
from app.ui.classify.wording import Condition
from app.ui.pages.rules.condition_line import ConditionLine
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label
from app.ui.words import tr

_FIRST: Condition = {"field": "application", "is": "equals", "value": ""}


class RuleDialog(Dialog):
    """`category.category_id` and `conditions` are what was chosen."""

    def __init__(
        self,
        services: Services,
        parent: QWidget,
        categories: Sequence[Category],
        rule: Rule | None = None,
        *,
        category_id: int | None = None,
    ) -> None:
        super().__init__(
            parent.window() or parent,
            tr("New rule") if rule is None else tr("Change rule"),
            accept=tr("Add") if rule is None else tr("Save"),
            words=tr("All conditions must hold. The first rule in the list that fits decides."),
            width=620,
        )
        self._services = services
        self.category = CategoryBox(services.icons, categories, accessible=tr("Category"))
        self.category.choose(category_id if rule is None else rule.category_id)
        self.lines: list[ConditionLine] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        words = tr("Another condition")
        self._more = button(services.icons, words, lambda: self._add(_FIRST), icon="plus", kind="ghost")
        self._trial = Trial(services, self)
        self._lay_out()
        self.finished.connect(lambda _: self._trial.forget())
        for condition in (_FIRST,) if rule is None else rule.conditions:
            self._add(condition)
        self.lines[0].value.setFocus()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(line.condition for line in self.lines)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("Category"), self.category)
        row = QHBoxLayout()
        row.addWidget(self._more)
        row.addStretch(1)
        self.body.addLayout(form)
        self.body.addWidget(label(tr("When"), "strong"))
        self.body.addLayout(self._rows)
        self.body.addLayout(row)
        self.body.addWidget(TrialView(self._trial))

    def _add(self, condition: Condition) -> None:
        line = ConditionLine(self._services, condition, self._try, self._remove)
        self.lines.append(line)
        self._rows.addWidget(line)
        self._try()
        line.value.setFocus()

    def _remove(self, line: ConditionLine) -> None:
        self.lines.remove(line)
        self._rows.removeWidget(line)
        line.deleteLater()
        self._try()

    def _try(self) -> None:
        for line in self.lines:
            line.removable(there_are_more=len(self.lines) > 1)
        self._more.setEnabled(len(self.lines) < MOST_CONDITIONS)
        if any(not line.value.text().strip() for line in self.lines):
            self._trial.forget()
            self.accept_button.setEnabled(False)
            return
        fits = self._trial.try_out(self.conditions)
        self.accept_button.setEnabled(fits and self.category.category_id is not None)

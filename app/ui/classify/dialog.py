"""Only these, or always like this: asked when activities are given to a category."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QComboBox, QFormLayout, QRadioButton, QWidget

from app.analytics.activities import ActivityRow
from app.models.categories import Category
from app.ui.classify.category_box import CategoryBox
from app.ui.classify.trial import Trial
from app.ui.classify.trial_view import TrialView
from app.ui.classify.wording import Condition, suggestions
from app.ui.services import Services
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import ElidedLabel
from app.ui.words import name, tr


class ClassifyDialog(Dialog):
    """`rows`: the activities, the first of them suggests the rule. Accepted, it does what was chosen."""

    def __init__(
        self,
        services: Services,
        parent: QWidget,
        rows: Sequence[ActivityRow],
        categories: Sequence[Category],
        category_id: int | None,
    ) -> None:
        super().__init__(parent.window() or parent, tr("Give a category"), accept=tr("Apply"), width=520)
        self._services, self._rows = services, rows
        self._suggested = suggestions(rows[0])
        self.category = CategoryBox(services.icons, categories, accessible=tr("Category"))
        self.category.choose(category_id)
        self.always = QRadioButton(tr("Always like this: make a rule"))
        count = len(rows)
        self.once = QRadioButton(
            tr("Only this one") if count == 1 else tr("Only these {count} activities", count=count)
        )
        self.rule = QComboBox()
        self.rule.setAccessibleName(tr("The rule"))
        for suggestion in self._suggested:
            self.rule.addItem(suggestion.words)
        self._trial = Trial(services, self)
        self._view = TrialView(self._trial)
        self.body.addWidget(ElidedLabel(_told(rows[0]), "strong"))
        form = QFormLayout()
        form.addRow(tr("Category"), self.category)
        self.body.addLayout(form)
        for widget in (self.always, self.rule, self._view, self.once):
            self.body.addWidget(widget)
        (self.always if self._suggested else self.once).setChecked(True)
        self.always.setEnabled(bool(self._suggested))
        self.rule.currentIndexChanged.connect(self._try)
        self.always.toggled.connect(self._try)
        self.accepted.connect(self._do)
        self.finished.connect(lambda _: self._trial.forget())
        self._try()
        self.category.setFocus()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Those of the chosen rule."""
        at = self.rule.currentIndex()
        return self._suggested[at].conditions if 0 <= at < len(self._suggested) else ()

    def _try(self) -> None:
        always = self.always.isChecked()
        self.rule.setVisible(always)
        self._view.setVisible(always)
        if always:
            self._trial.try_out(self.conditions)
        else:
            self._trial.forget()

    def _do(self) -> None:
        category = self.category.category_id
        if category is None:
            return
        ids = [row.span_id for row in self._rows]
        edits = self._services.edits
        if self.once.isChecked():
            edits.run(lambda editing: editing.spans.reassign(ids, category_id=category))
            return
        conditions = self.conditions
        edits.run(lambda editing: editing.rules.add(category, conditions)[1])


def _told(row: ActivityRow) -> str:
    application = row.application.name or tr("Unknown application")
    return f"{name(application)} · {name(row.title, 160)}" if row.title else name(application)

"""Hide titles like one that was recorded: a title rule, from here on and perhaps for the past."""

from __future__ import annotations

import re

from PyQt6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from app.ui.pages.settings.trying import tried_rule
from app.ui.theme.stylesheet import styled
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label
from app.ui.words import tr


class HideTitlesDialog(Dialog):
    """`rule()` once accepted; `history`: whether the past is meant too."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(
            parent,
            tr("Hide titles like this one"),
            accept=tr("Hide them"),
            words=tr("Titles in which the pattern is found are not stored; their time still is."),
        )
        self._title = title
        self._pattern = QLineEdit("(?i)" + re.escape(title).replace("\\ ", " "))
        self._pattern.setAccessibleName(tr("Pattern"))
        self._history = QCheckBox(tr("Also take them from what was recorded (cannot be undone)"))
        self._answer = label("", "muted", wrap=True)
        form = QFormLayout()
        form.addRow(tr("Pattern"), self._pattern)
        self.body.addLayout(form)
        self.body.addWidget(self._answer)
        self.body.addWidget(self._history)
        self._pattern.textChanged.connect(lambda _: self._try())
        self._try()

    @property
    def history(self) -> bool:
        return self._history.isChecked()

    def rule(self) -> dict[str, str]:
        """As `privacy.title_rules` holds them."""
        return {"pattern": self._pattern.text(), "action": "drop"}

    def _try(self) -> None:
        tried = tried_rule(self.rule(), self._title)
        self.accept_button.setEnabled(bool(self._pattern.text()) and not tried.reason)
        styled(self._pattern, invalid="true" if tried.reason else "false")
        self._answer.setText(tried.reason or tried.told)

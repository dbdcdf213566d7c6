"""Title rules as lines, and the dialog for one with a title to try it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.pages.settings.trying import tried_rule
from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import button, icon_button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import ElidedLabel, label
from app.ui.words import tr

Rule = Mapping[str, str]


class TitleRulesEditor(QWidget):
    """`changed(list)` with the whole new list of rules, as `privacy.title_rules` holds them."""

    changed = pyqtSignal(list)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._rules: list[Rule] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self._add = button(icons, tr("Add a rule…"), self._new, icon="plus")
        row = QHBoxLayout()
        row.addWidget(self._add)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._lines)
        column.addLayout(row)

    def setFocus(self, *_: object) -> None:
        """The keyboard goes to the button that adds a rule."""
        self._add.setFocus()

    def show_rules(self, rules: Sequence[Rule]) -> None:
        """Show these, without `changed`."""
        self._rules = list(rules)
        while (taken := self._lines.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, rule in enumerate(self._rules):
            self._lines.addWidget(self._line(place, rule))

    def _line(self, place: int, rule: Rule) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label(str(place + 1), "caption"))
        pattern = ElidedLabel(rule["pattern"], "code")
        row.addWidget(pattern, 1)
        row.addWidget(label(told(rule), "muted"))
        number = place + 1
        row.addWidget(
            icon_button(self._icons, "pencil", tr("Change rule {number}", number=number),
                        lambda: self._edit(place))
        )  # fmt: skip
        row.addWidget(
            icon_button(self._icons, "trash-2", tr("Take rule {number} away", number=number),
                        lambda: self._take_away(place))
        )  # fmt: skip
        return made

    def _new(self) -> None:
        self._open(None, {"pattern": "", "action": "replace", "replacement": ""})

    def _edit(self, place: int) -> None:
        self._open(place, self._rules[place])

    def _open(self, place: int | None, rule: Rule) -> None:
        dialog = TitleRuleDialog(self, rule)

        def accepted() -> None:
            rules = list(self._rules)
            if place is None:
                rules.append(dialog.rule())
            else:
                rules[place] = dialog.rule()
            self.changed.emit(rules)

        dialog.accepted.connect(accepted)
        dialog.open()

    def _take_away(self, place: int) -> None:
        self.changed.emit([rule for n, rule in enumerate(self._rules) if n != place])


class TitleRuleDialog(Dialog):
    """One rule, tried at every key stroke; a pattern that cannot be used cannot be saved."""

    def __init__(self, parent: QWidget, rule: Rule) -> None:
        super().__init__(
            parent.window() or parent,
            tr("Title rule"),
            accept=tr("Save"),
            words=tr("What the pattern finds in a window's title is dropped, replaced or hashed before "
                     "anything is stored."),
            width=520,
        )  # fmt: skip
        self._pattern = QLineEdit(rule["pattern"])
        self._pattern.setPlaceholderText(tr("A pattern, for example (?i)salary|payroll"))
        self._action = QComboBox()
        for key, words in _actions():
            self._action.addItem(words, key)
        self._action.setCurrentIndex(max(0, self._action.findData(rule["action"])))
        self._replacement = QLineEdit(rule.get("replacement", ""))
        self._replacement.setPlaceholderText(tr("What stands in its place"))
        self._application = QLineEdit(rule.get("application", ""))
        self._application.setPlaceholderText(tr("Every application"))
        self._sample = QLineEdit()
        self._sample.setPlaceholderText(tr("Type a title to see what would be stored"))
        self._result = label("", "muted", wrap=True)
        self._form()
        for field in (self._pattern, self._replacement, self._sample):
            field.textChanged.connect(lambda _: self._try())
        self._action.currentIndexChanged.connect(lambda _: self._try())
        self._try()

    def rule(self) -> dict[str, str]:
        """The rule as it stands in the fields."""
        made = {"pattern": self._pattern.text(), "action": str(self._action.currentData())}
        if made["action"] == "replace":
            made["replacement"] = self._replacement.text()
        if self._application.text().strip():
            made["application"] = self._application.text().strip()
        return made

    def _form(self) -> None:
        form = QFormLayout()
        form.setSpacing(12)
        for words, field in (
            (tr("Pattern"), self._pattern),
            (tr("Then"), self._action),
            (tr("Replacement"), self._replacement),
            (tr("Only in"), self._application),
            (tr("Try it"), self._sample),
        ):
            field.setAccessibleName(words)
            form.addRow(words, field)
        self.body.addLayout(form)
        self.body.addWidget(self._result)

    def _try(self) -> None:
        rule = self.rule()
        self._replacement.setEnabled(rule["action"] == "replace")
        tried = tried_rule(rule, self._sample.text())
        self.accept_button.setEnabled(bool(rule["pattern"]) and not tried.reason)
        styled(self._pattern, invalid="true" if tried.reason else "false")
        styled(self._result, role="danger" if tried.reason else "muted")
        self._result.setText(tried.reason or tried.told)


def told(rule: Rule) -> str:
    """What a rule does, in a few words."""
    action = rule["action"]
    if action == "replace":
        words = tr("becomes {text}", text=rule.get("replacement") or "…")
    else:
        words = dict(_actions())[action]
    where = rule.get("application")
    return tr("{what}, in {application}", what=words, application=where) if where else words


def _actions() -> tuple[tuple[str, str], ...]:
    return (
        ("drop", tr("Drop the whole title")),
        ("replace", tr("Replace what is found")),
        ("hash", tr("Hash what is found")),
    )

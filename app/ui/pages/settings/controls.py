"""The control for each kind of setting: it shows a value, and tells when the person changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from app.declarations import Kind, Setting
from app.ui.pages.settings.lists import ListEditor, numbers_reason
from app.ui.pages.settings.title_rules import TitleRulesEditor
from app.ui.services import Services
from app.ui.widgets.switch import Switch
from app.ui.words import mark, tr

Changed = Callable[[Any], None]

# What the smallest value of these means.
_ZERO = {
    "storage.keep_days": mark("for ever"),
    "storage.keep_titles_days": mark("for ever"),
    "notifications.break_due_min": mark("never"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """`show(value)` puts a value in without telling of it. `wide`: it stands below its words."""

    widget: QWidget
    show: Callable[[Any], None]
    wide: bool = False


def control_for(setting: Setting, services: Services, changed: Changed) -> Control:
    """A control of this setting's kind."""
    return _MAKERS[setting.kind](setting, services, changed)


def _switch(setting: Setting, services: Services, changed: Changed) -> Control:
    made = Switch(services.theme, tr(setting.title))
    made.clicked.connect(changed)
    return Control(made, made.setChecked)


def _number(setting: Setting, _: Services, changed: Changed) -> Control:
    made = QSpinBox()
    made.setRange(setting.low, setting.high)
    made.setSuffix(f" {tr(setting.unit)}" if setting.unit else "")
    made.setMinimumWidth(140)
    zero = _ZERO.get(setting.key)
    if zero is not None:
        made.setSpecialValueText(tr(zero))
    # Only what was typed to its end counts, not each figure on the way.
    made.setKeyboardTracking(False)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.valueChanged.connect(changed)
    return Control(made, _quietly(made, made.setValue))


def _text(setting: Setting, _: Services, changed: Changed) -> Control:
    made = QLineEdit()
    made.setMinimumWidth(220)
    made.setAccessibleName(tr(setting.title))
    made.editingFinished.connect(lambda: changed(made.text()))
    return Control(made, made.setText)


def _choice(setting: Setting, _: Services, changed: Changed) -> Control:
    made = QComboBox()
    made.setMinimumWidth(220)
    for key, words in setting.choices.items():
        made.addItem(tr(words), key)
    made.activated.connect(lambda at: changed(made.itemData(at)))
    return Control(made, lambda value: made.setCurrentIndex(max(0, made.findData(value))))


def _texts(setting: Setting, services: Services, changed: Changed) -> Control:
    folders = setting.key == "projects.folders"
    hint = tr("A folder") if folders else tr("A name, with * and ? if you like")
    made = ListEditor(services.icons, name=tr(setting.title), hint=hint, folders=folders)
    made.changed.connect(changed)
    return Control(made, made.show_items, wide=True)


def _numbers(setting: Setting, services: Services, changed: Changed) -> Control:
    made = ListEditor(
        services.icons,
        name=tr(setting.title),
        hint=tr("A number"),
        check=numbers_reason(setting.low, setting.high),
    )
    made.changed.connect(lambda items: changed(sorted(int(item) for item in items)))
    return Control(made, made.show_items, wide=True)


def _title_rules(_: Setting, services: Services, changed: Changed) -> Control:
    made = TitleRulesEditor(services.icons)
    made.changed.connect(changed)
    return Control(made, made.show_rules, wide=True)


def _quietly(widget: QWidget, show: Callable[[Any], None]) -> Callable[[Any], None]:
    def quiet(value: Any) -> None:
        before = widget.blockSignals(True)
        show(value)
        widget.blockSignals(before)

    return quiet


_MAKERS: dict[Kind, Callable[[Setting, Services, Changed], Control]] = {
    Kind.SWITCH: _switch,
    Kind.WHOLE_NUMBER: _number,
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.TEXTS: _texts,
    Kind.NUMBERS: _numbers,
    Kind.TITLE_RULES: _title_rules,
}

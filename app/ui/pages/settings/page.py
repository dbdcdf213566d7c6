"""Settings: sections on the left, their settings on the right, all of them found by typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.declarations import SETTINGS, Setting
from app.errors import InvalidSetting
from app.ui.freshness import Topic
from app.ui.pages.settings.about import AboutCard
from app.ui.pages.settings.controls import Control, control_for
from app.ui.pages.settings.sections import ABOUT, SECTIONS, Section, fitting, settings_of
from app.ui.services import Services
from app.ui.shell.page import Command, Page
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import icon_button
from app.ui.widgets.card import Card
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.form import FormRow
from app.ui.widgets.labels import label, separator
from app.ui.widgets.page_body import PageHeader, page_column, scrolling
from app.ui.words import tr

_WIDEST = 760


def build(services: Services) -> Page:
    """The page."""
    return SettingsPage(services)


class SettingsPage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset({Topic.SETTINGS})

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._section = SECTIONS[0].key
        self._controls: dict[str, Control] = {}
        self._resets: dict[str, QToolButton] = {}
        self._buttons: dict[str, QToolButton] = {}
        header = PageHeader(tr("Settings"))
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search settings"))
        self._search.setAccessibleName(tr("Search settings"))
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(240)
        self._search.textChanged.connect(lambda _: self._show())
        header.add(self._search)
        column = page_column(self, header)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self._contents())
        self._body, area = scrolling(widest=_WIDEST, margin=0)
        row.addWidget(area, 1)
        column.addLayout(row, 1)
        services.settings.changed.connect(self._values_changed)
        self._show()

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        self._services.settings.reload()

    def go(self, where: Mapping[str, str]) -> None:
        key = where.get("key", "")
        section = where.get("section", "")
        if key in SETTINGS:
            section = next(s.key for s in SECTIONS if SETTINGS[key].section in s.prefixes)
        if section in self._buttons:
            self._search.clear()
            self._choose(section)
        if key in self._controls:
            self._controls[key].widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def commands(self) -> Sequence[Command]:
        return (
            Command(tr("Search settings"), self._search.setFocus, icon="search", shortcut="Ctrl+F"),
            *(
                Command(tr(s.title), lambda key=s.key: self._choose(key), icon=s.icon, hint=tr("Settings"))
                for s in self._sections()
            ),
        )

    def _sections(self) -> list[Section]:
        return [section for section in SECTIONS if section.key == ABOUT or settings_of(section)]

    def _contents(self) -> QWidget:
        made = QWidget()
        made.setFixedWidth(224)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        group = QButtonGroup(made)
        for section in self._sections():
            button = styled(QToolButton(), kind="nav")
            button.setText("  " + tr(section.title))
            button.setAccessibleName(tr(section.title))
            button.setIcon(self._services.icons.icon(section.icon, "text_muted", on="accent"))
            button.setIconSize(QSize(16, 16))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, key=section.key: self._choose(key))
            group.addButton(button)
            column.addWidget(button)
            self._buttons[section.key] = button
        column.addStretch(1)
        return made

    def _choose(self, key: str) -> None:
        self._section = key
        self._search.clear()
        self._show()

    def _show(self) -> None:
        """Lay out the section, or what fits the search over all of them."""
        self._clear()
        typed = self._search.text()
        self._buttons[self._section].setChecked(True)
        shown = 0
        for section in self._sections():
            if not typed.strip() and section.key != self._section:
                continue
            settings = fitting(typed, settings_of(section))
            if settings:
                self._body.addWidget(self._card(section, settings))
                shown += len(settings)
        if self._section == ABOUT and not typed.strip():
            self._body.addWidget(AboutCard(self._services))
        elif not shown:
            self._body.addWidget(self._nothing())
        self._body.addStretch(1)

    def _clear(self) -> None:
        self._controls.clear()
        self._resets.clear()
        while (item := self._body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _card(self, section: Section, settings: Sequence[Setting]) -> Card:
        card = Card(tr(section.title))
        card.body.setSpacing(0)
        card.body.addWidget(label(tr(section.prose), "muted", wrap=True))
        card.body.addSpacing(8)
        for setting in settings:
            card.body.addWidget(separator())
            card.body.addWidget(self._row(setting))
        return card

    def _row(self, setting: Setting) -> FormRow:
        control = control_for(setting, self._services, lambda value: self._set(setting, value))
        self._controls[setting.key] = control
        reset = icon_button(
            self._services.icons,
            "rotate-ccw",
            tr("Back to the default: {setting}", setting=tr(setting.title)),
            lambda: self._reset(setting),
        )
        # It keeps its place while it cannot be seen, so that nothing moves.
        policy = reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        reset.setSizePolicy(policy)
        self._resets[setting.key] = reset
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        if control.wide:
            row.addWidget(control.widget, 1)
            row.addWidget(reset, 0, Qt.AlignmentFlag.AlignTop)
        else:
            row.addWidget(reset)
            row.addWidget(control.widget)
        made = FormRow(tr(setting.title), tr(setting.prose), both, wide=control.wide)
        made.title.setBuddy(control.widget)
        control.widget.setAccessibleName(tr(setting.title))
        control.widget.setAccessibleDescription(tr(setting.prose))
        self._put(setting.key)
        return made

    def _nothing(self) -> QWidget:
        return EmptyState(
            self._services.theme,
            self._services.icons,
            icon="search",
            title=tr("No setting is called that"),
            words=tr("Try another word, or clear the search to see all settings."),
        )

    def _set(self, setting: Setting, value: Any) -> None:
        if value == self._services.settings.get(setting.key):
            return
        told = tr("{setting} was changed", setting=tr(setting.title))
        try:
            self._services.settings.change(self._services.changes, {setting.key: value}, told)
        except InvalidSetting as error:
            self._services.changes.failed.emit(error)
            self._put(setting.key)

    def _reset(self, setting: Setting) -> None:
        told = tr("{setting} is back at its default", setting=tr(setting.title))
        self._services.settings.reset(self._services.changes, frozenset({setting.key}), told)

    def _values_changed(self, keys: frozenset[str]) -> None:
        for key in keys & self._controls.keys():
            self._put(key)

    def _put(self, key: str) -> None:
        value = self._services.settings.get(key)
        self._controls[key].show(value)
        self._resets[key].setVisible(value != SETTINGS[key].default)

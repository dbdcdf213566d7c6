"""Rules: the categories on the left, on the right their rules, or activities to make rules of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import ClassVar

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget

from app.analytics.activities import ActivityRow
from app.errors import DevPulseError
from app.models.rules import Rule
from app.ui.background import BackgroundQuery
from app.ui.classify.dialog import ClassifyDialog
from app.ui.freshness import Topic
from app.ui.pages.rules.category_dialogs import CategoryDialog, DeleteCategory
from app.ui.pages.rules.category_tree import CategoryTree
from app.ui.pages.rules.model import RulesModel
from app.ui.pages.rules.rule_dialog import RuleDialog
from app.ui.pages.rules.rule_table import RuleTable
from app.ui.pages.rules.seen_table import SeenTable
from app.ui.said import said_error
from app.ui.services import Services
from app.ui.shell.page import Command, Page
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.labels import label
from app.ui.widgets.page_body import PageHeader, page_column
from app.ui.widgets.segments import Segments
from app.ui.words import tr

_RULES, _UNCATEGORISED, _RECENT = "rules", "uncategorised", "recent"
# The widths of the categories' card and the search field, and those on a page below `_WIDE`.
_WIDE = 900
_CATEGORIES, _FEWER = 324, 256
_SEARCH, _SHORT = 200, 104
# The margins of the page and the card, and what is between the parts.
_AROUND = 2 * 24 + 16 + 2 * 17 + 8


def build(services: Services) -> Page:
    """The page."""
    return RulesPage(services)


class RulesPage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset(
        {Topic.RULES, Topic.CATEGORIES, Topic.ACTIVITY, Topic.PROJECTS}
    )

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.model = RulesModel(services, self)
        self._dropped = BackgroundQuery(services.background, self)
        self._search = QLineEdit()
        self._what = Segments(
            ((_RULES, tr("Rules")), (_UNCATEGORISED, tr("Uncategorised")), (_RECENT, tr("Recent activity"))),
            name=tr("What is shown"),
        )
        self._stack = styled(QStackedWidget(), role="plain")

    def furnish(self) -> Iterator[None]:
        services, icons = self._services, self._services.icons
        self._header = PageHeader(tr("Rules"), tr("The first rule that fits decides an activity's category."))
        self._header.add(button(icons, tr("Apply to the past…"), self.apply, icon="history"))
        self._header.add(button(icons, tr("New rule"), self.add_rule, icon="plus", kind="primary"))
        column = page_column(self, self._header)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.tree = CategoryTree(services)
        row.addWidget(self._left())
        column.addLayout(row, 1)
        yield
        self.rules, self.seen = RuleTable(services, self.model), SeenTable(services, self.model)
        row.addWidget(self._right(), 1)
        self._connect()

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        if changed & {Topic.RULES, Topic.CATEGORIES}:
            self.model.ask()
        if self._what.current != _RULES:
            self.model.ask_seen()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        narrow = self.width() < _WIDE
        self._search.setFixedWidth(_SHORT if narrow else _SEARCH)
        self._categories.setFixedWidth(_FEWER if narrow else _CATEGORIES)
        self.rules.narrow(narrow=narrow)
        self.seen.narrow(narrow=narrow)
        self._fit_head()

    def left(self) -> None:
        self.model.forget()

    def go(self, where: Mapping[str, str]) -> None:
        if where.get("show") in (_RULES, _UNCATEGORISED, _RECENT):
            self._what.choose(where["show"])
            self._show_what()
        if "search" in where:
            self._search.setText(where["search"])

    def commands(self) -> Sequence[Command]:
        return (
            Command(tr("New rule"), self.add_rule, icon="plus", shortcut="Ctrl+N"),
            Command(tr("New category"), self.add_category, icon="tag", shortcut="Ctrl+Shift+N"),
            Command(tr("Apply the rules to the past"), self.apply, icon="history"),
            Command(tr("Filter rules"), self._search.setFocus, icon="search", shortcut="Ctrl+F"),
            Command(tr("Show uncategorised activities"), self.show_uncategorised, icon="list-filter"),
        )

    def show_uncategorised(self) -> None:
        """Show what has no category yet."""
        self.go({"show": _UNCATEGORISED})

    def add_rule(self) -> None:
        """Ask for a new rule."""
        categories, chosen = self.model.book.categories, self.tree.chosen or None
        dialog = RuleDialog(self._services, self, categories, category_id=chosen)

        def take() -> None:
            if dialog.category.category_id is not None:
                self.model.add_rule(dialog.category.category_id, dialog.conditions)

        dialog.accepted.connect(take)
        dialog.open()

    def edit_rule(self, rule: Rule) -> None:
        """Ask what should be different about a rule."""
        dialog = RuleDialog(self._services, self, self.model.book.categories, rule)

        def take() -> None:
            category = dialog.category.category_id or rule.category_id
            self.model.change_rule(replace(rule, category_id=category, conditions=dialog.conditions))

        dialog.accepted.connect(take)
        dialog.open()

    def add_category(self) -> None:
        """Ask for a new category."""
        dialog = CategoryDialog(self._services, self, self.model.book.categories)
        dialog.accepted.connect(
            lambda: self.model.add_category(dialog.name, dialog.color, dialog.parent_id, dialog.productivity)
        )
        dialog.open()

    def edit_category(self, category_id: int) -> None:
        """Ask what should be different about a category."""
        category = self.model.category(category_id)
        if category is None:
            return
        dialog = CategoryDialog(self._services, self, self.model.book.categories, category)

        def take() -> None:
            self.model.change_category(
                replace(
                    category, name=dialog.name, color=dialog.color, parent_id=dialog.parent_id,
                    productivity=dialog.productivity,
                )
            )  # fmt: skip

        dialog.accepted.connect(take)
        dialog.open()

    def remove_category(self, category_id: int) -> None:
        """Ask where a category's time goes, and delete it."""
        category = self.model.category(category_id)
        if category is None:
            return
        dialog = DeleteCategory(self._services, self, self.model.book.categories, category)
        dialog.accepted.connect(lambda: self.model.delete_category(category_id, dialog.move_to))
        dialog.open()

    def apply(self) -> None:
        """Ask, and apply the rules to what was recorded before."""
        words = tr(
            "Everything recorded gets its category by the rules as they are now; what you gave one by hand "
            "keeps it. It can be cancelled, and undone."
        )
        dialog = Dialog(self, tr("Apply the rules to the past?"), accept=tr("Apply"), words=words)
        dialog.accepted.connect(self.model.apply)
        dialog.open()

    def classify(self, ids: Sequence[int], category_id: int = 0) -> None:
        """Ask: only these, or always like this."""
        library = self._services.library
        self._dropped.ask(
            lambda: library.questions.activity_rows(ids),
            lambda rows: self._ask_about(rows, category_id),
            failed=self._failed,
        )

    def _ask_about(self, rows: Sequence[ActivityRow], category_id: int) -> None:
        if rows:
            categories = self.model.book.categories
            ClassifyDialog(self._services, self, rows, categories, category_id or self.tree.chosen).open()

    def _left(self) -> Card:
        add = button(self._services.icons, tr("Add"), self.add_category, icon="plus", kind="ghost")
        add.setAccessibleName(tr("Add a category"))
        card = Card(tr("Categories"), beside=add)
        self._categories = card
        card.setFixedWidth(_CATEGORIES)
        card.body.addWidget(label(tr("Drop activities on one to give it to them."), "caption", wrap=True))
        card.body.addWidget(self.tree, 1)
        return card

    def _right(self) -> Card:
        self._search.setPlaceholderText(tr("Filter rules"))
        self._search.setAccessibleName(tr("Filter rules"))
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(_SEARCH)
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._what)
        head.addStretch(1)
        head.addWidget(self._search)
        self._classify = button(self._services.icons, tr("Give a category…"), self.seen.ask, icon="tag")
        head.addWidget(self._classify)
        self._classify.hide()
        card.body.addLayout(head)
        card.body.addWidget(self._stack, 1)
        self._stack.addWidget(self.rules)
        self._stack.addWidget(self.seen)
        self._stack.addWidget(self._nothing("list-ordered", tr("No rule fits"), tr("Change the filter.")))
        words = tr("Everything recorded in the last 30 days has a category, or nothing was recorded.")
        self._stack.addWidget(self._nothing("circle-check", tr("Nothing to do here"), words))
        return card

    def _nothing(self, icon: str, title: str, words: str) -> EmptyState:
        return EmptyState(self._services.theme, self._services.icons, icon=icon, title=title, words=words)

    def _connect(self) -> None:
        self.model.changed.connect(self._show_book)
        self.model.seen_changed.connect(self._show_stack)
        self.model.failed.connect(self._failed)
        self._what.chosen.connect(lambda _: self._show_what())
        self._search.textChanged.connect(self._filter)
        self.tree.dropped.connect(self.classify)
        self.tree.edit_wanted.connect(self.edit_category)
        self.tree.remove_wanted.connect(self.remove_category)
        self.tree.move_wanted.connect(self.model.move_category)
        self.tree.menu_wanted.connect(self._category_menu)
        self.rules.edit_wanted.connect(self.edit_rule)
        self.rules.menu_wanted.connect(self._rule_menu)
        self.seen.classify_wanted.connect(self.classify)

    def _show_book(self) -> None:
        self.tree.show_categories(self.model.book.categories)
        self._show_stack()

    def _filter(self, words: str) -> None:
        self.rules.rows.search(words)
        self._show_stack()

    def _show_what(self) -> None:
        shown = self._what.current
        self._search.setVisible(shown == _RULES)
        self._classify.setVisible(shown != _RULES)
        self._fit_head()
        if shown != _RULES:
            self.model.only_uncategorised = shown == _UNCATEGORISED
            self.model.ask_seen()
        self._show_stack()

    def _fit_head(self) -> None:
        """The tabs beside what else is in the row."""
        searched = self._what.current == _RULES
        beside = self._search.minimumWidth() if searched else self._classify.sizeHint().width()
        room = self.width() - _AROUND - self._categories.minimumWidth() - beside
        self._what.fold(folded=self._what.unfolded_width > room)

    def _show_stack(self) -> None:
        if self._what.current == _RULES:
            self._stack.setCurrentIndex(0 if self.rules.rows.rowCount() else 2)
        else:
            self._stack.setCurrentIndex(1 if self.model.seen else 3)

    def _category_menu(self, at: QPoint) -> None:
        icons, chosen = self._services.icons, self.tree.chosen
        menu = QMenu(self)
        menu.addAction(icons.icon("pencil"), tr("Change…"), lambda: self.edit_category(chosen))
        menu.addAction(icons.icon("plus"), tr("New rule for it…"), self.add_rule)
        menu.addAction(icons.icon("arrow-up"), tr("Move up"), lambda: self.model.move_category(chosen, -1))
        menu.addAction(icons.icon("arrow-down"), tr("Move down"), lambda: self.model.move_category(chosen, 1))
        menu.addAction(icons.icon("trash-2"), tr("Delete…"), lambda: self.remove_category(chosen))
        menu.popup(at)

    def _rule_menu(self, at: QPoint) -> None:
        icons, rule = self._services.icons, self.rules.chosen
        if rule is None:
            return
        turn = tr("Switch off") if rule.enabled else tr("Switch on")
        menu = QMenu(self)
        menu.addAction(icons.icon("pencil"), tr("Change…"), lambda: self.edit_rule(rule))
        menu.addAction(icons.icon("power"), turn, self.rules.turn)
        menu.addAction(icons.icon("arrow-up"), tr("Move up"), lambda: self.rules.move_by(-1))
        menu.addAction(icons.icon("arrow-down"), tr("Move down"), lambda: self.rules.move_by(1))
        menu.addAction(icons.icon("trash-2"), tr("Delete"), self.rules.remove)
        menu.popup(at)

    def _failed(self, error: DevPulseError) -> None:
        self._header.say(said_error(error))

"""The view model of Rules: categories, rules, recent activity, and every change of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.analytics.activities import ActivityRow
from app.analytics.cube import Filter
from app.analytics.ranges import Days
from app.analytics.rulebook import Rulebook
from app.models.categories import Category
from app.models.rules import Rule
from app.ui.background import BackgroundQuery, Progress
from app.ui.classify.wording import Condition
from app.ui.services import Services
from app.ui.words import number, tr

if TYPE_CHECKING:
    from app.changes.editing import Editing
    from app.changes.workbench import Undo

RECENT_DAYS = 30
_LOOKED_AT = 600
_MOST_ROWS = 120


@dataclass(frozen=True, slots=True)
class Seen:
    """Activities that are alike: of one application and title. `row`: the latest; `ids`: all of them."""

    row: ActivityRow
    ids: tuple[int, ...]
    active_ms: int


def alike(rows: Sequence[ActivityRow], most: int = _MOST_ROWS) -> tuple[Seen, ...]:
    """`rows`, latest first, with what is alike put together; most time first."""
    groups: dict[tuple[int, str | None, int], list[ActivityRow]] = {}
    for row in rows:
        groups.setdefault((row.application.id, row.title, row.category.id), []).append(row)
    found = [
        Seen(group[0], tuple(row.span_id for row in group), sum(row.end_ms - row.start_ms for row in group))
        for group in groups.values()
    ]
    return tuple(sorted(found, key=lambda seen: -seen.active_ms)[:most])


class RulesModel(QObject):
    """`changed()`: another rulebook; `seen_changed()`: other activities."""

    changed = pyqtSignal()
    seen_changed = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._query = BackgroundQuery(services.background, self)
        self._seen_query = BackgroundQuery(services.background, self)
        self.book = Rulebook((), ())
        self.seen: tuple[Seen, ...] = ()
        self.only_uncategorised = True

    def ask(self) -> None:
        """Ask for the rulebook anew."""
        library = self._services.library
        self._query.ask(lambda: library.questions.rulebook(), self._show, failed=self.failed.emit)

    def ask_seen(self) -> None:
        """Ask for recent activity anew."""
        library, only = self._services.library, Filter(category=0 if self.only_uncategorised else None)

        def work() -> tuple[Seen, ...]:
            questions = library.questions
            today = questions.today_date()
            days = Days(today - timedelta(days=RECENT_DAYS - 1), today)
            ids = library.inquiries.activities(days, only)[:_LOOKED_AT]
            return alike(questions.activity_rows(ids.tolist()))

        self._seen_query.ask(work, self._show_seen, failed=self.failed.emit)

    def forget(self) -> None:
        self._query.forget()
        self._seen_query.forget()

    def category(self, category_id: int) -> Category | None:
        return next((one for one in self.book.categories if one.id == category_id), None)

    def add_category(self, name: str, color: str, parent_id: int | None, productivity: int) -> None:
        self._services.edits.run(
            lambda editing: editing.categories.create(
                name, color=color, parent_id=parent_id, productivity=productivity
            )[1]
        )

    def change_category(self, category: Category) -> None:
        self._services.edits.run(lambda editing: editing.categories.change(category))

    def move_category(self, category_id: int, by: int) -> None:
        """One place up (-1) or down (1) among its siblings."""
        moving = self.category(category_id)
        if moving is None:
            return
        siblings = [one.id for one in self.book.categories if one.parent_id == moving.parent_id]
        at = siblings.index(category_id) + by
        if 0 <= at < len(siblings):
            place = [one.id for one in self.book.categories].index(siblings[at])
            self._services.edits.run(lambda editing: editing.categories.move(category_id, place))

    def delete_category(self, category_id: int, move_to: int | None) -> None:
        self._services.edits.run(lambda editing: editing.categories.delete(category_id, move_to=move_to))

    def add_rule(self, category_id: int, conditions: Sequence[Condition]) -> None:
        self._services.edits.run(lambda editing: editing.rules.add(category_id, conditions)[1])

    def change_rule(self, rule: Rule) -> None:
        self._services.edits.run(lambda editing: editing.rules.change(rule))

    def turn_rule(self, rule: Rule) -> None:
        """Switch a rule on or off."""
        self.change_rule(replace(rule, enabled=not rule.enabled))

    def move_rule(self, rule_id: int, position: int) -> None:
        """Let a rule stand at this place, from 0."""
        self._services.edits.run(lambda editing: editing.rules.move(rule_id, position))

    def delete_rule(self, rule_id: int) -> None:
        self._services.edits.run(lambda editing: editing.rules.delete(rule_id))

    def apply(self) -> None:
        """Classify anew what was recorded before; shown with progress, undone as one step."""

        def work(editing: Editing, progress: Progress) -> Undo:
            def tell(done: int, total: int) -> bool:
                if not progress.cancelled:
                    words = tr("{done} of {total} activities", done=number(done), total=number(total))
                    progress.tell(done / max(1, total), words)
                return not progress.cancelled

            return editing.rules.apply(progress=tell)

        self._services.edits.run_long(work)

    def _show(self, book: Rulebook) -> None:
        self.book = book
        self.changed.emit()

    def _show_seen(self, seen: tuple[Seen, ...]) -> None:
        self.seen = seen
        self.seen_changed.emit()

"""Changes of rules, and the rules as they are now over what was recorded before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.changes.history import History
from app.changes.named import category_name
from app.changes.reclassify import Change, Reclassifier
from app.changes.workbench import Undo, Words, Workbench, counted
from app.errors import UsageError
from app.models.categories import Categories
from app.models.journal import Journal
from app.models.rules import Condition, Rule, Rules
from app.tracking.conditions import read_conditions


class RuleChanges:
    """Methods raise `UsageError` in words, `InvalidPattern` with the reason, `StorageError`."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._rules = Rules(bench.store)

    def add(
        self,
        category_id: int,
        conditions: Sequence[Condition],
        *,
        position: int | None = 0,
        enabled: bool = True,
    ) -> tuple[Rule, Undo]:
        """A new rule at `position`, counted from 0 (None: last). Returned too."""
        read_conditions(conditions)
        made: list[Rule] = []

        def work() -> Words:
            name = category_name(self._bench.store, category_id)
            made.append(self._rules.add(category_id, conditions, position=position, enabled=enabled))
            return Words("Rule for {category} added", {"category": name})

        undo = self._bench.change(work)
        return made[0], undo

    def change(self, rule: Rule) -> Undo:
        """Store a rule's new category, conditions or switch."""
        read_conditions(rule.conditions)

        def work() -> Words:
            name = category_name(self._bench.store, rule.category_id)
            self._rules.change(rule)
            return Words("Rule for {category} changed", {"category": name})

        return self._bench.change(work)

    def move(self, rule_id: int, position: int) -> Undo:
        """Let a rule stand at `position`, counted from 0; the first rule that matches decides."""

        def work() -> Words:
            name = self._named(rule_id)
            self._rules.move(rule_id, position)
            return Words("Rule for {category} moved", {"category": name})

        return self._bench.change(work)

    def delete(self, rule_id: int) -> Undo:
        """Delete a rule."""

        def work() -> Words:
            name = self._named(rule_id)
            self._rules.delete(rule_id)
            return Words("Rule for {category} deleted", {"category": name})

        return self._bench.change(work)

    def apply(
        self,
        *,
        from_ms: int | None = None,
        to_ms: int | None = None,
        progress: Callable[[int, int], bool] = lambda _done, _all: True,
    ) -> Undo:
        """Classify anew what was recorded (by its start, ms UTC) and not assigned by hand.

        In steps, so that the agent goes on meanwhile; `progress(looked at, of how many)` ends it by False,
        and what was done by then stays, undoable. Needs the key: raises `KeyUnavailable` without it.
        """

        def work() -> Words:
            store = self._bench.store
            history = History(store, from_ms, to_ms)
            categories = [category.id for category in Categories(store).all()]
            total = history.count()
            done = Reclassifier(history, self._rules.all(), categories).apply(
                Journal(store), lambda change: progress(change.looked_at, total)
            )
            return _told(done)

        return self._bench.change(work, spans=True, whole=False)

    def _named(self, rule_id: int) -> str:
        for rule in self._rules.all():
            if rule.id == rule_id:
                return category_name(self._bench.store, rule.category_id)
        raise UsageError("There is no such rule.")


def _told(done: Change) -> Words:
    return counted(done.changed, "1 activity classified anew", "{count} activities classified anew")

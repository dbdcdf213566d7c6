"""`rules apply`: the rules as they are now, over what was recorded before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.commands.history import History, Past
from app.models.journal import Journal
from app.models.rules import Rule
from app.tracking.classifier import Classifier

# Spans in one transaction: short enough (some tenths of a second) that a running agent just waits.
_TOGETHER = 2_000
_MOST_REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class Change:
    """What applying the rules comes to: spans looked at, spans that change, and their ms."""

    looked_at: int = 0
    changed: int = 0
    changed_ms: int = 0


class Reclassifier:
    """Decides the category of recorded spans anew. What a person assigned by hand is never touched."""

    def __init__(self, history: History, rules: Sequence[Rule], categories: Collection[int]) -> None:
        self._history = history
        self._classifier = Classifier(rules, categories)
        # Equal activities get equal categories, unless a rule looks at the clock.
        self._timeless = not any(c.get("field") == "time" for r in rules if r.enabled for c in r.conditions)
        self._decided: dict[tuple[Any, ...], int | None] = {}

    @property
    def problems(self) -> tuple[str, ...]:
        """Rules left out, in words."""
        return self._classifier.problems

    def category(self, past: Past) -> int | None:
        """The category a span belongs to now."""
        if self._timeless and past.seen in self._decided:
            return self._decided[past.seen]
        activity, project = self._history.activity(past)
        category = self._classifier.category_of(activity, project, past.local)
        if self._timeless:
            if len(self._decided) >= _MOST_REMEMBERED:
                self._decided.clear()
            self._decided[past.seen] = category
        return category

    def apply(self, journal: Journal | None, progress: Callable[[Change], None]) -> Change:
        """Go through the history; with a journal, store what changes (None: only count).

        Stored in steps, each a transaction of its own: when it is interrupted, what was done stays and
        is consistent, and doing it again does the rest.
        """
        total = Change()
        for step in self._history.steps():
            new = {
                past.id: category for past in step if (category := self.category(past)) != past.category_id
            }
            changed = [past for past in step if past.id in new]
            if journal is not None:
                for start in range(0, len(changed), _TOGETHER):
                    _store(journal, changed[start : start + _TOGETHER], new)
            total = Change(
                total.looked_at + len(step),
                total.changed + len(changed),
                total.changed_ms + sum(past.end_ms - past.start_ms for past in changed),
            )
            progress(total)
        return total


def _store(journal: Journal, changed: Sequence[Past], new: dict[int, int | None]) -> None:
    by_category: defaultdict[int | None, list[int]] = defaultdict(list)
    for past in changed:
        by_category[new[past.id]].append(past.id)
    with journal.transaction():
        for category, ids in by_category.items():
            journal.reassign(ids, category_id=category)

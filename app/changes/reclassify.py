"""`rules apply`: the rules as they are now, over what was recorded before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from app.changes.history import History, Past
from app.models.journal import Journal
from app.models.rules import Rule
from app.tracking.classifier import Classifier
from app.tracking.conditions import FIELDS

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
        asked = {str(c.get("field")) for rule in rules if rule.enabled for c in rule.conditions}
        # Activities that are equal in all that rules ask for get equal categories, unless one asks the clock.
        self._timeless = "time" not in asked
        self._asked = tuple(name in asked for name in FIELDS)
        self._by_ids: dict[tuple[Any, ...], int | None] = {}
        self._by_texts: dict[tuple[Any, ...], int | None] = {}

    @property
    def problems(self) -> tuple[str, ...]:
        """Rules left out, in words."""
        return self._classifier.problems

    def category(self, past: Past) -> int | None:
        """The category a span belongs to now."""
        if not self._timeless:
            return self._decide(past)
        ids = tuple(compress(past.seen, self._asked))
        if ids not in self._by_ids:
            _make_room(self._by_ids)
            self._by_ids[ids] = self._by_text(past)
        return self._by_ids[ids]

    def _by_text(self, past: Past) -> int | None:
        """The same text has another number each day."""
        activity, project = self._history.activity(past)
        texts = (activity.application, activity.title, activity.url, activity.path, project,
                 activity.branch, activity.language)  # fmt: skip
        key = tuple(compress(texts, self._asked))
        if key not in self._by_texts:
            _make_room(self._by_texts)
            self._by_texts[key] = self._classifier.category_of(activity, project, past.local)
        return self._by_texts[key]

    def _decide(self, past: Past) -> int | None:
        activity, project = self._history.activity(past)
        return self._classifier.category_of(activity, project, past.local)

    def apply(self, journal: Journal | None, progress: Callable[[Change], object]) -> Change:
        """Go through the history; with a journal, store what changes (None: only count).

        Stored in steps, each a transaction of its own: when it is interrupted, what was done stays and
        is consistent, and doing it again does the rest. `progress` ends it by returning False.
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
            if progress(total) is False:
                break
        return total


def _make_room(memory: dict[tuple[Any, ...], int | None]) -> None:
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()


def _store(journal: Journal, changed: Sequence[Past], new: dict[int, int | None]) -> None:
    by_category: defaultdict[int | None, list[int]] = defaultdict(list)
    for past in changed:
        by_category[new[past.id]].append(past.id)
    with journal.transaction():
        for category, ids in by_category.items():
            journal.reassign(ids, category_id=category)

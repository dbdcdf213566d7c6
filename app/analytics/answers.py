"""Answers kept until the database changes: nothing is reckoned twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from app.analytics.moment import Moment

MOST = 64


class Answers:
    """The latest answers of one revision."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._revision = (0, 0)
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def get(self, moment: Moment, question: Hashable, answer: Callable[[Moment], object]) -> object:
        """The answer to a question at this moment, from memory when nobody wrote since."""
        if moment.revision != self._revision:
            self._kept.clear()
            self._revision = moment.revision
        if question in self._kept:
            self._kept.move_to_end(question)
            return self._kept[question]
        found = self._kept[question] = answer(moment)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found

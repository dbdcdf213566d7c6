"""Which part of the recorded days is finished, and by what mark each finished day is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.analytics.moment import Moment
from app.models.day_marks import era, finished_before, read_marks


@dataclass(frozen=True, slots=True)
class Extent:
    """Days below `bound` are finished; nothing is recorded on them any more, only corrected, which changes
    their mark. `marks`: of the days that have one. All means nothing in another `era`."""

    era: str
    bound: int
    marks: Mapping[int, str]

    def mark(self, day: int) -> str:
        return self.marks.get(day, "")

    def changed_since(self, before: Extent) -> frozenset[int]:
        """The days whose marks are not what they were."""
        if self.marks == before.marks:
            return frozenset()
        days = self.marks.keys() | before.marks.keys()
        return frozenset(day for day in days if self.mark(day) != before.mark(day))


def extent_of(moment: Moment) -> Extent:
    """The extent at this moment."""
    bound = finished_before(moment.raw)
    return Extent(era(moment.raw), 0 if bound is None else bound, read_marks(moment.raw))

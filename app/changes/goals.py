"""Changes of goals."""

from __future__ import annotations

from app.changes.workbench import Undo, Words, Workbench
from app.models.goals import Goal, Goals


class GoalChanges:
    """Methods raise `UsageError` in words, `StorageError`."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._goals = Goals(bench.store)

    def add(self, goal: Goal) -> tuple[Goal, Undo]:
        """A new goal, returned as stored."""
        made: list[Goal] = []

        def work() -> Words:
            made.append(self._goals.add(goal))
            return Words("Goal added")

        undo = self._bench.change(work)
        return made[0], undo

    def change(self, goal: Goal) -> Undo:
        """Store what is new about a goal."""

        def work() -> Words:
            self._goals.change(goal)
            return Words("Goal changed")

        return self._bench.change(work)

    def delete(self, goal_id: int) -> Undo:
        """Forget a goal."""

        def work() -> Words:
            self._goals.delete(goal_id)
            return Words("Goal deleted")

        return self._bench.change(work)

"""Three homes with real databases, doing anything in any order: in the end they hold the same.

Anything but merging projects, where machines that merge the same projects differently, under strategies other
than "merge", may still name the time under them differently (test_state.py has what does hold).
"""

from __future__ import annotations

import random

import pytest

from app.models import by_hand, corrections, erasure
from app.models.erasure import Selection
from app.models.goals import Aim, Goal, Goals, Period, Subject
from app.models.projects import Projects
from app.sync.merge.strategies import Strategy
from tests.app.sync.state.world import HOUR_MS, NOW, Home, settle

TABLES = {
    "projects": ("uuid", "name", "color", "archived", "merged_into_id IS NULL"),
    "categories": ("uuid", "name", "color"),
    "goals": ("uuid", "target_ms"),
    "focus_sessions": ("uuid", "note_id IS NULL"),
}


class Person:
    """Does something at random in one home. What cannot be done is left."""

    def __init__(self, home: Home, chance: random.Random) -> None:
        self.home, self.chance, self.count = home, chance, 0

    def act(self) -> None:
        self.count += 1
        getattr(self, self.chance.choice(ACTS))()

    def work(self) -> None:
        start = NOW - self.chance.randint(0, 60 * 24) * HOUR_MS + self.chance.randint(0, 59) * 60_000
        project = self.some("projects", "merged_into_id IS NULL")
        self.home.work(
            start, length=self.chance.randint(0, 90) * 60_000, title=f"{self.count}", project_id=project
        )

    def rename(self) -> None:
        project = self.some("projects", "merged_into_id IS NULL")
        if project:
            Projects(self.home.store).rename(project, f"{self.home.name} {self.count}")

    def add_project(self) -> None:
        Projects(self.home.store).add(f"new {self.home.name} {self.count}")

    def goal(self) -> None:
        goal, goals = self.some("goals"), Goals(self.home.store)
        if goal is None:
            goals.add(Goal(Aim.AT_LEAST, Subject.TOTAL, Period.DAY, 1_000))
        elif self.chance.random() < 0.5:
            goals.delete(goal)
        else:
            goals.change(Goal(Aim.AT_LEAST, Subject.TOTAL, Period.DAY, 1_000 + self.count, id=goal))

    def reassign(self) -> None:
        span = self.some("activity_logs")
        if span:
            project = self.some("projects", "merged_into_id IS NULL")
            self.home.journal.reassign([span], project_id=project, by_hand=True)

    def annotate(self) -> None:
        span = self.some("activity_logs")
        if span:
            by_hand.annotate(self.home.store, [span], f"{self.home.name} {self.count}")

    def delete(self) -> None:
        span = self.some("activity_logs")
        if span:
            by_hand.delete(self.home.store, [span])

    def split(self) -> None:
        span = self.some("activity_logs", "end_ms > start_ms + 2")
        if span:
            start, end = self.home.store.connection.execute(
                "SELECT start_ms, end_ms FROM activity_logs WHERE id = ?", (span,)
            ).fetchone()
            corrections.split(self.home.store, span, (start + end) // 2)

    def erase(self) -> None:
        start = NOW - self.chance.randint(0, 60 * 24) * HOUR_MS
        erasure.erase(self.home.store, Selection(start, start + 2 * HOUR_MS))

    def exchange(self) -> None:
        self.home.sync()

    def lose_an_answer(self) -> None:
        self.home.service.push(self.home.device, self.home.state.collect())

    def some(self, table: str, condition: str = "1") -> int | None:
        rows = self.home.store.connection.execute(f"SELECT id FROM {table} WHERE {condition}").fetchall()
        return self.chance.choice(rows)[0] if rows else None


ACTS = (
    "work", "work", "work", "rename", "add_project", "goal", "reassign", "annotate",
    "delete", "split", "erase", "exchange", "exchange", "exchange", "lose_an_answer",
)  # fmt: skip


def one_world(homes, seed: int, steps: int) -> None:
    chance = random.Random(seed)
    strategies = list(Strategy)
    made = [
        homes(f"{name}{seed}", strategies={"project": chance.choice(strategies)}).join()
        for name in ("laptop", "tower", "phone")
    ]
    people = [Person(home, chance) for home in made]
    for _ in range(steps):
        chance.choice(people).act()
    settle(*made)
    first, *others = made
    for home in made:
        assert home.agrees(), f"seed {seed}: rollups of {home.name}"
    for other in others:
        assert other.spans() == first.spans(), f"seed {seed}"
        counts = [home.rows("activity_logs", "count(*)") for home in (first, other)]
        assert counts[0] == counts[1], f"seed {seed}: told twice"
        for table, columns in TABLES.items():
            assert other.rows(table, *columns) == first.rows(table, *columns), f"seed {seed}: {table}"
        assert {c.uuid: c.holds for c in other.state.conflicts()} == {
            c.uuid: c.holds for c in first.state.conflicts()
        }
        assert other.state.leaves() == first.state.leaves()
        assert other.state.slot_leaves(first.device) == first.state.slot_leaves()


@pytest.mark.parametrize("seed", range(3))
def test_three_homes_hold_the_same(homes, seed):
    one_world(homes, seed, steps=60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_many_three_homes_hold_the_same(homes, seed):
    one_world(homes, seed, steps=120)

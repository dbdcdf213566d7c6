from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import UsageError
from app.models.categories import Categories
from app.models.goals import Aim, Goal, Goals, Period, Subject
from app.models.projects import Projects

HOUR = 3_600_000


@pytest.fixture
def goals(store):
    return Goals(store, now_ms=lambda: 42)


def test_a_goal_is_stored_changed_and_forgotten(goals, store):
    project = Projects(store).add("api")
    made = goals.add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.WEEK, 10 * HOUR, project, weekdays=0b11111))
    assert made.created_ms == 42
    assert goals.all() == [made]
    assert made.counts_on(4)
    assert not made.counts_on(5)
    off = goals.change(replace(made, enabled=False, target_ms=HOUR))
    assert goals.get(made.id) == off
    goals.delete(made.id)
    assert goals.all() == []
    with pytest.raises(UsageError):
        goals.delete(made.id)
    with pytest.raises(UsageError):
        goals.change(off)
    with pytest.raises(UsageError):
        goals.get(made.id)


@pytest.mark.parametrize(
    "goal",
    [
        Goal(Aim.AT_LEAST, Subject.TOTAL, Period.DAY, 0),
        Goal(Aim.AT_MOST, Subject.TOTAL, Period.DAY, 25 * HOUR),
        Goal(Aim.AT_MOST, Subject.TOTAL, Period.WEEK, -1),
        Goal(Aim.AT_MOST, Subject.TOTAL, Period.DAY, HOUR, weekdays=0),
        Goal(Aim.AT_MOST, Subject.TOTAL, Period.DAY, HOUR, weekdays=128),
        Goal(Aim.AT_MOST, Subject.TOTAL, Period.DAY, HOUR, subject_id=1),
        Goal(Aim.AT_MOST, Subject.PROJECT, Period.DAY, HOUR),
        Goal(Aim.AT_MOST, Subject.PROJECT, Period.DAY, HOUR, subject_id=99),
        Goal(Aim.AT_MOST, Subject.CATEGORY, Period.DAY, HOUR, subject_id=99),
    ],
)
def test_what_makes_no_sense_is_refused(goals, goal):
    with pytest.raises(UsageError):
        goals.add(goal)
    assert goals.all() == []


def test_a_goal_follows_its_subject(goals, store):
    projects, categories = Projects(store), Categories(store)
    old, new = projects.add("old"), projects.add("new")
    play, rest = (categories.add(name, color="#000000").id for name in ("Play", "Rest"))
    goals.add(Goal(Aim.AT_LEAST, Subject.PROJECT, Period.DAY, HOUR, old))
    goals.add(Goal(Aim.AT_MOST, Subject.CATEGORY, Period.DAY, 0, play))
    projects.merge(old, new)
    assert goals.all()[0].subject_id == new
    categories.delete(play, move_to=rest)
    assert goals.all()[1].subject_id == rest
    categories.delete(rest)
    assert len(goals.all()) == 1

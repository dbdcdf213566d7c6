"""How far goals are, on weeks reckoned by hand."""

from __future__ import annotations

from datetime import date

import pytest

from app.analytics.goals import Counted, Progress, Standing, progress
from app.models.goals import Aim, Goal, Goals, Period, Subject
from tests.app.analytics.spans import HOUR, MINUTE, span

LEAST, MOST = Aim.AT_LEAST, Aim.AT_MOST


def goal(subject, target, *, kind=LEAST, period=Period.DAY, **more):
    return Goal(kind, subject, period, target, **more)


def day(active, *, focused=0):
    return Counted(active, {1: active // 2}, {2: active // 4}, active // 8, focused)


@pytest.mark.parametrize(
    ("subject", "about", "done"),
    [
        (Subject.TOTAL, None, 800), (Subject.PROJECT, 1, 400), (Subject.PROJECT, 2, 0),
        (Subject.CATEGORY, 2, 200), (Subject.PRODUCTIVE, None, 100), (Subject.FOCUS, None, 60),
    ],
)  # fmt: skip
def test_what_counts(subject, about, done):
    assert progress(goal(subject, 1000, subject_id=about), [day(800, focused=60)]).done_ms == done


def test_a_day_counts_alone_and_a_week_from_monday():
    week = [day(100), day(200), day(300)]
    assert progress(goal(Subject.TOTAL, 1000), week).done_ms == 300
    assert progress(goal(Subject.TOTAL, 1000, period=Period.WEEK), week).done_ms == 600
    # Only Monday and Wednesday.
    assert progress(goal(Subject.TOTAL, 1000, period=Period.WEEK, weekdays=0b101), week).done_ms == 400
    assert progress(goal(Subject.TOTAL, 1000, weekdays=0b101), week).done_ms == 300
    assert progress(goal(Subject.TOTAL, 1000, weekdays=0b011), week) is None
    assert progress(goal(Subject.TOTAL, 1000, enabled=False), week) is None


@pytest.mark.parametrize(
    ("kind", "target", "done", "standing"),
    [
        (LEAST, 100, 99, Standing.OPEN), (LEAST, 100, 100, Standing.REACHED),
        (MOST, 100, 80, Standing.WITHIN),
        (MOST, 100, 81, Standing.NEAR), (MOST, 100, 100, Standing.NEAR), (MOST, 100, 101, Standing.PAST),
        (MOST, 0, 1, Standing.PAST), (LEAST, 0, 0, Standing.REACHED),
    ],
)  # fmt: skip
def test_how_it_stands(kind, target, done, standing):
    found = Progress(goal(Subject.TOTAL, target, kind=kind), done)
    assert found.standing is standing
    assert found.left_ms == max(0, target - done)
    assert found.part >= 0


def test_today_shows_the_goals_that_count_today(records):
    goals = Goals(records.journal.store)
    goals.add(goal(Subject.PROJECT, HOUR, subject_id=1))
    goals.add(goal(Subject.FOCUS, HOUR, period=Period.WEEK))
    goals.add(goal(Subject.TOTAL, HOUR, weekdays=1))
    records.journal.insert([span(0, 1800, project=1), span(-86_400, 1500, project=2)])
    project, focus = records.questions.today().goals
    assert (project.label.name, project.progress.done_ms) == ("project 1", 30 * MINUTE)
    assert (focus.label.name, focus.progress.done_ms) == ("", 55 * MINUTE)
    assert records.questions.today().view.date == date(2026, 3, 4)

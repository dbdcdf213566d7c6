"""Facts of a period, of all projects or some; by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.analytics.periods import DAY_MS, Period, local_ms
from app.analytics.reports.facts import NOTHING, REST, Share, facts, in_few
from app.models.engine import read_engine
from app.models.values import Activity, Span, State

NINE = local_ms(datetime(2026, 3, 2, 9))  # noqa: DTZ001 - local on purpose
DAY = NINE // DAY_MS


@pytest.fixture
def engine(records):
    def span(at, seconds, project, category, application="Code", idle=False):
        activity = None if idle else Activity(application, project_id=project, category_id=category)
        start = NINE + at * 1000
        state = State.IDLE if idle else State.ACTIVE
        records.journal.append(Span(start, start + seconds * 1000, 0, state, activity))

    span(0, 3600, 1, 1)
    span(3600, 600, None, None, "firefox")
    span(4200, 900, None, None, idle=True)
    span(86_400, 1800, 2, 1)
    span(86_400 * 40, 60, 3, 3)
    made = read_engine(records.paths.database)
    yield made
    made.dispose()


def shown(shares):
    return [(share.name, share.seconds) for share in shares]


def test_by_day_project_category_application(engine):
    found = facts(engine, Period(DAY * DAY_MS, (DAY + 7) * DAY_MS))
    assert [(day.day, day.seconds) for day in found.days] == [(DAY, 4200), (DAY + 1, 1800)]
    assert shown(found.days[0].projects) == [("project 1", 3600), ("No project", 600)]
    assert shown(found.projects) == [("project 1", 3600), ("project 2", 1800), ("No project", 600)]
    assert shown(found.categories) == [("category 1", 5400), ("No category", 600)]
    assert shown(found.applications) == [("Code", 5400), ("firefox", 600)]
    assert found.seconds == 6000
    assert (found.projects[0].color, found.projects[2].color) == ("#000000", NOTHING)


def test_of_one_project_and_part_of_a_day(engine):
    found = facts(engine, Period(NINE + 1_800_000, NINE + 2 * DAY_MS), [1])
    assert shown(found.projects) == [("project 1", 1800)]
    assert shown(found.categories) == [("category 1", 1800)]
    assert facts(engine, Period(DAY * DAY_MS, (DAY + 1) * DAY_MS), [3]).days == ()


def test_from_the_first_recording(engine):
    assert facts(engine, Period(None, (DAY + 60) * DAY_MS)).start == DAY * DAY_MS
    assert facts(engine, Period(None, (DAY + 60) * DAY_MS), [3]).start == (DAY + 40) * DAY_MS


def test_the_smallest_are_put_together():
    shares = [Share(str(n), "#111111", 10.0 - n) for n in range(5)]
    assert in_few(shares, 5) == tuple(shares)
    assert in_few(shares, 3)[2] == Share("3 others", REST, 8 + 7 + 6)

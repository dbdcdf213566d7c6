"""Answers against a slow and simple count of the same spans."""

# ruff: noqa: DTZ001 - local wall-clock times are the subject

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from app.analytics.periods import DAY_MS, HOUR_MS, Period, local_ms
from app.errors import StorageError
from app.models.values import Activity, Span, State

MARCH = int(datetime(2026, 3, 4, tzinfo=UTC).timestamp() * 1000)
DAY = MARCH // DAY_MS


def span(start, seconds, *, offset=0, idle=False, switched=False, project=None, category=None, app="Code"):
    activity = None if idle else Activity(app, project_id=project, category_id=category)
    state = State.IDLE if idle else State.ACTIVE
    begin = MARCH + int(start * 1000)
    return Span(begin, begin + int(seconds * 1000), offset, state, activity, switched)


spans = st.lists(
    st.builds(
        span,
        st.integers(-2 * 86_400, 3 * 86_400),
        st.integers(0, 86_400),
        offset=st.sampled_from([0, 3600, -5 * 3600, 19_800, 20_700, 14 * 3600, -12 * 3600]),
        idle=st.booleans(),
        switched=st.booleans(),
        project=st.sampled_from([None, 1, 2, 3]),
        category=st.sampled_from([None, 1, 2]),
        app=st.sampled_from(["Code", "Firefox", "xterm"]),
    ),
    max_size=25,
)
periods = st.builds(
    lambda start, length: Period(start, start + length),
    st.integers(MARCH - 2 * DAY_MS, MARCH + 2 * DAY_MS) | st.sampled_from([MARCH, MARCH - DAY_MS]),
    st.integers(1, 4 * DAY_MS) | st.sampled_from([DAY_MS, 2 * DAY_MS, HOUR_MS]),
)


def simple_count(recorded, asked):
    """Second by second would be slow: hour by hour of each span's own wall clock."""
    totals = Counter()
    by = {name: Counter() for name in ("project", "category", "application", "day", "hour")}
    for item in recorded:
        shift = item.utc_offset_s * 1000
        start, end = max(asked.start, item.start_ms + shift), min(asked.end, item.end_ms + shift)
        if item.switched and asked.start <= item.start_ms + shift < asked.end:
            totals["switches"] += 1
        at = start
        while at < end:
            stop = min(end, (at // HOUR_MS + 1) * HOUR_MS)
            totals[item.state] += stop - at
            if item.state is State.ACTIVE:
                by["project"][item.activity.project_id] += stop - at
                by["category"][item.activity.category_id] += stop - at
                by["application"][item.activity.application] += stop - at
                by["day"][at // DAY_MS] += stop - at
                by["hour"][at // HOUR_MS % 24] += stop - at
            at = stop
    return totals, by


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(recorded=spans, asked=periods)
def test_a_report_is_the_sum_of_the_spans(records, recorded, asked):
    records.journal.store.connection.execute("DELETE FROM activity_logs")
    records.journal.store.connection.execute("DELETE FROM rollup_daily")
    records.journal.store.connection.execute("DELETE FROM rollup_hourly")
    records.journal.insert(recorded)
    report = records.service.report(asked, today=DAY, by_hour=True)
    totals, by = simple_count(recorded, asked)
    assert report.active_seconds * 1000 == pytest.approx(totals[State.ACTIVE])
    assert report.idle_seconds * 1000 == pytest.approx(totals[State.IDLE])
    assert report.context_switches == totals["switches"]
    names = {None: None} | {n: f"project {n}" for n in (1, 2, 3)}
    assert {e.name: e.seconds for e in report.by_project} == ms(
        {names[k]: v for k, v in by["project"].items()}
    )
    names = {None: None} | {n: f"category {n}" for n in (1, 2, 3)}
    assert {e.name: e.seconds for e in report.by_category} == ms(
        {names[k]: v for k, v in by["category"].items()}
    )
    assert {e.name: e.seconds for e in report.by_application} == ms(by["application"])
    assert {e.day: e.seconds for e in report.by_day if e.seconds} == ms(by["day"])
    assert {e.hour: e.seconds for e in report.by_hour if e.seconds} == ms(by["hour"])
    assert records.service.totals(asked).active_seconds == pytest.approx(report.active_seconds)


def ms(counter):
    return {key: pytest.approx(value / 1000) for key, value in counter.items()}


def test_an_empty_database_has_an_empty_report(records):
    report = records.service.report(Period(MARCH, MARCH + DAY_MS), today=DAY)
    assert (report.active_seconds, report.by_project) == (0, ())
    assert [entry.day for entry in report.by_day] == [DAY]
    everything = records.service.report(Period(None, MARCH + DAY_MS), today=DAY)
    assert everything.start == MARCH


def test_from_the_first_recording(records):
    records.journal.insert([span(0, 60, project=1), span(-40 * 86_400, 60, project=2)])
    report = records.service.report(Period(None, MARCH + DAY_MS), today=DAY)
    assert report.start == MARCH - 40 * DAY_MS
    assert len(report.by_day) == 41
    assert [e.name for e in report.by_project] == ["project 1", "project 2"]


def test_days_to_come_are_not_listed_and_long_periods_only_list_what_is_there(records):
    records.journal.insert([span(0, 60), span(-5000 * 86_400, 60)])
    week = records.service.report(Period(MARCH - DAY_MS, MARCH + 6 * DAY_MS), today=DAY)
    assert [entry.day for entry in week.by_day] == [DAY - 1, DAY]
    long = records.service.report(Period(None, MARCH + DAY_MS), today=DAY)
    assert [entry.day for entry in long.by_day] == [DAY - 5000, DAY]


def test_focus_sessions_count_where_they_began(records):
    for n, (start, offset) in enumerate([(-1, 0), (0, 0), (86_399, 0), (86_400, 0), (86_400, -3600)]):
        records.journal.store.connection.execute(
            "INSERT INTO focus_sessions (uuid, device_id, state, started_ms, utc_offset_s,"
            " focused_ms, updated_ms) VALUES (?, 1, 'completed', ?, ?, 60000, 0)",
            (str(n), MARCH + start * 1000, offset),
        )
    report = records.service.report(Period(MARCH, MARCH + DAY_MS), today=DAY)
    assert (report.focus_sessions, report.focus_seconds) == (3, 180.0)


def test_a_broken_database_is_a_known_error(records):
    content = bytearray(records.paths.database.read_bytes())
    records.journal.insert([span(n, 1, app=f"a{n}") for n in range(500)])
    records.journal.close()
    content = bytearray(records.paths.database.read_bytes())
    content[1024:] = b"\xff" * (len(content) - 1024)
    records.paths.database.write_bytes(content)
    with pytest.raises(StorageError):
        records.service.report(Period(MARCH, MARCH + DAY_MS), today=DAY)


def test_a_page_that_breaks_later_is_a_known_error(records):
    """The beginning of the file is sound, so it opens."""
    records.journal.insert([span(n, 1, app=f"a{n}") for n in range(3000)])
    records.journal.close()
    content = bytearray(records.paths.database.read_bytes())
    content[20 * 1024 :] = b"\xff" * (len(content) - 20 * 1024)
    records.paths.database.write_bytes(content)
    with pytest.raises(StorageError):
        for start in range(MARCH, MARCH + 3_600_000, 600_000):
            records.service.report(Period(start, start + 600_000), today=DAY, by_hour=True)


def test_a_bug_in_a_question_is_not_told_as_damage(records):
    records.journal.store.connection.execute("ALTER TABLE focus_sessions RENAME TO other")
    with pytest.raises(DBAPIError):
        records.service.report(Period(MARCH, MARCH + DAY_MS), today=DAY)


def test_local_time_is_that_of_the_recording(records):
    # 23:30 in Berlin on the 3rd is 22:30 UTC; 08:30 in Tokyo on the 5th is 23:30 UTC of the 4th.
    records.journal.insert([span(-5400, 60, offset=3600), span(23.5 * 3600, 60, offset=9 * 3600)])
    day = local_ms(datetime(2026, 3, 4))
    assert records.service.report(Period(day, day + DAY_MS), today=DAY).active_seconds == 0
    assert records.service.report(Period(day - DAY_MS, day), today=DAY).active_seconds == 60
    assert records.service.report(Period(day + DAY_MS, day + 2 * DAY_MS), today=DAY + 1).active_seconds == 60

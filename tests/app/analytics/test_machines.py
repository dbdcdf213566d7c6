"""Time of one machine and of all, against a sum over every minute."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.analytics.labels import By
from app.analytics.machines import ALL, THIS, Machines
from app.analytics.questions import Questions
from app.analytics.ranges import Days
from app.models.side_file import side_file
from app.models.values import Activity, Recorded, Span, State
from tests.app.analytics.conftest import NOON

MINUTE = 60_000
DAYS = Days(date(2026, 2, 20), date(2026, 3, 10))
# Noon of 1 March, so that days are finished and growing.
T = NOON - 3 * 86_400_000

rows = st.lists(
    st.tuples(
        st.sampled_from([1, 1, 2, 3]),
        st.integers(-900, 4_000),
        st.integers(0, 300),
        st.sampled_from([0, 0, 3_600, -36_000]),
        st.sampled_from([State.ACTIVE, State.ACTIVE, State.IDLE]),
        st.sampled_from([1, 2, None]),
    ),
    max_size=8,
)


@pytest.fixture
def machines(records):
    for number in (2, 3):
        records.journal.store.connection.execute(
            "INSERT INTO devices (id, uuid, name, owner) VALUES (?, ?, ?, x'01')",
            (number, f"m{number}", f"machine {number}"),
        )
    return records


def record(records, found):
    doing = {project: Activity("editor", project_id=project, category_id=project) for project in (1, 2, None)}
    spans = [
        Recorded(
            Span(
                T + start * MINUTE, T + (start + length) * MINUTE, offset, state,
                doing[project] if state is State.ACTIVE else None,
                switched=state is State.ACTIVE,
            ),
            device_id=device,
        )
        for device, start, length, offset, state, project in found
    ]  # fmt: skip
    records.journal.insert(spans)


def asked(records, whose):
    return Questions(records.paths.database, None, records.clock, whose)


def by_minute(found, whose):
    """Active minutes by local day and project, idle ones by day; the order of ids decides like starts."""
    active, idle = defaultdict(int), defaultdict(int)
    spans = [row for row in found if whose.device in (None, row[0])]
    several = len({device for device, *_ in found}) > 1 and whose.device is None
    for minute in range(-900, 4_400):
        there = [row for row in spans if row[1] <= minute < row[1] + row[2]]
        for state, sums in ((State.ACTIVE, active), (State.IDLE, idle)):
            of = [row for row in there if row[4] is state]
            if not of:
                continue
            winner = min(of, key=lambda row: (-row[1], row[0]))[0]
            for device, _, _, offset, _, project in of:
                if several and device != winner:
                    continue
                others = [row for row in there if row[4] is State.ACTIVE and row[0] != device]
                if several and state is State.IDLE and others:
                    continue
                day = ((T + minute * MINUTE) // 1000 + offset) // 86_400
                sums[(day, (project or 0) if state is State.ACTIVE else 0)] += MINUTE
    return dict(active), dict(idle)


def told(q):
    """The same from the questions: by day and project."""
    active: dict[tuple[int, int], int] = {}
    trends = q.trends(DAYS, By.PROJECT, most=50)
    first = DAYS.numbers.start
    for series in trends.series:
        for n, ms in enumerate(series.values.tolist()):
            if ms:
                active[first + n, series.label.id] = int(ms)
    return active


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows)
def test_one_machine_and_all_of_them(machines, found):
    machines.journal.store.connection.execute("DELETE FROM activity_logs")
    for table in ("rollup_daily", "rollup_hourly"):
        machines.journal.store.connection.execute(f"DELETE FROM {table}")
    side_file(machines.paths.database).unlink(missing_ok=True)
    record(machines, found)
    for whose in (ALL, THIS, Machines(2)):
        q = asked(machines, whose)
        try:
            active, idle = by_minute(found, whose)
            assert told(q) == active
            for day in {day for day, _ in active} | {day for day, _ in idle}:
                view = q.day(date.fromordinal(date(1970, 1, 1).toordinal() + day))
                assert view.active_ms == sum(ms for (at, _), ms in active.items() if at == day)
                assert view.idle_ms == sum(ms for (at, _), ms in idle.items() if at == day)
                assert int(view.hours.active.sum()) == view.active_ms
            assert int(q.heat_map(DAYS).sum_ms.sum()) == sum(active.values())
        finally:
            q.close()


def test_all_machines_is_never_more_than_the_clock(machines):
    record(machines, [(1, 0, 60, 0, State.ACTIVE, 1), (2, 30, 60, 0, State.ACTIVE, 2)])
    q = asked(machines, ALL)
    assert told(q) == {(T // 86_400_000, 1): 30 * MINUTE, (T // 86_400_000, 2): 60 * MINUTE}
    assert len(q.day(date(2026, 3, 1)).blocks) >= 2, "the timeline shows all that was recorded"
    q.close()


def test_what_comes_later_from_another_machine_changes_a_kept_day(machines):
    record(machines, [(1, 0, 60, 0, State.ACTIVE, 1), (1, 4_000, 60, 0, State.ACTIVE, 1)])
    q = asked(machines, ALL)
    assert told(q)[T // 86_400_000, 1] == 60 * MINUTE
    record(machines, [(2, 30, 60, 0, State.ACTIVE, 2)])
    assert told(q)[T // 86_400_000, 1] == 30 * MINUTE
    q.close()
    again = asked(machines, ALL)
    assert told(again)[T // 86_400_000, 1] == 30 * MINUTE
    again.close()
    this = asked(machines, THIS)
    assert told(this)[T // 86_400_000, 1] == 60 * MINUTE
    this.close()


def test_digests_of_each_scope_are_kept_apart(machines):
    record(machines, [(1, 0, 60, 0, State.ACTIVE, 1), (2, 0, 120, 0, State.ACTIVE, 2)])
    record(machines, [(1, 4_000, 1, 0, State.ACTIVE, 1)])
    found = {}
    for whose in (ALL, THIS, Machines(2), ALL):
        q = asked(machines, whose)
        trend = q.focus_trend(DAYS)
        found.setdefault(whose.device, []).append(int(trend.active_ms.sum()))
        q.close()
    assert found == {None: [121 * MINUTE] * 2, 1: [61 * MINUTE], 2: [120 * MINUTE]}

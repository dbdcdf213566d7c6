"""A day without gaps, whose sums are those of the rollups."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from app.analytics.labels import By
from app.analytics.periods import DAY_MS, date_of
from app.analytics.ranges import Days
from app.analytics.series import IDLE, NOTHING
from app.models.day_marks import begin_marks
from tests.app.analytics.spans import DAY, HOUR, MIDNIGHT, one_after_the_other, span

SLOW_FIXTURE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ZONES = (0, 3600, 3600, 7200, -18_000, 19_800)


def refill(records, spans):
    connection = records.journal.store.connection
    for table in ("activity_logs", "rollup_daily", "rollup_hourly"):
        connection.execute(f"DELETE FROM {table}")
    begin_marks(connection)
    records.journal.insert(spans)


@SLOW_FIXTURE
@given(spans=one_after_the_other())
def test_a_day_has_no_gap_and_no_overlap(records, spans):
    refill(records, spans)
    for day in (DAY - 1, DAY, DAY + 1):
        view = records.questions.day(date_of(day))
        array = view.blocks.array
        assert (view.start_ms, view.end_ms) == (day * DAY_MS, (day + 1) * DAY_MS)
        assert (array["start"][0], array["end"][-1]) == (view.start_ms, view.end_ms)
        assert (array["start"][1:] == array["end"][:-1]).all()
        assert int((array["end"] - array["start"]).sum()) == DAY_MS


@SLOW_FIXTURE
@given(spans=one_after_the_other(ZONES))
def test_the_sums_of_a_day_are_those_of_the_rollups(records, spans):
    refill(records, spans)
    ask = records.journal.store.connection.execute
    for day in (DAY - 1, DAY, DAY + 1):
        view = records.questions.day(date_of(day))
        row = ask(
            "SELECT sum(active_ms), sum(idle_ms), sum(switches) FROM rollup_daily WHERE day = ?", (day,)
        )
        active, idle, switches = (value or 0 for value in row.fetchone())
        assert (view.active_ms, view.idle_ms, view.switches) == (active, idle, switches)
        assert view.blocks.active_ms == active
        for by in By:
            stored = dict(
                ask(
                    f"SELECT {by}_id, sum(active_ms) FROM rollup_daily WHERE day = ? GROUP BY 1"
                    " HAVING sum(active_ms) > 0",
                    (day,),
                ).fetchall()
            )
            shares = getattr(view, f"by_{by}")
            assert {share.label.id: share.active_ms for share in shares} == stored
        hours = dict(
            ask(
                "SELECT hour % 24, sum(active_ms) FROM rollup_hourly WHERE hour / 24 = ? GROUP BY 1", (day,)
            ).fetchall()
        )
        assert view.hours.active.tolist() == [hours.get(hour, 0) for hour in range(24)]
        assert sum((values for _, values in view.hours.stacks), np.zeros(24)).tolist() == (
            view.hours.active.tolist()
        )


@SLOW_FIXTURE
@given(spans=one_after_the_other(ZONES))
def test_charts_over_long_ranges_equal_the_days_they_are_made_of(records, spans):
    refill(records, spans)
    q, days = records.questions, Days(date_of(DAY - 2), date_of(DAY + 2))
    views = [q.day(date_of(day)) for day in days.numbers]
    by_day = [view.active_ms for view in views]
    assert q.calendar(days).active_ms.tolist() == by_day
    for by in By:
        found = q.trends(days, by)
        assert found.total.tolist() == by_day
        assert found.idle.tolist() == [view.idle_ms for view in views]
        assert found.switches.tolist() == [view.switches for view in views]
        for n, view in enumerate(views):
            shares = {share.label.id: share.active_ms for share in getattr(view, f"by_{by}")}
            assert {s.label.id: int(s.values[n]) for s in found.series if s.values[n]} == shares
    heat = q.heat_map(days)
    for view in views:
        assert heat.sum_ms[view.date.weekday()].tolist() == view.hours.active.tolist()
    trend = q.focus_trend(days)
    assert trend.focused_ms.tolist() == [view.attention.focused_ms for view in views]
    scores = [float("nan") if v.attention.score is None else v.attention.score.value for v in views]
    assert trend.score.values.tolist() == pytest.approx(scores, nan_ok=True)


@SLOW_FIXTURE
@given(spans=one_after_the_other(ZONES))
def test_whatever_the_zones_a_day_is_covered_and_no_data_touches_no_span(records, spans):
    refill(records, spans)
    view = records.questions.day(date_of(DAY))
    array = view.blocks.array
    assert (array["start"][1:] >= array["start"][:-1]).all()
    reached = np.maximum.accumulate(array["end"])
    assert (array["start"][1:] <= reached[:-1]).all()
    assert (array["start"][0], reached[-1]) == (view.start_ms, view.end_ms)
    spans_only = array[array["kind"] != NOTHING]
    for gap in array[array["kind"] == NOTHING]:
        assert not ((spans_only["start"] < gap["end"]) & (spans_only["end"] > gap["start"])).any()


def test_an_empty_day_is_one_block_of_no_data(records):
    view = records.questions.day(date(2026, 3, 4))
    (block,) = view.blocks
    assert (block.span_id, block.kind, block.start_ms, block.end_ms) == (
        0, NOTHING, MIDNIGHT, MIDNIGHT + 24 * HOUR
    )  # fmt: skip
    assert (view.first_ms, view.last_ms, view.by_project) == (None, None, ())


def test_the_day_the_clocks_are_set_back_has_25_hours(records):
    # Sunday 25 October 2026 in Berlin: at 03:00 +02:00 it becomes 02:00 +01:00.
    midnight = 1_792_879_200_000
    begin = (midnight - MIDNIGHT) / 1000
    records.journal.insert([
        span(begin + 2.5 * 3600, 1800, offset=7200, project=1),
        span(begin + 3 * 3600, 1800, offset=3600, project=1),
    ])  # fmt: skip
    view = records.questions.day(date(2026, 10, 25))
    assert (view.start_ms, view.end_ms) == (midnight, midnight + 25 * HOUR)
    assert view.hours.active[2] == HOUR
    assert view.blocks.active_ms == HOUR


def test_a_block_tells_all_about_its_span(records):
    (first, idle) = records.journal.insert([
        span(9 * 3600, 60, project=2, category=1, app="vim", branch="main", language="C", title="a secret"),
        span(9 * 3600 + 60, 300, idle=True),
    ])  # fmt: skip
    view = records.questions.day(date(2026, 3, 4))
    block = view.blocks[1]
    assert (block.span_id, block.duration_ms, block.active, block.idle) == (first, 60_000, True, False)
    names = view.names
    assert names.application(block.application_id).name == "vim"
    assert names.project(block.project_id).name == "project 2"
    assert names.category(block.category_id).name == "category 1"
    assert (names.branches[block.branch_id], names.languages[block.language_id]) == ("main", "C")
    assert records.questions.texts([block.title_id, 0, 99]) == {block.title_id: "a secret", 0: None, 99: None}
    assert "secret" not in repr(view.blocks[1])
    assert view.blocks[2].kind == IDLE
    assert view.blocks.index_of(idle) == 2
    assert view.blocks.index_of(1) is None
    assert view.blocks.at(block.start_ms + 5) == 1
    assert view.blocks.at(block.end_ms) == 2
    assert view.blocks.at(view.end_ms) is None
    assert view.blocks.at(view.start_ms - 1) is None
    assert view.first_ms == block.start_ms
    assert view.last_ms == block.start_ms + 360_000

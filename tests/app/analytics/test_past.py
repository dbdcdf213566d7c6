"""What is kept of finished days is what would be reckoned anew, whatever was corrected since."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.analytics import inquiries, past, rollups
from app.analytics.inquiries import Inquiries
from app.analytics.labels import By
from app.analytics.questions import Questions
from app.analytics.ranges import Days
from app.models.side_file import side_file
from tests.app.analytics.spans import HOUR, MIDNIGHT, MINUTE, one_after_the_other, span

DAY_S = 86_400
DAYS = Days(date(2026, 2, 20), date(2026, 3, 10))
SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def keeps_little_too(monkeypatch):
    monkeypatch.setattr(rollups, "_WORTH_KEEPING", 0)


def fresh(records):
    """Questions without memory, and without the side file."""
    side_file(records.paths.database).unlink(missing_ok=True)
    return Questions(records.paths.database, None, records.clock)


def answers(q):
    trend = q.focus_trend(DAYS)
    details = q.project(1, DAYS)
    stacks = [(by, s.label.id, s.values.tolist()) for by in By for s in q.trends(DAYS, by).series]
    return (
        stacks,
        trend.focused_ms.tolist(), trend.active_ms.tolist(), trend.focus_blocks.tolist(), trend.missing,
        trend.fragmentation.values.tolist(), trend.switches_an_hour.values.tolist(),
        details.by_branch, details.by_language, details.missing, details.daily.tolist(),
        q.calendar(DAYS).active_ms.tolist(), q.heat_map(DAYS).sum_ms.tolist(),
    )  # fmt: skip


def same(one, other):
    return repr(one) == repr(other)


changes = st.lists(
    st.tuples(st.sampled_from(["insert", "reassign", "erase", "merge", "record"]), st.integers(-6, 2),
              st.integers(0, 20)),
    max_size=6,
)  # fmt: skip


def change(records, what, day, hour):
    journal, begin = records.journal, day * DAY_S + hour * 3600
    if what == "insert":
        journal.insert([span(begin, 1500, project=1, branch="topic")])
    elif what == "record":
        journal.append(span(begin, 1800, project=2, switched=True))
    elif what == "erase":
        journal.delete(from_ms=MIDNIGHT + begin * 1000, to_ms=MIDNIGHT + begin * 1000 + HOUR)
    elif what == "reassign":
        ids = journal.store.connection.execute("SELECT id FROM activity_logs WHERE id % 3 = ?", (day % 3,))
        journal.reassign([row[0] for row in ids.fetchall()], project_id=1 + hour % 2, by_hand=True)
    elif hour % 2:
        journal.merge_categories(1 + hour % 3, 1 + day % 3)
    else:
        journal.merge_projects(2, 1)


@SETTINGS
@given(spans=one_after_the_other((0, 3600, -18_000)), made=changes)
def test_what_is_kept_equals_what_would_be_reckoned_anew(records, spans, made):
    connection = records.journal.store.connection
    for table in ("activity_logs", "rollup_daily", "rollup_hourly"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("DELETE FROM meta WHERE key LIKE 'day%'")
    records.journal.insert([*spans, span(-6 * DAY_S, 3600, project=1), span(3 * DAY_S, 60, project=2)])
    side_file(records.paths.database).unlink(missing_ok=True)
    kept = Questions(records.paths.database, None, records.clock)
    answers(kept)
    for what, day, hour in made:
        change(records, what, day, hour)
        later = Questions(records.paths.database, None, records.clock)
        told, reopened = answers(kept), answers(later)
        anew = fresh(records)
        assert same(told, answers(anew))
        assert same(reopened, told)
        later.close()
        anew.close()
    kept.close()


def test_branches_and_attention_of_a_day_reckoned_by_hand(records):
    records.journal.insert([
        span(9 * 3600, 1800, project=1, branch="main", language="Python"),
        span(9.5 * 3600, 60, project=2, switched=True),
        span(9.5 * 3600 + 60, 1740, project=1, branch="topic", switched=True),
        span(2 * DAY_S, 60), span(5 * DAY_S, 60),
    ])  # fmt: skip
    trend = records.questions.focus_trend(Days(date(2026, 3, 4), date(2026, 3, 4)))
    assert trend.focused_ms.tolist() == [59 * MINUTE]
    assert trend.deep_share.values[0] == pytest.approx(59 / 60)
    # One minute of sixty lies in a stretch under five.
    assert trend.fragmentation.values[0] == pytest.approx(1 / 60)
    assert trend.switches_an_hour.values.tolist() == [2.0]
    # 50 for depth, 25 for calm, 25 × 59/60 for wholeness.
    assert trend.score.values.tolist() == [100.0]
    details = records.questions.project(1, DAYS)
    assert Counter({b.name: b.active_ms for b in details.by_branch}) == {
        "main": 30 * MINUTE,
        "topic": 29 * MINUTE,
    }
    assert details.missing == 0


def test_many_missing_days_are_left_to_the_background(records, monkeypatch):
    monkeypatch.setattr(past, "WHILE_WAITING", 3)
    monkeypatch.setattr(inquiries, "STEP_DAYS", 2)
    records.journal.insert([span(-day * DAY_S, 3600, project=1) for day in range(12)])
    q = records.questions
    assert q.focus_trend(DAYS).missing == 10
    assert q.project(1, DAYS).missing == 10
    asked, seen = Inquiries(records.paths.database, None), []
    assert not asked.reckon(lambda done, of: done < 4)
    assert 0 < q.focus_trend(DAYS).missing < 10
    assert asked.reckon(lambda done, of: not seen.append((done, of)))
    assert seen[-1][0] == seen[-1][1]
    assert (q.focus_trend(DAYS).missing, q.project(1, DAYS).missing) == (0, 0)
    assert q.focus_trend(DAYS).focused_ms.sum() == 12 * HOUR
    assert asked.reckon()
    asked.close()


def test_after_many_corrections_and_after_weeks_all_is_read_anew(records, monkeypatch):
    monkeypatch.setattr(rollups, "_MOST_CORRECTED", 3)
    records.journal.insert([span(-day * DAY_S, 3600, project=1) for day in range(12)])
    q = records.questions
    assert q.calendar(DAYS).active_ms.sum() == 12 * HOUR
    records.journal.insert([span(-day * DAY_S + 7200, 3600, project=1) for day in range(12)])
    assert q.calendar(DAYS).active_ms.sum() == 24 * HOUR
    records.journal.insert([span(40 * DAY_S, 3600, project=1)])
    later = Questions(records.paths.database, None, records.clock)
    # The one that is open takes the days that are finished now along, the other begins with what was kept.
    for asked in (q, later):
        assert asked.calendar(DAYS).active_ms.sum() == 24 * HOUR
    assert later.recorded_days().last == date(2026, 4, 13)
    later.close()


def test_a_side_file_that_is_broken_or_in_the_way_is_done_without(records):
    records.journal.insert([span(-day * DAY_S, 3600, project=1, branch="main") for day in range(5)])
    file = side_file(records.paths.database)
    for content in (b"", b"no database" * 500, b"SQLite format 3\0" + bytes(5000)):
        file.write_bytes(content)
        q = Questions(records.paths.database, None, records.clock)
        assert q.focus_trend(DAYS).focused_ms.sum() == 5 * HOUR
        assert q.calendar(DAYS).active_ms.sum() == 5 * HOUR
        q.close()
    file.unlink()
    file.mkdir()
    q = Questions(records.paths.database, None, records.clock)
    assert q.focus_trend(DAYS).focused_ms.sum() == 5 * HOUR
    q.close()


def test_the_side_file_is_its_owners_and_holds_no_text(records):
    records.journal.insert([
        span(-day * DAY_S, 3600, project=1, branch="feature/secret-branch", title="a secret", app="Cipher")
        for day in range(5)
    ])  # fmt: skip
    answers(records.questions)
    file = side_file(records.paths.database)
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    assert len(sqlite3.connect(file).execute("SELECT day FROM days").fetchall()) == 3
    for word in (b"secret", b"Cipher", b"project 1"):
        assert word not in content

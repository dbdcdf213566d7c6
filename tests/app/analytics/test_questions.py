"""The questions, asked of a real database."""

from __future__ import annotations

from datetime import date
from threading import Thread

import pytest

from app.analytics.cube import Filter
from app.analytics.inquiries import Inquiries
from app.analytics.labels import REST, By
from app.analytics.questions import Questions
from app.analytics.ranges import Days, Granularity
from app.analytics.sessions import Session
from app.errors import StorageError
from app.models.focus_sessions import FocusSessions, StoredSession
from app.tracking.conditions import read_conditions
from tests.app.analytics.spans import HOUR, MIDNIGHT, MINUTE, span

WEDNESDAY = date(2026, 3, 4)
DAY_S = 86_400


@pytest.fixture
def inquiries(records):
    asked = Inquiries(records.paths.database, records.journal.store.cipher)
    yield asked
    asked.close()


def session(records, start_ms, minutes, *, project=None, state="completed", interruptions=0):
    stored = FocusSessions(records.journal.store).save(
        StoredSession(
            state, start_ms, 0, start_ms + minutes * MINUTE, focused_ms=minutes * MINUTE, project_id=project,
            ended_ms=None if state == "running" else start_ms + minutes * MINUTE, interruptions=interruptions,
        )
    )  # fmt: skip
    return stored.uuid


def test_an_empty_database_answers_everything(records, inquiries):
    q, days = records.questions, Days(date(2026, 3, 1), WEDNESDAY)
    assert q.recorded_days() is None
    assert q.today_date() == WEDNESDAY
    assert q.names().project(2).name == "project 2"
    assert q.goals() == ()
    assert q.today().view.active_ms == 0
    assert q.today().usual is None
    assert q.trends(days).series == ()
    assert q.heat_map(days).sum_ms.sum() == 0
    assert q.calendar(days).active_ms.tolist() == [0, 0, 0, 0]
    assert [line.total_ms for line in q.projects(days)] == [0, 0, 0]
    assert q.project(1, days).by_branch == ()
    assert (q.best_hours(days), q.sessions(days), q.recorded_applications()) == (None, (), ())
    assert q.streaks().current == 0
    assert len(inquiries.activities(days)) == 0
    assert inquiries.stored(1).spans == 0


def test_an_answer_is_kept_until_somebody_writes(records):
    q = records.questions
    records.journal.insert([span(0, 60, project=1)])
    first = q.day(WEDNESDAY)
    assert q.day(WEDNESDAY) is first
    records.journal.insert([span(100, 60, project=1)])
    assert q.day(WEDNESDAY).active_ms == 120_000
    assert first.active_ms == 60_000


def test_today_is_told_beside_the_usual_and_the_open_session(records):
    q = records.questions
    # The clock stands at noon; on the two Wednesdays before, 11:00 to 13:00 were worked.
    records.journal.insert([
        span(-14 * DAY_S + 11 * 3600, 7200, project=1), span(-7 * DAY_S + 11 * 3600, 7200, project=1),
        span(-6 * DAY_S, 7200, project=2), span(11.5 * 3600, 1800, project=1, category=2, switched=True),
    ])  # fmt: skip
    session(records, MIDNIGHT + 11 * HOUR, 60, project=3, state="running")
    today = q.today()
    assert today.view.active_ms == 30 * MINUTE
    assert (today.usual.days, today.usual.whole_day_ms, today.usual.so_far_ms) == (2, 2 * HOUR, HOUR)
    assert today.against_usual.change == -0.5
    assert today.session.project.name == "project 3"
    assert today.session.open
    assert today.goals == ()
    assert q.recorded_days() == Days(date(2026, 2, 18), WEDNESDAY)


def test_trends_stack_time_and_compare_with_the_days_before(records):
    records.journal.insert([
        span(0, 3600, project=1), span(DAY_S, 7200, project=2), span(DAY_S + 7200, 600, idle=True),
        span(2 * DAY_S, 100, switched=True), span(-DAY_S, 1800, project=1),
    ])  # fmt: skip
    days = Days(WEDNESDAY, date(2026, 3, 6))
    found = records.questions.trends(days, By.PROJECT)
    assert [(s.label.name, s.values.tolist(), s.before_ms) for s in found.series] == [
        ("project 2", [0, 7_200_000, 0], 0), ("project 1", [3_600_000, 0, 0], 1_800_000),
        ("", [0, 0, 100_000], 0),
    ]  # fmt: skip
    assert found.before == Days(date(2026, 3, 1), date(2026, 3, 3))
    assert found.total.tolist() == [3_600_000, 7_200_000, 100_000]
    assert (found.idle.tolist(), found.switches.tolist()) == ([0, 600_000, 0], [0, 0, 1])
    assert (found.active_ms.now, found.active_ms.before) == (10_900_000, 1_800_000)
    weekly = records.questions.trends(days, By.PROJECT, Granularity.WEEK, most=1)
    assert weekly.buckets == (days,)
    assert [(s.label, s.total_ms) for s in weekly.series][1:] == [(REST, 3_700_000)]
    alone = records.questions.trends(days, By.APPLICATION, only=Filter(project=2))
    assert [(s.label.name, s.total_ms) for s in alone.series] == [("Code", 7_200_000)]


def test_projects_tell_when_and_on_which_branch_they_were_seen_last(records):
    records.journal.insert([
        span(-DAY_S, 60, project=1, branch="main"), span(0, 60, project=1, branch="topic"),
        span(3600, 30, project=1, branch="main", language="C"), span(-40 * DAY_S, 600, project=2),
    ])  # fmt: skip
    days = Days(date(2026, 3, 2), WEDNESDAY)
    one, two, three = records.questions.projects(days)
    assert (one.label.name, one.sparkline.tolist(), one.range_ms, one.total_ms) == (
        "project 1", [0, 60_000, 90_000], 150_000, 150_000
    )  # fmt: skip
    assert (one.last_seen_ms, one.last_branch) == (MIDNIGHT + HOUR + 30_000, "main")
    assert (one.first_day, one.last_day) == (date(2026, 3, 3), WEDNESDAY)
    assert (two.label.name, two.range_ms, two.total_ms) == ("project 2", 0, 600_000)
    assert (three.last_seen_ms, three.first_day) == (None, None)
    details = records.questions.project(1, days)
    assert [(b.name, b.active_ms) for b in details.by_branch] == [("main", 90_000), ("topic", 60_000)]
    assert [(b.name, b.active_ms) for b in details.by_language] == [(None, 120_000), ("C", 30_000)]
    assert details.daily.tolist() == [0, 60_000, 90_000]
    assert [(label.name, ms) for label, ms in details.by_application] == [("Code", 150_000)]


def test_what_interrupted_a_session(records):
    records.journal.insert([
        span(0, 600, project=1), span(600, 10, project=2, app="Mail"), span(610, 590, project=1),
        span(1200, 40, project=2, app="Mail"), span(1240, 20, app="Chat"), span(1260, 240, project=1),
        span(1500, 90, idle=True),
    ])  # fmt: skip
    session(records, MIDNIGHT, 30, project=1, interruptions=2)
    (found,) = records.questions.sessions(Days(WEDNESDAY, WEDNESDAY))
    assert isinstance(found, Session)
    first, second = records.questions.interruptions(found, 15_000)
    assert (first.application.name, first.project.name, first.duration_ms) == ("Mail", "project 2", 60_000)
    assert (second.idle, second.duration_ms) == (True, 90_000)


def test_streaks_are_made_of_sessions(records):
    for day in (-5, -2, -1):
        session(records, MIDNIGHT + day * DAY_S * 1000 + HOUR, 25)
    session(records, MIDNIGHT - 3 * DAY_S * 1000, 5, state="stopped")
    records.journal.insert([span(day * DAY_S, 60) for day in (-5, -3, -2, -1)])
    found = records.questions.streaks()
    assert (found.current, found.longest) == (2, 2)


def test_activities_are_paged_by_their_ids(records, inquiries):
    made = records.journal.insert([
        span(0, 60, project=1, title="one"), span(60, 60, idle=True), span(DAY_S - 10, 60, project=2),
        span(DAY_S, 5),
    ])  # fmt: skip
    day = Days(WEDNESDAY, WEDNESDAY)
    assert inquiries.activities(day).tolist() == [made[2], made[0]]
    assert inquiries.activities(day, idle=True).tolist() == [made[2], made[1], made[0]]
    assert inquiries.activities(day, Filter(project=1)).tolist() == [made[0]]
    assert inquiries.activities(Days(WEDNESDAY, date(2026, 3, 5)), Filter(project=0)).tolist() == [made[3]]
    first, second = records.questions.activity_rows([made[0], 5, made[1]])
    assert (first.title, first.project.name, first.application.name, first.idle) == (
        "one", "project 1", "Code", False
    )  # fmt: skip
    assert "'one'" not in repr(first)
    assert (second.idle, second.application.name) == (True, "")


def test_what_is_stored_of_an_application(records, inquiries):
    records.journal.insert([
        span(0, 60, title="a"), span(60, 60, title="b"), span(120, 30, title="a"), span(200, 10, app="vim"),
        span(DAY_S, 10), span(DAY_S + 10, 5, idle=True),
    ])  # fmt: skip
    code, vim = records.questions.recorded_applications()
    assert (code.label.name, code.active_ms, code.first_day, code.last_day) == (
        "Code", 160_000, WEDNESDAY, date(2026, 3, 5)
    )  # fmt: skip
    assert vim.label.name == "vim"
    stored = inquiries.stored(code.label.id)
    assert (stored.spans, stored.with_title, stored.titles, stored.active_ms) == (4, 3, 2, 160_000)
    assert (stored.first_ms, stored.last_ms) == (MIDNIGHT, MIDNIGHT + (DAY_S + 10) * 1000)
    assert [(t.title, t.spans, t.active_ms) for t in stored.by_title] == [("a", 2, 90_000), ("b", 1, 60_000)]


CASES = [
    ([("application", "equals", "code")], 3, 150_000),
    ([("title", "contains", "review")], 1, 60_000),
    ([("application", "equals", "code"), ("project", "equals", "project 1")], 1, 60_000),
    ([("branch", "equals", "main")], 1, 60_000),
    ([("language", "one_of", ["c"])], 1, 30_000),
    ([("title", "contains", "nothing")], 0, 0),
    ([("time", "between", "mon-fri 09:00-17:00")], 2, 530_000),
    ([("time", "between", "sat,sun")], 0, 0),
    ([("project", "equals", "project 1"), ("language", "equals", "C")], 0, 0),
    ([("application", "equals", "Code"), ("time", "between", "mon-fri 09:00-17:00")], 1, 30_000),
]


@pytest.mark.parametrize(("conditions", "count", "ms"), CASES)
def test_a_rule_is_tried_on_what_was_recorded(records, inquiries, conditions, count, ms):
    records.journal.insert([
        span(0, 60, project=1, title="Review of it"), span(60, 60, title="other", branch="main"),
        span(9 * 3600, 30, language="C"), span(10 * 3600, 500, app="vim"), span(11 * 3600, 500, idle=True),
    ])  # fmt: skip
    test = read_conditions([{"field": f, "is": i, "value": v} for f, i, v in conditions])
    found = inquiries.matches(test, Days(WEDNESDAY, WEDNESDAY))
    assert (found.activities, found.active_ms, found.complete) == (count, ms, True)
    assert sum(example.active_ms for example in found.examples) == ms


def test_trying_a_rule_tells_how_far_it_is_and_can_be_cancelled(records, inquiries):
    records.journal.insert([span(0, 60, title="secret"), span(-70 * DAY_S, 60)])
    test = read_conditions([{"field": "application", "is": "equals", "value": "Code"}])
    days, seen = Days(date(2025, 12, 1), WEDNESDAY), []
    assert inquiries.matches(test, days, lambda done, of: not seen.append((done, of))).activities == 2
    assert seen[-1] == (len(days), len(days))
    stopped = inquiries.matches(test, days, lambda done, of: done < 50)
    assert (stopped.complete, stopped.activities) == (False, 1 if stopped.active_ms else 0)
    assert "secret" not in repr(inquiries.matches(test, days))


def test_without_the_key_texts_are_told_as_none(records):
    (made,) = records.journal.insert([span(0, 60, title="a secret")])
    locked = Questions(records.paths.database, None, records.clock)
    (row,) = locked.activity_rows([made])
    assert row.title is None
    assert row.application.name == "Code"
    locked.close()


def test_questions_may_come_from_several_threads(records):
    records.journal.insert([span(n * 60, 60, project=1 + n % 3) for n in range(300)])
    found, days = [], Days(date(2026, 2, 1), WEDNESDAY)

    def ask():
        found.extend(
            (records.questions.day(WEDNESDAY).active_ms, records.questions.trends(days).active_ms.now)
            for _ in range(5)
        )

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(300 * MINUTE, 300 * MINUTE)] * 20


def test_a_file_that_takes_the_place_of_another_is_read(records):
    q = records.questions
    records.journal.insert([span(0, 60)])
    assert q.day(WEDNESDAY).active_ms == 60_000
    records.journal.close()
    database = records.paths.database
    content = database.read_bytes()
    database.rename(database.with_name("devpulse.damaged-1.db"))
    database.write_bytes(content)
    assert q.day(WEDNESDAY).active_ms == 60_000
    database.unlink()
    with pytest.raises(StorageError):
        q.day(date(2026, 3, 5))
    database.write_bytes(content)
    assert q.day(WEDNESDAY).active_ms == 60_000

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.sync.state.containers import Hour, plan, segment_of

DAY = 24
# 2026-11-10 12:00 UTC
NOW = 498_420
assert segment_of(NOW - 1, NOW) is None


def test_by_its_age_an_hour_belongs_into_a_tail_a_day_or_a_month():
    assert segment_of(NOW, NOW) is None
    assert segment_of(NOW - DAY, NOW) == f"day/{(NOW - DAY) // 24}"
    assert segment_of(NOW - 20 * DAY, NOW) == "month/2026-10"
    seventh = NOW - 3 * DAY  # 2026-11-07: October is over, but for less than a week
    assert segment_of(NOW - 20 * DAY, seventh) == f"day/{(NOW - 20 * DAY) // 24}"


def test_a_new_hour_gets_a_tail_of_its_own_and_stays_there():
    hours = [Hour(NOW - 1, "tail/0"), Hour(NOW, None, due=True)]
    assert plan(hours, NOW, settle=False) == {NOW: "tail/1"}
    assert plan([Hour(NOW, "tail/1", due=True)], NOW, settle=False) == {NOW: "tail/1"}


def test_a_first_history_goes_into_segments_at_once():
    old, recent = NOW - 40 * DAY, NOW - 2 * DAY
    hours = [Hour(old, None, due=True), Hour(old + 1, None, due=True), Hour(recent, None, due=True)]
    moved = plan(hours, NOW, settle=False)
    assert moved == {old: "month/2026-10/0", old + 1: "month/2026-10/0", recent: "day/0"}


def test_tails_of_a_day_that_is_over_are_settled_together():
    yesterday = (NOW // 24 - 1) * 24
    hours = [Hour(yesterday + n, f"tail/{n}") for n in range(3)]
    assert plan(hours, NOW, settle=False) == {}
    assert plan(hours, NOW, settle=True) == dict.fromkeys(range(yesterday, yesterday + 3), "day/0")


def test_days_of_a_month_that_is_over_become_one():
    old = NOW - 40 * DAY
    hours = [Hour(old, "day/0"), Hour(old + 24, "day/1")]
    assert plan(hours, NOW, settle=True) == dict.fromkeys((old, old + 24), "month/2026-10/0")


def test_a_correction_of_the_past_is_a_tail_until_it_is_settled():
    old = NOW - 40 * DAY
    corrected = Hour(old, "month/2026-10/0", due=True)
    assert plan([corrected, Hour(old + 1, "month/2026-10/0")], NOW, settle=False) == {old: "tail/0"}
    assert plan([Hour(old, "tail/0"), Hour(old + 1, "month/2026-10/0")], NOW, settle=True) == {
        old: "month/2026-10/0"
    }


def test_what_was_erased_leaves_its_segment_at_once():
    old = NOW - 40 * DAY
    assert plan([Hour(old, "month/2026-10/0", due=True, anew=True)], NOW, settle=False) == {
        old: "month/2026-10/0"
    }


def test_many_corrections_of_one_segment_make_it_anew():
    old = NOW - 40 * DAY
    hours = [Hour(old + n, "month/2026-10/0", due=True) for n in range(9)]
    assert set(plan(hours, NOW, settle=False).values()) == {"month/2026-10/0"}


@settings(deadline=None)
@given(
    st.dictionaries(st.integers(NOW - 100 * DAY, NOW), st.booleans(), max_size=60),
    st.lists(st.tuples(st.integers(0, 60 * DAY), st.booleans(), st.booleans()), max_size=4),
)
def test_whatever_happens_each_hour_has_one_place_and_a_tail_holds_one(due, later):
    hours = {hour: Hour(hour, None, due=is_due) for hour, is_due in due.items()}
    now = NOW
    for passed, again, settle in [(0, True, False), *later]:
        now += passed
        if again:
            hours = {hour: replace(found, due=True) for hour, found in hours.items()}
        waiting = [hour for hour, found in hours.items() if found.due]
        moved = plan(hours.values(), now, settle=settle)
        assert set(waiting) <= moved.keys()
        hours |= {hour: Hour(hour, name) for hour, name in moved.items()}
        tails = [h.container for h in hours.values() if h.container and h.container.startswith("tail/")]
        assert len(tails) == len(set(tails))
        if settle:
            assert all(
                segment_of(hour, now) is None or not (found.container or "").startswith("tail/")
                for hour, found in hours.items()
                if found.container is not None
            )

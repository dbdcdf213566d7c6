"""The first rule that holds decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.values import Activity
from app.tracking import classifier as module
from app.tracking.classifier import Classifier
from app.tracking.conditions import read_conditions

NOON = datetime(2026, 6, 1, 12)  # noqa: DTZ001 - Monday, on the wall


@dataclass(frozen=True)
class Rule:
    category_id: int
    conditions: Sequence[Mapping[str, Any]]
    position: int = 0
    enabled: bool = True


def when(field: str, how: str, value: Any) -> dict[str, Any]:
    return {"field": field, "is": how, "value": value}


def rule(category: int, *conditions: dict[str, Any], **more: Any) -> Rule:
    return Rule(category, conditions, **more)


def test_the_first_rule_wins_whether_it_names_the_application_or_not() -> None:
    rules = [
        rule(1, when("application", "equals", "code"), when("title", "contains", "review")),
        rule(2, when("title", "contains", "urgent")),
        rule(3, when("application", "one_of", ["Code", "vim"])),
    ]
    decide = Classifier(rules, {1, 2, 3}).category_of
    assert decide(Activity("Code", "urgent review"), None, NOON) == 1
    assert decide(Activity("Code", "urgent"), None, NOON) == 2
    assert decide(Activity("CODE", "x"), None, NOON) == 3
    assert decide(Activity("kate", "x"), None, NOON) is None
    assert decide(Activity("kate"), None, NOON) is None


def test_every_field_counts() -> None:
    activity = Activity("a", "t", "u", "p", 1, "b", "l")
    fields = {
        "application": "a",
        "title": "t",
        "url": "u",
        "path": "p",
        "project": "n",
        "branch": "b",
        "language": "l",
    }
    for field, value in fields.items():
        assert Classifier([rule(1, when(field, "equals", value))], {1}).category_of(activity, "n", NOON) == 1


def test_a_broken_rule_is_left_out_and_told() -> None:
    rules = [
        rule(1, when("title", "pattern", "geheim("), position=4),
        rule(9, when("title", "equals", "t"), position=5),
        rule(1, {"field": "title"}, position=6),
        rule(2, when("title", "equals", "t"), position=7),
        rule(1, when("title", "pattern", "("), enabled=False),
    ]
    made = Classifier(rules, {1, 2})
    assert made.category_of(Activity("a", "t"), None, NOON) == 2
    assert [problem.split(" is")[0] for problem in made.problems] == ["Rule 5", "Rule 6", "Rule 7"]
    assert "geheim" not in "".join(made.problems)


def test_switched_off_rules_do_not_count() -> None:
    rules = [rule(1, when("title", "equals", "t"), enabled=False)]
    assert Classifier(rules, {1}).category_of(Activity("a", "t"), None, NOON) is None


def test_time_is_asked_anew_each_time() -> None:
    rules = [
        rule(1, when("title", "equals", "t"), when("time", "between", "mon-fri 09:00-17:00")),
        rule(2, when("application", "equals", "a")),
    ]
    made = Classifier(rules, {1, 2})
    activity = Activity("a", "t")
    evening = NOON + timedelta(hours=8)
    assert [made.category_of(activity, None, local) for local in (NOON, evening, NOON)] == [1, 2, 1]
    assert not made._remembered
    assert made.category_of(Activity("a", "x"), None, NOON) == 2
    assert len(made._remembered) == 1


def test_what_is_remembered_is_bounded_and_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMEMBERED", 3)
    made = Classifier([rule(1, when("title", "contains", "t"))], {1})
    for title in ("t1", "t2", "t3", "t1", "t4"):
        assert made.category_of(Activity("a", title), None, NOON) == 1
    assert [key[1] for key in made._remembered] == ["t3", "t1", "t4"]


_CONDITION = st.one_of(
    st.builds(when, st.just("application"), st.just("one_of"), st.lists(st.sampled_from("abc"), min_size=1)),
    st.builds(when, st.sampled_from(["application", "title"]), st.just("contains"), st.sampled_from("abc")),
    st.builds(
        when,
        st.just("time"),
        st.just("between"),
        st.sampled_from(["mon", "tue-sun", "09:00-13:00", "22:00-02:00"]),
    ),
)


@given(
    st.lists(st.lists(_CONDITION, min_size=1, max_size=3), max_size=6),
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["a", "b", "ab", ""]), st.integers(0, 167)),
        max_size=12,
    ),
)
def test_index_and_memory_change_nothing(
    all_conditions: list[list[dict[str, Any]]], seen: list[tuple[str, str, int]]
) -> None:
    rules = [rule(number, *conditions) for number, conditions in enumerate(all_conditions)]
    made = Classifier(rules, set(range(len(rules))))
    for application, title, hour in seen:
        local = NOON + timedelta(hours=hour)
        facts = {"application": application, "title": title}
        expected = None
        for number, conditions in enumerate(all_conditions):
            read = read_conditions(conditions)
            if read.hold(facts) and read.hold_at(local):
                expected = number
                break
        assert made.category_of(Activity(application, title), None, local) == expected

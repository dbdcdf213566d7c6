from typing import Any

import pytest

from app.analytics.activities import ActivityRow
from app.analytics.labels import NONE, Label
from app.tracking.conditions import read_conditions
from app.ui.classify import wording
from app.ui.classify.drag import brought, carried
from app.ui.classify.wording import FIELDS, rule_words, short_words, suggestions, typed_condition


def row(**values: Any) -> ActivityRow:
    given: dict[str, Any] = {
        "span_id": 1, "start_ms": 0, "end_ms": 1, "utc_offset_s": 0, "idle": False, "assigned": False,
        "device_id": 1, "application": Label(1, "firefox"), "project": NONE, "category": NONE, "branch": None,
        "language": None, "title": None, "url": None, "path": None, "note": None, **values,
    }  # fmt: skip
    return ActivityRow(**given)


def test_suggestions_can_all_be_used_and_the_most_telling_comes_first() -> None:
    found = suggestions(row(url="https://github.com/x", title="A title", project=Label(2, "ledger")))
    assert [one.words for one in found] == [
        "Address is on the site github.com", "Application is firefox",
        "Application is firefox, and Title contains A title", "Project is ledger",
    ]  # fmt: skip
    for one in found:
        read_conditions(one.conditions)


def test_nothing_known_suggests_nothing() -> None:
    assert suggestions(row(application=NONE)) == ()


@pytest.mark.parametrize("field", FIELDS)
def test_every_offered_test_is_one_that_rules_know(field: str) -> None:
    words = "mon-fri 09:00-17:00" if field == "time" else "a"
    for test in wording.tests_of(field):
        read_conditions([typed_condition(field, test, words)])


def test_a_comma_divides_where_a_list_may_stand() -> None:
    assert typed_condition("application", "one_of", "a, b")["value"] == ["a", "b"]
    assert typed_condition("title", "contains", "a, b")["value"] == ["a", "b"]
    assert typed_condition("title", "equals", "a, b")["value"] == "a, b"


def test_long_lists_are_cut_and_stand_last() -> None:
    many = {"field": "application", "is": "one_of", "value": [f"application-{n}" for n in range(20)]}
    title = {"field": "title", "is": "contains", "value": "x"}
    assert short_words([many, title]).startswith("Title contains x, and Application is one of application-0")
    assert short_words([many]).endswith("17 more")
    assert "application-19" in rule_words([many])


def test_only_ids_travel_with_a_drag() -> None:
    assert brought(carried([3, 4])) == (3, 4)
    assert brought(None) == ()

"""The conditions of a rule: strict in what they take, exact in what they fit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import DevPulseError, InvalidPattern, UsageError
from app.tracking.conditions import MOST_CONDITIONS, MOST_VALUES, host_of, parse_conditions, read_conditions


def one(field: str, how: str, value: Any) -> list[object]:
    return [{"field": field, "is": how, "value": value}]


@pytest.mark.parametrize(
    ("how", "value", "known", "fits"),
    [
        ("equals", "VS Code", "vs code", True),
        ("equals", "code", "vs code", False),
        ("one_of", ["a", "B"], "b", True),
        ("one_of", ["a"], "b", False),
        ("one_of", "a", "A", True),
        ("contains", "OD", "code", True),
        ("contains", ["x", "od"], "code", True),
        ("contains", ["x"], "code", False),
        ("glob", "vs*", "VS Code", True),
        ("glob", ["a*", "*code"], "VS Code", True),
        ("glob", "code", "VS Code", False),
        ("pattern", "^c.d", "code", True),
        ("pattern", "^C.d", "code", False),
        ("pattern", "(?i)^C.d", "code", True),
    ],
)
def test_texts(how: str, value: Any, known: str, fits: bool) -> None:
    for field in ("application", "title", "url", "path", "project", "branch", "language"):
        conditions = read_conditions(one(field, how, value))
        assert conditions.hold({field: known}) is fits
        assert not conditions.hold({field: None})
        assert not conditions.hold({})


@pytest.mark.parametrize(
    ("site", "address", "fits"),
    [
        ("github.com", "github.com", True),
        ("github.com", "https://gist.github.com/a?b#c", True),
        ("GitHub.com.", "http://github.com:8080", True),
        ("github.com", "notgithub.com", False),
        ("github.com", "github.com.evil.org", False),
        ("github.com", "evil.org/github.com", False),
        ("localhost", "localhost:3000", True),
        ("com", "github.com", True),
        ("github.com", "", False),
    ],
)
def test_hosts(site: str, address: str, fits: bool) -> None:
    assert read_conditions(one("url", "host", [site])).hold({"url": address}) is fits


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://X.org/a", "x.org"),
        ("x.org:80/a", "x.org"),
        ("[::1]:80", "[::1]"),
        ("x.org?q", "x.org"),
        ("", ""),
    ],
)
def test_the_host_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host


def test_all_conditions_must_hold() -> None:
    conditions = read_conditions([*one("application", "equals", "a"), *one("title", "contains", "t")])
    assert conditions.hold({"application": "A", "title": "TT"})
    assert not conditions.hold({"application": "A", "title": "x"})


def test_the_applications_a_rule_can_be_for() -> None:
    assert read_conditions(one("title", "equals", "a")).applications is None
    assert read_conditions(one("application", "glob", "a*")).applications is None
    assert read_conditions(one("application", "one_of", ["A", "b"])).applications == {"a", "b"}
    both = [*one("application", "one_of", ["a", "b"]), *one("application", "equals", "B")]
    assert read_conditions(both).applications == {"b"}


@pytest.mark.parametrize(
    "text",
    [
        "", "nonsense", "{}", "3", "[]", "[3]", "[null]", "[[]]", "[" * 100_000,
        json.dumps([{}]),
        json.dumps([{"field": "title", "is": "equals"}]),
        json.dumps([{"field": "title", "is": "equals", "value": "a", "more": 1}]),
        json.dumps(one("colour", "equals", "a")),
        json.dumps(one("title", "resembles", "a")),
        json.dumps(one("title", "host", "a")),
        json.dumps(one("title", "between", "mon")),
        json.dumps(one("time", "equals", "mon")),
        json.dumps(one("title", "equals", "")),
        json.dumps(one("title", "equals", 3)),
        json.dumps(one("title", "equals", ["a"])),
        json.dumps(one("title", "pattern", ["a"])),
        json.dumps(one("title", "one_of", [])),
        json.dumps(one("title", "one_of", ["a", 3])),
        json.dumps(one("title", "one_of", ["a"] * (MOST_VALUES + 1))),
        json.dumps(one("title", "equals", "a" * 1001)),
        json.dumps(one("time", "between", "always")),
        json.dumps(one("time", "between", ["mon"])),
        json.dumps(one("title", "equals", "a") * (MOST_CONDITIONS + 1)),
        json.dumps([{"field": ["title"], "is": "equals", "value": "a"}]),
        json.dumps([{"field": "title", "is": {}, "value": "a"}]),
    ],
)  # fmt: skip
def test_what_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_conditions(text)
    assert refused.value.detail or refused.value.advice


def test_a_pattern_that_cannot_be_bounded_is_refused() -> None:
    with pytest.raises(InvalidPattern):
        parse_conditions(json.dumps(one("title", "pattern", "(?=a)")))


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["title", "time", "equals", "between", "pattern", "mon"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["field", "is", "value"]), inner, max_size=3)
    ),
)


@given(_JSON)
def test_any_json_is_refused_in_words_or_read(content: Any) -> None:
    try:
        parse_conditions(json.dumps(content)).hold({"title": "mon"})
    except DevPulseError as error:
        assert error.told()

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.ui.sync.facts import account_of, conflicts_of, heard_of, machines_of, status_of

LEAF = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
ROW = st.dictionaries(
    st.sampled_from(["id", "device_id", "name", "sides", "fields", "values", "choice", "here", "at_ms"]),
    LEAF | st.lists(LEAF, max_size=2) | st.lists(st.dictionaries(st.just("values"), LEAF), max_size=2),
)
TOLD = st.dictionaries(
    st.sampled_from(["account_id", "devices", "alarms", "conflicts", "heard", "names", "last", "problem"]),
    LEAF | st.lists(LEAF | ROW, max_size=2) | ROW,
)
SIDES = [{"device": "a", "at_ms": 1, "values": {"name": "x"}}, {"device": "b", "at_ms": 2, "values": None}]


@settings(max_examples=60)
@given(TOLD)
def test_whatever_a_command_says_is_read_without_a_fault(told: dict[str, Any]) -> None:
    account_of(told)
    machines_of(told, heard_of(told))
    status_of(told)
    conflicts_of(told)


def test_nobody_is_signed_in_without_an_account() -> None:
    assert account_of({}) is None
    account = account_of({"account_id": "x", "server": "s", "has_secret_key": False})
    assert account is not None
    assert not account.has_secret_key


def test_this_machine_comes_first_and_a_head_tells_more_than_the_service() -> None:
    rows = [
        {"device_id": "1", "name": "b", "seen_ms": 5},
        {"device_id": "2", "name": "A", "here": False, "listed": True, "seen_ms": 5},
        {"device_id": "3", "name": "z", "here": True, "seen_ms": 5},
    ]
    found = machines_of({"devices": rows, "fingerprint": "six words"}, {"1": 99})
    assert [one.name for one in found.machines] == ["z", "A", "b"]
    assert [one.heard_ms for one in found.machines] == [5, 5, 99]
    assert found.words == "six words"


def test_a_choice_is_named() -> None:
    def made(choice: object) -> str:
        row = {"id": "1", "type": "project", "fields": ["name"], "sides": SIDES, "choice": choice}
        return conflicts_of({"conflicts": [row]})[0].choice

    assert [made(choice) for choice in (None, 0, 1, 2, 3)] == ["", "0", "1", "both", "merged"]


def test_what_waits_for_the_person_are_alarms_and_conflicts() -> None:
    status = status_of({"conflicts": 2, "alarms": [{"id": 1, "kind": "fork", "at_ms": 3}], "waiting": 7})
    assert status.asks == 3
    assert status.waiting == 7

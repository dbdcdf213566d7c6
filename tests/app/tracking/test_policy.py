"""The policy fails closed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.declarations import SETTINGS
from app.tracking.addresses import Addresses
from app.tracking.policy import Action, Detail, policy_from

SALT = b"0123456789abcdef"


def test_the_defaults() -> None:
    policy = policy_from(Settings(), salt=SALT)
    assert (policy.detail, policy.addresses) == (Detail.TITLES, Addresses.HOST)
    assert policy.excluded.match_any(["keepassxc"])
    assert policy.untitled.match_any(["slack"])
    assert not policy.allow_list_only
    assert [rule.action for rule in policy.title_rules] == [Action.REPLACE, Action.REPLACE, Action.DROP]
    assert all(rule.pattern is not None for rule in policy.title_rules)
    assert policy.problems == ()
    assert (policy.private_mode, policy.paused) == (False, False)


def test_live_states_are_taken() -> None:
    policy = policy_from(Settings(), private_mode=True, paused=True)
    assert policy.private_mode
    assert policy.paused


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ({"pattern": "(", "action": "drop"}, "never closed"),
        ({"pattern": "(?=a)", "action": "drop"}, "ahead"),
        ({"action": "drop"}, "no pattern"),
        ({"pattern": "", "action": "drop"}, "no pattern"),
        ({"pattern": "a", "action": "replace", "replacement": 3}, "no pattern"),
        ({"pattern": "a", "action": "erase"}, "action"),
        ({"pattern": "a"}, "action"),
        ({"pattern": "a", "action": ["drop"]}, "action"),
        ("nonsense", "no pattern"),
    ],
)
def test_a_rule_that_is_not_understood_drops(rule: Any, word: str) -> None:
    policy = policy_from(Settings(given={"privacy.title_rules": [rule]}), salt=SALT)
    assert policy.title_rules[0].pattern is None
    assert policy.title_rules[0].application is None
    assert word in policy.problems[0]


def test_a_problem_never_shows_the_pattern() -> None:
    policy = policy_from(Settings(given={"privacy.title_rules": [{"pattern": "geheim(", "action": "drop"}]}))
    assert "geheim" not in " ".join(policy.problems)
    assert "geheim" not in repr(policy)


def test_a_broken_rule_for_one_application_is_closed_for_that_one() -> None:
    rule = {"pattern": "(", "action": "drop", "application": "code*"}
    made = policy_from(Settings(given={"privacy.title_rules": [rule]})).title_rules[0]
    assert made.application is not None
    assert made.application.match_any(["code - oss"])
    assert not made.application.match_any(["kate"])


@pytest.mark.parametrize(("salt", "works"), [(b"", False), (b"short", False), (SALT, True)])
def test_hashing_needs_a_secret(salt: bytes, works: bool) -> None:
    rules = [{"pattern": "a", "action": "hash"}]
    policy = policy_from(Settings(given={"privacy.title_rules": rules}), salt=salt)
    assert (policy.title_rules[0].pattern is not None) is works
    assert bool(policy.problems) is not works


def test_rejected_settings_are_taken_strictly() -> None:
    policy = policy_from(
        Settings(
            rejected={
                "privacy.detail": "applicatons",
                "privacy.addresses": 3,
                "privacy.allow_list_only": "yes",
                "privacy.excluded_applications": ["mine*", 7, "", None],
                "privacy.untitled_applications": "talk",
                "privacy.allowed_applications": {"a": 1},
                "privacy.title_rules": {"pattern": "x"},
            }
        )
    )
    assert (policy.detail, policy.addresses) == (Detail.APPLICATIONS, Addresses.NONE)
    assert policy.allow_list_only
    assert policy.excluded.match_any(["mine1"])
    assert policy.excluded.match_any(["7"])
    assert policy.excluded.match_any(["keepassxc"])  # the defaults stay beside what could be read
    assert policy.untitled.match_any(["talk"])
    assert policy.untitled.match_any(["slack"])
    assert not policy.allowed.match_any(["a"])
    assert policy.title_rules[0].pattern is None
    assert policy.problems


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([k for k in SETTINGS if k.startswith("privacy.")]), _ANY))
def test_whatever_was_rejected_makes_a_policy(rejected: dict[str, Any]) -> None:
    policy = policy_from(Settings(rejected=rejected))
    choices = list(SETTINGS["privacy.detail"].choices)
    if "privacy.detail" in rejected and rejected["privacy.detail"] not in choices:
        assert policy.detail is Detail.APPLICATIONS

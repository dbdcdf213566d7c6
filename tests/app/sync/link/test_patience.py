"""Waiting: never longer than the ceiling, never shorter than what the service asks for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.sync.link.patience import (
    LONGEST_ASKED_S,
    LONGEST_S,
    OPENS_AFTER,
    Breaker,
    delay_s,
    retry_after_s,
)


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_full_jitter_stays_between_nothing_and_the_ceiling(failures: int, chance: float) -> None:
    assert 0 <= delay_s(failures, lambda: chance) <= min(LONGEST_S, 2.0 ** min(failures, 20))


def test_the_ceiling_doubles_from_one_second_to_five_minutes() -> None:
    ceilings = [delay_s(n, lambda: 1.0) for n in range(1, 11)]
    assert ceilings == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after_s("7", 0) == 7
    assert retry_after_s("Fri, 27 Nov 2026 16:00:00 GMT", 1_795_795_200 - 30) == 30
    assert retry_after_s("Fri, 27 Nov 2026 16:00:00 GMT", 1_795_795_200 + 30) == 0
    assert retry_after_s("99999999999999", 0) == LONGEST_ASKED_S
    assert [retry_after_s(text, 0) for text in (None, "", "soon", "-1", "٣", "Fri, 99 Nov")] == [None] * 6


def test_the_breaker_opens_after_failures_in_a_row_and_closes_by_one_success() -> None:
    breaker = Breaker()
    for count in range(1, OPENS_AFTER + 1):
        assert not breaker.is_open
        breaker = breaker.failed(1000.0, lambda: 0.5)
        assert breaker.failures == count
        assert not breaker.allows(1000.0)
    assert breaker.is_open
    assert breaker.allows(1000.0 + LONGEST_S)
    assert not breaker.succeeded().is_open


def test_what_the_service_asks_for_counts_and_a_clock_set_back_does_not() -> None:
    breaker = Breaker().failed(1000.0, lambda: 0.0, asked_s=60)
    assert not breaker.allows(1059.0)
    assert breaker.allows(1060.0)
    assert breaker.allows(1000.0 - 2 * LONGEST_ASKED_S)

"""Facts as a week may have them."""

from __future__ import annotations

import pytest

from app.analytics.periods import DAY_MS
from app.analytics.reports.facts import NOTHING, DayFacts, Facts, Share

MONDAY = 20_514  # 2026-03-02


@pytest.fixture
def week():
    shop, none = Share("shop", "#4477aa", 9000.0), Share("No project", NOTHING, 1800.0)
    days = (
        DayFacts(MONDAY, 7200.0, (Share("shop", "#4477aa", 5400.0), Share("No project", NOTHING, 1800.0))),
        DayFacts(MONDAY + 2, 3600.0, (Share("shop", "#4477aa", 3600.0),)),
    )
    return Facts(
        MONDAY * DAY_MS, (MONDAY + 7) * DAY_MS, days, (shop, none), (Share("Coding", "#228833", 10800.0),),
        (Share("VS Code", NOTHING, 10800.0),),
    )  # fmt: skip

from __future__ import annotations

from datetime import date

import pytest

from app.ui.pages.timeline.wanted import Wanted

TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ({}, None),
        ({"day": "yesterday"}, None),
        ({"span": "7"}, None),
        ({"day": "2026-01-02"}, Wanted(date(2026, 1, 2))),
        ({"day": "2026-01-02", "hour": "9"}, Wanted(date(2026, 1, 2), hour=9)),
        ({"hour": "0"}, Wanted(TODAY, hour=0)),
        ({"category": "4"}, Wanted(TODAY, category=4)),
        ({"category": "-1"}, None),
    ],
)
def test_what_a_link_means(where: dict[str, str], wanted: Wanted | None) -> None:
    assert Wanted.of(where, TODAY) == wanted

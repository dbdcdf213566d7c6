"""What a window says about a metric is in the documentation, and every metric there is explained."""

from __future__ import annotations

import re
from pathlib import Path

from app.analytics import attention, best_hours, usual
from app.analytics.explained import EXPLAINED

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "metrics.md").read_text(encoding="utf-8")


def test_every_metric_has_its_section():
    sections = set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))
    assert {metric.title for metric in EXPLAINED.values()} == sections


def test_the_numbers_in_the_words_are_those_of_the_code():
    minute = attention.MINUTE_MS
    assert f"At least {attention.SHORTEST_FOCUS_MS // minute} minutes" in EXPLAINED["focus_block"].formula
    assert f"for {attention.LONGEST_INTERRUPTION_MS // minute} minutes" in EXPLAINED["focus_block"].formula
    assert f"under {attention.SHORT_STRETCH_MS // minute} minutes" in EXPLAINED["fragmentation"].formula
    score = EXPLAINED["focus_score"].words
    for number in (
        f"Depth, up to {attention.DEEP_POINTS} points",
        f"Calm, up to {attention.CALM_POINTS}:",
        f"Wholeness, up to {attention.WHOLE_POINTS}:",
        f"up to {attention.CALM_SWITCHES_AN_HOUR:.0f} context switches",
        f"none from {attention.RESTLESS_SWITCHES_AN_HOUR:.0f} on",
    ):
        assert number in score
    assert f"{usual.WEEKS} weeks" in EXPLAINED["usual"].formula
    assert f"Needs {best_hours.LEAST_DAYS} such days" in EXPLAINED["best_hours"].formula

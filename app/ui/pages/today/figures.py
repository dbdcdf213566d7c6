"""The day's numbers as they are told: what they are, in words, and beside what is usual. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from app.analytics.attention import CALM_SWITCHES_AN_HOUR, FULL_DEEP_SHARE, Attention, Part
from app.analytics.averages import Comparison
from app.analytics.today import Today
from app.durations import told_in_minutes
from app.ui.figure import Figure
from app.ui.words import number, percent, tr

# Below five minutes a difference from the usual day says nothing.
_LEAST_DIFFERENCE_MS = 5 * 60_000


def figures(today: Today) -> tuple[Figure, ...]:
    """Active and focused time, switches, fragmentation."""
    attention = today.view.attention
    return (_active(today), _focused(attention), _switches(attention), _fragmentation(attention))


def against_usual(comparison: Comparison | None, weekday: str) -> tuple[str, bool | None]:
    """`24 m more than on a usual Tuesday by now`, and whether it is more."""
    if comparison is None:
        return tr("no {weekday} to compare with yet", weekday=weekday), None
    difference = comparison.now - comparison.before
    if abs(difference) < _LEAST_DIFFERENCE_MS:
        return tr("as on a usual {weekday} by now", weekday=weekday), None
    length = told_in_minutes(abs(difference) / 1000)
    if difference > 0:
        return tr("{length} more than usual by now", length=length), True
    return tr("{length} less than usual by now", length=length), False


def _active(today: Today) -> Figure:
    weekday = weekday_name(today.view.date.weekday())
    beside, more = against_usual(today.against_usual, weekday)
    return Figure("active", told_in_minutes(today.view.active_ms / 1000), beside, more)


def _focused(attention: Attention) -> Figure:
    beside = tr("no stretch of 25 m in one project yet")
    if attention.blocks:
        longest = told_in_minutes(attention.longest_ms / 1000)
        beside = (
            tr("in one block of {longest}", longest=longest)
            if len(attention.blocks) == 1
            else tr("in {count} blocks, the longest {longest}", count=len(attention.blocks), longest=longest)
        )
    return Figure("focused", told_in_minutes(attention.focused_ms / 1000), beside)


def _switches(attention: Attention) -> Figure:
    rate = attention.switches_an_hour
    if rate is None:
        return Figure("switches", str(attention.switches))
    beside = tr("{rate} in an hour", rate=f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}")
    return Figure(
        "switches", number(attention.switches), beside, True if rate <= CALM_SWITCHES_AN_HOUR else None
    )


def _fragmentation(attention: Attention) -> Figure:
    part = attention.fragmentation
    if part is None:
        return Figure("fragmentation", "–")
    return Figure("fragmentation", percent(part), tr("of the time in stretches under 5 m"))


def part_words(part: Part) -> tuple[str, str]:
    """A part of the focus score by name, and what it is made of."""
    if part.name == "deep":
        return tr("Deep work"), tr(
            "{share} of the time in focus blocks; full from {full}",
            share=percent(part.value),
            full=percent(FULL_DEEP_SHARE),
        )
    if part.name == "calm":
        return tr("Calm"), tr(
            "{rate} switches in an hour; full up to {full}",
            rate=f"{part.value:.1f}",
            full=f"{CALM_SWITCHES_AN_HOUR:.0f}",
        )
    return tr("Whole stretches"), tr(
        "{share} of the time in stretches of 5 m or more", share=percent(part.value)
    )


def score_word(score: int) -> str:
    """One word for a score of 0 to 100."""
    words: Mapping[int, str] = {75: tr("Deep"), 50: tr("Steady"), 25: tr("Mixed"), 0: tr("Scattered")}
    return next(word for least, word in words.items() if score >= least)


def weekday_name(weekday: int) -> str:
    """0 is Monday."""
    from PyQt6.QtCore import QLocale

    return QLocale().standaloneDayName(weekday + 1, QLocale.FormatType.LongFormat)

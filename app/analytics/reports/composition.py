"""What stands in a report for others, in its order: the same for the web and for paper. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.analytics.layout import cut, plain
from app.analytics.periods import DAY_MS, date_of
from app.analytics.reports.charts import Column, bars, columns, legend
from app.analytics.reports.drawing import Drawing
from app.analytics.reports.facts import NOTHING, REST, DayFacts, Facts, Share, in_few
from app.analytics.reports.written import in_words
from app.durations import told

_MOST_COLORS = 8
_MOST_BARS = 10
_DAYS_TILL_WEEKS, _DAYS_TILL_MONTHS = 45, 400
_LONGEST_DAY_LIST = 3
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the report shall look: its title, whose work for whom, and what is kept back."""

    title: str = "Work report"
    person: str = ""
    client: str = ""
    hide_applications: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the summary, with what it means."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; `numbers`: the columns set to the right. `sums`: the last row, in bold."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]
    sums: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with pictures and the same as a table; `beside`: the table stands beside the picture."""

    heading: str
    drawings: tuple[Drawing, ...]
    table: Table
    beside: bool = True


@dataclass(frozen=True, slots=True)
class Composed:
    """A report, ready to be set. `meta`: lines below the title; `note`: the small print."""

    title: str
    meta: tuple[str, ...]
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    note: str
    empty: bool = False


def composed(facts: Facts, wishes: Wishes, *, made: date) -> Composed:
    """The report of these facts; `made`: the date it bears."""
    facts = _plain(facts)
    period = in_words(facts.start, facts.end)
    return Composed(
        title=plain(wishes.title),
        meta=tuple(_meta(wishes, period)),
        figures=tuple(_figures(facts)),
        sections=tuple(_sections(facts, wishes, made)),
        note=(
            f"Made on {made.day} {made:%B %Y} with DevPulse from recorded time: time at the machine with a "
            "window in use. Times are rounded down to the minute, hours to two places."
        ),
        empty=not facts.days,
    )


def _plain(facts: Facts) -> Facts:
    """Names without control characters and of a length to read; they come from strangers' windows."""

    def shown(shares: Sequence[Share]) -> tuple[Share, ...]:
        return tuple(replace(share, name=cut(plain(share.name), _LONGEST_NAME)) for share in shares)

    return replace(
        facts,
        days=tuple(replace(day, projects=shown(day.projects)) for day in facts.days),
        projects=shown(facts.projects),
        categories=shown(facts.categories),
        applications=shown(facts.applications),
    )


def _meta(wishes: Wishes, period: str) -> Iterator[str]:
    yield period
    if wishes.person:
        yield f"By {plain(wishes.person)}"
    if wishes.client:
        yield f"For {plain(wishes.client)}"


def _figures(facts: Facts) -> Iterator[Figure]:
    yield Figure(told(facts.seconds), f"in all, {_hours(facts.seconds)} hours")
    days = len(facts.days)
    yield Figure(str(days), "day with work" if days == 1 else "days with work")
    if days > 1:
        longest = max(facts.days, key=lambda day: day.seconds)
        yield Figure(told(facts.seconds / days), "on such a day, on average")
        when = date_of(longest.day)
        yield Figure(told(longest.seconds), f"on the longest, {when:%a} {when.day} {when:%b}")


def _sections(facts: Facts, wishes: Wishes, made: date) -> Iterator[Section]:
    if not facts.days:
        return
    if len(facts.days) > 1:
        yield _over_time(facts, made)
    yield _by("Projects", "Project", facts.projects)
    yield _by("Categories", "Category", facts.categories)
    if not wishes.hide_applications:
        yield _by("Applications", "Application", _tinted(facts.applications))


def _tinted(shares: Sequence[Share]) -> tuple[Share, ...]:
    return tuple(replace(share, color="#4477aa") for share in shares)


def _by(heading: str, what: str, shares: Sequence[Share]) -> Section:
    total = sum(share.seconds for share in shares)
    rows = tuple(
        (share.name, told(share.seconds), _hours(share.seconds), f"{share.seconds / total:.0%}")
        for share in shares
    )
    sums = ("Sum", told(total), _hours(total), "")
    return Section(
        heading,
        (bars(in_few(shares, _MOST_BARS), title=f"Time by {what.lower()}"),),
        Table((what, "Time", "Hours", "Part"), rows, frozenset({1, 2, 3}), sums),
    )


def _over_time(facts: Facts, made: date) -> Section:
    length = facts.end // DAY_MS - facts.start // DAY_MS
    if length <= _DAYS_TILL_WEEKS:
        unit, heading, what = _day_of, "Days", "Day"
    elif length <= _DAYS_TILL_MONTHS:
        unit, heading, what = _week_of, "Weeks", "Week of"
    else:
        unit, heading, what = _month_of, "Months", "Month"
    groups = _grouped(facts, unit, _last_day(facts, made))
    colors = {share.name: share.color for share in in_few(facts.projects, _MOST_COLORS)}
    given = [Column(g.label, g.name, tuple(_colored(g.shares, colors))) for g in groups]
    rows = tuple((g.name, told(g.seconds), _hours(g.seconds), _mostly(g.shares)) for g in groups if g.seconds)
    total = facts.seconds
    return Section(
        heading,
        (
            columns(given, title=f"Hours by {heading.lower()} and project"),
            legend(in_few(facts.projects, _MOST_COLORS)),
        ),
        Table(
            (what, "Time", "Hours", "Projects"),
            rows,
            frozenset({1, 2}),
            ("Sum", told(total), _hours(total), ""),
        ),
        beside=False,
    )


@dataclass(frozen=True, slots=True)
class _Group:
    label: str
    name: str
    seconds: float
    shares: tuple[Share, ...]


# A day's number to the unit it belongs to: a number to sort by, a short label and a name.
_Unit = Callable[[int], tuple[int, str, str]]


def _day_of(day: int) -> tuple[int, str, str]:
    when = date_of(day)
    return day, str(when.day), f"{when:%a} {when.day} {when:%b}"


def _week_of(day: int) -> tuple[int, str, str]:
    monday = day - (day + 3) % 7
    when = date_of(monday)
    return monday, f"{when.day} {when:%b}", f"{when.day} {when:%b %Y}"


def _month_of(day: int) -> tuple[int, str, str]:
    when = date_of(day)
    return when.year * 12 + when.month, f"{when:%b %y}", f"{when:%B %Y}"


def _last_day(facts: Facts, made: date) -> int:
    """The period's last day, or the day of the report where the period goes on."""
    today = (made - date(1970, 1, 1)).days
    return max(facts.days[-1].day, min(-(-facts.end // DAY_MS) - 1, today))


def _grouped(facts: Facts, unit: _Unit, last: int) -> list[_Group]:
    """Every unit of the period up to the day `last`, the empty ones between too."""
    recorded = {day.day: day for day in facts.days}
    found: dict[int, tuple[str, str, list[DayFacts]]] = {}
    for day in range(facts.start // DAY_MS, last + 1):
        key, label, name = unit(day)
        entry = found.setdefault(key, (label, name, []))
        if day in recorded:
            entry[2].append(recorded[day])
    return [
        _Group(label, name, sum(d.seconds for d in days), _together(days))
        for label, name, days in found.values()
    ]


def _together(days: Sequence[DayFacts]) -> tuple[Share, ...]:
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    for day in days:
        for share in day.projects:
            sums[share.name, share.color] += share.seconds
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Share(name, color, seconds) for (name, color), seconds in ordered)


def _colored(shares: Sequence[Share], colors: dict[str, str]) -> Iterator[Share]:
    """The projects of the legend in its order, then what is left of the others, then what has no project."""
    known = {share.name: share for share in shares if share.name in colors}
    yield from (known[name] for name in colors if name in known and known[name].color != NOTHING)
    other = sum(share.seconds for share in shares if share.name not in known)
    if other:
        yield Share("others", REST, other)
    yield from (share for share in known.values() if share.color == NOTHING)


def _mostly(shares: Sequence[Share]) -> str:
    # Isolated (U+2068, U+2069), so that a name written from right to left does not turn what is around it.
    named = [
        f"\u2068{cut(share.name, 40)}\u2069 {told(share.seconds)}" for share in shares[:_LONGEST_DAY_LIST]
    ]
    more = len(shares) - len(named)
    return ", ".join([*named, *([f"{more} more"] if more else [])])


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.2f}"

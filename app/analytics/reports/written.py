"""A report as text, JSON, CSV or Markdown: pure, from `service.Report` to words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from app.analytics.layout import bar, columns_of, cut, padded, plain
from app.analytics.periods import DAY_MS, date_of, moment_of
from app.analytics.service import Entry, Report
from app.durations import told

BREAKDOWNS = ("project", "category", "application", "day", "hour")
FORMATS = ("text", "json", "csv", "md")

_NOTHING = {"project": "No project", "category": "No category", "application": "Unknown"}
_TITLES = {
    "project": "Projects",
    "category": "Categories",
    "application": "Applications",
    "day": "Days",
    "hour": "Hours of the day",
}
_MOST_LINES = 10
_WIDEST_NAME = 32
_DURATION_WIDTH = 10

Rows = Sequence[tuple[str, float]]


def rows_of(report: Report, by: str) -> Rows:
    """One breakdown as names and seconds."""
    if by == "day":
        return [(date_of(entry.day).isoformat(), entry.seconds) for entry in report.by_day]
    if by == "hour":
        return [(f"{entry.hour:02d}:00", entry.seconds) for entry in report.by_hour]
    entries: tuple[Entry, ...] = getattr(report, f"by_{by}")
    return [(_NOTHING[by] if e.name is None else e.name, e.seconds) for e in entries]


def as_text(report: Report, *, by: str | None, width: int) -> str:
    """For a terminal of `width` columns. `by` None: the main breakdowns, each shortened."""
    lines = [cut(in_words(report.start, report.end), width), ""]
    lines += _headline(report)
    if report.active_seconds == 0 and report.idle_seconds == 0:
        return "\n".join([*lines, "", "Nothing was recorded in this time."])
    for name in [by] if by else _shown(report):
        lines += ["", _TITLES[name], *_bars(rows_of(report, name), width, None if by else _MOST_LINES)]
    return "\n".join(lines)


def _shown(report: Report) -> list[str]:
    several_days = len(report.by_day) > 1
    return [
        "project",
        "category",
        "application",
        *(["day"] if several_days and len(report.by_day) <= 31 else []),
    ]


def _headline(report: Report) -> Iterator[str]:
    yield f"Active            {told(report.active_seconds)}"
    yield f"Idle              {told(report.idle_seconds)}"
    per_hour = report.context_switches / (report.active_seconds / 3600) if report.active_seconds >= 60 else 0
    yield f"Context switches  {report.context_switches}" + (f" ({per_hour:.0f} an hour)" if per_hour else "")
    if report.focus_sessions:
        yield f"Focus             {_sessions(report)}"


def _sessions(report: Report) -> str:
    count = "1 session" if report.focus_sessions == 1 else f"{report.focus_sessions} sessions"
    return f"{count}, {told(report.focus_seconds)}"


def _bars(rows: Rows, width: int, most: int | None) -> Iterator[str]:
    shown = rows if most is None or len(rows) <= most else rows[: most - 1]
    names = [plain(name) for name, _ in shown]
    name_width = min(_WIDEST_NAME, max((columns_of(name) for name in names), default=0))
    room = max(0, min(40, width - name_width - _DURATION_WIDTH - 7))
    longest = max((seconds for _, seconds in rows), default=0.0)
    for name, (_, seconds) in zip(names, shown, strict=True):
        length = bar(seconds / longest if longest else 0.0, room)
        yield f"  {padded(name, name_width)}  {told(seconds):>{_DURATION_WIDTH}}  {length}".rstrip()
    if len(shown) < len(rows):
        others = rows[len(shown) :]
        label = padded(f"{len(others)} more", max(name_width, 8))
        yield f"  {label}  {told(sum(s for _, s in others)):>{_DURATION_WIDTH}}"


def in_words(start: int, end: int) -> str:
    """A period in words; `start` and `end` in local ms."""
    first, last = moment_of(start), moment_of(end)
    if start % DAY_MS or end % DAY_MS:
        return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
    last_day = date_of(end // DAY_MS - 1)
    if first.date() == last_day:
        return f"{last_day:%A}, {last_day.day} {last_day:%B %Y}"
    return f"{first:%a} {first.day} {first:%b %Y} to {last_day:%a} {last_day.day} {last_day:%b %Y}"


def as_json(report: Report, *, timezone: str) -> str:
    """The documented object; times are ISO 8601 with the offset this machine has at that time."""
    shape: dict[str, Any] = {
        "from": moment_of(report.start).astimezone().isoformat(),
        "to": moment_of(report.end).astimezone().isoformat(),
        "timezone": timezone,
        "active_seconds": report.active_seconds,
        "idle_seconds": report.idle_seconds,
        "context_switches": report.context_switches,
        "focus": {"sessions": report.focus_sessions, "seconds": report.focus_seconds},
        "by_project": _entries(report.by_project),
        "by_category": _entries(report.by_category),
        "by_application": _entries(report.by_application),
        "by_day": [{"date": date_of(d.day).isoformat(), "seconds": d.seconds} for d in report.by_day],
    }
    if report.by_hour:
        shape["by_hour"] = [{"hour": h.hour, "seconds": h.seconds} for h in report.by_hour]
    return json.dumps(shape, indent=2, ensure_ascii=False) + "\n"


def _entries(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    return [{"name": entry.name, "seconds": entry.seconds} for entry in entries]


def as_csv(report: Report, *, by: str) -> str:
    """Two columns, the name and the seconds, with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow([by, "seconds"])
    writer.writerows([harmless(name), f"{seconds:.3f}"] for name, seconds in rows_of(report, by))
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: titles and names come from strangers' windows."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def as_markdown(report: Report, *, by: str | None) -> str:
    """Headings and tables."""
    parts = [f"# {in_words(report.start, report.end)}", "", "| | |", "| --- | ---: |"]
    parts += [f"| Active | {told(report.active_seconds)} |", f"| Idle | {told(report.idle_seconds)} |"]
    parts.append(f"| Context switches | {report.context_switches} |")
    if report.focus_sessions:
        parts.append(f"| Focus | {_sessions(report)} |")
    for name in [by] if by else _shown(report):
        parts += ["", f"## {_TITLES[name]}", "", f"| {name.capitalize()} | Time |", "| --- | ---: |"]
        parts += [f"| {_escaped(n)} | {told(seconds)} |" for n, seconds in rows_of(report, name)]
    return "\n".join(parts) + "\n"


def _escaped(name: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#|!~" else c for c in plain(name))


def rendered(report: Report, kind: str, *, by: str | None, width: int, timezone: str) -> str:
    """`report` in one of `FORMATS`."""
    ways: dict[str, Callable[[], str]] = {
        "text": lambda: as_text(report, by=by, width=width) + "\n",
        "json": lambda: as_json(report, timezone=timezone),
        "csv": lambda: as_csv(report, by=by or "project"),
        "md": lambda: as_markdown(report, by=by),
    }
    return ways[kind]()

"""The agent's status in words: pure, from what the control socket tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.analytics.layout import bar, cut, padded, plain
from app.durations import told

_STATES = {
    "starting": "Starting",
    "tracking": "Recording",
    "idle": "Idle",
    "locked": "Screen locked",
    "asleep": "Asleep",
    "away": "Another person's session has the screen",
    "paused": "Paused",
    "private": "Private mode: nothing is recorded",
    "degraded": "Something is missing",
}
_MOST_PROJECTS = 5
_LABEL = 10


def status_text(status: Mapping[str, Any], *, now_ms: int, width: int = 80) -> str:
    """The lines of `devpulse status`. `now_ms`: ms UTC, for "since" and "for how long"."""
    lines = [
        *_headline(status, now_ms),
        *_current(status, now_ms),
        *_today(status.get("today") or {}, width),
        *_focus(status.get("focus")),
        *_problems(status.get("problems") or []),
    ]
    return "\n".join(cut(plain(line), width).rstrip() for line in lines)


def _labelled(label: str, text: str) -> str:
    return f"{padded(label, _LABEL)}{text}"


def _headline(status: Mapping[str, Any], now_ms: int) -> Iterator[str]:
    name = str(status.get("state", ""))
    words = _STATES.get(name, name)
    until = _local(status.get("paused_until"))
    if name == "paused" and until:
        soon = until.timestamp() * 1000 - now_ms < 86_400_000
        words += f" until {until:%H:%M}" if soon else f" until {until:%Y-%m-%d %H:%M}"
    elif length := _passed(status.get("since"), now_ms):
        words += f", for {length}"
    yield _labelled("Now", words)


def _current(status: Mapping[str, Any], now_ms: int) -> Iterator[str]:
    current = status.get("current")
    if not current:
        if status.get("state") == "tracking":
            yield _labelled("", "Nothing of the window in front is recorded.")
        return
    place = current.get("project")
    branch = current.get("branch")
    parts = [str(current.get("application") or "")]
    if place:
        parts.append(f"{place} ({branch})" if branch else str(place))
    if current.get("category"):
        parts.append(str(current["category"]))
    if length := _passed(current.get("since"), now_ms):
        parts.append(length)
    yield _labelled("", " · ".join(part for part in parts if part))
    if current.get("title"):
        yield _labelled("", str(current["title"]))


def _today(today: Mapping[str, Any], width: int) -> Iterator[str]:
    active = float(today.get("active_seconds", 0))
    idle = float(today.get("idle_seconds", 0))
    yield _labelled("Today", f"{told(active)} active" + (f", {told(idle)} idle" if idle >= 60 else ""))
    projects = list(today.get("by_project") or [])[:_MOST_PROJECTS]
    longest = max((float(p["seconds"]) for p in projects), default=0.0)
    for project in projects:
        seconds = float(project["seconds"])
        name = padded(plain(str(project["name"] or "No project")), 24)
        room = max(5, min(30, width - _LABEL - 24 - 14))
        shown = bar(seconds / longest if longest else 0, room)
        yield _labelled("", f"{name}  {told(seconds):>10}  {shown}")


def _focus(focus: Mapping[str, Any] | None) -> Iterator[str]:
    if not focus:
        return
    yield _labelled("Focus", focus_line(focus))


def focus_line(focus: Mapping[str, Any]) -> str:
    """One focus session in a line."""
    length = told(float(focus.get("focused_seconds") or 0))
    planned = focus.get("planned_seconds")
    parts = [f"{length} of {told(float(planned))}" if planned else length]
    if focus.get("state") not in (None, "running"):
        parts.append(str(focus["state"]))
    if focus.get("project"):
        parts.append(f"on {focus['project']}")
    count = int(focus.get("interruptions") or 0)
    parts.append("1 interruption" if count == 1 else f"{count} interruptions")
    return plain(", ".join(parts))


def _problems(problems: list[Mapping[str, Any]]) -> Iterator[str]:
    for problem in problems:
        yield _labelled("Attention", str(problem.get("title", "")))
        for key in ("detail", "advice"):
            if problem.get(key):
                yield _labelled("", str(problem[key]))


def _local(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone() if text else None
    except (TypeError, ValueError):
        return None


def _passed(since: Any, now_ms: int) -> str:
    started = _local(since)
    if started is None:
        return ""
    return told(max(0.0, now_ms / 1000 - started.timestamp()))

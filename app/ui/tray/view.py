"""What the tray shows for a status of the agent: icon, tooltip and headline. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from app.durations import told_in_minutes
from app.ui.sync.waiting import waiting_words
from app.ui.words import moment, name, tr

Status = Mapping[str, Any]

FOCUS_STEPS = 12

# States in which something is recorded, or would be if the person were there.
_ATTENTIVE = ("tracking", "idle", "locked", "asleep", "away")


@dataclass(frozen=True, slots=True)
class Look:
    """`icon`: a name below `resources/icons/tray`. `tooltip`: lines of plain text, never a window's title."""

    icon: str
    tooltip: str


def look(status: Status, now: datetime) -> Look:
    """How the tray looks for `status`."""
    lines = ["DevPulse", headline(status, now)]
    focus = running_focus(status)
    if focus is not None:
        lines.append(focus_line(focus))
    lines.append(today(status))
    waits = account_waits(status)
    if waits:
        lines.append(waits)
    return Look(_icon(status), "\n".join(lines))


def account_waits(status: Status) -> str:
    """What of the account waits for the person; "" for nothing."""
    found = status.get("account")
    if not isinstance(found, Mapping):
        return ""
    counts = cast("Mapping[str, Any]", found)
    words = waiting_words(_count(counts, "conflicts"), _count(counts, "alarms"))
    return f"{words[0].upper()}{words[1:]}" if words else ""


def _count(counts: Mapping[str, Any], key: str) -> int:
    value = counts.get(key)
    return value if isinstance(value, int) else 0


def state_of(status: Status) -> str:
    """The state, or `starting` for a status that tells none."""
    return str(status.get("state") or "starting")


def _icon(status: Status) -> str:
    state = state_of(status)
    if status.get("private") or state == "private":
        return "private"
    if state == "paused":
        return "paused"
    if state == "degraded":
        return "attention"
    if state not in _ATTENTIVE:
        return "starting"
    focus = running_focus(status)
    if focus is not None:
        return f"focus-{focus_step(focus):02}"
    return "tracking" if state == "tracking" else "idle"


def running_focus(status: Status) -> Mapping[str, Any] | None:
    """The focus session that runs or is paused now."""
    focus = status.get("focus")
    return focus if focus and focus.get("state") in ("running", "paused") else None


def focus_step(focus: Mapping[str, Any]) -> int:
    """Which ring shows what is left of the session: 0 (nearly over) to 11 (whole, or without an end)."""
    planned = _seconds(focus.get("planned_seconds"))
    if not planned:
        return FOCUS_STEPS - 1
    left = min(_seconds(focus.get("remaining_seconds")), planned) / planned
    return min(FOCUS_STEPS - 1, max(0, math.ceil(left * FOCUS_STEPS) - 1))


def focus_line(focus: Mapping[str, Any]) -> str:
    """`Focus: 17 m left`, or how long it has run when it has no end."""
    paused = focus.get("state") == "paused"
    if not _seconds(focus.get("planned_seconds")):
        length = told_in_minutes(_seconds(focus.get("focused_seconds")))
        return tr("Focus paused: {length}", length=length) if paused else tr("Focus: {length}", length=length)
    # Rounded up: the last minute reads "1 m left", not "0 m left".
    left = told_in_minutes(_seconds(focus.get("remaining_seconds")) + 59)
    return tr("Focus paused: {left} left", left=left) if paused else tr("Focus: {left} left", left=left)


def today(status: Status) -> str:
    """`Today: 3 h 24 m`."""
    figures: Mapping[str, Any] = status.get("today") or {}
    seconds = _seconds(figures.get("active_seconds"))
    return tr("Today: {length}", length=told_in_minutes(seconds))


def headline(status: Status, now: datetime) -> str:
    """One line on what is happening now."""
    state = state_of(status)
    if status.get("private") or state == "private":
        return tr("Private mode: nothing is recorded")
    if state == "paused":
        until = moment(status.get("paused_until"), now)
        return tr("Paused until {time}", time=until) if until else tr("Paused until you resume")
    if state == "degraded":
        return _first_problem(status) or tr("Not everything is recorded")
    if state == "tracking":
        return _current(status.get("current") or {})
    if state in _ATTENTIVE:
        return _absent(state, moment(status.get("since"), now))
    return tr("Starting…")


def _first_problem(status: Status) -> str:
    problems = status.get("problems") or ()
    return name(problems[0].get("title", "")) if problems else ""


def _current(current: Mapping[str, Any]) -> str:
    project, branch, application = (name(current.get(k) or "") for k in ("project", "branch", "application"))
    if project:
        return " · ".join(part for part in (project, branch) if part)
    return tr("No project · {application}", application=application) if application else tr("Tracking")


def _absent(state: str, since: str) -> str:
    if not since:
        return {"locked": tr("Screen locked"), "asleep": tr("Asleep"), "away": tr("Away")}.get(
            state, tr("Idle")
        )
    words = {
        "locked": tr("Screen locked since {time}", time=since),
        "asleep": tr("Asleep since {time}", time=since),
        "away": tr("Away since {time}", time=since),
    }
    return words.get(state, tr("Idle since {time}", time=since))


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) and value > 0 else 0.0

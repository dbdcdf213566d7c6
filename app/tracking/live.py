"""The agent's status as one value, for the tray, commands and windows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from app.errors import DevPulseError
from app.models.focus_sessions import StoredSession
from app.models.today import Totals
from app.tracking.pipeline import Seen
from app.tracking.presence import Presence
from app.tracking.switches import Switches
from app.tracking.tracker import Moment


@dataclass(frozen=True, slots=True)
class Live:
    """All that the status is made of. `extra_ms`: of the current activity, not in `today` yet. `degraded`:
    something keeps DevPulse from recording."""

    version: str
    pid: int
    now_ms: int
    utc_offset_s: int
    moment: Moment | None
    switches: Switches
    today: Totals
    extra_ms: int
    focus: StoredSession | None
    focus_project: str | None
    focus_remaining_ms: int | None
    category: str | None
    sources: Mapping[str, str]
    problems: Sequence[DevPulseError]
    hidden: Mapping[str, int]
    projects: Sequence[str]
    by_hand: str | None
    degraded: bool = False


def status(live: Live) -> dict[str, Any]:
    """The status as it crosses the control socket; see docs/control-socket.md."""
    moment = live.moment
    seen = moment.seen if moment is not None and moment.presence is Presence.ACTIVE else None
    return {
        "version": live.version,
        "pid": live.pid,
        "state": state(live),
        "since": None if moment is None else iso(_since(moment), live.utc_offset_s),
        "current": None if moment is None or seen is None else _current(live, moment, seen),
        "today": _today(live, seen),
        "paused_until": iso(live.switches.paused_until_ms, live.utc_offset_s),
        "private": live.switches.private,
        "focus": _focus(live),
        "sources": dict(live.sources),
        "problems": [{k: v for k, v in p.as_json().items() if k != "kind"} for p in live.problems],
        "hidden": dict(live.hidden),
        "projects": list(live.projects),
        "project_by_hand": live.by_hand,
    }


def state(live: Live) -> str:
    """One word for all: what a person wants to know first."""
    if live.moment is None:
        return "starting"
    if live.switches.paused:
        return "paused"
    if live.switches.private:
        return "private"
    if live.degraded:
        return "degraded"
    presence = live.moment.presence
    return "tracking" if presence is Presence.ACTIVE else str(presence)


def iso(wall_ms: int | None, utc_offset_s: int) -> str | None:
    """ISO 8601 with offset, to the second."""
    if wall_ms is None:
        return None
    zone = timezone(timedelta(seconds=utc_offset_s))
    return datetime.fromtimestamp(wall_ms / 1000, zone).isoformat(timespec="seconds")


def _since(moment: Moment) -> int:
    if moment.presence is Presence.ACTIVE and moment.seen is not None:
        return max(moment.since.wall_ms, moment.seen_since.wall_ms)
    return moment.since.wall_ms


def _current(live: Live, moment: Moment, seen: Seen) -> dict[str, Any]:
    activity = seen.activity
    return {
        "application": activity.application,
        "title": activity.title,
        "project": seen.project,
        "branch": activity.branch,
        "language": activity.language,
        "category": live.category,
        "since": iso(_since(moment), live.utc_offset_s),
    }


def _today(live: Live, seen: Seen | None) -> dict[str, Any]:
    by_project = dict(live.today.by_project)
    active, idle = live.today.active_ms, live.today.idle_ms
    if seen is not None:
        active += live.extra_ms
        if seen.project is not None:
            by_project[seen.project] = by_project.get(seen.project, 0) + live.extra_ms
    elif live.moment is not None and live.moment.presence is Presence.IDLE:
        idle += live.extra_ms
    ordered = sorted(by_project.items(), key=lambda item: -item[1])
    return {
        "active_seconds": active / 1000,
        "idle_seconds": idle / 1000,
        "by_project": [{"name": name, "seconds": ms / 1000} for name, ms in ordered],
    }


def _focus(live: Live) -> dict[str, Any] | None:
    session = live.focus
    if session is None:
        return None
    remaining = live.focus_remaining_ms
    return {
        "state": session.state,
        "started": iso(session.started_ms, session.utc_offset_s),
        "planned_seconds": None if session.planned_ms is None else session.planned_ms / 1000,
        "focused_seconds": session.focused_ms / 1000,
        "remaining_seconds": None if remaining is None else remaining / 1000,
        "project": live.focus_project,
        "interruptions": session.interruptions,
    }

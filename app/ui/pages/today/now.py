"""What is tracked right now, in words, from the agent's status. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.ui.labelled import category_name
from app.ui.moments import wall_ms
from app.ui.said import said
from app.ui.words import moment, name, tr

Status = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Now:
    """`state`: the agent's word, or "absent". `since_ms`: from when the clock beside it counts, ms UTC; None
    for no clock. `details`: application and category. `advice`: what to do about it."""

    state: str
    title: str
    words: str = ""
    branch: str = ""
    details: tuple[str, ...] = ()
    since_ms: int | None = None
    advice: str = ""

    @property
    def stopped(self) -> bool:
        """Whether the person stopped the recording, and can resume it."""
        return self.state in ("paused", "private")

    @property
    def recording(self) -> bool:
        return self.state == "tracking"


def now_of(status: Status | None, now: datetime) -> Now:
    """`now` is local. A status is as docs/control-socket.md describes it; None while there is no agent."""
    if status is None:
        return Now(
            "absent",
            tr("Not recording"),
            tr("The agent of DevPulse does not run. What was recorded is safe."),
        )
    state = str(status.get("state") or "starting")
    if status.get("private"):
        state = "private"
    if state == "tracking":
        return _tracking(status)
    if state in ("idle", "locked", "asleep", "away"):
        return _away(state, status, now)
    if state == "paused":
        return _paused(status, now)
    if state == "private":
        return Now(state, tr("Private mode"), tr("Nothing is recorded until you leave it."))
    if state == "degraded":
        return _degraded(status)
    return Now("starting", tr("Starting…"), tr("The first window is about to be seen."))


def _tracking(status: Status) -> Now:
    current: Status = status.get("current") or {}
    project, branch, application = (
        name(current.get(key) or "") for key in ("project", "branch", "application")
    )
    category = category_name(str(current.get("category") or ""))
    if project:
        details = (application, category or tr("Uncategorised"))
    else:
        details = (tr("No project"), category or tr("Uncategorised"))
    return Now(
        "tracking",
        project or application or tr("Nothing is in front"),
        branch=branch,
        details=tuple(part for part in details if part) if current else (),
        since_ms=wall_ms(current.get("since")),
    )


def _away(state: str, status: Status, now: datetime) -> Now:
    titles = {
        "idle": tr("Idle"),
        "locked": tr("Screen locked"),
        "asleep": tr("Asleep"),
        "away": tr("Away"),
    }
    since = moment(status.get("since"), now)
    words = tr("Since {time}. Time counts again with your next input.", time=since) if since else ""
    return Now(state, titles[state], words, since_ms=wall_ms(status.get("since")))


def _paused(status: Status, now: datetime) -> Now:
    until = moment(status.get("paused_until"), now)
    words = tr("Nothing is recorded until {time}.", time=until) if until else ""
    return Now("paused", tr("Paused"), words or tr("Nothing is recorded until you resume."))


def _degraded(status: Status) -> Now:
    problem = next(iter(status.get("problems") or ()), {})
    return Now(
        "degraded",
        said(str(problem.get("title") or "")) or tr("Not everything is recorded"),
        said(str(problem.get("detail") or "")),
        advice=said(str(problem.get("advice") or "")),
    )


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that keeps DevPulse from doing all it should, while it records."""

    title: str
    advice: str


def troubles_of(status: Status | None) -> tuple[Trouble, ...]:
    """What is wrong besides the state itself."""
    if status is None or status.get("state") == "degraded":
        return ()
    return tuple(
        Trouble(said(str(problem.get("title") or "")), said(str(problem.get("advice") or "")))
        for problem in status.get("problems") or ()
    )

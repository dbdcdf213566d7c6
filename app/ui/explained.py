"""What stands behind the "i" of each number: what it is and how it is counted, as in docs/metrics.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.ui.words import mark, tr


@dataclass(frozen=True, slots=True)
class Explanation:
    """`title`: the number's name. `words`: paragraphs divided by an empty line."""

    title: str
    words: str


_ALL: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "active": (
        mark("Active time"),
        (
            mark("The time you were present and a window was recorded; idle and paused time is left out."),
            mark("The usual is the average of this weekday in the eight weeks before, up to this time."),
        ),
    ),
    "focused": (
        mark("Focused time"),
        (
            mark("Time in focus blocks: 25 minutes or more in one project, interruptions under 2 minutes."),
            mark("Only the project's own time counts, what interrupted it does not."),
        ),
    ),
    "switches": (
        mark("Context switches"),
        (
            mark("How often you went to another project, or to another application within one."),
            mark(
                "Another file, title or branch is no switch, and coming back after 5 minutes or more is none."
            ),
        ),
    ),
    "fragmentation": (
        mark("Fragmentation"),
        (mark("The share of active time in stretches shorter than 5 minutes. Less is calmer."),),
    ),
    "score": (
        mark("Focus score"),
        (
            mark("0 to 100, the sum of three parts, from one hour of active time on."),
            mark("Deep work, up to 50: the share of time in focus blocks, full from one half."),
            mark("Calm, up to 25: context switches in an hour, full up to 6, nothing from 30."),
            mark("Whole stretches, up to 25: the share of time in stretches of 5 minutes or more."),
        ),
    ),
    "streak": (
        mark("Streak"),
        (
            mark("Days in a row with a completed focus session, or 25 minutes focused in sessions."),
            mark("A day on which nothing was recorded neither adds nor breaks; today breaks nothing yet."),
        ),
    ),
    "today": (
        mark("Today"),
        (
            mark("The time your focus sessions of today ran; pauses are left out."),
            mark("A session is completed when it reaches its planned length."),
        ),
    ),
    "week": (
        mark("This week"),
        (mark("The time your focus sessions ran since Monday; pauses are left out."),),
    ),
    "project_time": (
        mark("Time"),
        (mark("Active time recorded under this project in the chosen days."),),
    ),
    "project_days": (mark("Days worked"), (mark("Days with any active time under this project."),)),
    "project_average": (
        mark("On a usual day"),
        (mark("The time in the chosen days divided by the days worked."),),
    ),
    "project_total": (
        mark("All time"),
        (mark("All active time ever recorded under this project."),),
    ),
    "meetings": (
        mark("Meetings"),
        (
            mark("Active time in the category of meetings, and its part of all active time (meeting load)."),
            mark("Breaks under 5 minutes do not end a meeting; it counts from 5 minutes on."),
        ),
    ),
    "interruptions": (
        mark("Interruptions"),
        (
            mark("Each time you left the session's work for longer than you have set, until you were back."),
            mark("In a session for a project anything else interrupts; in one without, what distracts does."),
        ),
    ),
}


def explanation(key: str) -> Explanation:
    """The explanation of a number. Raises KeyError for one that has none."""
    title, paragraphs = _ALL[key]
    return Explanation(tr(title), "\n\n".join(tr(paragraph) for paragraph in paragraphs))

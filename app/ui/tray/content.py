"""The tray's menu as a value: which entries there are for a status of the agent, and what each does. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from app.durations import told_in_minutes
from app.ui.said import said
from app.ui.tray.view import Status, account_waits, focus_line, headline, running_focus, state_of, today
from app.ui.words import name, tr

_MOST_PROJECTS = 10
_MOST_PROBLEMS = 4
_PROSE_WIDTH = 56


class TrayActions(Protocol):
    """What the tray can ask of the agent. Each is called in the GUI thread and must return at once."""

    def pause(self, seconds: int | None) -> None:
        """Pause for so long, or (None) until resumed."""
        ...

    def pause_until_tomorrow(self) -> None: ...

    def resume(self) -> None: ...

    def private(self, on: bool) -> None: ...

    def focus_start(self, minutes: int | None) -> None:
        """Start a focus session of so many minutes, or (None) one without an end."""
        ...

    def focus_pause(self) -> None: ...

    def focus_resume(self) -> None: ...

    def focus_stop(self) -> None: ...

    def switch_project(self, name: str | None) -> None:
        """Record for this project from now on, or (None) for the one that is recognised."""
        ...

    def quit(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. Entries of one menu with equal `key`s are the same line with other words.

    `checked` is None for what cannot be checked. An entry with `children` is a submenu; one without
    `do` only tells something.
    """

    key: str
    text: str = ""
    do: Callable[[], None] | None = field(default=None, compare=False)
    visible: bool = True
    checked: bool | None = None
    children: tuple[Entry, ...] = ()
    separator: bool = False


def entries(
    status: Status,
    actions: TrayActions,
    *,
    now: datetime,
    presets_min: Sequence[int],
    open_window: Callable[[str], None] | None = None,
) -> tuple[Entry, ...]:
    """The whole menu. `presets_min`: lengths offered for a focus session. `open_window`: of a page, or ""."""
    return (
        Entry("today", today(status)),
        Entry("headline", headline(status, now)),
        _line("after-headline"),
        *_focus(status, actions, presets_min),
        _line("after-focus"),
        *_pause(status, actions),
        _private(status, actions),
        _line("after-pause"),
        _projects(status, actions),
        *_problems(status),
        _line("after-projects"),
        *(_windows(status, open_window) if open_window else ()),
        Entry("quit", tr("Quit DevPulse"), actions.quit),
    )


def _windows(status: Status, open_window: Callable[[str], None]) -> tuple[Entry, ...]:
    waits = account_waits(status)
    return (
        Entry("account", name(waits), lambda: open_window("sync"), visible=bool(waits)),
        Entry("open", tr("Open DevPulse"), lambda: open_window("")),
        Entry("settings", tr("Settings…"), lambda: open_window("settings")),
        _line("after-open"),
    )


def _line(key: str) -> Entry:
    return Entry(key, separator=True)


def _focus(status: Status, actions: TrayActions, presets_min: Sequence[int]) -> tuple[Entry, ...]:
    focus = running_focus(status)
    paused = focus is not None and focus.get("state") == "paused"
    return (
        Entry(
            "focus-start", tr("Start focus"), visible=focus is None, children=_presets(actions, presets_min)
        ),
        Entry("focus-line", focus_line(focus) if focus else "", visible=focus is not None),
        Entry(
            "focus-pause", tr("Pause focus"), actions.focus_pause, visible=focus is not None and not paused
        ),
        Entry("focus-resume", tr("Resume focus"), actions.focus_resume, visible=paused),
        Entry("focus-stop", tr("Stop focus"), actions.focus_stop, visible=focus is not None),
    )


def _presets(actions: TrayActions, presets_min: Sequence[int]) -> tuple[Entry, ...]:
    def start(minutes: int | None) -> Callable[[], None]:
        return lambda: actions.focus_start(minutes)

    timed = (
        Entry(f"focus-{minutes}", _minutes(minutes), start(minutes)) for minutes in dict.fromkeys(presets_min)
    )
    return (*timed, Entry("focus-free", tr("Without an end"), start(None)))


def _minutes(minutes: int) -> str:
    if minutes >= 60 and minutes % 60 == 0:
        return tr("1 hour") if minutes == 60 else tr("{number} hours", number=minutes // 60)
    if minutes > 60:
        return told_in_minutes(minutes * 60)
    return tr("1 minute") if minutes == 1 else tr("{number} minutes", number=minutes)


def _pause(status: Status, actions: TrayActions) -> tuple[Entry, ...]:
    paused = state_of(status) == "paused"
    lengths = (
        Entry("pause-15", tr("For 15 minutes"), lambda: actions.pause(15 * 60)),
        Entry("pause-60", tr("For 1 hour"), lambda: actions.pause(60 * 60)),
        Entry("pause-tomorrow", tr("Until tomorrow"), actions.pause_until_tomorrow),
        Entry("pause-open", tr("Until I resume"), lambda: actions.pause(None)),
    )
    return (
        Entry("resume", tr("Resume tracking"), actions.resume, visible=paused),
        Entry("pause", tr("Pause tracking"), visible=not paused, children=lengths),
    )


def _private(status: Status, actions: TrayActions) -> Entry:
    on = bool(status.get("private"))
    return Entry("private", tr("Private mode"), lambda: actions.private(not on), checked=on)


def _projects(status: Status, actions: TrayActions) -> Entry:
    """`project_by_hand` in the status is the project the person chose, None or absent when recognised."""
    chosen = status.get("project_by_hand")

    def switch(project: str | None) -> Callable[[], None]:
        return lambda: actions.switch_project(project)

    names = list(dict.fromkeys(str(project) for project in status.get("projects") or ()))[:_MOST_PROJECTS]
    if chosen is not None and chosen not in names:
        names.insert(0, chosen)
    offered = (
        Entry(f"project-{place}", name(project), switch(project), checked=project == chosen)
        for place, project in enumerate(names)
    )
    automatic = Entry("project-automatic", tr("Recognise it for me"), switch(None), checked=chosen is None)
    lines = (automatic, _line("after-automatic"), *offered) if names else (automatic,)
    return Entry("projects", tr("Project"), children=lines)


def _problems(status: Status) -> tuple[Entry, ...]:
    problems: Sequence[Mapping[str, Any]] = status.get("problems") or ()
    return tuple(
        Entry(
            f"problem-{place}", name(said(str(problem.get("title") or ""))), children=_prose(place, problem)
        )
        for place, problem in enumerate(problems[:_MOST_PROBLEMS])
    )


def _prose(place: int, problem: Mapping[str, Any]) -> tuple[Entry, ...]:
    parts = (" ".join(said(str(problem.get(part) or "")).split()) for part in ("detail", "advice"))
    lines = [line for part in parts for line in textwrap.wrap(part, _PROSE_WIDTH)]
    return tuple(
        Entry(f"problem-{place}-{number}", name(line, _PROSE_WIDTH)) for number, line in enumerate(lines[:10])
    )

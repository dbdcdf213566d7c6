"""A day as lanes: applications, projects, focus sessions; a lane with nothing in it is left out."""

from __future__ import annotations

import numpy as np

from app.analytics.labels import By, Label
from app.analytics.series import ACTIVE, IDLE, Structured
from app.ui.charts.columns import Blocks
from app.ui.charts.lanes_values import DayLanes, Lane
from app.ui.charts.values import Series
from app.ui.labelled import name_of, series_of
from app.ui.pages.timeline.recorded import Recorded
from app.ui.theme.tokens import Tokens
from app.ui.words import tr

APPLICATIONS, PROJECTS, SESSIONS = "applications", "projects", "sessions"


def day_lanes(recorded: Recorded, tokens: Tokens) -> DayLanes:
    """The lanes of a day that hold something."""
    made = [_applications(recorded, tokens), _projects(recorded, tokens), _sessions(recorded, tokens)]
    lanes = tuple(lane for lane in made if len(lane.blocks))
    return DayLanes(recorded.view.start_ms, recorded.view.end_ms, lanes, recorded.wall)


def fitting(recorded: Recorded, now_ms: int | None) -> tuple[float, float]:
    """What is shown first: the whole hours with anything recorded (up to now, today), at least four."""
    view = recorded.view
    if view.first_ms is None or view.last_ms is None:
        return view.start_ms, view.end_ms
    hour = 3_600_000
    last = view.last_ms if now_ms is None else max(view.last_ms, min(now_ms, view.end_ms))
    low = view.start_ms + (view.first_ms - view.start_ms) // hour * hour
    high = view.start_ms - (view.start_ms - last) // hour * hour
    high = min(view.end_ms, max(high, low + 4 * hour))
    return max(view.start_ms, min(low, high - 4 * hour)), high


def _applications(recorded: Recorded, tokens: Tokens) -> Lane:
    array = recorded.array
    idle = array["kind"] == IDLE
    keys = np.where(idle, -1, array["application"])
    found, kinds = np.unique(keys, return_inverse=True)
    names = recorded.view.names
    series = tuple(
        Series(-1, tr("Idle"), tokens.colors.border_strong)
        if key < 0
        else series_of(names.application(int(key)), By.APPLICATION, tokens)
        for key in found
    )
    place = int(np.flatnonzero(found == -1)[0]) if idle.any() else None
    return Lane(APPLICATIONS, tr("Applications"), series, _blocks(array, kinds), idle=place)


def _projects(recorded: Recorded, tokens: Tokens) -> Lane:
    array = recorded.array[(recorded.array["kind"] == ACTIVE) & (recorded.array["project"] != 0)]
    found, kinds = np.unique(array["project"], return_inverse=True)
    names = recorded.view.names
    series = tuple(series_of(names.project(int(key)), By.PROJECT, tokens) for key in found)
    return Lane(PROJECTS, tr("Projects"), series, _blocks(array, kinds), joined=True)


def _sessions(recorded: Recorded, tokens: Tokens) -> Lane:
    sessions = recorded.view.sessions
    starts = [session.started_ms for session in sessions]
    ends = [max(s.started_ms, s.updated_ms if s.ended_ms is None else s.ended_ms) for s in sessions]
    series = tuple(_session_series(n, session.project, tokens) for n, session in enumerate(sessions))
    number = np.arange(len(sessions), dtype=np.int64)
    blocks = Blocks(np.array(starts, np.int64), np.array(ends, np.int64), number, number)
    return Lane(SESSIONS, tr("Focus sessions"), series, blocks, selects=False)


def _session_series(number: int, project: Label, tokens: Tokens) -> Series:
    if project.id:
        return Series(number, name_of(project, By.PROJECT), project.color or tokens.colors.accent)
    return Series(number, tr("Focus session"), tokens.colors.accent)


def _blocks(array: Structured, kinds: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Blocks:
    whole = (np.ascontiguousarray(array[field]).astype(np.int64) for field in ("start", "end"))
    start, end = whole
    return Blocks(start, end, kinds.astype(np.int64), np.ascontiguousarray(array["id"]))

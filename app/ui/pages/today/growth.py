"""The day as it is this second: what the agent counts but has not stored yet, put to what is open now. Pure.

The agent stores the open span once a minute; without this the charts would stand still beside numbers that
run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.analytics.day import DayView, Hours, Share
from app.analytics.labels import NONE, Label

# Longer than between two writes of the open span it is no growth, but another reckoning.
_MOST_MS = 90_000


@dataclass(frozen=True, slots=True)
class Open:
    """What is open now: the names of project and category ("" for none), the local hour, the ms into it."""

    project: str
    category: str
    hour: int
    since_hour_ms: int


def grown(view: DayView, growth_ms: int, now: Open) -> DayView:
    """The view with so many more active ms under what is open now."""
    growth = min(growth_ms, _MOST_MS)
    if growth <= 0:
        return view
    project, category = _named(view.names.projects, now.project), _named(view.names.categories, now.category)
    return replace(
        view,
        active_ms=view.active_ms + growth,
        by_project=_more(view.by_project, project, growth),
        by_category=_more(view.by_category, category, growth),
        hours=_later(view.hours, category, growth, now),
    )


def _named(labels: Mapping[int, Label], name: str) -> Label:
    return next((label for label in labels.values() if name and label.name == name), NONE)


def _more(shares: tuple[Share, ...], label: Label, growth: int) -> tuple[Share, ...]:
    sums = {share.label: share.active_ms for share in shares}
    sums[label] = sums.get(label, 0) + growth
    total = sum(sums.values())
    found = [Share(one, ms, ms / total) for one, ms in sums.items()]
    return tuple(sorted(found, key=lambda share: (-share.active_ms, share.label.name)))


def _later(hours: Hours, label: Label, growth: int, now: Open) -> Hours:
    more = np.zeros(24, np.int64)
    here = min(growth, now.since_hour_ms) if now.hour else growth
    more[now.hour] = here
    more[now.hour - 1] += growth - here
    stacks = dict(hours.stacks)
    stacks[label] = stacks.get(label, np.zeros(24, np.int64)) + more
    ordered = sorted(stacks.items(), key=lambda stack: (-int(stack[1].sum()), stack[0].name))
    return Hours(hours.active + more, hours.idle, tuple(ordered))

"""Projects with their time: the list with its sparklines, and one project in detail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from app.analytics.bounds import touching
from app.analytics.cube import DayCube, Filter
from app.analytics.digest import PartSum
from app.analytics.labels import By, Label, Names
from app.analytics.moment import Moment
from app.analytics.periods import date_of
from app.analytics.ranges import Days
from app.analytics.series import Ints, summed


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project of the list. `sparkline`: active ms on each day of the range; `range_ms` its sum.

    `last_seen_ms`: end of its last span, ms UTC; None without any time. `last_branch`: of that span.
    """

    label: Label
    archived: bool
    language: str | None
    total_ms: int
    range_ms: int
    sparkline: Ints
    first_day: date | None
    last_day: date | None
    last_seen_ms: int | None
    last_branch: str | None


def project_lines(
    moment: Moment, cube: DayCube, names: Names, days: Days, *, archived: bool
) -> tuple[ProjectLine, ...]:
    """All projects, those with most time in the range first."""
    stored = moment.rows(_PROJECTS, int(archived))
    grid = _daily(cube.within(days.numbers), days)
    totals, firsts, lasts = _ever(cube)
    seen = _last_spans(moment, {lasts[row[0]] for row in stored if row[0] in lasts})
    lines = [
        ProjectLine(
            label=names.project(identity),
            archived=bool(is_archived),
            language=language,
            total_ms=totals.get(identity, 0),
            range_ms=int(grid[identity].sum()) if identity in grid else 0,
            sparkline=grid.get(identity, np.zeros(len(days), np.int64)),
            first_day=date_of(firsts[identity]) if identity in firsts else None,
            last_day=date_of(lasts[identity]) if identity in lasts else None,
            last_seen_ms=seen.get(identity, (None, 0))[0],
            last_branch=names.branches.get(seen.get(identity, (None, 0))[1]),
        )
        for identity, is_archived, language in stored
    ]
    return tuple(sorted(lines, key=lambda p: (-p.range_ms, -p.total_ms, p.label.name.casefold())))


def _daily(cube: DayCube, days: Days) -> dict[int, Ints]:
    keys, index = np.unique(cube.project, return_inverse=True)
    size = len(days)
    place = index * size + cube.day - days.numbers.start
    grid = summed(place, cube.active_ms, len(keys) * size).reshape(len(keys), size)
    return {int(key): grid[n] for n, key in enumerate(keys)}


def _ever(cube: DayCube) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Active ms, first and last day of each project."""
    keys, first = np.unique(cube.project, return_index=True)
    last = len(cube.project) - 1 - np.unique(cube.project[::-1], return_index=True)[1]
    sums = summed(np.searchsorted(keys, cube.project), cube.active_ms, len(keys))
    known = keys.tolist()
    return (
        dict(zip(known, sums.tolist(), strict=True)),
        dict(zip(known, cube.day[first].tolist(), strict=True)),
        dict(zip(known, cube.day[last].tolist(), strict=True)),
    )


def _last_spans(moment: Moment, days: set[int]) -> dict[int, tuple[int, int]]:
    """For each project the end and the branch of its last span, looked up on those days only."""
    found: dict[int, tuple[int, int]] = {}
    for day in sorted(days):
        low, high = touching(range(day, day + 1))
        for project, _, end, branch in moment.rows(_LAST, low, high):
            found[project] = (end, branch or 0)
    return found


@dataclass(frozen=True, slots=True)
class Named:
    """Time under a name; None: under none."""

    name: str | None
    active_ms: int


@dataclass(frozen=True, slots=True)
class ProjectDetails:
    """One project over a range. `daily`: active ms on each day. Lists: most time first.

    `missing`: days whose branches and languages are not reckoned yet (`Inquiries.reckon` does it).
    """

    label: Label
    days: Days
    active_ms: int
    daily: Ints
    by_branch: tuple[Named, ...]
    by_language: tuple[Named, ...]
    by_application: tuple[tuple[Label, int], ...]
    by_category: tuple[tuple[Label, int], ...]
    missing: int


def project_details(
    cube: DayCube, names: Names, project: int, days: Days, parts: Iterable[PartSum], missing: int
) -> ProjectDetails:
    """A project in detail; `parts`: its time by branch and language, of all days but the `missing` ones."""
    here = cube.within(days.numbers).only(Filter(project=project))
    branches: Counter[int] = Counter()
    languages: Counter[int] = Counter()
    for part in parts:
        branches[part.branch] += part.active_ms
        languages[part.language] += part.active_ms
    return ProjectDetails(
        label=names.project(project),
        days=days,
        active_ms=int(here.active_ms.sum()),
        daily=summed(here.day - days.numbers.start, here.active_ms, len(days)),
        by_branch=_named(branches, names.branches),
        by_language=_named(languages, names.languages),
        by_application=_labelled(here, names, By.APPLICATION),
        by_category=_labelled(here, names, By.CATEGORY),
        missing=missing,
    )


def _named(sums: Mapping[int, int], names: Mapping[int, str]) -> tuple[Named, ...]:
    found = [Named(names.get(key), ms) for key, ms in sums.items()]
    return tuple(sorted(found, key=lambda named: (-named.active_ms, named.name or "")))


def _labelled(cube: DayCube, names: Names, by: By) -> tuple[tuple[Label, int], ...]:
    keys, index = np.unique(cube.key(by), return_inverse=True)
    sums = summed(index, cube.active_ms, len(keys)).tolist()
    found = [(names.of(by, int(key)), ms) for key, ms in zip(keys, sums, strict=True) if ms > 0]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0].name)))


_PROJECTS = "SELECT id, archived, language FROM projects WHERE merged_into_id IS NULL AND archived <= ?"
# SQLite takes the other columns from the row that holds the maximum.
_LAST = """
    SELECT project_id, max(id), end_ms, branch_id FROM activity_logs
    WHERE id >= ? AND id < ? AND project_id IS NOT NULL GROUP BY project_id
"""

"""Recorded activities of many days as a table that is read where it is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from app.analytics.bounds import BEGINNING, beginning
from app.analytics.cube import Filter
from app.analytics.labels import Label, Names
from app.analytics.moment import Moment, Row
from app.analytics.opened import OpenedTexts
from app.analytics.ranges import Days
from app.analytics.series import Ints

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One recorded span with its texts opened (None: none, or no key). Times ms UTC."""

    span_id: int
    start_ms: int
    end_ms: int
    utc_offset_s: int
    idle: bool
    assigned: bool
    device_id: int
    application: Label
    project: Label
    category: Label
    branch: str | None
    language: str | None
    title: str | None = field(repr=False)
    url: str | None = field(repr=False)
    path: str | None = field(repr=False)
    note: str | None = field(repr=False)


def activity_ids(moment: Moment, days: Days, only: Filter, *, idle: bool) -> Ints:
    """The ids of the spans that begin on those local days, latest first; idle ones too with `idle`."""
    where, values = [BEGINNING], list(beginning(days.numbers))
    if not idle:
        where.append("state = 0")
    for column in ("project", "category", "application"):
        wanted: int | None = getattr(only, column)
        if wanted is not None:
            where.append(f"ifnull({column}_id, 0) = ?")
            values.append(wanted)
    query = f"SELECT id FROM activity_logs WHERE {' AND '.join(where)} ORDER BY id DESC"  # noqa: S608 - ours
    cursor = moment.raw.execute(query, values)
    return np.fromiter((row[0] for row in cursor), np.int64)


def activity_rows(
    moment: Moment, names: Names, texts: OpenedTexts, ids: Iterable[int]
) -> tuple[ActivityRow, ...]:
    """The spans with these ids, in their order; those that are gone are left out."""
    wanted = [int(identity) for identity in ids]
    stored: dict[int, Row] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        chunk = wanted[at : at + _AT_ONCE]
        marks = ",".join("?" * len(chunk))
        stored.update((row[0], row) for row in moment.rows(_ROWS.format(marks=marks), *chunk))
    opened = texts.of(moment, (i for row in stored.values() for i in row[-4:] if i))
    return tuple(_row(stored[identity], names, opened) for identity in wanted if identity in stored)


def _row(row: Row, names: Names, opened: dict[int, str | None]) -> ActivityRow:
    identity, start, end, offset, state, assigned, device, app, project, category, branch, language = row[:12]
    title, url, path, note = (opened.get(text) for text in row[12:])
    return ActivityRow(
        span_id=identity,
        start_ms=start,
        end_ms=end,
        utc_offset_s=offset,
        idle=state == 1,
        assigned=bool(assigned),
        device_id=device,
        application=names.application(app or 0),
        project=names.project(project or 0),
        category=names.category(category or 0),
        branch=names.branches.get(branch),
        language=names.languages.get(language),
        title=title,
        url=url,
        path=path,
        note=note,
    )


_ROWS = """
    SELECT id, start_ms, end_ms, utc_offset_s, state, assigned, device_id, application_id, project_id,
        category_id, branch_id, language_id, title_id, url_id, path_id, note_id
    FROM activity_logs WHERE id IN ({marks})
"""

"""What is stored about an application: for the person to see, and to decide what shall go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from app.analytics.cube import DayCube
from app.analytics.labels import By, Label, Names
from app.analytics.moment import Moment
from app.analytics.opened import OpenedTexts
from app.analytics.periods import date_of
from app.analytics.series import summed


@dataclass(frozen=True, slots=True)
class RecordedApplication:
    """An application and the time recorded for it. `id` 0 of the label: activity without an application."""

    label: Label
    active_ms: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of one application: numbers of spans, of those with a title, address, file and note,
    and of different titles; its time in ms; first start and last end, ms UTC (0 without a span)."""

    label: Label
    spans: int
    with_title: int
    with_url: int
    with_path: int
    with_note: int
    titles: int
    active_ms: int
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class RecordedTitle:
    """One title of an application; None when it cannot be opened."""

    title: str | None = field(repr=False)
    spans: int
    active_ms: int
    last_ms: int


def recorded_applications(cube: DayCube, names: Names) -> tuple[RecordedApplication, ...]:
    """All applications with active time, most time first; from the rollup, so at once."""
    active = cube.active_ms > 0
    keys, place = np.unique(cube.application[active], return_inverse=True)
    day = cube.day[active]
    sums = summed(place, cube.active_ms[active], len(keys))
    first, last = np.full(len(keys), np.iinfo(np.int64).max), np.zeros(len(keys), np.int64)
    np.minimum.at(first, place, day)
    np.maximum.at(last, place, day)
    found = [
        RecordedApplication(names.of(By.APPLICATION, int(key)), ms, date_of(a), date_of(b))
        for key, ms, a, b in zip(keys, sums.tolist(), first.tolist(), last.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda item: (-item.active_ms, item.label.name)))


def stored_of(moment: Moment, names: Names, application: int) -> Stored:
    """What is stored of an application; reads all spans, about two seconds over five years."""
    spans, title, url, path, note, titles, ms, first, last = moment.rows(_STORED, application)[0]
    label = names.application(application)
    return Stored(label, spans, title, url, path, note, titles, ms or 0, first or 0, last or 0)


def recorded_titles(
    moment: Moment, texts: OpenedTexts, application: int, most: int
) -> tuple[RecordedTitle, ...]:
    """The titles of an application with most time; equal titles are one, whenever they were seen."""
    rows = moment.rows(_TITLES, application, most)
    opened = texts.of(moment, (row[0] for row in rows))
    return tuple(RecordedTitle(opened.get(text), spans, ms, last) for text, spans, ms, last in rows)


_STORED = """
    SELECT count(*), count(title_id), count(url_id), count(path_id), count(note_id),
        (SELECT count(DISTINCT t.digest) FROM texts t WHERE t.id IN
            (SELECT title_id FROM activity_logs WHERE ifnull(application_id, 0) = ?1 AND state = 0)),
        sum(end_ms - start_ms), min(start_ms), max(end_ms)
    FROM activity_logs WHERE ifnull(application_id, 0) = ?1 AND state = 0
"""
# The same title has another row after some days: its digest tells that it is the same.
_TITLES = """
    SELECT max(g.title_id), sum(g.spans), sum(g.ms) AS ms, max(g.last_ms)
    FROM (
        SELECT title_id, count(*) AS spans, sum(end_ms - start_ms) AS ms, max(end_ms) AS last_ms
        FROM activity_logs WHERE ifnull(application_id, 0) = ?1 AND state = 0 AND title_id IS NOT NULL
        GROUP BY title_id
    ) g JOIN texts t ON t.id = g.title_id
    GROUP BY t.digest ORDER BY ms DESC LIMIT ?2
"""

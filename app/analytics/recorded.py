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
class RecordedTitle:
    """One title of an application; None when it cannot be opened."""

    title: str | None = field(repr=False)
    spans: int
    active_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of one application: numbers of spans, of those with a title, address, file and note,
    and of different titles; its time in ms; first start and last end, ms UTC (0 without a span).

    `by_title`: the titles with most time.
    """

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
    by_title: tuple[RecordedTitle, ...]


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


def stored_of(moment: Moment, names: Names, texts: OpenedTexts, application: int, most_titles: int) -> Stored:
    """What is stored of an application, and its titles with most time; reads all spans once."""
    rows = moment.rows(_STORED, application)
    digests = _digests(moment, [row[0] for row in rows if row[0]])
    by_title: dict[bytes, list[int]] = {}
    for title, spans, _, _, _, ms, _, last in rows:
        if title:
            # The same title has another row after some days: its digest tells that it is the same.
            known = by_title.setdefault(digests[title], [title, 0, 0, 0])
            known[1:] = [known[1] + spans, known[2] + ms, max(known[3], last)]
    longest = sorted(by_title.values(), key=lambda known: (-known[2], known[0]))[:most_titles]
    opened = texts.of(moment, (known[0] for known in longest))
    return Stored(
        label=names.application(application),
        spans=sum(row[1] for row in rows),
        with_title=sum(row[1] for row in rows if row[0]),
        with_url=sum(row[2] for row in rows),
        with_path=sum(row[3] for row in rows),
        with_note=sum(row[4] for row in rows),
        titles=len(by_title),
        active_ms=sum(row[5] for row in rows),
        first_ms=min((row[6] for row in rows), default=0),
        last_ms=max((row[7] for row in rows), default=0),
        by_title=tuple(RecordedTitle(opened.get(title), *numbers) for title, *numbers in longest),
    )


def _digests(moment: Moment, titles: list[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for at in range(0, len(titles), _AT_ONCE):
        chunk = titles[at : at + _AT_ONCE]
        marks = ",".join("?" * len(chunk))
        query = f"SELECT id, digest FROM texts WHERE id IN ({marks})"  # noqa: S608 - only marks
        found.update(moment.rows(query, *chunk))
    return found


_AT_ONCE = 500
_STORED = """
    SELECT title_id, count(*), count(url_id), count(path_id), count(note_id), sum(end_ms - start_ms),
        min(start_ms), max(end_ms)
    FROM activity_logs WHERE ifnull(application_id, 0) = ?1 AND state = 0 GROUP BY title_id
"""

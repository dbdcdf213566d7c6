"""What interrupted a focus session, from the recorded spans. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from app.analytics.labels import Label, Names
from app.analytics.series import IDLE, Structured, summed


@dataclass(frozen=True, slots=True)
class Interruption:
    """A stretch away from the session's work, ms UTC. `application`, `project`, `category`: of what took most
    of it; all `NONE` when the person was `idle` for most of it."""

    start_ms: int
    end_ms: int
    idle: bool
    application: Label
    project: Label
    category: Label

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms


def interruptions(
    spans: Structured, names: Names, project_id: int, after_ms: int
) -> tuple[Interruption, ...]:
    """The stretches away that are longer than `after_ms`, in their order.

    `spans`: those of the session, in the order of time, cut to it. `project_id` 0: a session without a
    project, which only idle time and distracting categories interrupt. Time of which nothing was recorded
    (hidden by the privacy filter, paused, locked) ends a stretch and is none itself: nothing is known of it.
    """
    away = _away(spans, names, project_id)
    found: list[Interruption] = []
    for run in _runs(spans, away):
        start, end = int(run["start"][0]), int(run["end"].max())
        if end - start > after_ms:
            found.append(_told(run, names, start, end))
    return tuple(found)


def _away(spans: Structured, names: Names, project_id: int) -> list[bool]:
    idle = spans["kind"] == IDLE
    if project_id:
        return (idle | (spans["project"] != project_id)).tolist()
    distracting = [i for i, label in names.categories.items() if label.productivity < 0]
    return (idle | np.isin(spans["category"], distracting)).tolist()


def _runs(spans: Structured, away: list[bool]) -> Iterator[Structured]:
    """Neighbouring spans away, without a hole between them."""
    starts, ends = spans["start"].tolist(), spans["end"].tolist()
    number, numbers = 0, list[tuple[bool, int]]()
    for at, gone in enumerate(away):
        if at and starts[at] > ends[at - 1]:
            number += 1
        numbers.append((gone, number))
    at = 0
    for (gone, _), group in groupby(numbers):
        count = len(list(group))
        if gone:
            yield spans[at : at + count]
        at += count


def _told(run: Structured, names: Names, start: int, end: int) -> Interruption:
    length = run["end"] - run["start"]
    idle = bool(length[run["kind"] == IDLE].sum() * 2 > length.sum())
    if idle:
        return Interruption(start, end, idle, names.application(0), names.project(0), names.category(0))
    active = run["kind"] != IDLE
    keys, place = np.unique(run["application"][active], return_inverse=True)
    most = int(keys[summed(place, length[active], len(keys)).argmax()])
    longest = run[active & (run["application"] == most)]
    chosen = longest[(longest["end"] - longest["start"]).argmax()]
    project, category = names.project(int(chosen["project"])), names.category(int(chosen["category"]))
    return Interruption(start, end, idle, names.application(most), project, category)

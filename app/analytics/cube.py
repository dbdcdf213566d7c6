"""The rollups in memory, as columns: every chart over a long range is a sum over these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.analytics.labels import By
from app.analytics.series import Flags, Ints, columns


@dataclass(frozen=True, slots=True)
class Filter:
    """Only the time under these ids (0: under none); None asks for no particular one."""

    project: int | None = None
    category: int | None = None
    application: int | None = None


@dataclass(frozen=True, slots=True)
class DayCube:
    """`rollup_daily`: a row for each day and what was done, in the order of days. All machines together."""

    day: Ints
    project: Ints
    category: Ints
    application: Ints
    active_ms: Ints
    idle_ms: Ints
    switches: Ints

    @classmethod
    def of(cls, rows: Sequence[tuple[int, ...]]) -> DayCube:
        """From rows in the order of the fields."""
        return cls(*columns(rows, 7))

    def __add__(self, later: DayCube) -> DayCube:
        return DayCube(*(np.concatenate((a, b)) for a, b in zip(self.fields, later.fields, strict=True)))

    @property
    def fields(self) -> tuple[Ints, ...]:
        return (self.day, self.project, self.category, self.application,
                self.active_ms, self.idle_ms, self.switches)  # fmt: skip

    def within(self, days: range) -> DayCube:
        """The rows of those days."""
        low, high = np.searchsorted(self.day, (days.start, days.stop))
        return DayCube(*(column[low:high] for column in self.fields))

    def only(self, chosen: Filter) -> DayCube:
        """The rows under those ids."""
        pairs = ((self.project, chosen.project), (self.category, chosen.category),
                 (self.application, chosen.application))  # fmt: skip
        asked: list[Flags] = [column == wanted for column, wanted in pairs if wanted is not None]
        if not asked:
            return self
        mask = np.logical_and.reduce(asked)
        return DayCube(*(column[mask] for column in self.fields))

    @property
    def day_numbers(self) -> Ints:
        """The local day of each row."""
        return self.day

    def chosen(self, rows: Ints) -> DayCube:
        """These rows, in this order."""
        return DayCube(*(column[rows] for column in self.fields))

    def key(self, by: By) -> Ints:
        return {By.PROJECT: self.project, By.CATEGORY: self.category, By.APPLICATION: self.application}[by]


@dataclass(frozen=True, slots=True)
class HourCube:
    """`rollup_hourly`: a row for each local hour (since 1970-01-01 00:00) and category, in their order."""

    hour: Ints
    category: Ints
    active_ms: Ints
    idle_ms: Ints
    switches: Ints

    @classmethod
    def of(cls, rows: Sequence[tuple[int, ...]]) -> HourCube:
        """From rows in the order of the fields."""
        return cls(*columns(rows, 5))

    def __add__(self, later: HourCube) -> HourCube:
        return HourCube(*(np.concatenate((a, b)) for a, b in zip(self.fields, later.fields, strict=True)))

    @property
    def fields(self) -> tuple[Ints, ...]:
        return (self.hour, self.category, self.active_ms, self.idle_ms, self.switches)

    def within(self, days: range) -> HourCube:
        """The rows of those local days."""
        low, high = np.searchsorted(self.hour, (days.start * 24, days.stop * 24))
        return HourCube(*(column[low:high] for column in self.fields))

    @property
    def day_numbers(self) -> Ints:
        """The local day of each row."""
        return self.hour // 24

    def chosen(self, rows: Ints) -> HourCube:
        """These rows, in this order."""
        return HourCube(*(column[rows] for column in self.fields))

    def only(self, categories: frozenset[int]) -> HourCube:
        """The rows of those categories."""
        mask = np.isin(self.category, np.array(sorted(categories), np.int64))
        return HourCube(*(column[mask] for column in self.fields))

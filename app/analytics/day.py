"""One local day from its raw spans: timeline, hours, sums, attention, meetings, focus sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from app.analytics.attention import Attention, attention
from app.analytics.bounds import touching
from app.analytics.labels import By, Label, Names
from app.analytics.machines import ALL, Machines, cut_at
from app.analytics.meetings import Meetings, meetings
from app.analytics.moment import Moment
from app.analytics.periods import HOUR_MS, date_of
from app.analytics.series import ACTIVE, BLOCK, IDLE, Ints, Structured, structured, summed
from app.analytics.sessions import Session, sessions_of
from app.analytics.timeline import Blocks, borders, clip_to_day, without_gaps
from app.models.spans_table import LONGEST_MS, first_id

HOURS = 24


@dataclass(frozen=True, slots=True)
class Share:
    """Time under one label, and its part of the whole, 0 to 1."""

    label: Label
    active_ms: int
    part: float


@dataclass(frozen=True, slots=True)
class Hours:
    """The 24 hours on the wall clock. `active`, `idle`: ms in each; `stacks`: ms in each under each label,
    most time first. An hour that came twice (clocks set back) may hold up to two hours."""

    active: Ints
    idle: Ints
    stacks: tuple[tuple[Label, Ints], ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """A local day. `start_ms`, `end_ms`: its borders in ms UTC, 23 to 25 h apart where clocks change.

    `blocks` cover it without a gap. `hours` are told apart by category. Times in ms.
    """

    day: int
    start_ms: int
    end_ms: int
    names: Names
    blocks: Blocks
    hours: Hours
    active_ms: int
    idle_ms: int
    switches: int
    by_project: tuple[Share, ...]
    by_category: tuple[Share, ...]
    by_application: tuple[Share, ...]
    attention: Attention
    meetings: Meetings
    sessions: tuple[Session, ...]

    @property
    def date(self) -> date:
        return date_of(self.day)

    @property
    def first_ms(self) -> int | None:
        """When something was recorded first, ms UTC."""
        recorded = self.blocks.array["start"][self.blocks.array["id"] != 0]
        return int(recorded[0]) if len(recorded) else None

    @property
    def last_ms(self) -> int | None:
        """Until when something was recorded, ms UTC."""
        recorded = self.blocks.array["end"][self.blocks.array["id"] != 0]
        return int(recorded.max()) if len(recorded) else None


def day_view(
    moment: Moment, names: Names, day: int, offsets: tuple[int, int], machines: Machines = ALL
) -> DayView:
    """The view of a day. `offsets`: seconds east of UTC at its begin and end, should it be empty.

    The blocks are all that was recorded on the machines asked for; in all sums each moment counts once.
    """
    around = spans_around(moment, day, machines)
    blocks = clip_to_day(around.copy(), day)
    low, high = borders(blocks, day, offsets)
    spans = clip_to_day(machines.of(around), day)
    active = spans[spans["kind"] == ACTIVE]
    return DayView(
        day=day,
        start_ms=low,
        end_ms=high,
        names=names,
        blocks=without_gaps(blocks, low, high),
        hours=hours_of(spans, names, By.CATEGORY),
        active_ms=_total(active),
        idle_ms=_total(spans[spans["kind"] == IDLE]),
        switches=int(spans["switched"].sum()),
        by_project=shares(active, names, By.PROJECT),
        by_category=shares(active, names, By.CATEGORY),
        by_application=shares(active, names, By.APPLICATION),
        attention=attention(spans),
        meetings=meetings(active, names.meetings),
        sessions=sessions_of(moment, names, range(day, day + 1)),
    )


def spans_around(moment: Moment, day: int, machines: Machines = ALL) -> Structured:
    """All spans that may concern the local day, in the order of their starts (`series.BLOCK`)."""
    days = range(day, day + 1)
    near = machines.nearby(moment, days)
    rows = moment.rows(_OF_A_DAY.format(machines.condition), *touching(days), near.start, near.stop)
    return structured(rows, BLOCK, len(rows))


def spans_of(moment: Moment, start_ms: int, end_ms: int) -> Structured:
    """All spans that touch [start, end), ms UTC, in the order of their starts, uncut (`series.BLOCK`)."""
    rows = moment.rows(_SPANS, first_id(start_ms - LONGEST_MS), first_id(end_ms), start_ms)
    return structured(rows, BLOCK, len(rows))


def hours_of(spans: Structured, names: Names, by: By) -> Hours:
    """Sums by hour on the wall clock; a span counts on each side of the hour with its part."""
    pieces = cut_at(spans, HOUR_MS)
    length = pieces["end"] - pieces["start"]
    hour = (pieces["start"] + pieces["offset"].astype(np.int64) * 1000) // HOUR_MS % HOURS
    active, idle = pieces["kind"] == ACTIVE, pieces["kind"] == IDLE
    keys, place = np.unique(pieces[by.value][active], return_inverse=True)
    grid = summed(place * HOURS + hour[active], length[active], len(keys) * HOURS).reshape(-1, HOURS)
    stacks = [(names.of(by, int(key)), grid[n]) for n, key in enumerate(keys)]
    return Hours(
        summed(hour[active], length[active], HOURS),
        summed(hour[idle], length[idle], HOURS),
        tuple(sorted(stacks, key=lambda stack: (-int(stack[1].sum()), stack[0].name))),
    )


def shares(active: Structured, names: Names, by: By) -> tuple[Share, ...]:
    """Active time under each label, most first."""
    keys, place = np.unique(active[by.value], return_inverse=True)
    sums = summed(place, active["end"] - active["start"], len(keys))
    return shares_of({int(key): int(ms) for key, ms in zip(keys, sums, strict=True)}, names, by)


def shares_of(sums: dict[int, int], names: Names, by: By) -> tuple[Share, ...]:
    """Sums by id as shares, most time first; equal times in the order of their names."""
    whole = sum(sums.values())
    found = [Share(names.of(by, key), ms, ms / whole) for key, ms in sums.items() if ms > 0]
    return tuple(sorted(found, key=lambda share: (-share.active_ms, share.label.name, share.label.id)))


def _total(spans: Structured) -> int:
    return int((spans["end"] - spans["start"]).sum())


_SELECT = """
    SELECT id, start_ms, end_ms, utc_offset_s, state, switched, assigned, device_id,
        ifnull(application_id, 0), ifnull(project_id, 0), ifnull(category_id, 0), ifnull(branch_id, 0),
        ifnull(language_id, 0), ifnull(title_id, 0), ifnull(url_id, 0), ifnull(path_id, 0), ifnull(note_id, 0)
    FROM activity_logs WHERE id >= ? AND id < ?
"""
_SPANS = f"{_SELECT} AND end_ms >= ? ORDER BY id"
_LOCAL_END, _LOCAL_START = "end_ms + utc_offset_s * 1000", "start_ms + utc_offset_s * 1000"
_OF_A_DAY = f"{_SELECT} AND {_LOCAL_END} >= ? AND {_LOCAL_START} < ? AND {{}} ORDER BY id"

"""Which container holds which hour of this device's activity: tails for what is new, segments for the past.

Containers are few and used again: `tail/0`, `tail/1`, … hold an hour each, `day/0`, … a day that is over,
`month/2026-11/0`, … a month that is over for a week. Pure: hours are UTC hours since 1970.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# More hours of one segment than this, corrected at once, and it is made anew instead.
_FEW = 8
_MONTH_RESTS = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour with the container that holds it, if any; `due`: what it holds is not the latest; `anew`: that
    container must be made anew, because something was erased from it, or is on its way already."""

    hour: int
    container: str | None
    due: bool = False
    anew: bool = False


def plan(hours: Iterable[Hour], now_hour: int, *, settle: bool) -> dict[int, str]:
    """The containers to push anew, as the hours that move to them (or stay and are due).

    `settle`: bring what lies in tails and days that are over into segments; once a day is enough.
    """
    known = list(hours)
    homes: dict[int, str | None] = {hour.hour: hour.container for hour in known}
    names = _Names(container for container in homes.values() if container is not None)
    crowded = Counter(hour.container for hour in known if hour.due and _is_segment(hour.container))
    moved: dict[int, str] = {}
    groups: dict[str, list[int]] = defaultdict(list)
    for hour in known:
        place = _place(hour, now_hour, crowded[hour.container], settle=settle)
        if place == "stay":
            assert hour.container is not None
            moved[hour.hour] = hour.container
        elif place is not None:
            groups[place].append(hour.hour)
    for place, members in groups.items():
        if place == "tail":
            moved.update((hour, names.free("tail")) for hour in members)
        else:
            name = names.of(place, homes)
            moved.update(dict.fromkeys(members, name))
    return moved


def _place(hour: Hour, now_hour: int, crowd: int, *, settle: bool) -> str | None:
    """Where it belongs now: None where it lies well, "stay" where its container is made anew, "tail", or the
    segment's beginning, "day/<number>" or "month/<year>-<month>"."""
    segment = segment_of(hour.hour, now_hour)
    if not hour.due:
        wants = settle and segment is not None and hour.container is not None
        return segment if wants and not _fits(hour.container, segment) else None
    if hour.container is None:
        return segment or "tail"
    if not _is_segment(hour.container):
        return segment if settle and segment is not None else "stay"
    if settle and segment is not None and not _fits(hour.container, segment):
        return segment
    return "stay" if settle or hour.anew or crowd > _FEW else "tail"


def segment_of(hour: int, now_hour: int) -> str | None:
    """The segment an hour belongs into by its age; None while its day is not over."""
    if hour // 24 >= now_hour // 24:
        return None
    moment = _EPOCH + timedelta(hours=hour)
    following = (moment.replace(day=1, hour=0) + timedelta(days=32)).replace(day=1)
    if _EPOCH + timedelta(hours=now_hour) >= following + _MONTH_RESTS:
        return f"month/{moment:%Y-%m}"
    return f"day/{hour // 24}"


def _is_segment(container: str | None) -> bool:
    return container is not None and not container.startswith("tail/")


def _fits(container: str | None, segment: str | None) -> bool:
    """Whether a container is one for that kind of age; a day's need not be found by its number."""
    if container is None or segment is None:
        return False
    kind = segment.partition("/")[0]
    return container.startswith(f"{segment}/") if kind == "month" else container.startswith("day/")


class _Names:
    """Names in use, and free ones."""

    def __init__(self, used: Iterable[str]) -> None:
        self._used = set(used)

    def free(self, prefix: str) -> str:
        number = 0
        while f"{prefix}/{number}" in self._used:
            number += 1
        name = f"{prefix}/{number}"
        self._used.add(name)
        return name

    def of(self, segment: str, homes: Mapping[int, str | None]) -> str:
        """The container of a segment: the one that holds some of it already, else a free one."""
        kind, _, rest = segment.partition("/")
        if kind == "month":
            found = sorted(name for name in self._used if name.startswith(f"{segment}/"))
            return found[-1] if found else self.free(segment)
        days = {
            home
            for hour, home in homes.items()
            if home is not None and home.startswith("day/") and str(hour // 24) == rest
        }
        return min(days) if days else self.free("day")

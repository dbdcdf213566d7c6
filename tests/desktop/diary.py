"""What was really done on a virtual desktop, timed by the one who did it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done: in which application, project and branch. `present` is False for idle and absent
    time, `recorded` False for what must leave no trace."""

    application: str
    project: str | None = None
    branch: str | None = None
    present: bool = True
    recorded: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed and its beginning and end, in seconds of the monotonic clock."""

    deed: Deed
    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


class Diary:
    """Notes deeds one after the other; each lasts until the next begins."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._open: tuple[Deed, float] | None = None
        self.entries: list[Entry] = []

    def begin(self, deed: Deed, *, ago_s: float = 0.0) -> None:
        """`deed` begins now, or began `ago_s` ago, and what was done before ends then."""
        now = self._monotonic() - ago_s
        if self._open is not None:
            self.entries.append(Entry(self._open[0], self._open[1], now))
        self._open = (deed, now)

    def end(self) -> None:
        """Nothing is done from now on."""
        if self._open is not None:
            self.entries.append(Entry(self._open[0], self._open[1], self._monotonic()))
            self._open = None

    def total(self, question: Callable[[Deed], bool]) -> float:
        """Seconds of all that answers `question` with yes."""
        return sum(entry.seconds for entry in self.entries if question(entry.deed))

    def active(self) -> float:
        """Seconds that a report must count as active."""
        return self.total(lambda deed: deed.recorded and deed.present)

    def by(self, key: Callable[[Deed], str | None]) -> Mapping[str, float]:
        """Seconds of recorded, active deeds by `key`; those without one are left out."""
        totals: dict[str, float] = defaultdict(float)
        for entry in self.entries:
            name = key(entry.deed)
            if name is not None and entry.deed.recorded and entry.deed.present:
                totals[name] += entry.seconds
        return dict(totals)

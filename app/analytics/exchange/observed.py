"""What another tracker saw, on its way to the privacy filter. Raw: nothing of it may be stored or logged."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

# Kinds of trackers' events.
WINDOW, AFK, WEB, EDITOR = "window", "afk", "web", "editor"


@dataclass(frozen=True, slots=True)
class Content:
    """What a tracker saw in one moment; hides itself in `repr`, as a `WindowSample` does.

    `private`: whether it was private browsing, None when unknown. `project` is a folder's path or a name.
    """

    application: str = field(default="", repr=False)
    title: str = field(default="", repr=False)
    url: str | None = field(default=None, repr=False)
    private: bool | None = None
    path: str | None = field(default=None, repr=False)
    project: str | None = field(default=None, repr=False)
    branch: str | None = field(default=None, repr=False)
    language: str | None = field(default=None, repr=False)


class Stretch(NamedTuple):
    """From `start` to `end` (ms UTC) the content of that number in a `Pool`; `IDLE`: the person was away."""

    start: int
    end: int
    what: int


IDLE = -1


class Pool:
    """Contents by number; equal ones have one, so that a million events of some windows stay small."""

    def __init__(self) -> None:
        self._numbers: dict[Content, int] = {}
        self._contents: list[Content] = []

    def put(self, content: Content) -> int:
        """The content's number."""
        number = self._numbers.get(content)
        if number is None:
            number = self._numbers[content] = len(self._contents)
            self._contents.append(content)
        return number

    def __getitem__(self, number: int) -> Content:
        return self._contents[number]

    def __len__(self) -> int:
        return len(self._contents)


class Events:
    """Events in the order they came: 20 bytes each."""

    __slots__ = ("_ends", "_starts", "_what")

    def __init__(self) -> None:
        self._starts = array("q")
        self._ends = array("q")
        self._what = array("l")

    def add(self, start: int, end: int, what: int) -> None:
        """`start` and `end` in ms UTC, end ≥ start."""
        self._starts.append(start)
        self._ends.append(end)
        self._what.append(what)

    def extend(self, others: Events) -> None:
        """Take in another's events."""
        self._starts.extend(others._starts)
        self._ends.extend(others._ends)
        self._what.extend(others._what)

    def in_order(self) -> Iterator[Stretch]:
        """By start, of those that start together the longest first; servers write the newest first."""
        starts, ends, what = self._starts, self._ends, self._what
        order: range | list[int] = range(len(starts))
        if not _ascending(starts, ends, order):
            order = range(len(starts) - 1, -1, -1)
            if not _ascending(starts, ends, order):
                order = sorted(order, key=lambda n: (starts[n], -ends[n]))
        return (Stretch(starts[n], ends[n], what[n]) for n in order)

    def __len__(self) -> int:
        return len(self._starts)


def _ascending(starts: array[int], ends: array[int], order: range) -> bool:
    before = (-(1 << 62), 0)
    for n in order:
        now = (starts[n], -ends[n])
        if now < before:
            return False
        before = now
    return True


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a file: what it is called there, the machine it tells of, how many events it holds."""

    name: str
    host: str
    events: int


@dataclass(frozen=True, slots=True)
class Machine:
    """What one machine was used for. `host` None: this machine. `stretches` gives them anew at each call."""

    host: str | None
    stretches: Callable[[], Iterator[Stretch]]


@dataclass(frozen=True, slots=True)
class Observed:
    """A whole file, read and checked.

    `zone`: the time zone the file names. `days_only`: it knows days, not times of day. `skipped`: seconds
    and events left out so far, by reason; `machines`' stretches add to it when they are first gone through.
    """

    tracker: str
    pool: Pool
    machines: tuple[Machine, ...]
    found: tuple[Found, ...]
    skipped: Skipped
    zone: str | None = None
    days_only: bool = False


class Skipped:
    """What is left out and why: how often, and for how many ms."""

    def __init__(self) -> None:
        self._sums: dict[str, list[int]] = {}

    def note(self, reason: str, ms: int = 0) -> None:
        """Count one more under `reason`, a few plain words."""
        entry = self._sums.setdefault(reason, [0, 0])
        entry[0] += 1
        entry[1] += ms

    def sums(self) -> dict[str, tuple[int, int]]:
        """Reason to number and ms, most time first."""
        ordered = sorted(self._sums.items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))
        return {reason: (count, ms) for reason, (count, ms) in ordered}

"""The values that travel from a window to a stored span.

    WindowSample ─▶ privacy ─▶ FilteredSample ─▶ project, category ─▶ Activity ─▶ Span

Each stage returns another type, so what has not passed a stage does not type-check further on. The
raw sample and every clue hide themselves in `repr`, so that no log or traceback can show them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Hidden(StrEnum):
    """Why the privacy filter let nothing through."""

    PRIVATE_MODE = "private_mode"
    PAUSED = "paused"
    EXCLUDED_APPLICATION = "excluded_application"
    NOT_ALLOWED = "not_allowed"
    PRIVATE_BROWSING = "private_browsing"


@dataclass(frozen=True, slots=True)
class WindowSample:
    """The active window as the operating system tells it. Raw: nothing of it may be stored or logged.

    `application`: the window's class or the program's name. `pid`: None when unknown. `url` and
    `path` are filled by sources that know them. `private`: the source knows it is private browsing;
    `public`: it knows that it is not.
    `window`: the source's id of the window, for telling two windows apart.
    """

    application: str = field(repr=False)
    title: str = field(default="", repr=False)
    pid: int | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    path: str | None = field(default=None, repr=False)
    window: int = field(default=0, repr=False)
    fullscreen: bool = False
    private: bool = False
    public: bool = False


@dataclass(frozen=True, slots=True)
class FilteredSample:
    """What the privacy filter let through; only `app.tracking.privacy` makes one.

    `title`, `url` and `path` may be stored. `clue` is a title that may be *looked at* to find the
    project, and is never stored (the person records projects, but no titles). `application` is the name
    for reports; `window_class` the one the system tells, for recognising the program, never stored.
    `window`: the source's id of the window, for finding the one of a terminal's shells, never stored.
    """

    application: str
    title: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    path: str | None = field(default=None, repr=False)
    pid: int | None = field(default=None, repr=False)
    clue: str | None = field(default=None, repr=False)
    fullscreen: bool = False
    record_project: bool = True
    window_class: str = field(default="", repr=False)
    window: int = field(default=0, repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the person's work a sample belongs, as the project resolver found it.

    `root`: absolute folder of the repository or project. `branch` is None outside a repository, the
    short commit id on a detached head. `remote`: normalised, without credentials.
    """

    name: str
    root: str = field(repr=False)
    branch: str | None = None
    remote: str | None = field(default=None, repr=False)
    language: str | None = None
    path: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Activity:
    """All that is recorded of what the person was doing; equal activities merge into one span."""

    application: str
    title: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    path: str | None = field(default=None, repr=False)
    project_id: int | None = None
    branch: str | None = None
    language: str | None = None
    category_id: int | None = None


class State(StrEnum):
    """What the person was doing for the length of a span."""

    ACTIVE = "active"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with one activity, or an idle one with none.

    `start_ms` and `end_ms`: ms UTC, end exclusive, end ≥ start. `utc_offset_s`: seconds east of UTC
    where the person was. `switched`: it began with a context switch (see docs/metrics.md).
    """

    start_ms: int
    end_ms: int
    utc_offset_s: int
    state: State
    activity: Activity | None
    switched: bool = False

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Recorded:
    """A span with what only an export or another machine knows about it.

    `assigned`: the person chose project or category by hand. `note`: the person's own words.
    `import_id`: the row of `imports` that brought it.
    """

    span: Span
    device_id: int = 1
    assigned: bool = False
    note: str | None = field(default=None, repr=False)
    import_id: int | None = None

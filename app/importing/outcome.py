"""What an import comes to: told before it is done (dry run) and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.analytics.exchange.intake import Taken
from app.analytics.exchange.observed import Found
from app.errors import DevPulseError


class ImportCancelled(DevPulseError):
    """The person ended an import; nothing of it was kept. Raised by `tick`, when it likes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. `step`: "reading" (bytes), "sorting", "storing" (stretches of time)."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is left out for one reason: how many events or stretches, and their seconds."""

    reason: str
    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class MachineShare:
    """What comes from one machine. `name` None: this one. Times in ms UTC, 0 where nothing comes."""

    name: str | None
    spans: int
    active_seconds: float
    idle_seconds: float
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class ProjectShare:
    """Time that comes for one project; `new`: it is not known here yet."""

    name: str
    seconds: float
    new: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """`tracker`: "DevPulse", "ActivityWatch" or "WakaTime". `days`: local days on which anything comes.

    `import_id`: for undoing; None for a dry run, and when nothing came. `earlier`: the same file was
    imported before, at this moment (ms UTC). `taken`: of our own exports only, with the settings to save.
    """

    tracker: str
    found: tuple[Found, ...] = ()
    machines: tuple[MachineShare, ...] = ()
    projects: tuple[ProjectShare, ...] = ()
    applications: Mapping[str, float] | None = None
    left: tuple[Left, ...] = ()
    days: int = 0
    days_only: bool = False
    import_id: int | None = None
    earlier: int | None = None
    taken: Taken | None = None

    @property
    def spans(self) -> int:
        return sum(machine.spans for machine in self.machines)

    @property
    def active_seconds(self) -> float:
        return sum(machine.active_seconds for machine in self.machines)

    @property
    def idle_seconds(self) -> float:
        return sum(machine.idle_seconds for machine in self.machines)

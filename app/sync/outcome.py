"""How far a sync is, and how it went: values, and the small file that others read them from."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.sync.link.patience import Breaker


@dataclass(frozen=True, slots=True)
class Progress:
    """`phase`: pulling or pushing. `done` of `total` (objects); 0 of 0 where nobody knows yet."""

    phase: str
    done: int = 0
    total: int = 0


@dataclass(slots=True)
class Tally:
    """What one run has done so far. `records` and `spans` changed here; `asks`: conflicts for the person."""

    pushed: int = 0
    pulled: int = 0
    records: int = 0
    spans: int = 0
    asks: int = 0
    newer: int = 0
    erased: bool = False
    ahead: dict[str, int] = field(default_factory=dict[str, int])
    sent_bytes: int = 0
    received_bytes: int = 0
    round_trips: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known between runs. Times in ms since 1970, None where there was none yet.

    `problem`: the last run's error as `DevPulseError.as_json`. `progress`: of the run that goes on now.
    """

    last_success_ms: int | None = None
    last_attempt_ms: int | None = None
    last: dict[str, Any] | None = None
    problem: dict[str, str] | None = None
    breaker: Breaker = field(default_factory=Breaker)
    progress: Progress | None = None
    server_key: str | None = None


def read_standing(path: Path) -> Standing:
    """The file's content; a fresh value where there is none, or none that can be read."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        breaker = Breaker(int(found["breaker"]["failures"]), float(found["breaker"]["not_before_s"]))
        progress = found.get("progress")
        return Standing(
            found.get("last_success_ms"),
            found.get("last_attempt_ms"),
            found.get("last"),
            found.get("problem"),
            breaker,
            None if progress is None else Progress(**progress),
            found.get("server_key"),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Standing()


def write_standing(path: Path, standing: Standing) -> None:
    """Replace the file; a disk that refuses is no reason to stop."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with suppress(OSError):
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(standing), file)
        fresh.replace(path)

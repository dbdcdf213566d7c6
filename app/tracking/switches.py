"""The person's switches: pause, private mode, and the project chosen by hand. They outlive a restart.

Who paused until tomorrow does not want to be recorded because the machine was started anew.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Switches:
    """`paused_until_ms`: ms UTC; None while `paused` means until the person resumes."""

    paused: bool = False
    paused_until_ms: int | None = None
    private: bool = False
    project_id: int | None = None

    def at(self, wall_ms: int) -> Switches:
        """The switches at that moment: a pause whose time has come is over."""
        if self.paused and self.paused_until_ms is not None and wall_ms >= self.paused_until_ms:
            return Switches(private=self.private, project_id=self.project_id)
        return self

    def turned(
        self, *, paused: bool | None = None, until_ms: int | None = None, private: bool | None = None
    ) -> Switches:
        """These with pause or private mode turned."""
        turned = self
        if paused is not None:
            turned = replace(turned, paused=paused, paused_until_ms=until_ms if paused else None)
        return turned if private is None else replace(turned, private=private)


def load(path: Path) -> Switches:
    """The stored switches. A file that cannot be understood means private mode: the safe side."""
    try:
        content: object = json.loads(path.read_bytes())
    except FileNotFoundError:
        return Switches()
    except (OSError, ValueError, RecursionError):
        return Switches(private=True)
    if not isinstance(content, dict):
        return Switches(private=True)
    return _checked(cast("dict[str, Any]", content))


def _checked(content: dict[str, Any]) -> Switches:
    paused, private = content.get("paused", False), content.get("private", False)
    until, project = content.get("paused_until_ms"), content.get("project_id")
    fits = (
        isinstance(paused, bool)
        and isinstance(private, bool)
        and (until is None or (isinstance(until, int) and not isinstance(until, bool)))
        and (project is None or (isinstance(project, int) and not isinstance(project, bool)))
    )
    return Switches(paused, until, private, project) if fits else Switches(private=True)


def save(path: Path, switches: Switches) -> None:
    """Write them whole, for their owner only. Raises OSError."""
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(switches), file)
    fresh.replace(path)

"""An agent for pages under test: it tells what it is told to, and remembers what it was asked."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.errors import DevPulseError


def status(**values: Any) -> dict[str, Any]:
    """A status as docs/control-socket.md describes it: working on harbor-api, half past five."""
    return {
        "version": "0.0.0", "pid": 1, "state": "tracking", "since": "2026-06-30T17:12:00+02:00",
        "current": {
            "application": "code", "title": "queue.py — harbor-api", "project": "harbor-api",
            "branch": "retry-queue", "language": "Python", "category": "Coding",
            "since": "2026-06-30T17:12:00+02:00",
        },
        "today": {
            "active_seconds": 23_040, "idle_seconds": 1_860,
            "by_project": [{"name": "harbor-api", "seconds": 14_000}, {"name": "ledger", "seconds": 6_100}],
        },
        "paused_until": None, "private": False, "focus": None,
        "sources": {"windows": "x11", "input": "xsync", "session": "logind"},
        "problems": [], "hidden": {}, "projects": ["harbor-api", "ledger"], "project_by_hand": None,
        **values,
    }  # fmt: skip


class FakeAgent(QObject):
    """`app.ui.live.Agent` without a process. `asked`: the requests, oldest first; `answers` by name."""

    status_changed = pyqtSignal(object)
    focus_ended = pyqtSignal(object)
    present_changed = pyqtSignal(bool)

    def __init__(self, first: dict[str, Any] | None = None) -> None:
        super().__init__()
        self._status: dict[str, Any] | None = status() if first is None else first
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, dict[str, Any] | DevPulseError] = {}

    @property
    def present(self) -> bool:
        return self._status is not None

    @property
    def status(self) -> dict[str, Any] | None:
        return self._status

    def tell(self, told: dict[str, Any] | None) -> None:
        """From now on this is the status; None: the agent has gone."""
        was, self._status = self._status, told
        if (was is None) != (told is None):
            self.present_changed.emit(told is not None)
        if told is not None:
            self.status_changed.emit(told)

    def request(self, name: str, /, *, then: Any = None, failed: Any = None, **values: Any) -> None:
        self.asked.append((name, values))
        answer = self.answers.get(name, {})
        if isinstance(answer, DevPulseError):
            if failed is not None:
                failed(answer)
        elif then is not None:
            then(answer)

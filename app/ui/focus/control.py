"""Leading a focus session: start, pause, resume, stop, as requests to the agent."""

from __future__ import annotations

from typing import Any

from app.ui.services import Services


class FocusControl:
    """What the agent refuses is told in a toast."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def start(self, minutes: int | None, project: str | None) -> None:
        """Begin a session of so many minutes, or with an open end; `project` by its name."""
        self._ask(action="start", minutes=minutes, project=project or None)

    def pause(self) -> None:
        self._ask(action="pause")

    def resume(self) -> None:
        self._ask(action="resume")

    def stop(self) -> None:
        self._ask(action="stop")

    def _ask(self, **values: Any) -> None:
        self._services.agent.request("focus", failed=self._services.changes.failed.emit, **values)

"""What the palette offers on every page: pause, private mode, focus, look, import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from app.ui.services import Services
from app.ui.shell.page import Command
from app.ui.words import tr


def commands(services: Services, window: Callable[[], QWidget]) -> Sequence[Command]:
    """As the agent's state is now; without an agent only what needs none."""
    return (*_agents(services), *_own(services, window))


def _agents(services: Services) -> list[Command]:
    agent, status = services.agent, services.agent.status
    if status is None:
        return []

    def ask(name: str, **values: Any) -> Callable[[], None]:
        return lambda: agent.request(name, failed=services.changes.failed.emit, **values)

    private = bool(status.get("private"))
    found = [
        Command(tr("Resume tracking"), ask("resume"), icon="play")
        if status.get("state") == "paused"
        else Command(tr("Pause for 15 minutes"), ask("pause", seconds=900), icon="pause"),
        Command(
            tr("Leave private mode") if private else tr("Private mode"),
            ask("private", on=not private),
            icon="eye" if private else "eye-off",
        ),
    ]
    if status.get("focus"):
        found.append(Command(tr("Stop focus"), ask("focus", action="stop"), icon="square"))
    else:
        found.append(Command(tr("Start focus"), ask("focus", action="start"), icon="target"))
    return found


def _own(services: Services, window: Callable[[], QWidget]) -> list[Command]:
    def look(key: str) -> Callable[[], None]:
        return lambda: services.settings.change(services.changes, {"appearance.theme": key})

    def bring() -> None:
        from app.ui.importing.dialog import open_import

        open_import(services, window())

    dark = services.theme.tokens.dark
    return [
        Command(tr("Import from another tracker"), bring, icon="file-up"),
        Command(tr("Light"), look("light"), icon="sun", hint=tr("Look"))
        if dark
        else Command(tr("Dark"), look("dark"), icon="moon", hint=tr("Look")),
    ]

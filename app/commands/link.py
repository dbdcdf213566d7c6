"""A command's line to the agent of its home."""

from __future__ import annotations

from typing import Any

from app.commands.context import Context
from app.control import Client
from app.errors import AgentNotRunning


def ask(context: Context, name: str, /, **values: Any) -> dict[str, Any]:
    """The agent's answer to one request. Raises `AgentNotRunning`, or the agent's own error."""
    with Client(context.paths.socket) as client:
        return client.request(name, **values)


def ask_if_running(context: Context, name: str, /, **values: Any) -> dict[str, Any] | None:
    """The agent's answer, or None when there is no agent to ask."""
    try:
        return ask(context, name, **values)
    except AgentNotRunning:
        return None


def reload(context: Context) -> None:
    """Tell a running agent that settings, rules or projects have changed."""
    ask_if_running(context, "reload")

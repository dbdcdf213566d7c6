"""`devpulse quit`: end the agent."""

from __future__ import annotations

import argparse
import time

from app.commands.context import Context
from app.commands.words import Subparsers, command
from app.errors import AgentNotRunning, DevPulseError, StorageBusy

# A little longer than the agent gives itself.
_PATIENCE_S = 25.0


def register(subparsers: Subparsers) -> None:
    """Declare `quit`."""
    command(
        subparsers,
        "quit",
        summary="End the agent: recording stops until it is started again.",
        data="What was recorded up to this second is stored first.",
        run=run,
    )


def run(_: argparse.Namespace, context: Context) -> int:
    """End the agent, and wait until it has let go of its data."""
    from app.commands.link import ask

    ask(context, "quit")
    patience = time.monotonic() + _PATIENCE_S
    while _answers(context):
        if time.monotonic() > patience:
            raise _stays()
        time.sleep(0.05)
    _wait_for_lock(context, max(0.0, patience - time.monotonic()))
    context.say("The agent has ended.")
    return 0


def _answers(context: Context) -> bool:
    from app.control import Client

    try:
        Client(context.paths.socket, timeout_s=1.0).close()
    except AgentNotRunning:
        return False
    return True


def _wait_for_lock(context: Context, wait_s: float) -> None:
    """Its socket goes first; it has let go of its data when it has let go of its lock."""
    from app.models.exclusive import exclusive

    try:
        with exclusive(context.paths.lock, wait_s=wait_s):
            return
    except StorageBusy as error:
        raise _stays() from error


def _stays() -> DevPulseError:
    return DevPulseError("The agent has not ended yet.", advice="`devpulse logs` may tell why.")

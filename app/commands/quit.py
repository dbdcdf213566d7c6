"""`devpulse quit`: end the agent."""

from __future__ import annotations

import argparse
import time

from app.commands.context import Context
from app.commands.words import Subparsers, command
from app.errors import AgentNotRunning, DevPulseError

_PATIENCE_S = 10.0


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
    from app.control import Client

    ask(context, "quit")
    patience = time.monotonic() + _PATIENCE_S
    while time.monotonic() < patience:
        try:
            Client(context.paths.socket, timeout_s=1.0).close()
        except AgentNotRunning:
            context.say("The agent has ended.")
            return 0
        time.sleep(0.05)
    raise DevPulseError("The agent has not ended yet.", advice="`devpulse logs` may tell why.")

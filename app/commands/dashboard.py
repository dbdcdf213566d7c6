"""`devpulse` alone: make sure the agent runs, and show what it sees."""

from __future__ import annotations

import subprocess
import time

from app.children import PACKAGE_HOME, command
from app.commands.context import Context
from app.commands.link import ask
from app.control import Client
from app.errors import AgentNotRunning, DevPulseError

_PATIENCE_S = 10.0


def run(context: Context) -> int:
    """Start the agent if none runs; follow its status where a person looks on."""
    started = ensure_agent(context)
    if not context.isatty:
        context.say("DevPulse's agent was started." if started else "DevPulse's agent is running.")
        return 0
    from app.commands.follow import follow

    return follow(context, as_json=False)


def ensure_agent(context: Context) -> bool:
    """Make sure an agent answers; whether one had to be started. Raises when none comes up, or one hangs."""
    try:
        ask(context, "status")
    except AgentNotRunning:
        _start(context)
        return True
    return False


def _start(context: Context) -> None:
    context.paths.create()
    child = subprocess.Popen(  # noqa: S603 - our own executable, no word of it from outside
        command("--tray"),
        cwd=PACKAGE_HOME,
        env={**context.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    patience = time.monotonic() + _PATIENCE_S
    while time.monotonic() < patience:
        if _answers(context):
            return
        if child.poll() is not None:
            break
        time.sleep(0.05)
    # Another `devpulse` may have been quicker, and ours has ended in its favour.
    if _answers(context):
        return
    raise DevPulseError(
        "DevPulse's agent could not be started.",
        detail="Nothing is being recorded now; what was recorded is safe.",
        advice="`devpulse --tray` shows why, and so does `devpulse logs`.",
    )


def _answers(context: Context) -> bool:
    try:
        with Client(context.paths.socket, timeout_s=1.0) as client:
            client.request("status")
    except DevPulseError:
        return False
    return True

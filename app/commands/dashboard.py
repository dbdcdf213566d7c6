"""`devpulse` alone: the windows; without a display what the agent sees."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

from app.children import PACKAGE_HOME, command
from app.commands.context import Context
from app.commands.link import ask
from app.control import Client
from app.errors import AgentNotRunning, DevPulseError, DisplayUnavailable, StorageBusy, StorageError

if TYPE_CHECKING:
    from app.ui.display import Display

_PATIENCE_S = 10.0


def run(context: Context, page: str = "") -> int:
    """Open the windows; without a display start the agent if none runs, and follow its status."""
    display = _display(context)
    if display is not None:
        from app.desktop import Wish, main

        return main(context.paths, display, Wish(page), lambda: ensure_agent(context))
    if page:
        raise DisplayUnavailable(
            "There is no display to open a window on.",
            detail="Recording does not need one.",
            advice="`devpulse status --follow` shows what is recorded, `devpulse report` where time went.",
        )
    started = ensure_agent(context)
    if not context.isatty:
        context.say("DevPulse's agent was started." if started else "DevPulse's agent is running.")
        return 0
    from app.commands.follow import follow

    return follow(context, as_json=False)


def _display(context: Context) -> Display | None:
    """The display that windows can open on; None where there is none."""
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & {
        k for k, v in context.environ.items() if v
    }:
        return None
    from app.ui.display import find

    found = find(context.environ)
    return found if found.platform else None


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
        # Another `devpulse` may have been quicker, and ours has ended in its favour: that one is starting.
        if child.poll() is not None and not _starts(context):
            break
        time.sleep(0.05)
    if _answers(context):
        return
    raise DevPulseError(
        "DevPulse's agent could not be started.",
        detail="Nothing is being recorded now; what was recorded is safe.",
        advice="`devpulse --tray` shows why, and so does `devpulse logs`.",
    )


def _starts(context: Context) -> bool:
    """Whether an agent lives, be it that it does not answer yet."""
    from app.models.exclusive import exclusive

    try:
        with exclusive(context.paths.lock, wait_s=0.0):
            return False
    except StorageBusy:
        return True
    except StorageError:
        return False


def _answers(context: Context) -> bool:
    try:
        with Client(context.paths.socket, timeout_s=1.0) as client:
            client.request("status")
    except DevPulseError:
        return False
    return True

"""Before stored data is read: what is only in the agent's memory, or was left by a killed one, goes in."""

from __future__ import annotations

from app.commands.context import Context
from app.errors import AgentNotRunning, DevPulseError, StorageBusy, StorageError


def refresh(context: Context) -> None:
    """Let the running agent store the open span; with none, take its end from the pulse file.

    What does not work is told beside the result: it is then right up to the last stored second.
    """
    from app.commands.link import ask

    try:
        ask(context, "flush")
    except AgentNotRunning:
        _recover(context)
    except DevPulseError as error:
        context.warn(f"The last seconds may be missing: {error.title}")


def _recover(context: Context) -> None:
    if not (context.paths.pulse.exists() and context.paths.database.exists()):
        return
    from app.models.exclusive import exclusive
    from app.models.journal import Journal
    from app.models.pulse import Pulse

    try:
        with exclusive(context.paths.lock, wait_s=0.0):
            journal = Journal.open(context.paths.database, None)
            try:
                journal.recover(Pulse(context.paths.pulse))
            finally:
                journal.close()
    except StorageBusy:
        return  # an agent is just starting, and does this itself
    except StorageError as error:
        context.warn(f"The last seconds may be missing: {error.title}")

"""`status --follow`: the live status, drawn again as it changes."""

from __future__ import annotations

import json
import queue
import threading
from typing import Any

from app.commands.context import Context
from app.control import Client
from app.errors import DevPulseError

_TICK_S = 1.0
_HOME_AND_CLEAR = "\x1b[H\x1b[2J"


def follow(context: Context, *, as_json: bool) -> int:
    """Show every change until Ctrl-C or until the agent ends; returns the exit code.

    A terminal is redrawn in place, each second; a pipe gets one block, or one JSON line, a change.
    """
    with Client(context.paths.socket) as client:
        changes: queue.SimpleQueue[dict[str, Any] | DevPulseError] = queue.SimpleQueue()
        status = client.request("status")
        reader = threading.Thread(target=_read, args=(client, changes), daemon=True)
        reader.start()
        _draw(status, context, as_json=as_json)
        try:
            _show(status, changes, context, as_json=as_json)
        except KeyboardInterrupt:
            return 0
    return 0


def _read(client: Client, changes: queue.SimpleQueue[dict[str, Any] | DevPulseError]) -> None:
    try:
        for event in client.events():
            if event.get("event") == "status":
                changes.put({key: value for key, value in event.items() if key != "event"})
    except DevPulseError as error:
        changes.put(error)


def _show(
    status: dict[str, Any],
    changes: queue.SimpleQueue[dict[str, Any] | DevPulseError],
    context: Context,
    *,
    as_json: bool,
) -> None:
    redraw = context.isatty and not as_json
    while True:
        try:
            change = changes.get(timeout=_TICK_S if redraw else None)
        except queue.Empty:
            change = status
        if isinstance(change, DevPulseError):
            raise change
        status = change
        _draw(status, context, as_json=as_json)


def _draw(status: dict[str, Any], context: Context, *, as_json: bool) -> None:
    if as_json:
        context.say(json.dumps(status, ensure_ascii=False))
    else:
        from app.commands.status_text import status_text

        text = status_text(status, now_ms=context.clock.now().wall_ms, width=context.width)
        context.out.write(f"{_HOME_AND_CLEAR}{text}\n" if context.isatty else f"{text}\n\n")
    context.out.flush()

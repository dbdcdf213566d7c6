"""`devpulse sync --status`: how the last sync went and what waits, from this machine alone."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.commands.context import Context

if TYPE_CHECKING:
    from app.sync.account.session import Signed


def show(arguments: argparse.Namespace, context: Context, given: dict[str, str]) -> int:
    """Show it. Raises `NotSignedIn`."""
    from app.commands.membership import signed_in

    told = status_of(context, given, signed_in(context, given))
    if arguments.json:
        context.say_json(told)
        return 0
    for line in _lines(told):
        context.say(line)
    return 0


def status_of(context: Context, given: dict[str, str], signed: Signed) -> dict[str, Any]:
    """The same as JSON says it."""
    from app.commands.membership import home_key, settings_of
    from app.commands.syncing import open_state
    from app.sync.alarms import alarms
    from app.sync.heads import heard
    from app.sync.outcome import read_standing

    standing = read_standing(context.paths.sync_state)
    with open_state(context, home_key(context, given), signed) as (store, state):
        return {
            "signed_in": True,
            "server": signed.member.server,
            "server_key": standing.server_key,
            "when": settings_of(context).text("sync.when"),
            "waiting": state.due() if state.position() is not None else 0,
            "conflicts": sum(conflict.asks for conflict in state.conflicts()),
            "last_success_ms": standing.last_success_ms,
            "last_attempt_ms": standing.last_attempt_ms,
            "last": standing.last,
            "problem": standing.problem,
            "progress": None if standing.progress is None else vars_of(standing.progress),
            "heard": {device.hex(): time for device, time in heard(store).items()},
            "alarms": [
                {
                    "id": alarm.id,
                    "kind": alarm.kind,
                    "device_id": None if alarm.device is None else alarm.device.hex(),
                    "device": _name(store, alarm.device),
                    "at_ms": alarm.at_ms,
                    "detail": alarm.detail,
                }
                for alarm in alarms(store.connection, unread_only=True)
            ],
        }


def tell_agent(context: Context, told: dict[str, Any]) -> None:
    """Let the tray know what waits for the person."""
    from app.commands.link import ask_if_running
    from app.errors import DevPulseError

    try:
        ask_if_running(context, "account", conflicts=told["conflicts"], alarms=len(told["alarms"]))
    except DevPulseError:
        return  # it ends just now, or is older than this command


def vars_of(progress: Any) -> dict[str, Any]:
    """A progress as JSON says it."""
    return {"phase": progress.phase, "done": progress.done, "total": progress.total}


def _name(store: Any, device: bytes | None) -> str | None:
    if device is None:
        return None
    row = store.connection.execute("SELECT name FROM devices WHERE owner = ?", (device,)).fetchone()
    return None if row is None else str(row[0])


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [f"Syncs with {told['server']}."]
    if told["server_key"]:
        lines.append(f"Its key, to be pinned by `devpulse settings set sync.pin`: {told['server_key']}")
    lines.append(f"Last in step: {_moment(told['last_success_ms'])}.")
    if told["problem"]:
        lines += [f"The last attempt failed: {told['problem']['title']}", told["problem"]["detail"]]
    if told["waiting"]:
        lines.append(f"{told['waiting']} things wait to be sent.")
    if told["conflicts"]:
        lines.append(f"{told['conflicts']} conflicts want your choice: `devpulse conflicts list`.")
    lines += [f"ALARM: {alarm['detail']}" for alarm in told["alarms"]]
    if told["alarms"]:
        lines.append("`devpulse sync --read-alarms` puts them away.")
    return [line for line in lines if line]


def _moment(ms: int | None) -> str:
    from datetime import UTC, datetime

    if ms is None:
        return "never yet"
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")

"""`devpulse pause` and `devpulse resume`: stop recording, for a while or until told."""

from __future__ import annotations

import argparse
from datetime import datetime

from app.clock import next_midnight_ms
from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option


def register(subparsers: Subparsers) -> None:
    """Declare `pause` and `resume`."""
    parser = command(
        subparsers,
        "pause",
        summary="Stop recording, until `devpulse resume` or for a while.",
        examples=(
            ("pause", "until you resume"),
            ("pause --for 15m", "a quarter of an hour"),
            ("pause --for until-tomorrow", "until midnight"),
        ),
        data="Nothing is recorded while paused, not even that you were there.",
        run=pause,
    )
    parser.add_argument(
        "--for", dest="length", metavar="TIME", help="how long: 15m, 1h, 1h30m, or until-tomorrow"
    )
    json_option(parser)
    parser = command(
        subparsers,
        "resume",
        summary="Record again after a pause.",
        data="Recording goes on from now; the pause stays empty.",
        run=resume,
    )
    json_option(parser)


def pause(arguments: argparse.Namespace, context: Context) -> int:
    """Pause the agent."""
    seconds = None if arguments.length is None else seconds_to_pause(arguments.length, context)
    return _do(context, "pause", "Paused.", as_json=arguments.json, seconds=seconds)


def resume(arguments: argparse.Namespace, context: Context) -> int:
    """End the pause."""
    return _do(context, "resume", "Recording again.", as_json=arguments.json)


def seconds_to_pause(length: str, context: Context) -> int:
    """Seconds of a length a person wrote. Raises `UsageError`."""
    if length == "until-tomorrow":
        now_ms = context.clock.now().wall_ms
        return max(1, (next_midnight_ms(now_ms) - now_ms) // 1000 + 1)
    from app.commands.lengths import seconds_of

    return seconds_of(length)


def _do(context: Context, name: str, words: str, *, as_json: bool, **values: int | None) -> int:
    from app.commands.link import ask
    from app.commands.status import show

    ask(context, name, **values)
    if as_json:
        show(ask(context, "status"), context, as_json=True)
        return 0
    status = ask(context, "status")
    until = status.get("paused_until")
    if name == "pause" and until:
        context.say(f"Paused until {datetime.fromisoformat(until).astimezone():%Y-%m-%d %H:%M}.")
    else:
        context.say(words)
    return 0

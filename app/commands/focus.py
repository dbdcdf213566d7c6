"""`devpulse focus`: sessions of undisturbed work."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands.context import Context
from app.commands.words import Subparsers, command, group, json_option
from app.errors import UsageError

_LONGEST_MIN = 720


def register(subparsers: Subparsers) -> None:
    """Declare `focus` and what it holds."""
    commands = group(subparsers, "focus", summary="Start, pause and stop focus sessions.")
    parser = command(
        commands,
        "start",
        summary="Start a focus session; it ends by itself after its time.",
        examples=(
            ("focus start", "with no planned end"),
            ("focus start --minutes 25 --project devpulse", "25 minutes for one project"),
        ),
        data="The session is recorded with its length and how often you left its work.",
        run=start,
    )
    parser.add_argument("--minutes", type=int, metavar="N", help=f"planned length, 1 to {_LONGEST_MIN}")
    parser.add_argument("--project", metavar="NAME", help="the project it is for")
    json_option(parser)
    for name, summary, data in (
        ("pause", "Pause the session.", "The pause does not count as focused time."),
        ("resume", "Go on after a pause.", "The session goes on where it was."),
        ("stop", "End the session now.", "What was focused so far is kept."),
        ("status", "Show the session that runs.", "It only looks."),
    ):
        json_option(command(commands, name, summary=summary, data=data, run=act))


def start(arguments: argparse.Namespace, context: Context) -> int:
    """Start a session."""
    minutes = arguments.minutes
    if minutes is not None and not 1 <= minutes <= _LONGEST_MIN:
        raise UsageError(f"A focus session takes 1 to {_LONGEST_MIN} minutes.")
    return _tell(arguments, context, "start", minutes=minutes, project=arguments.project)


def act(arguments: argparse.Namespace, context: Context) -> int:
    """Pause, resume, stop or show the session."""
    return _tell(arguments, context, arguments.focus_command)


def _tell(arguments: argparse.Namespace, context: Context, action: str, **values: Any) -> int:
    from app.commands.link import ask

    ask(context, "focus", action=action, **values)
    session = ask(context, "status").get("focus")
    if arguments.json:
        context.say_json({"focus": session})
        return 0
    from app.commands.status_text import focus_line

    if action == "stop" or not session:
        context.say("The focus session has ended." if action == "stop" else "No focus session runs.")
    else:
        context.say(f"Focus: {focus_line(session)}.")
    return 0

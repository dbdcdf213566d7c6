"""`devpulse status`: what is recorded right now."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option


def register(subparsers: Subparsers) -> None:
    """Declare `status`."""
    parser = command(
        subparsers,
        "status",
        summary="Show what is being recorded right now, and today's total.",
        examples=(
            ("status", "once"),
            ("status --follow", "stay, and show changes as they happen; Ctrl-C ends it"),
            ("status --json", "for a status bar or a script"),
        ),
        data="It only looks.",
        run=run,
    )
    json_option(parser)
    parser.add_argument("--follow", action="store_true", help="go on showing changes until Ctrl-C")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Show the agent's status once, or follow it."""
    from app.commands.link import ask

    if arguments.follow:
        from app.commands.follow import follow

        return follow(context, as_json=arguments.json)
    status = ask(context, "status")
    show(status, context, as_json=arguments.json)
    return 0


def show(status: dict[str, Any], context: Context, *, as_json: bool) -> None:
    """Print one status."""
    if as_json:
        context.say_json(status)
        return
    from app.commands.status_text import status_text

    context.say(status_text(status, now_ms=context.clock.now().wall_ms, width=context.width))

"""`devpulse projects use`: from now on everything is for one project, whatever is recognised."""

from __future__ import annotations

import argparse

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option
from app.errors import UsageError


def register_use(commands: Subparsers) -> None:
    """Declare `projects use`."""
    parser = command(
        commands, "use", summary="Record for a project of your choice from now on.", run=use,
        data="It holds until you choose another, also after a restart. `devpulse correct` is for the past.",
        examples=(
            ("projects use api", "everything is for api now"),
            ("projects use --recognised", "back to what DevPulse recognises"),
        ),
    )  # fmt: skip
    parser.add_argument("project", metavar="PROJECT", nargs="?")
    parser.add_argument("--recognised", action="store_true", help="the project that the window shows")
    json_option(parser)


def use(arguments: argparse.Namespace, context: Context) -> int:
    """Choose the project by hand, or leave it to DevPulse."""
    from app.commands.link import ask

    if (arguments.project is None) != arguments.recognised:
        raise UsageError(
            "Name a project, or say --recognised.", advice="`devpulse projects list` shows them."
        )
    status = ask(context, "project", name=arguments.project)
    chosen = status.get("project_by_hand")
    if arguments.json:
        context.say_json({"project_by_hand": chosen})
    elif chosen:
        context.say(f"Everything is recorded for {chosen} now.")
    else:
        context.say("DevPulse recognises the project again.")
    return 0

"""`devpulse private`: record nothing at all while something private is on the screen."""

from __future__ import annotations

import argparse

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option


def register(subparsers: Subparsers) -> None:
    """Declare `private`."""
    parser = command(
        subparsers,
        "private",
        summary="Switch private mode on or off.",
        examples=(("private", "on: nothing is recorded until you switch it off"), ("private off", "off")),
        data="Nothing is recorded in private mode; what was recorded before stays.",
        run=run,
    )
    parser.add_argument("switch", nargs="?", choices=("on", "off"), default="on", help="on unless said")
    json_option(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Switch private mode."""
    from app.commands.link import ask
    from app.commands.status import show

    on = arguments.switch == "on"
    ask(context, "private", on=on)
    if arguments.json:
        show(ask(context, "status"), context, as_json=True)
    else:
        context.say(
            "Private mode is on: nothing is recorded. `devpulse private off` ends it."
            if on
            else "Private mode is off."
        )
    return 0

"""`devpulse unlock`: give the running agent the key that a passphrase locks."""

from __future__ import annotations

import argparse
import base64

from app.commands.context import Context
from app.commands.words import Subparsers, command


def register(subparsers: Subparsers) -> None:
    """Declare `unlock`."""
    from app.commands.secrets import secrets_option

    parser = command(
        subparsers,
        "unlock",
        summary="Unlock the key to your titles, after a start, with your passphrase.",
        examples=(("unlock", "asks for the passphrase"),),
        data="Titles are recorded from then on; before, only their time was.",
        run=run,
    )
    secrets_option(parser, '{"passphrase"}')


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Derive the key, and send it to the agent over its own socket."""
    from app.commands.link import ask
    from app.commands.secrets import data_key

    # Asked first, so that nobody types a passphrase that no agent waits for.
    ask(context, "status")
    key = data_key(arguments, context)
    ask(context, "unlock", key=base64.b64encode(key.value).decode())
    context.say("Unlocked: titles are recorded again.")
    return 0

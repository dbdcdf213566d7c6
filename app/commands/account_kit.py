"""`devpulse account kit`: the Emergency Kit once more, without the recovery words, which are kept nowhere."""

from __future__ import annotations

import argparse

from app.commands.context import Context
from app.commands.membership import account_command
from app.commands.words import Subparsers
from app.errors import UsageError


def register_kit(commands: Subparsers) -> None:
    """Declare it."""
    account_command(
        commands,
        "kit",
        kit,
        summary="Show the Emergency Kit again: the Secret Key, without the recovery words.",
        data="It only reads.",
    )


def kit(arguments: argparse.Namespace, context: Context) -> int:
    """Show it. Raises `UsageError` where the Secret Key is not known on this machine."""
    from app.commands.account import account_id
    from app.commands.membership import signed_in
    from app.commands.secrets import given_secrets
    from app.sync.crypto import secret_key
    from app.sync.crypto.emergency_kit import EmergencyKit

    signed = signed_in(context, given_secrets(arguments, context))
    member = signed.member
    if member.secret_key is None:
        raise UsageError(
            "This machine does not have the Secret Key.",
            detail="It came in by the recovery words.",
            advice="Set a new password: `devpulse account password` makes a new Secret Key.",
        )
    made = EmergencyKit(
        server=member.server,
        account=account_id(signed),
        email=member.email or "",
        secret_key=secret_key.encode(member.secret_key),
        words="",
        made_on=context.local_now().date().isoformat(),
    )
    if arguments.json:
        context.say_json(
            {
                "server": made.server,
                "account_id": made.account,
                "email": made.email,
                "secret_key": made.secret_key,
                "made_on": made.made_on,
            }
        )
    else:
        context.say(made.as_text())
    return 0

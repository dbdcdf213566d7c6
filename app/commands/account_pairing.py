"""`devpulse account pair` on the new machine, `account accept CODE` on one that is listed."""

from __future__ import annotations

import argparse
import time

from app.commands.context import Context
from app.commands.membership import account_command
from app.commands.words import Subparsers
from app.errors import DevPulseError, UsageError


def register_pairing(commands: Subparsers) -> None:
    """Declare them."""
    parser = account_command(
        commands,
        "pair",
        pair,
        summary="Join your account with this machine by a code that you type at another one.",
        examples=(("account pair --server https://pulse.example.org", "shows a code and six words"),),
        data="What is recorded here and on your other machines comes together.",
    )
    parser.add_argument("--server", metavar="URL", default="", help="the service's address")
    parser.add_argument(
        "--name", metavar="NAME", help="what this machine is called; its host name unless said"
    )
    parser = account_command(
        commands,
        "accept",
        accept,
        summary="Let the machine that shows this code join your account.",
        secrets='{"code"}',
        examples=(("account accept 7Q4M-0ZKD-W2XA", "the code that `account pair` shows"),),
        data="The new machine can read all that your machines have recorded.",
    )
    parser.add_argument("code", nargs="?", help="as the new machine shows it; or as a secret")
    parser.add_argument("--look", action="store_true", help="only show the new machine's six words")
    parser.add_argument("--words", help="the six words it shows: go on if they are these, and do not ask")


def pair(arguments: argparse.Namespace, context: Context) -> int:
    """Show a code, and wait for the other machine."""
    import json

    from app.commands.account import told_joined
    from app.commands.membership import alone, home_key, now_ms, own_name, settings_of
    from app.commands.secrets import given_secrets
    from app.commands.syncing import begin
    from app.sync.account.opening import open_service, require_nobody
    from app.sync.account.pairing import CODE_LIVES_S, LOOK_EVERY_S, Newcomer

    key = home_key(context, given_secrets(arguments, context))
    with alone(context):
        file = require_nobody(context.paths, key)
        newcomer = Newcomer(open_service(arguments.server, settings_of(context), context.environ))
        if arguments.json:
            # A line of its own, before the result: a program shows it while this waits.
            context.out.write(json.dumps({"code": newcomer.code, "words": newcomer.words}) + "\n")
            context.out.flush()
        else:
            context.say(f"Type this at a machine of your account:  devpulse account accept {newcomer.code}")
            context.say(f"It then shows the same six words:  {newcomer.words}")
            context.out.flush()
        until = time.monotonic() + CODE_LIVES_S
        while (welcome := newcomer.welcome()) is None:
            if time.monotonic() > until:
                raise DevPulseError(
                    "Nobody has typed the code.", detail="Nothing was changed.", advice="Begin again."
                )
            time.sleep(LOOK_EVERY_S)
        signed = newcomer.join(welcome, file, arguments.name or own_name(), lambda: now_ms(context))
        begin(context, key, signed, heads=welcome.heads)
    return told_joined(arguments, context, signed)


def accept(arguments: argparse.Namespace, context: Context) -> int:
    """Let a new machine in."""
    from app.commands.membership import alone, home_key, signed_in
    from app.commands.secrets import given_secrets
    from app.commands.syncing import known_heads
    from app.sync.account.pairing import accept as let_in
    from app.sync.account.pairing import read_offer

    given = given_secrets(arguments, context)
    with alone(context):
        signed = signed_in(context, given)
        code, offer = read_offer(signed, given.get("code") or arguments.code or "")
        if not arguments.look:
            _require_same(arguments, context, offer.words)
            let_in(signed, code, offer, known_heads(context, home_key(context, given)))
    if arguments.json:
        context.say_json({"device_id": offer.public.device.hex(), "words": offer.words})
    elif arguments.look:
        context.say(f"The new machine must show these words:  {offer.words}")
    else:
        context.say("The new machine is on the account's list; it goes on by itself.")
    return 0


def _require_same(arguments: argparse.Namespace, context: Context, words: str) -> None:
    """Raise `UsageError` unless the person has compared the words."""
    refused = UsageError("Nothing was changed.", advice="If the words differ, do not trust the service.")
    if arguments.words is not None:
        if arguments.words.split() != words.split():
            raise refused
        return
    context.warn(f"The new machine must show these words:  {words}")
    if not context.confirmed("Does it?"):
        raise refused

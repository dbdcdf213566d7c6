"""`devpulse data key`: where the key to the titles is kept."""

from __future__ import annotations

import argparse

from app.commands.context import Context
from app.commands.words import Subparsers, command, group, json_option
from app.errors import UsageError

WAYS = ("keyring", "file", "passphrase")


def register_key(commands: Subparsers) -> None:
    """Declare `data key` and what it holds."""
    from app.commands.secrets import secrets_option

    inner = group(commands, "key", summary="Show or change how the key to your titles is kept.")
    parser = command(inner, "status", summary="Show how the key is kept.", data="It only reads.", run=status)
    json_option(parser)
    parser = command(
        inner,
        "move",
        summary="Keep the key another way, or under another passphrase.",
        examples=(
            ("data key move keyring", "in the keyring of your desktop"),
            ("data key move passphrase", "locked by a passphrase, typed after each start"),
            ("data key move file", "in a file of yours: whoever reads your files reads your titles"),
        ),
        data="Nothing recorded changes. Without its passphrase or keyring nobody can read the titles.",
        run=move,
    )
    parser.add_argument("way", choices=WAYS, help="where to")
    json_option(parser)
    secrets_option(parser, '{"passphrase", "new_passphrase"}')


def status(arguments: argparse.Namespace, context: Context) -> int:
    """Show how the key is kept."""
    from app.models.keys import key_state

    state = key_state(context.paths)
    if arguments.json:
        context.say_json({"way": None if state.way is None else state.way.value, "told": state.told})
    else:
        context.say(state.told)
    return 0


def move(arguments: argparse.Namespace, context: Context) -> int:
    """Keep the key another way."""
    from app.commands.secrets import given_secrets, passphrase
    from app.models.keyfile import Way
    from app.models.keys import key_state, load_key, move_key, unlock

    given = given_secrets(arguments, context)
    if key_state(context.paths).way is Way.PASSPHRASE:
        key = unlock(context.paths, passphrase(given, "passphrase", "Passphrase until now"))
    else:
        key = load_key(context.paths)
    new = _new_passphrase(given) if arguments.way == "passphrase" else None
    state = move_key(context.paths, key, to=Way(arguments.way), passphrase=new)
    if arguments.json:
        context.say_json({"way": arguments.way, "told": state.told})
    else:
        context.say(state.told)
    return 0


def _new_passphrase(given: dict[str, str]) -> str:
    from app.commands.secrets import passphrase

    new = passphrase(given, "new_passphrase", "New passphrase")
    if not given and passphrase({}, "", "Once more") != new:
        raise UsageError("The two passphrases differ.", detail="Nothing was changed.")
    return new

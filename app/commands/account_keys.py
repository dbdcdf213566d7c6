"""`devpulse account`, the grave steps: password, recovery words, taking a machine off, the end of it all."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.commands.membership import account_command
from app.commands.words import Subparsers
from app.errors import UsageError

if TYPE_CHECKING:
    from app.sync.account.passwords import Proven
    from app.sync.account.session import Signed


def register_keys(commands: Subparsers) -> None:
    """Declare them."""
    account_command(
        commands,
        "password",
        password,
        summary="Set a new password. Sessions of your other machines begin anew by themselves.",
        secrets='{"password" or "recovery_key", "new_password"}',
        data="Nothing recorded changes, and nothing is sealed again.",
    )
    account_command(
        commands,
        "recovery-key",
        recovery_key,
        summary="Make new recovery words; the former ones open nothing any more.",
        secrets='{"password"}',
        data="Nothing recorded changes.",
    )
    parser = account_command(
        commands,
        "revoke",
        revoke,
        summary="Take a machine off the account, and change the account's root key.",
        secrets='{"password"}',
        examples=(("account revoke laptop", "by its name, or the beginning of its id"),),
        data="What that machine has stays on it; what comes from now on it cannot read.",
    )
    parser.add_argument("machine", help="its name, or its id as `account devices` shows it")
    parser = account_command(
        commands,
        "delete",
        delete,
        summary="Delete the account and all that the service keeps of it, for good.",
        secrets='{"password"} or {"recovery_key"}',
        data="What is recorded on your machines stays there. The service's copy cannot be brought back.",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")


def password(arguments: argparse.Namespace, context: Context) -> int:
    """Set a new password."""
    from app.commands.account import new_password
    from app.commands.membership import alone, signed_in
    from app.commands.secrets import given_secrets
    from app.sync.account.passwords import change_password
    from app.sync.crypto import secret_key

    given = given_secrets(arguments, context)
    with alone(context):
        proven = _proven(signed_in(context, given), given)
        shown = secret_key.encode(change_password(proven, new_password(given, "new_password")))
    if arguments.json:
        context.say_json({"secret_key": shown})
    else:
        context.say("The new password counts. With it goes your Secret Key; keep it on paper:")
        context.say(f"  {shown}")
    return 0


def recovery_key(arguments: argparse.Namespace, context: Context) -> int:
    """Make new recovery words."""
    from app.commands.membership import alone, signed_in
    from app.commands.secrets import given_secrets, passphrase
    from app.sync.account.passwords import change_words, prove_by_password

    given = given_secrets(arguments, context)
    with alone(context):
        signed = signed_in(context, given)
        typed = passphrase(given, "password", "Password")
        words = change_words(prove_by_password(signed, typed), typed)
    if arguments.json:
        context.say_json({"recovery_key": words})
    else:
        context.say("Your new recovery words; keep them on paper. The former ones open nothing any more:")
        context.say(f"  {words}")
    return 0


def revoke(arguments: argparse.Namespace, context: Context) -> int:
    """Take a machine off."""
    from app.commands.membership import alone, home_key, signed_in
    from app.commands.secrets import given_secrets, passphrase
    from app.commands.syncing import run_once
    from app.sync.account.passwords import prove_by_password
    from app.sync.account.rotating import revoke as take_off

    given = given_secrets(arguments, context)
    with alone(context):
        signed = signed_in(context, given)
        key = home_key(context, given)
        device, name = _machine(signed, arguments.machine)
        proven = prove_by_password(signed, passphrase(given, "password", "Password"))
        # Only who has everything, and can open it, may change the root key.
        run_once(context, key, signed)
        take_off(proven, device)
        run_once(context, key, signed)
    if arguments.json:
        context.say_json({"revoked": device.hex(), "epoch": signed.member.roots.epoch})
    else:
        context.say(f"{name} is off the account, and the account has a new root key.")
    return 0


def delete(arguments: argparse.Namespace, context: Context) -> int:
    """Delete the account."""
    from app.commands.membership import alone, home_key, signed_in
    from app.commands.secrets import given_secrets
    from app.commands.syncing import end
    from app.sync.account.passwords import delete_account

    given = given_secrets(arguments, context)
    with alone(context):
        signed = signed_in(context, given)
        question = "Delete the account for good? What is recorded on your machines stays there."
        if not arguments.yes and not given and not context.confirmed(question):
            raise UsageError("Nothing was changed.")
        delete_account(_proven(signed, given))
        end(context, home_key(context, given))
    if arguments.json:
        context.say_json({"deleted": True})
    else:
        context.say("The account is deleted. What is recorded on your machines stays there.")
    return 0


def _proven(signed: Signed, given: dict[str, str]) -> Proven:
    """By what the person has: the words where they were given or no Secret Key is here, else the password."""
    from app.commands.secrets import passphrase
    from app.sync.account.passwords import prove_by_password, prove_by_words

    if "recovery_key" in given or (not given and signed.member.secret_key is None):
        return prove_by_words(signed, passphrase(given, "recovery_key", "Recovery words"))
    return prove_by_password(signed, passphrase(given, "password", "Password until now"))


def _machine(signed: Signed, name: str) -> tuple[bytes, str]:
    from app.sync.account.device_list import machines

    listed = [one for one in machines(signed)[1] if one.listed]
    found = [one for one in listed if one.device.hex().startswith(name.lower())] if len(name) >= 8 else []
    found = found or [one for one in listed if one.name.casefold() == name.casefold()]
    if len(found) != 1:
        what = "No machine" if not found else "More than one machine"
        raise UsageError(f"{what} of the account is called {name!r}.", advice="`devpulse account devices`")
    return found[0].device, found[0].name

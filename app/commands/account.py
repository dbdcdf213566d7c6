"""`devpulse account`: one account for several machines. What is here: coming in, looking round, leaving."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.account_keys import register_keys
from app.commands.account_kit import register_kit
from app.commands.account_pairing import register_pairing
from app.commands.context import Context
from app.commands.membership import account_command
from app.commands.words import Subparsers, group
from app.errors import UsageError

if TYPE_CHECKING:
    from app.sync.account.session import Signed
    from app.sync.account.signing_in import Joining
    from app.sync.account.signing_up import NewAccount
    from app.sync.crypto.emergency_kit import EmergencyKit
    from app.sync.link.service import Service


def register(subparsers: Subparsers) -> None:
    """Declare `account` and what it holds."""
    commands = group(subparsers, "account", summary="One account for several machines.")
    parser = account_command(
        commands,
        "sign-up",
        sign_up,
        summary="Make an account at a service; its keys are made here.",
        secrets='{"password"}',
        examples=(("account sign-up --server https://pulse.example.org --email ada@example.org", ""),),
        data="What is recorded is sealed here and then kept by the service, which cannot read it.",
    )
    _service_options(parser)
    parser.add_argument("--invitation", metavar="CODE", help="where the service takes only invited people")
    parser.add_argument(
        "--kit", metavar="FILE", help="write the Emergency Kit, to be printed, as an HTML page"
    )
    parser = account_command(
        commands,
        "sign-in",
        sign_in,
        summary="Join your account with this machine.",
        secrets='{"password", "secret_key"} or {"recovery_key"}',
        examples=(
            ("account sign-in --email ada@example.org", "by password, at the service of the settings"),
            ("account sign-in --email ada@example.org --recovery", "by the 24 recovery words"),
            ("account sign-in --with github", "your browser says which account it is"),
        ),
        data="What is recorded here and on your other machines comes together.",
    )
    _service_options(parser)
    parser.add_argument("--account", metavar="ID", help="the account's id, instead of its e-mail address")
    parser.add_argument("--recovery", action="store_true", help="by the recovery words")
    parser.add_argument("--with", dest="provider", choices=("github", "google"), help="by your browser")
    account_command(
        commands,
        "sign-out",
        sign_out,
        summary="Take this machine off the account and forget its keys.",
        data="All that is recorded here stays, also what came from other machines.",
    )
    account_command(
        commands,
        "status",
        status,
        summary="Who is signed in here, and how the keys are kept.",
        data="It only reads, and asks nobody.",
    )
    account_command(
        commands,
        "devices",
        devices,
        summary="The account's machines, and the six words by which two of them compare the list.",
        data="It only reads.",
    )
    account_command(
        commands,
        "page",
        page,
        summary="Open the account's page at the service in your browser.",
        data="It only opens a page.",
    )
    parser = account_command(
        commands,
        "forget",
        forget,
        summary="Forget the account's keys here without asking the service: where they cannot be read.",
        data="All that is recorded here stays.",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    register_keys(commands)
    register_kit(commands)
    register_pairing(commands)


def _service_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", metavar="URL", default="", help="the service's address")
    parser.add_argument("--email", metavar="ADDRESS", help="your e-mail address at the service")
    parser.add_argument(
        "--name", metavar="NAME", help="what this machine is called; its host name unless said"
    )


def sign_up(arguments: argparse.Namespace, context: Context) -> int:
    """Make an account."""
    from app.commands.membership import alone, home_key, now_ms, own_name, settings_of
    from app.commands.secrets import given_secrets
    from app.commands.syncing import begin
    from app.sync.account import signing_up
    from app.sync.account.opening import open_service, require_nobody

    given = given_secrets(arguments, context)
    key = home_key(context, given)
    with alone(context):
        file = require_nobody(context.paths, key)
        service = open_service(arguments.server, settings_of(context), context.environ)
        password = new_password(given)
        made = signing_up.sign_up(
            service,
            file,
            password,
            email=arguments.email,
            invitation=arguments.invitation,
            label=arguments.name or own_name(),
            now_ms=lambda: now_ms(context),
        )
        begin(context, key, made.signed)
    kit = kit_of(context, made)
    told = {
        "account_id": kit.account,
        "secret_key": kit.secret_key,
        "recovery_key": kit.words,
        "fingerprint": fingerprint(made.signed),
    }
    if arguments.kit:
        from app.commands.files import write_private

        write_private(Path(arguments.kit), (kit.as_html(),))
    if arguments.json:
        context.say_json(told)
        return 0
    for line in (
        f"Your account is made at {kit.server}.",
        "",
        "Keep these two on paper. Nobody can give them to you again, the service neither:",
        f"  Secret Key     {kit.secret_key}",
        f"  recovery words {kit.words}",
        "",
        "To join with another machine: `devpulse account sign-in` there, or `devpulse account pair`.",
        *_kept(context),
    ):
        context.say(line)
    return 0


def kit_of(context: Context, made: NewAccount) -> EmergencyKit:
    """The page to print."""
    from app.sync.crypto import secret_key
    from app.sync.crypto.emergency_kit import EmergencyKit

    member = made.signed.member
    return EmergencyKit(
        server=member.server,
        account=account_id(made.signed),
        email=member.email or "",
        secret_key=secret_key.encode(made.secret_key),
        words=made.words,
        made_on=context.local_now().date().isoformat(),
    )


def sign_in(arguments: argparse.Namespace, context: Context) -> int:
    """Join an account."""
    from app.commands.membership import alone, home_key, now_ms, own_name, settings_of
    from app.commands.secrets import given_secrets
    from app.commands.syncing import begin
    from app.sync.account.opening import open_service, require_nobody
    from app.sync.account.signing_in import Joining

    given = given_secrets(arguments, context)
    key = home_key(context, given)
    with alone(context):
        file = require_nobody(context.paths, key)
        service = open_service(arguments.server, settings_of(context), context.environ)
        joining = Joining(service, file, label=arguments.name or own_name(), now_ms=lambda: now_ms(context))
        login = _login(arguments, context, service)
        signed = _joined(arguments, joining, login, given)
        begin(context, key, signed)
    return told_joined(arguments, context, signed)


def told_joined(arguments: argparse.Namespace, context: Context, signed: Signed) -> int:
    """What joining has brought, in words or as JSON."""
    told = {"account_id": account_id(signed), "fingerprint": fingerprint(signed)}
    if arguments.json:
        context.say_json(told)
        return 0
    context.say(f"This machine is signed in at {signed.member.server}.")
    context.say(f"The account's machines, in six words: {told['fingerprint']}")
    context.say("They are the same on each of your machines (`devpulse account devices`).")
    if signed.member.secret_key is None:
        context.say("Set a new password now: `devpulse account password`.")
    for line in _kept(context):
        context.say(line)
    return 0


def _login(arguments: argparse.Namespace, context: Context, service: Service) -> str:
    if arguments.provider:
        import json

        from app.sync.account.browser import identified

        def say(address: str) -> None:
            if arguments.json:
                # A line of its own, before the result: a program opens it while this waits.
                context.out.write(json.dumps({"address": address}) + "\n")
                context.out.flush()
            else:
                context.warn(f"Open this in your browser:\n{address}")

        return identified(service, arguments.provider, say=say)
    login = arguments.account or arguments.email
    if not login:
        raise UsageError("Whose account?", advice="Say `--email ADDRESS`, or `--account ID`.")
    return str(login)


def _joined(arguments: argparse.Namespace, joining: Joining, login: str, given: dict[str, str]) -> Signed:
    from app.commands.secrets import passphrase
    from app.sync.crypto import secret_key

    if arguments.recovery or "recovery_key" in given:
        return joining.by_words(login, passphrase(given, "recovery_key", "Recovery words"))
    password = passphrase(given, "password", "Password")
    key = secret_key.decode(passphrase(given, "secret_key", "Secret Key"))
    return joining.by_password(login, password, key)


def sign_out(arguments: argparse.Namespace, context: Context) -> int:
    """Leave the account with this machine."""
    from app.commands.membership import alone, home_key, signed_in
    from app.commands.secrets import given_secrets
    from app.commands.syncing import end
    from app.sync.account.leaving import sign_out as leave

    given = given_secrets(arguments, context)
    with alone(context):
        signed = signed_in(context, given)
        failed = leave(signed)
        end(context, home_key(context, given))
    if failed is not None:
        context.warn(
            f"The service does not know of it yet: {failed.title} Take this machine off from another."
        )
    _say(arguments, context, {"signed_in": False}, "This machine is signed out. What is recorded here stays.")
    return 0


def status(arguments: argparse.Namespace, context: Context) -> int:
    """Who is signed in."""
    from app.commands.membership import signed_in
    from app.commands.secrets import given_secrets

    signed = signed_in(context, given_secrets(arguments, context))
    member = signed.member
    if arguments.json:
        context.say_json(told_member(signed))
        return 0
    context.say(f"Signed in at {member.server}" + (f" as {member.email}" if member.email else "") + ".")
    context.say(f"This machine is called {member.label}.")
    for line in _kept(context):
        context.say(line)
    return 0


def told_member(signed: Signed) -> dict[str, Any]:
    """Who is signed in, as JSON says it."""
    member = signed.member
    return {
        "server": member.server,
        "account_id": account_id(signed),
        "email": member.email,
        "device_id": member.device.device.hex(),
        "name": member.label,
        "has_secret_key": member.secret_key is not None,
    }


def devices(arguments: argparse.Namespace, context: Context) -> int:
    """The account's machines."""
    from app.commands.membership import alone, signed_in
    from app.commands.secrets import given_secrets
    from app.sync.account.device_list import machines
    from app.sync.crypto import fingerprint as words

    given = given_secrets(arguments, context)
    with alone(context):
        signed = signed_in(context, given)
        found, told = machines(signed)
    six = words.words(found)
    shown = [
        {
            "device_id": one.device.hex(),
            "name": one.name,
            "here": one.here,
            "listed": one.listed,
            "added_ms": one.added,
            "seen_ms": one.seen,
            "revoked_ms": one.revoked,
        }
        for one in told
    ]
    if arguments.json:
        context.say_json({"devices": shown, "fingerprint": six})
        return 0
    for one in told:
        here = ", this one" if one.here else ""
        state = "" if one.listed else ", taken off" if one.revoked is not None else ", not listed yet"
        context.say(f"{one.device.hex()[:8]}  {one.name}{here}{state}, last heard from {_moment(one.seen)}")
    context.say(f"The list in six words, the same on each machine: {six}")
    return 0


def page(arguments: argparse.Namespace, context: Context) -> int:
    """Open the account's page."""
    from app.commands.membership import alone, signed_in
    from app.commands.secrets import given_secrets
    from app.sync.account.browser import account_page

    given = given_secrets(arguments, context)
    with alone(context):
        address = account_page(signed_in(context, given), open_it=not arguments.json)
    if arguments.json:
        context.say_json({"opened": True, "address": address})
    return 0


def forget(arguments: argparse.Namespace, context: Context) -> int:
    """Forget the keys here."""
    from app.commands.membership import alone, home_key
    from app.commands.secrets import given_secrets
    from app.commands.syncing import end

    given = given_secrets(arguments, context)
    question = "Forget the account's keys on this machine? Other machines and the service keep theirs."
    if not arguments.yes and not context.confirmed(question):
        raise UsageError("Nothing was changed.")
    with alone(context):
        context.paths.account.unlink(missing_ok=True)
        end(context, home_key(context, given))
    _say(arguments, context, {"signed_in": False}, "Forgotten. What is recorded here stays.")
    return 0


def new_password(given: dict[str, str], field: str = "password") -> str:
    """A new password, from what was given or typed twice. Raises `UsageError`."""
    from app.commands.secrets import passphrase
    from app.sync.account.signing_up import require_password

    new = require_password(passphrase(given, field, "New password"))
    if not given and passphrase({}, "", "Once more") != new:
        raise UsageError("The two passwords differ.", detail="Nothing was changed.")
    return new


def account_id(signed: Signed) -> str:
    """The account's id as it is written."""
    from uuid import UUID

    return str(UUID(bytes=signed.member.account))


def fingerprint(signed: Signed) -> str:
    """The account's list of machines in six words."""
    from app.sync.account.device_list import read_devices
    from app.sync.crypto import fingerprint as words

    return words.words(read_devices(signed)[0])


def _kept(context: Context) -> tuple[str, ...]:
    """How the account's keys rest here, told plainly."""
    from app.models.keyfile import Way
    from app.models.keys import key_state

    return (
        {
            Way.KEYRING: "The account's keys are sealed with a key in the keyring of your desktop.",
            Way.FILE: (
                "The account's keys are sealed with the key in the file key.json: whoever can read your "
                "files can act as you. `devpulse data key move passphrase` protects better."
            ),
            Way.PASSPHRASE: "The account's keys are sealed with the key that your passphrase locks.",
        }[key_state(context.paths).way or Way.FILE],
    )


def _moment(ms: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _say(arguments: argparse.Namespace, context: Context, told: dict[str, Any], words: str) -> None:
    if arguments.json:
        context.say_json(told)
    else:
        context.say(words)

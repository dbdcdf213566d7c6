"""`devpulse-cloud`: serve, migrate, check, backup, restore, accounts, keys, jobs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from cloud.settings import Settings, SettingsRefused, from_environment
from cloud.version import __version__

_DESCRIPTION = (
    "DevPulse's cloud service: keeps machines in step without being able to read what they keep. "
    "Without any setting it serves this machine, with its data in one folder."
)
_EPILOG = "Everything else is set by environment variables, DEVPULSE_CLOUD_…: see docs/cloud.md. Options win."
_LISTENING = ("serve", "check")


def build_parser() -> argparse.ArgumentParser:
    """The parser of `devpulse-cloud`."""
    parser = argparse.ArgumentParser(prog="devpulse-cloud", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"devpulse-cloud {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for name, words in (
        ("serve", "answer requests until told to stop"),
        ("check", "look at settings and parts only"),
    ):
        command = commands.add_parser(name, help=words, description=words)
        command.add_argument("--host", help="where to listen (127.0.0.1)")
        command.add_argument("--port", help="on which port (8420); 0 takes any that is free")
        command.add_argument("--workers", help="how many processes (1); more need Redis")
        command.add_argument("--tls-cert", help="serve TLS by itself: the certificate chain, PEM")
        command.add_argument("--tls-key", help="and its key, PEM")
    commands.add_parser("migrate", help="bring the database to this version's schema")
    for name, words in (
        ("backup", "write a copy of everything into one file; the service may go on meanwhile"),
        ("restore", "fill an empty database from such a file; stop the service first"),
    ):
        command = commands.add_parser(name, help=words, description=words)
        command.add_argument("file", metavar="FILE")
    _add_accounts(commands)
    keys = commands.add_parser("keys", help="the keys that sign access tokens")
    keys.add_subparsers(metavar="ACTION", dest="action", required=True).add_parser(
        "rotate", help="sign with a new key from now on, and seal all keys under the newest secret"
    )
    jobs = commands.add_parser("jobs", help="work that is done later, and what failed of it")
    actions = jobs.add_subparsers(metavar="ACTION", dest="action", required=True)
    actions.add_parser("list", help="how much waits, and what failed again and again")
    actions.add_parser("retry", help="try that once more")
    return parser


def _add_accounts(commands: Any) -> None:
    accounts = commands.add_parser("accounts", help="list, invite, disable, enable, delete")
    actions = accounts.add_subparsers(metavar="ACTION", dest="action", required=True)
    listing = actions.add_parser("list", help="every account: id, e-mail, devices, age")
    listing.add_argument("--json", action="store_true", help="as JSON")
    invite = actions.add_parser("invite", help="print a code that lets one person sign up")
    invite.add_argument(
        "--days", type=int, default=7, choices=range(1, 91), metavar="1-90", help="how long it is good"
    )
    for name, words in (
        ("disable", "end its sessions and let it in no more; nothing is erased"),
        ("enable", "let it in again"),
        ("delete", "erase all of it, for good"),
    ):
        action = actions.add_parser(name, help=words, description=words)
        action.add_argument("account", help="its id or e-mail")
        if name == "delete":
            action.add_argument("--yes", action="store_true", help="do not ask")


def main(words: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run `devpulse-cloud WORDS`: 0 done, 1 failed with a message, 2 wrong usage."""
    arguments = build_parser().parse_args(words)
    options = (
        {name: getattr(arguments, name) for name in ("host", "port", "workers", "tls_cert", "tls_key")}
        if arguments.command in _LISTENING
        else {}
    )
    try:
        settings = from_environment(environ, **options)
    except SettingsRefused as refusal:
        sys.stderr.write("\n  ".join(["devpulse-cloud cannot start:", *refusal.reasons]) + "\n")
        return 1
    if arguments.command == "serve":
        return _serve(settings)
    from cloud import operating

    return operating.run(arguments, settings)


def _serve(settings: Settings) -> int:
    from cloud.serving import serve

    return serve(settings)

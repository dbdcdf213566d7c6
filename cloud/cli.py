"""`devpulse-cloud`: serve, check."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from cloud.settings import Settings, SettingsRefused, from_environment
from cloud.version import __version__

_DESCRIPTION = "DevPulse's cloud service. Accounts and sync are not part of it yet; it answers GET /health."
_EPILOG = "environment: DEVPULSE_CLOUD_HOST, DEVPULSE_CLOUD_PORT, DEVPULSE_CLOUD_LOG_LEVEL; options win."
_COMMANDS = {"serve": "answer requests until interrupted", "check": "look at the settings only"}


def build_parser() -> argparse.ArgumentParser:
    """The parser of `devpulse-cloud`."""
    parser = argparse.ArgumentParser(prog="devpulse-cloud", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"devpulse-cloud {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for name, words in _COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        command.add_argument("--host", help="where to listen (127.0.0.1)")
        command.add_argument("--port", help="on which port (8420); 0 takes any that is free")
    return parser


def main(words: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run `devpulse-cloud WORDS`: 0 done, 1 failed with a message, 2 wrong usage."""
    arguments = build_parser().parse_args(words)
    try:
        settings = from_environment(environ, host=arguments.host, port=arguments.port)
    except SettingsRefused as refusal:
        sys.stderr.write("\n  ".join(["devpulse-cloud cannot start:", *refusal.reasons]) + "\n")
        return 1
    if arguments.command == "check":
        sys.stdout.write(f"The settings are fine: host {settings.host}, port {settings.port}.\n")
        return 0
    return _serve(settings)


def _serve(settings: Settings) -> int:
    import uvicorn

    from cloud.asgi import create_app

    try:
        uvicorn.run(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            log_level=settings.log_level,
            server_header=False,
        )
    except KeyboardInterrupt:
        return 0
    except SystemExit:  # uvicorn's way out when it cannot listen; it has told why
        return 1
    return 0

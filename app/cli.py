"""The command line: the parser made of `app.commands`, and the way from words to a running command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

from app.commands.context import Context
from app.commands.outcome import quiet_exit, told
from app.commands.words import Parser, check_names
from app.errors import UsageError
from app.version import __version__

# In the order of `devpulse --help`. A module declares one command or one group of them.
COMMANDS = (
    "status", "pause", "private", "focus", "report", "search", "correct", "projects", "rules", "categories",
    "goals", "privacy", "settings", "export", "import_", "data", "account", "sync", "conflicts", "unlock",
    "doctor", "logs", "quit", "completion",
)  # fmt: skip

# Which word leads to which module: a module may hold a pair (pause and resume).
_NAMES = {name.rstrip("_") for name in COMMANDS}

_DESCRIPTION = """\
DevPulse records which application, project and branch you work in, on this machine only.

Without a command it opens its window, and starts recording if that is not running yet. Where there is
no display it shows what is recorded now."""

_EPILOG = """\
exit codes:
  0 done   1 failed, with a message   2 wrong usage   3 the agent is not running
  4 not signed in   5 refused to keep something private

`devpulse COMMAND --help` explains each command, with examples."""


def build_parser(only: str | None = None) -> Parser:
    """The whole parser; each command module adds its own. `only`: that command's alone, which is quicker."""
    parser = Parser(prog="devpulse", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"devpulse {__version__}")
    parser.add_argument("--page", metavar="NAME", help="open the window at a page, such as timeline")
    parser.add_argument("--tray", action="store_true", help="run the agent: record, and show the tray icon")
    subparsers = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", parser_class=Parser
    )
    for name in COMMANDS:
        if only is None or name.rstrip("_") == only:
            import_module(f"app.commands.{name}").register(subparsers)
    return parser


def main(words: Sequence[str], context: Context | None = None) -> int:
    """Run `devpulse WORDS`, and return the exit code; nothing is raised."""
    surroundings = context or Context.of_process()

    def run() -> int:
        code = _run(words, surroundings)
        surroundings.out.flush()
        return code

    code = told(run, err=surroundings.err, logs=surroundings.paths.logs, as_json="--json" in words)
    if context is None:
        quiet_exit(surroundings.out)
    return code


def _run(words: Sequence[str], context: Context) -> int:
    if not words:
        from app.commands.dashboard import run as open_dashboard

        return open_dashboard(context)
    parser = build_parser(words[0] if words[0] in _NAMES else None)
    try:
        arguments = _parsed(parser, words)
    except SystemExit as exit_:  # argparse leaves this way after --help and --version
        return exit_.code if isinstance(exit_.code, int) else 0
    if arguments.tray:
        raise UsageError("--tray stands alone.", advice="`devpulse --tray` runs the agent.")
    if arguments.page and arguments.command is None:
        from app.commands.dashboard import run as open_dashboard

        return open_dashboard(context, arguments.page)
    if arguments.command is None:
        parser.error("a command is missing")
    return arguments.run(arguments, context)


def _parsed(parser: Parser, words: Sequence[str]) -> argparse.Namespace:
    named = check_names(parser, words)
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        named.error(f"not known here: {unknown[0]}")
    return arguments

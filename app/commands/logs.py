"""`devpulse logs`: the log files, and how they end."""

from __future__ import annotations

import argparse
from collections import deque

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option

_SHOWN = 40


def register(subparsers: Subparsers) -> None:
    """Declare `logs`."""
    parser = command(
        subparsers,
        "logs",
        summary="Show where the log files are, or the last lines of them.",
        examples=(("logs", "which files there are"), ("logs --tail", f"the last {_SHOWN} lines")),
        data="Logs hold no titles, addresses or paths; they are removed after a while by themselves.",
        run=run,
    )
    parser.add_argument(
        "--tail", nargs="?", type=int, const=_SHOWN, metavar="LINES", help=f"show the last lines ({_SHOWN})"
    )
    json_option(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """List the files, or show the end of the newest."""
    from app.logs import files

    found = files(context.paths.logs)
    if arguments.tail is not None:
        lines: deque[str] = deque(maxlen=max(0, arguments.tail))
        for path in found[-2:]:
            with path.open(encoding="utf-8", errors="replace") as file:
                lines.extend(line.rstrip("\n") for line in file)
        if arguments.json:
            context.say_json(list(lines))
        else:
            context.say("\n".join(lines) if lines else "The log is empty.")
        return 0
    rows = [{"file": str(path), "bytes": path.stat().st_size} for path in found]
    if arguments.json:
        context.say_json(rows)
    else:
        context.say("\n".join(str(row["file"]) for row in rows) or f"No logs yet in {context.paths.logs}.")
    return 0

"""`devpulse doctor`: what works here, what does not, and what to do about it."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option


def register(subparsers: Subparsers) -> None:
    """Declare `doctor`."""
    parser = command(
        subparsers,
        "doctor",
        summary="Tell what works here, what does not, and what to do about it.",
        examples=(("doctor", "a quick look"), ("doctor --deep", "also reads the whole database once")),
        data="It only looks.",
        run=run,
    )
    parser.add_argument("--deep", action="store_true", help="check the whole database as well")
    json_option(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Show all checks; with and without an agent."""
    from app.commands.checks import all_checks

    checks = all_checks(context, deep=arguments.deep)
    if arguments.json:
        context.say_json({"checks": checks})
        return 0
    for line in lines_of(checks, context.width):
        context.say(line)
    return 0


_MARKS = {"ok": "✓", "limited": "!", "missing": "✗"}


def lines_of(checks: list[dict[str, Any]], width: int) -> list[str]:
    """The checks in words, the advice below each."""
    from textwrap import wrap

    from app.analytics.layout import plain

    indent = " " * 4
    lines: list[str] = []
    for check in checks:
        head = f"{_MARKS.get(check['state'], '?')} {check['name']}: {check['detail']}"
        lines += wrap(plain(head), width, subsequent_indent=indent)
        if check["advice"] and check["state"] != "ok":
            lines += wrap(plain(f"→ {check['advice']}"), width, initial_indent="  ", subsequent_indent=indent)
    good = sum(check["state"] == "ok" for check in checks)
    lines += ["", f"{good} of {len(checks)} checks are fine."]
    return lines

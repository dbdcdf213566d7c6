"""`devpulse completion`: what a shell needs to complete DevPulse's words."""

from __future__ import annotations

import argparse

from app.commands.context import Context
from app.commands.words import Subparsers, command

SHELLS = ("bash", "zsh", "fish")


def register(subparsers: Subparsers) -> None:
    """Declare `completion`."""
    parser = command(
        subparsers,
        "completion",
        summary="Print the completion script of a shell.",
        examples=(
            ("completion bash > ~/.local/share/bash-completion/completions/devpulse", "bash"),
            ("completion zsh > ~/.zfunc/_devpulse", "zsh, with ~/.zfunc in fpath"),
            ("completion fish > ~/.config/fish/completions/devpulse.fish", "fish"),
        ),
        data="It has nothing to do with your data.",
        run=run,
    )
    parser.add_argument("shell", choices=SHELLS)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print the script."""
    from app.cli import build_parser
    from app.commands.completion_scripts import places, script

    context.out.write(script(arguments.shell, places(build_parser())))
    return 0

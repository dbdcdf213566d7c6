"""How commands are declared to argparse: with a sentence, examples, and what happens to data."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, cast

from app.commands.context import Context
from app.errors import UsageError

Run = Callable[[argparse.Namespace, Context], int]
Subparsers = Any  # argparse._SubParsersAction has no public name


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are `UsageError`s."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise UsageError(
            f"{message[:1].upper()}{message[1:]}.",
            detail=self.format_usage().strip(),
            advice=f"`{self.prog} --help` explains.",
        )


def command(
    subparsers: Subparsers,
    name: str,
    *,
    summary: str,
    run: Run,
    data: str,
    examples: Sequence[tuple[str, str]] = (),
) -> argparse.ArgumentParser:
    """Declare one command.

    `summary`: one sentence. `data`: one sentence on what it does to recorded data. `examples`: pairs
    of a command line without the leading "devpulse" and what it does.
    """
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name, help=summary, description=summary, epilog=_epilog(data, examples)
    )
    parser.set_defaults(run=run)
    return parser


def group(subparsers: Subparsers, name: str, *, summary: str) -> Subparsers:
    """Declare a command that only holds others; returns where to declare them."""
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=summary, description=summary)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True, dest=f"{name}_command")


def json_option(parser: argparse.ArgumentParser) -> None:
    """Declare `--json`, under which errors are JSON as well."""
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def actions(parser: argparse.ArgumentParser) -> Sequence[argparse.Action]:
    """What a parser takes, in the order of its declaration."""
    # argparse has no public way to look into a parser.
    return parser._actions  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def subcommands(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """The commands a parser leads to, by name; empty for a command that stands alone."""
    for action in actions(parser):
        if isinstance(action.choices, dict):
            return cast("dict[str, argparse.ArgumentParser]", action.choices)
    return {}


def is_internal(parser: argparse.ArgumentParser) -> bool:
    """Whether only DevPulse itself runs this command: then it is not declared by `command`, nor listed."""
    return parser.epilog is None and not subcommands(parser)


def check_names(parser: argparse.ArgumentParser, words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command that `words` name; one that does not exist is refused, the nearest told."""
    rest = iter(words)
    for word in rest:
        known = subcommands(parser)
        if not known:
            break
        if word.startswith("-"):
            if _takes_value(parser, word):
                next(rest, None)
            continue
        if word not in known:
            raise _unknown(parser.prog, word, known)
        parser = known[word]
    return parser


def _takes_value(parser: argparse.ArgumentParser, option: str) -> bool:
    """Whether the word after an option belongs to it."""
    return any(option in action.option_strings and action.nargs != 0 for action in actions(parser))


def _unknown(program: str, word: str, known: Mapping[str, object]) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1, cutoff=0.5)
    meant = f"Did you mean `{program} {near[0]}`?" if near else f"There are: {', '.join(known)}."
    return UsageError(f"There is no command `{program} {word}`.", advice=meant)


def _epilog(data: str, examples: Sequence[tuple[str, str]]) -> str:
    parts = [f"your data:\n  {data}"]
    if examples:
        width = max(len(line) for line, _ in examples)
        shown = "\n".join(f"  devpulse {line:<{width}}  {what}".rstrip() for line, what in examples)
        parts.insert(0, f"examples:\n{shown}")
    return "\n\n".join(parts).replace("%", "%%")

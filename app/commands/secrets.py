"""Secrets of the person: typed at a prompt, or one JSON object on standard input; never an argument."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any, cast

from app.commands.context import Context
from app.errors import UsageError

if TYPE_CHECKING:
    from app.models.keys import DataKey

_LONGEST = 64 * 1024


def secrets_option(parser: argparse.ArgumentParser, fields: str) -> None:
    """Declare `--secrets-stdin`; `fields` tells what the JSON object holds."""
    parser.add_argument(
        "--secrets-stdin", action="store_true", help=f"read {fields} as JSON from standard input"
    )


def given_secrets(arguments: argparse.Namespace, context: Context) -> dict[str, str]:
    """The object on standard input; empty without `--secrets-stdin`. Raises `UsageError`.

    An object with nothing in it means that nobody is there to be asked: it is not empty, but has no field.
    """
    if not getattr(arguments, "secrets_stdin", False):
        return {}
    try:
        content: object = json.loads(context.input.read(_LONGEST))
    except (ValueError, RecursionError):
        content = None
    fields = cast("dict[str, Any]", content) if isinstance(content, dict) else None
    if fields is None or not all(isinstance(value, str) for value in fields.values()):
        # Not what was read: it may be the secret itself.
        raise UsageError("--secrets-stdin reads one JSON object of texts.")
    return fields or {"": ""}


def passphrase(given: dict[str, str], field: str, question: str) -> str:
    """A passphrase from what was given, or typed unseen at the terminal. Raises `UsageError`."""
    if field in given:
        return given[field]
    if given:
        raise UsageError(f"The JSON object has no {field!r}.")
    from getpass import GetPassWarning, getpass
    from warnings import catch_warnings, simplefilter

    try:
        with catch_warnings():
            # Without a terminal it would be shown while typed.
            simplefilter("error", GetPassWarning)
            return getpass(f"{question}: ")
    except (GetPassWarning, EOFError, OSError):
        raise UsageError(
            "There is no terminal to type the passphrase at.", advice="Use --secrets-stdin."
        ) from None


def data_key(arguments: argparse.Namespace, context: Context) -> DataKey:
    """The key to the titles; asks for the passphrase where one locks it. Raises `KeyUnavailable`."""
    from app.models.keyfile import Way
    from app.models.keys import key_state, load_key, unlock

    if key_state(context.paths).way is Way.PASSPHRASE:
        given = given_secrets(arguments, context)
        return unlock(context.paths, passphrase(given, "passphrase", "Passphrase"))
    return load_key(context.paths)

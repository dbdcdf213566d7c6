"""What every command about the account begins with: the keys, the line, and nobody else at it."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.commands.words import Subparsers, command
from app.errors import StorageBusy

if TYPE_CHECKING:
    from app.config import Settings
    from app.models.keys import DataKey
    from app.sync.account.session import Signed

_WAIT_S = 30.0


def home_key(context: Context, given: dict[str, str]) -> DataKey:
    """This home's data key, made where there is none yet; `key` is the agent's, `passphrase` the person's.

    Raises `KeyUnavailable`, `UsageError`.
    """
    import base64

    from app.commands.secrets import passphrase
    from app.models.keyfile import Way
    from app.models.keys import DataKey, ensure_key, key_state, load_key, unlock

    if "key" in given:
        return DataKey(base64.b64decode(given["key"]))
    context.paths.create()
    way = key_state(context.paths).way
    if way is None:
        return ensure_key(context.paths).key
    if way is not Way.PASSPHRASE:
        return load_key(context.paths)
    return unlock(context.paths, passphrase(given, "passphrase", "Passphrase"))


def settings_of(context: Context) -> Settings:
    """The settings in force."""
    from app.config import load

    return load(context.paths.settings)


def own_name() -> str:
    """What this machine is called in the list of machines, unless the person says."""
    return platform.node().partition(".")[0] or "This machine"


@contextmanager
def alone(context: Context, wait_s: float = _WAIT_S) -> Generator[None]:
    """Nobody else speaks to the service meanwhile. Raises `StorageBusy` after `wait_s` seconds."""
    from app.models.exclusive import exclusive

    held = False
    try:
        with exclusive(context.paths.sync_lock, wait_s):
            held = True
            yield
    except StorageBusy:
        if held:
            raise
        raise StorageBusy(
            "Another sync is under way.", detail="Nothing was changed.", advice="Try again when it has ended."
        ) from None


def signed_in(context: Context, given: dict[str, str]) -> Signed:
    """This machine's member at its service. Raises `NotSignedIn` first of all, then `KeyUnavailable`."""
    from app.sync.account.opening import not_signed_in, open_signed

    if not context.paths.account.exists():
        raise not_signed_in()
    key = home_key(context, given)
    return open_signed(context.paths, key, settings_of(context), context.environ, lambda: now_ms(context))


def now_ms(context: Context) -> int:
    """This machine's clock, ms since 1970."""
    return context.clock.now().wall_ms


def account_command(
    commands: Subparsers,
    name: str,
    run: object,
    *,
    summary: str,
    data: str,
    secrets: str = "",
    examples: tuple[tuple[str, str], ...] = (),
) -> argparse.ArgumentParser:
    """Declare one command with `--json` and, where it asks for `secrets`, `--secrets-stdin`."""
    from app.commands.secrets import secrets_option
    from app.commands.words import json_option

    parser = command(commands, name, summary=summary, run=run, data=data, examples=examples)  # type: ignore[arg-type]
    json_option(parser)
    secrets_option(parser, secrets or '{"passphrase"}')
    return parser

"""How commands come to the stored data."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.errors import DevPulseError

if TYPE_CHECKING:
    from app.models.cipher import Cipher
    from app.models.store import Store


def recorded(context: Context) -> bool:
    """Whether there is a database at all."""
    return context.paths.database.exists()


def require_data(context: Context) -> None:
    """Raises `DevPulseError` where nothing was ever recorded, and where that is gone."""
    from app.models.lost import problem

    if not recorded(context):
        gone = problem(context.paths)
        if gone is not None:
            raise gone
        raise DevPulseError("Nothing has been recorded here yet.", advice="`devpulse` starts recording.")


def prepare(context: Context) -> None:
    """Make the database where there is none, with the default categories and rules."""
    if not recorded(context):
        from app.models.migrate import migrate

        migrate(context.paths)
        warn_if_lost(context)


def warn_if_lost(context: Context) -> None:
    """Tell beside the result that there are backups of a database that is gone."""
    from app.models.lost import problem

    gone = problem(context.paths)
    if gone is not None:
        context.warn(gone.told())


def open_store(context: Context, cipher: Cipher | None = None) -> Store:
    """The database for writing; close it. Raises `StorageError` and its kinds."""
    from app.models.store import Store

    prepare(context)
    return Store.open(context.paths.database, cipher)


def cipher_of(arguments: argparse.Namespace, context: Context) -> Cipher:
    """The cipher of this home; a key is made where there is none yet. Raises `KeyUnavailable`."""
    from app.commands.secrets import data_key
    from app.models.keys import ensure_key, key_state

    context.paths.create()
    if key_state(context.paths).way is None:
        return ensure_key(context.paths).key.cipher()
    return data_key(arguments, context).cipher()

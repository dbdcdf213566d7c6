"""The commands of an operator, beside a service that runs or instead of one."""

from __future__ import annotations

import argparse
import asyncio
import sys

from cloud.backing import open_backing
from cloud.db import open_database
from cloud.db.migrate import SchemaUnfit, current, migrate, newest
from cloud.errors import Problem
from cloud.security.sealing import SealBroken, open_sealer
from cloud.security.signing import rotate
from cloud.settings import Settings


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run one command: 0 done, 1 failed with a message."""
    commands = {"check": _check, "migrate": _migrate, "keys": _rotate}
    try:
        return asyncio.run(commands[arguments.command](arguments, settings))
    except Problem as away:
        sys.stderr.write(f"{away.detail}\n")
    except SchemaUnfit as unfit:
        sys.stderr.write(f"{unfit}\n")
    except SealBroken:
        sys.stderr.write(
            "What the service has sealed does not open with the secret that is set now. Nothing was changed. "
            "Put the former secret after the new one, with a comma between, and try again.\n"
        )
    return 1


async def _check(_: argparse.Namespace, settings: Settings) -> int:
    sys.stdout.write(f"The settings are fine: host {settings.host}, port {settings.port}.\n")
    if not settings.postgresql and not settings.database_file.exists():
        sys.stdout.write(f"There is no database yet; `serve` makes {settings.database_file}.\n")
        return 0
    at = await current(settings)
    database = await open_database(settings)
    await database.close()
    kind = "PostgreSQL" if settings.postgresql else "SQLite"
    fits = "this version's schema" if at == newest() else "another schema: run devpulse-cloud migrate"
    sys.stdout.write(f"The database answers ({kind}, {fits}).\n")
    backing = await open_backing(settings)
    await backing.close()
    if settings.redis_url:
        sys.stdout.write("Redis answers.\n")
    return 0 if at == newest() else 1


async def _migrate(_: argparse.Namespace, settings: Settings) -> int:
    before, after = await migrate(settings)
    told = (
        f"The database is at {after} already.\n" if before == after else f"The database is now at {after}.\n"
    )
    sys.stdout.write(told)
    return 0


async def _rotate(_: argparse.Namespace, settings: Settings) -> int:
    import time

    database = await open_database(settings)
    try:
        kid, gone = await rotate(database, open_sealer(settings), time.time_ns() // 1_000_000)
    finally:
        await database.close()
    sys.stdout.write(
        f"Access tokens are signed with key {kid} within a minute, on every replica. "
        f"Tokens of the former key stay good until they expire. Keys that went for good: {gone}.\n"
    )
    return 0

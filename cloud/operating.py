"""The commands of an operator, beside a service that runs or instead of one."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cloud.accounts import operating as accounts
from cloud.backing import Backing, open_backing
from cloud.backup import BackupRefused, backup, restore
from cloud.clock import wall_clock
from cloud.db import Database, open_database
from cloud.db.migrate import SchemaUnfit, current, ensure, migrate, newest
from cloud.errors import Problem
from cloud.queue import Queue
from cloud.security.sealing import SealBroken, open_sealer
from cloud.security.signing import rotate
from cloud.settings import Settings


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run one command: 0 done, 1 failed with a message."""
    commands = {
        "check": _check,
        "migrate": _migrate,
        "backup": _backup,
        "restore": _restore,
        "accounts": _accounts,
        "keys": _rotate,
        "jobs": _jobs,
    }
    try:
        return asyncio.run(commands[arguments.command](arguments, settings))
    except Problem as away:
        sys.stderr.write(f"{away.detail}\n")
    except (SchemaUnfit, BackupRefused) as unfit:
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


async def _accounts(arguments: argparse.Namespace, settings: Settings) -> int:
    await ensure(settings)
    database = await open_database(settings)
    try:
        backing = await open_backing(settings)
        try:
            return await _on_accounts(arguments, settings, database, backing)
        finally:
            await backing.close()
    finally:
        await database.close()


async def _on_accounts(
    arguments: argparse.Namespace, settings: Settings, database: Database, backing: Backing
) -> int:
    action = arguments.action
    if action == "list":
        _tell_list(await accounts.listing(database), as_json=arguments.json)
        return 0
    if action == "invite":
        code = await accounts.invite(database, wall_clock(), arguments.days)
        sys.stdout.write(f"{code}\n")
        if settings.sign_up != "invited":
            sys.stderr.write(
                f"Note that sign-up is {settings.sign_up}: DEVPULSE_CLOUD_SIGN_UP=invited asks for it.\n"
            )
        return 0
    if action == "delete":
        if not arguments.yes and not _sure(arguments.account):
            sys.stderr.write("Nothing was deleted.\n")
            return 1
        done = await accounts.delete(database, backing, arguments.account, wall_clock())
    else:
        off = action == "disable"
        done = await accounts.switch(database, backing, arguments.account, wall_clock(), off=off)
    words = f"{action.removesuffix('e')}ed." if done else "There is no such account."
    (sys.stdout if done else sys.stderr).write(f"{words.capitalize()}\n")
    return 0 if done else 1


def _sure(account: str) -> bool:
    sys.stderr.write(f"This erases all that the service keeps of {account}, for good. Type delete to go on: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() == "delete"


def _tell_list(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
        return
    for one in found:
        state = "disabled" if one["disabled"] else f"{one['devices']} devices"
        sys.stdout.write(f"{one['account']}  {one['email'] or '-':32}  {state:10}  since {one['created']}\n")
    sys.stdout.write(f"{len(found)} accounts.\n")


async def _rotate(_: argparse.Namespace, settings: Settings) -> int:
    database = await open_database(settings)
    try:
        kid, gone = await rotate(database, open_sealer(settings), wall_clock())
    finally:
        await database.close()
    sys.stdout.write(
        f"Access tokens are signed with key {kid} within a minute, on every replica. "
        f"Tokens of the former key stay good until they expire. Keys that went for good: {gone}.\n"
    )
    return 0


async def _jobs(arguments: argparse.Namespace, settings: Settings) -> int:
    await ensure(settings)
    database = await open_database(settings)
    queue = Queue(database, wall_clock)
    try:
        if arguments.action == "retry":
            sys.stdout.write(f"{await queue.retry()} are tried once more, within a second.\n")
            return 0
        counts, failures = await queue.counts(), await queue.failures()
    finally:
        await database.close()
    for one in failures:
        since = "comes again" if one.since is None else f"laid aside {_day(one.since)}"
        sys.stdout.write(f"{one.job:16}  {one.error:24}  {since}\n")
    sys.stdout.write(f"{counts.waiting} wait, {counts.running} are being done, {counts.dead} failed.\n")
    return 0


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(sep=" ", timespec="minutes")


async def _backup(arguments: argparse.Namespace, settings: Settings) -> int:
    database = await open_database(settings)
    try:
        told = await backup(database, Path(arguments.file), wall_clock())
    finally:
        await database.close()
    sys.stdout.write(
        f"{arguments.file} holds {told.accounts} accounts, {told.rows} rows. Keep the service's secret, too: "
        "it is not in this file.\n"
    )
    return 0


async def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    await migrate(settings)
    database = await open_database(settings)
    try:
        told = await restore(database, Path(arguments.file))
    finally:
        await database.close()
    sys.stdout.write(
        f"{told.accounts} accounts are back, {told.rows} rows. Devices notice at their next call, and bring "
        "back what is newer than the copy.\n"
    )
    return 0

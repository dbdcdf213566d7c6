"""`devpulse data`: erase, back up, check, mend and restore what is recorded."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.commands.words import Subparsers, command, group, json_option
from app.errors import DatabaseCorrupt, DevPulseError, StorageBusy, UsageError

if TYPE_CHECKING:
    from app.models.backups import Backup


def register(subparsers: Subparsers) -> None:
    """Declare `data` and what it holds."""
    from app.commands.erase import register_erase
    from app.commands.key import register_key

    commands = group(subparsers, "data", summary="Erase, back up, check and restore your data.")
    register_erase(commands)
    parser = command(
        commands, "backup", summary="Make a backup of the database, and remove the oldest ones.", run=backup,
        data="The backup is as well sealed as the database; it needs the same key.",
        examples=(("data backup", "one more backup"), ("data backup --list", "which there are")),
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="only list the backups")
    json_option(parser)
    parser = command(
        commands, "tidy", summary="Erase what should not be kept longer; the agent does so daily.", run=tidy,
        data="What is older than storage.keep_days and storage.keep_titles_days goes for good, 0 keeps it.",
        examples=(("data tidy", "now, not tonight"),),
    )  # fmt: skip
    # The agent's daily work in one process: first what should not be kept goes, then the backup lacks it.
    parser.add_argument("--and-back-up", action="store_true", help=argparse.SUPPRESS)
    json_option(parser)
    parser = command(
        commands, "check", summary="Check the database for damage.", run=check, data="It only reads.",
        examples=(("data check", "reads everything once"),),
    )  # fmt: skip
    json_option(parser)
    parser = command(
        commands, "restore", summary="Put a backup in the place of the database.", run=restore,
        data="The database as it is now is kept beside it; what the backup lacks is not shown any more.",
        examples=(
            ("data restore", "the newest, or the one kept of a lost database"),
            ("data restore devpulse-20260301-120000.db", "as `data backup --list` names it"),
            ("data restore --none", "a database was lost: go on without it"),
        ),
    )  # fmt: skip
    parser.add_argument("file", metavar="FILE", nargs="?", help="a backup, by its name or path")
    parser.add_argument("--none", action="store_true", help="restore nothing, and do not tell of it again")
    _yes(parser)
    parser = command(
        commands, "recover", summary="Save what can be read of a damaged database.", run=recover,
        data="The damaged file is kept; a backup fills the gaps where it can.",
    )  # fmt: skip
    json_option(parser)
    parser = command(
        commands, "migrate", summary="Bring the database up to date with this DevPulse.", run=migrate,
        data="A backup is made first; it is all or nothing. Starting DevPulse does this by itself.",
    )  # fmt: skip
    json_option(parser)
    register_key(commands)


def _yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def backup(arguments: argparse.Namespace, context: Context) -> int:
    """Make a backup, or list them."""
    from app.commands.storage import require_data
    from app.models.backups import backups

    if arguments.list:
        rows = [{"file": str(b.path), "made": b.made, "bytes": b.size} for b in backups(context.paths)]
        if arguments.json:
            context.say_json(rows)
        else:
            context.say("\n".join(str(row["file"]) for row in rows) or "There are no backups yet.")
        return 0
    require_data(context)
    made = _back_up(context)
    if arguments.json:
        context.say_json({"file": str(made.path), "made": made.made, "bytes": made.size})
    else:
        context.say(f"Backed up to {made.path}.")
    return 0


def _back_up(context: Context) -> Backup:
    from app.config import load
    from app.models.backups import back_up

    return back_up(context.paths, keep=load(context.paths.settings).number("storage.backups_kept"))


def tidy(arguments: argparse.Namespace, context: Context) -> int:
    """Do the day's retention now."""
    from app.changes.retention import tidy as keep_order
    from app.commands.link import reload
    from app.commands.storage import open_store, require_data
    from app.config import load

    require_data(context)
    with open_store(context) as store:
        done = keep_order(store, load(context.paths.settings), context.local_now().astimezone())
    if done.erased:
        reload(context)
    if arguments.and_back_up:
        _back_up(context)
    if arguments.json:
        context.say_json(
            {"erased": done.erased, "titles_dropped": done.titles_dropped, "texts_dropped": done.swept}
        )
    else:
        context.say(
            f"{done.erased:,} activities erased, titles of {done.titles_dropped:,} dropped, "
            f"{done.swept:,} texts and names that nothing used any more."
        )
    return 0


def check(arguments: argparse.Namespace, context: Context) -> int:
    """Check the file's structure, its references and its sums; exit code 1 when something is wrong."""
    from app.commands.storage import require_data

    require_data(context)
    found = problems_of(context)
    if arguments.json:
        context.say_json({"sound": not found, "problems": found})
    elif found:
        context.say("The database has problems:")
        context.say("\n".join(f"  {problem}" for problem in found))
        context.say("`devpulse data recover` mends what can be mended.")
    else:
        context.say("The database is sound.")
    return 1 if found else 0


def problems_of(context: Context) -> list[str]:
    """What is wrong with the database, in words; reads all of it. Raises `StorageError`."""
    from app.models.database import connect, quick_check, reading, require_schema
    from app.models.rebuild import agree

    try:
        with reading(context.paths.database) as connection:
            require_schema(connection)
            found = quick_check(connection)
            found += [
                f"A row of {row[0]} refers to one of {row[2]} that is not there."
                for row in connection.execute("PRAGMA foreign_key_check").fetchmany(20)
            ]
        if not found:
            writer = connect(context.paths.database)
            try:
                if not agree(writer):
                    found.append("The daily and hourly sums do not equal the recorded activity.")
            finally:
                writer.close()
    except DatabaseCorrupt as error:
        return [error.title]
    return found


def restore(arguments: argparse.Namespace, context: Context) -> int:
    """Put a backup in the database's place."""
    from app.models import displaced
    from app.models.backups import restore as put_back
    from app.models.exclusive import exclusive
    from app.models.lost import decided

    if arguments.none:
        return _restore_none(arguments, context)
    path = _chosen(arguments.file, context)
    try:
        with exclusive(context.paths.lock, wait_s=0.0):
            if not arguments.yes and not context.confirmed(f"Put {path.name} in the place of your data?"):
                context.say("Nothing was changed.")
                return 1
            aside = put_back(context.paths, path)
            context.paths.pulse.unlink(missing_ok=True)
            decided(context.paths)
            displaced.decided(context.paths)
    except StorageBusy as error:
        raise _agent_runs() from error
    context.say(f"Restored. Your data as it was is kept as {aside.name}." if aside else "Restored.")
    return 0


def _chosen(named: str | None, context: Context) -> Path:
    """The backup that is meant; without a name the newest of a lost database, else the newest."""
    from app.models.backups import backups
    from app.models.lost import kept

    if named is None:
        newest = next((backup.path for backup in backups(context.paths)), None)
        path = kept(context.paths) or newest
        if path is None:
            raise UsageError("There are no backups here.", advice="`devpulse data backup` makes one.")
        return path
    path = Path(named)
    if not path.is_file() and path.name == named:
        path = context.paths.backups / named
    if not path.is_file():
        raise UsageError(
            f"There is no backup {named!r}.", advice="`devpulse data backup --list` shows them all."
        )
    return path


def _restore_none(arguments: argparse.Namespace, context: Context) -> int:
    from app.commands.link import reload
    from app.commands.storage import recorded
    from app.models import displaced
    from app.models.lost import decided, problem
    from app.models.migrate import migrate

    if arguments.file is not None:
        raise UsageError("--none stands alone.", advice="Either FILE or --none.")
    if problem(context.paths) is None and displaced.replaced(context.paths) is None:
        context.say("No database was lost; nothing was changed.")
        return 0
    if not recorded(context):
        migrate(context.paths)
    decided(context.paths)
    displaced.decided(context.paths)
    reload(context)
    context.say("The new database is kept. Backups of the lost one stay until newer ones take their place.")
    return 0


def recover(arguments: argparse.Namespace, context: Context) -> int:
    """Recover a damaged database."""
    from app.commands.link import ask
    from app.commands.storage import require_data
    from app.errors import AgentNotRunning
    from app.models.recovery import is_sound
    from app.models.recovery import recover as save

    try:
        ask(context, "status")
    except AgentNotRunning:
        pass
    else:
        raise _agent_runs()
    require_data(context)
    if is_sound(context.paths):
        told = "The database is sound; nothing was changed."
    else:
        told = save(context.paths).told
    if arguments.json:
        context.say_json({"told": told})
    else:
        context.say(told)
    return 0


def migrate(arguments: argparse.Namespace, context: Context) -> int:
    """Create or update the database."""
    from app.config import load
    from app.models.migrate import migrate as bring_up

    kept = load(context.paths.settings).number("storage.backups_kept")
    done = bring_up(context.paths, backups_kept=kept)
    if arguments.json:
        made = None if done.backup is None else str(done.backup)
        context.say_json({"before": done.before, "after": done.after, "backup": made})
    elif done.before == done.after:
        context.say("The database is up to date.")
    elif done.before == 0:
        context.say("The database was made.")
    else:
        context.say(f"The database was brought up to date; a backup was made first: {done.backup}.")
    return 0


def _agent_runs() -> DevPulseError:
    return DevPulseError(
        "The agent is running and holds the database.",
        detail="Nothing was changed.",
        advice="End it with `devpulse quit`, then try again.",
    )

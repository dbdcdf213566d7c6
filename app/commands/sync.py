"""`devpulse sync`: bring this machine and the account together, once or as things happen."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option
from app.errors import UsageError

if TYPE_CHECKING:
    from app.sync.outcome import Progress, Tally


def register(subparsers: Subparsers) -> None:
    """Declare `sync`."""
    from app.commands.secrets import secrets_option

    parser = command(
        subparsers,
        "sync",
        summary="Bring this machine and your account together.",
        examples=(
            ("sync", "now"),
            ("sync --status", "how the last one went, and what waits"),
            ("sync --follow", "go on, as soon as something changes here or elsewhere"),
        ),
        data="What is new here goes out, sealed; what is new on your other machines comes in.",
        run=run,
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--status", action="store_true", help="how the last sync went; asks nobody")
    which.add_argument("--follow", action="store_true", help="go on until Ctrl-C")
    which.add_argument("--read-alarms", action="store_true", help="what was alarmed about is read")
    which.add_argument("--live", action="store_true", help=argparse.SUPPRESS)
    which.add_argument("--automatic", action="store_true", help=argparse.SUPPRESS)
    json_option(parser)
    secrets_option(parser, '{"passphrase"}')


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Sync once, or what else was asked for."""
    from app.commands.secrets import given_secrets

    if arguments.live:
        from app.commands.sync_live import live

        return live(context)
    given = given_secrets(arguments, context)
    if arguments.status:
        from app.commands.sync_status import show

        return show(arguments, context, given)
    if arguments.read_alarms:
        return _read_alarms(arguments, context, given)
    if arguments.follow:
        from app.commands.sync_follow import follow

        return follow(arguments, context, given)
    if arguments.automatic and not _wanted(context):
        return 0
    tally = sync_now(context, given, wait_s=0.0 if arguments.automatic else 30.0, show=not arguments.json)
    if arguments.json:
        context.say_json(asdict(tally))
    else:
        context.say(words(tally))
    return 0


def sync_now(context: Context, given: dict[str, str], *, wait_s: float, show: bool) -> Tally:
    """One sync. Raises what the engine does, and `UsageError` where the person does not want any."""
    from app.commands.membership import alone, home_key, settings_of, signed_in
    from app.commands.sync_status import status_of, tell_agent
    from app.commands.syncing import run_once

    with alone(context, wait_s):
        signed = signed_in(context, given)
        if settings_of(context).text("sync.when") == "never":
            raise UsageError(
                "You have chosen never to sync.", advice="`devpulse settings set sync.when asked` allows it."
            )
        tell = _line(context) if show and context.isatty else _silent
        try:
            return run_once(context, home_key(context, given), signed, tell)
        finally:
            tell_agent(context, status_of(context, given, signed))


def _silent(_: Progress) -> None:
    return


def _line(context: Context) -> Any:
    def tell(progress: Progress) -> None:
        of = f" of {progress.total}" if progress.total else ""
        context.err.write(f"\r{progress.phase}: {progress.done}{of}   ")
        context.err.flush()

    return tell


def _wanted(context: Context) -> bool:
    """Whether the agent's own sync may go now: wanted, affordable, and not told to wait."""
    import time

    from app.sync.outcome import read_standing

    if not context.paths.account.exists() or not by_itself(context):
        return False
    return read_standing(context.paths.sync_state).breaker.allows(time.time())


def by_itself(context: Context) -> bool:
    """Whether a sync that nobody has asked for is wanted, and affordable."""
    from app.commands.membership import settings_of
    from app.sync.link.metered import is_metered

    settings = settings_of(context)
    if settings.text("sync.when") != "automatic":
        return False
    return settings.switch("sync.on_metered") or not is_metered(context.environ)


def _read_alarms(arguments: argparse.Namespace, context: Context, given: dict[str, str]) -> int:
    from app.commands.membership import home_key, now_ms
    from app.commands.storage import open_store
    from app.sync.alarms import read_alarms

    with open_store(context, home_key(context, given).cipher()) as store:
        count = read_alarms(store, now_ms(context))
    tell_what_waits(context, given)
    if arguments.json:
        context.say_json({"read": count})
    else:
        context.say(f"{count} read.")
    return 0


def tell_what_waits(context: Context, given: dict[str, str]) -> None:
    """Let the tray know what waits for the person, where somebody is signed in."""
    from app.commands.membership import signed_in
    from app.commands.sync_status import status_of, tell_agent

    if context.paths.account.exists():
        tell_agent(context, status_of(context, given, signed_in(context, given)))


def words(tally: Tally) -> str:
    """What a sync has come to, in a line or two."""
    parts = [f"{tally.pushed} out, {tally.pulled} in"]
    if tally.records or tally.spans:
        parts.append(f"{tally.records} things and {tally.spans} activities changed here")
    told = ["In step: " + "; ".join(parts) + "."]
    if tally.asks:
        told.append(f"{tally.asks} conflicts want your choice: `devpulse conflicts list`.")
    if tally.newer:
        told.append(
            f"{tally.newer} things are of a newer DevPulse, and are left out until this one is updated."
        )
    for device, ahead in tally.ahead.items():
        told.append(f"The clock of machine {device[:8]} is {ahead / 3_600_000:.0f} h ahead of this one's.")
    return "\n".join(told)

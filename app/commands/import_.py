"""`devpulse import`: take in what `devpulse export` wrote, here or on another machine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option
from app.errors import DevPulseError

if TYPE_CHECKING:
    from app.analytics.exchange.intake import Taken


def register(subparsers: Subparsers) -> None:
    """Declare `import`."""
    from app.commands.secrets import secrets_option

    parser = command(
        subparsers,
        "import",
        summary="Take in an export of DevPulse, of this or another machine.",
        examples=(
            ("import everything.json --dry-run", "only tell what would come of it"),
            ("import everything.json", "take it in"),
        ),
        data="All or nothing is taken in; what is here already is recognised, so twice does no harm.",
        run=run,
    )
    parser.add_argument("file", metavar="FILE", help="a file that `devpulse export` wrote")
    parser.add_argument("--dry-run", action="store_true", help="change nothing, only tell")
    json_option(parser)
    secrets_option(parser, '{"passphrase"}')


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Import the file, or tell what would come of it."""
    from app.analytics.exchange.intake import Intake
    from app.commands.fresh import refresh
    from app.commands.link import reload
    from app.commands.storage import cipher_of, open_store
    from app.config import load, save

    path = Path(arguments.file)
    try:
        file = path.open("rb")
    except OSError as error:
        raise DevPulseError(f"{path} cannot be read.", detail=f"{error.strerror}.") from error
    refresh(context)
    settings = load(context.paths.settings)
    cipher = cipher_of(arguments, context)
    with file, open_store(context, cipher) as store:
        taken = Intake(store, settings).take(
            file, dry_run=arguments.dry_run, progress=lambda lines: _progress(context, lines)
        )
    if not arguments.dry_run:
        if taken.settings_taken:
            save(context.paths.settings, taken.settings)
        reload(context)
    _tell(taken, context, dry_run=arguments.dry_run, as_json=arguments.json)
    return 0


def _progress(context: Context, lines: int) -> None:
    if context.isatty and lines % 10_000 == 0:
        context.err.write(f"\r{lines:,} lines")
        context.err.flush()


def _tell(taken: Taken, context: Context, *, dry_run: bool, as_json: bool) -> None:
    counts: dict[str, Any] = {
        "spans": taken.spans.new,
        "spans_known": taken.spans.known,
        "spans_corrected": taken.spans.corrected,
        "spans_overlapping": taken.spans.overlapping,
        "devices": taken.devices,
        "projects": taken.projects,
        "categories": taken.categories,
        "rules": taken.rules,
        "goals": taken.goals,
        "focus_sessions": taken.focus_sessions,
        "settings": taken.settings_taken,
    }
    if as_json:
        context.say_json({"dry_run": dry_run, **counts})
        return
    context.say("This would come in:" if dry_run else "Imported:")
    for name, count in counts.items():
        if count or name == "spans":
            context.say(f"  {count:>9,} {_WORDS[name]}")


_WORDS = {
    "spans": "new spans",
    "spans_known": "spans that were here already",
    "spans_corrected": "spans that the file knew better",
    "spans_overlapping": "spans left out, because their time is recorded here otherwise",
    "devices": "other machines",
    "projects": "new projects",
    "categories": "new categories",
    "rules": "new rules",
    "goals": "new goals",
    "focus_sessions": "focus sessions",
    "settings": "settings that were not set here",
}

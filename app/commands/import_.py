"""`devpulse import`: take in what DevPulse exported, or what another tracker recorded."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.commands.words import Subparsers, command, json_option
from app.errors import UsageError

if TYPE_CHECKING:
    from app.importing.importer import Importer
    from app.importing.outcome import Progress
    from app.models.imports import Imports
    from app.models.store import Store


def register(subparsers: Subparsers) -> None:
    """Declare `import`."""
    from app.commands.secrets import secrets_option

    parser = command(
        subparsers,
        "import",
        summary="Take in an export of DevPulse, ActivityWatch or WakaTime.",
        examples=(
            ("import aw-buckets-export.json --dry-run", "only tell what would come of it"),
            ("import everything.json", "take it in"),
            ("import wakatime-heartbeats.json --timeout 5m", "when your time-out there was 5 minutes"),
            ("import --list", "what was imported"),
            ("import --undo", "take the last import back; --undo 3 that one"),
        ),
        data="All or nothing comes in, past your privacy rules, around what is here; twice does no harm.",
        run=run,
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="told apart by its content, not its name")
    parser.add_argument("--dry-run", action="store_true", help="change nothing, only tell")
    parser.add_argument(
        "--timeout",
        metavar="TIME",
        help="the longest pause within work, for WakaTime's heartbeats (default: 15m)",
    )
    parser.add_argument(
        "--this-machine", action="store_true", help="whatever machine the file names, it was this one"
    )
    parser.add_argument("--list", action="store_true", help="tell what was imported")
    parser.add_argument(
        "--undo",
        metavar="ID",
        nargs="?",
        const=0,
        type=int,
        help="take an import back: the last, or that one",
    )
    json_option(parser)
    secrets_option(parser, '{"passphrase"}')


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Import the file, or tell what would come of it; or list imports, or undo one."""
    from app.commands.storage import cipher_of, open_store

    _check(arguments)
    with open_store(context, cipher_of(arguments, context)) as store:
        if arguments.list:
            return _list(store, arguments, context)
        if arguments.undo is not None:
            return _undo(store, arguments, context)
        return _import(store, arguments, context)


def _check(arguments: argparse.Namespace) -> None:
    asked = sum((arguments.file is not None, arguments.list, arguments.undo is not None))
    if asked != 1:
        raise UsageError(
            "Name a file, or say --list or --undo.", advice="`devpulse import --help` shows how."
        )


def _import(store: Store, arguments: argparse.Namespace, context: Context) -> int:
    from app.analytics.exchange.wakatime import TIMEOUT_MS
    from app.commands.fresh import refresh
    from app.commands.import_text import lines, shape
    from app.commands.lengths import seconds_of
    from app.commands.link import reload
    from app.config import save

    file = Path(arguments.file)
    if file.exists() and not file.is_file():
        raise UsageError(f"{file} is no file that can be imported.", advice="Name an export's file.")
    timeout_ms = TIMEOUT_MS if arguments.timeout is None else seconds_of(arguments.timeout) * 1000
    refresh(context)
    shown = _Shown(context)
    try:
        outcome = _importer(store, context, shown, this_machine=arguments.this_machine).run(
            file, dry_run=arguments.dry_run, timeout_ms=timeout_ms
        )
    finally:
        shown.clear()
    if not arguments.dry_run:
        if outcome.taken is not None and outcome.taken.settings_taken:
            save(context.paths.settings, outcome.taken.settings)
        reload(context)
    if arguments.json:
        context.say_json({"dry_run": arguments.dry_run, **shape(outcome)})
    else:
        for line in lines(outcome, dry_run=arguments.dry_run):
            context.say(line)
    return 0


def _importer(store: Store, context: Context, tick: _Shown, *, this_machine: bool) -> Importer:
    import platform

    from app.config import load
    from app.importing.importer import Importer, Surroundings
    from app.paths import resources

    around = Surroundings(
        here=None if this_machine else platform.node(),
        now_ms=context.clock.now().wall_ms,
        home=str(Path.home()),
        resources=resources(),
    )
    return Importer(store, load(context.paths.settings), around, tick)


class _Shown:
    """Progress on a terminal, on one line that is taken away at the end."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._last = ""

    def __call__(self, progress: Progress) -> None:
        from app.commands.import_text import STEPS

        if not self._context.isatty:
            return
        far = f" {progress.done / progress.total:4.0%}" if progress.total else f" {progress.done:,}"
        text = f"{STEPS[progress.step]}{far}"
        if text != self._last:
            self._context.err.write(f"\r{text:<40}")
            self._context.err.flush()
            self._last = text

    def clear(self) -> None:
        if self._last:
            self._context.err.write(f"\r{'':40}\r")


def _list(store: Store, arguments: argparse.Namespace, context: Context) -> int:
    from app.analytics.layout import table
    from app.commands.import_text import moment
    from app.models.imports import Imports

    found = Imports(store).all()
    if arguments.json:
        context.say_json(
            [
                {"id": i.id, "source": i.source, "at": moment(i.started_ms), "spans": i.spans, "file": i.name}
                for i in found
            ]
        )
    elif found:
        rows = [
            [str(i.id), i.source, moment(i.started_ms)[:16].replace("T", " "), f"{i.spans:,}", i.name or ""]
            for i in found
        ]
        context.say(table(rows, width=context.width, header=("id", "from", "at", "spans", "file")))
    else:
        context.say("Nothing was imported.")
    return 0


def _undo(store: Store, arguments: argparse.Namespace, context: Context) -> int:
    from app.commands.link import reload
    from app.models.imports import Imports

    imports = Imports(store)
    identity = arguments.undo or _latest(imports)
    gone = imports.undo(identity)
    reload(context)
    if arguments.json:
        context.say_json({"undone": identity, "spans": gone})
    else:
        context.say(f"Import {identity} is undone: {gone:,} spans were taken back.")
    return 0


def _latest(imports: Imports) -> int:
    found = imports.all()
    if not found:
        raise UsageError("Nothing was imported, so there is nothing to undo.")
    return found[0].id

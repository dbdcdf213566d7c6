"""`devpulse export`: everything recorded, in a file of the person's own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.context import Context
from app.commands.words import Subparsers, command
from app.errors import UsageError

if TYPE_CHECKING:
    import sqlite3

    from app.models.cipher import Cipher


def register(subparsers: Subparsers) -> None:
    """Declare `export`."""
    from app.commands.secrets import secrets_option

    parser = command(
        subparsers,
        "export",
        summary="Write everything recorded to a file.",
        examples=(
            ("export everything.json", "all of it; `import` reads it again"),
            ("export spans.csv --format csv", "spans, for a spreadsheet"),
            ("export march.csv --format csv --from 2026-03-01 --to 2026-03-31", "of these days"),
            ("export -", "to standard output"),
        ),
        data="It only reads. The file shows your titles to whoever has it; only you can read it.",
        run=run,
    )
    parser.add_argument("file", metavar="FILE", help="where to; - is standard output")
    parser.add_argument("--format", choices=("json", "csv"), default="json", help="default: json")
    parser.add_argument(
        "--from", dest="start", metavar="D", help="csv: spans from this date, time or period on"
    )
    parser.add_argument(
        "--to", dest="end", metavar="D", help="csv: up to the end of this date, or to this time"
    )
    parser.add_argument("--force", action="store_true", help="replace a file that is not an export of ours")
    secrets_option(parser, '{"passphrase"}')


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the export."""
    from app.commands.files import write_private
    from app.commands.fresh import refresh
    from app.commands.storage import recorded
    from app.models.database import reading, require_schema

    if arguments.format != "csv" and (arguments.start or arguments.end):
        raise UsageError("Only a table has a period.", advice="Add --format csv, or export everything.")
    path = Path(arguments.file)
    if arguments.file != "-" and not arguments.force:
        _refuse_to_replace(path, arguments.format)
    refresh(context)
    if not recorded(context):
        from app.commands.storage import require_data

        require_data(context)
    cipher = _cipher(arguments, context)
    with reading(context.paths.database) as connection:
        require_schema(connection)
        lines = _lines(arguments, connection, cipher, context)
        if arguments.file == "-":
            context.out.writelines(lines)
        else:
            write_private(path, lines)
    if arguments.file != "-":
        context.warn(f"Written to {path}, for you alone to read.")
    return 0


def _refuse_to_replace(path: Path, kind: str) -> None:
    """An older export may be replaced; anything else only when the person says so."""
    from app.analytics.exchange.intake_file import is_export
    from app.analytics.exchange.span_table import is_table

    if path.is_dir():
        raise UsageError(f"{path} is a folder.", advice="Name a file in it.")
    if not path.is_file() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        if not (is_table(file) if kind == "csv" else is_export(file)):
            raise UsageError(
                f"{path} exists already and is not an export.", advice="Choose another name, or add --force."
            )


def _cipher(arguments: argparse.Namespace, context: Context) -> Cipher | None:
    from app.commands.secrets import data_key
    from app.models.keys import key_state

    if key_state(context.paths).way is None:
        return None  # nothing was ever sealed; where something was, the export itself refuses
    return data_key(arguments, context).cipher()


def _lines(
    arguments: argparse.Namespace, connection: sqlite3.Connection, cipher: Cipher | None, context: Context
) -> Iterator[str]:
    if arguments.format == "csv":
        from app.analytics.exchange.span_table import csv_lines
        from app.commands.periods import utc_bounds

        return csv_lines(connection, cipher, *utc_bounds(arguments.start, arguments.end, context))
    from app.analytics.exchange.export import Export
    from app.config import load

    return Export(connection, cipher, load(context.paths.settings).given).lines()

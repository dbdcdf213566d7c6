"""A new database, made at once: what all steps of the schema say stands in `migrations/whole.sql`.

Loading Alembic and running them would take a first start half a second of processor time.
`python -m tests.app.models.whole_schema` writes that file anew when there is another step.
"""

from __future__ import annotations

from pathlib import Path

from app.models.database import SCHEMA_VERSION, connect, translated

WHOLE = Path(__file__).parent / "migrations" / "whole.sql"


def begin(database: Path) -> None:
    """Make the database, in one transaction: a kill in the middle leaves an empty file.

    Raises `StorageError`.
    """
    steps = f"{WHOLE.read_text('utf-8')} PRAGMA user_version = {SCHEMA_VERSION};"
    connection = connect(database, create=True)
    try:
        with translated():
            connection.executescript(f"BEGIN IMMEDIATE; {steps} COMMIT;")
    finally:
        connection.close()

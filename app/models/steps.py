"""The schema's steps from one version to the next, run by Alembic; loaded only where there are any to run."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.models.database import BROKEN, SCHEMA_VERSION, connect, tell
from app.models.engine import write_engine


def upgrade(database: Path, to: int | None = None) -> None:
    """Run all steps that are missing, in one transaction: a kill in the middle leaves the old schema.

    `to`: an older schema to stop at, for reading what was written under it.
    """
    connect(database, create=True).close()
    engine = write_engine(database)
    try:
        with engine.begin() as connection:
            if to is None:
                _run(connection)
            else:
                _run(connection, f"{to:04}")
            connection.exec_driver_sql(f"PRAGMA user_version = {to or SCHEMA_VERSION}")
    except DBAPIError as error:
        told = tell(error.orig) if isinstance(error.orig, BROKEN) else None
        raise told or error from error
    finally:
        engine.dispose()


def _run(connection: Connection, revision: str = "head") -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)

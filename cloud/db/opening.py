"""Which database a URL means."""

from __future__ import annotations

from cloud.db.database import Database
from cloud.settings import Settings


async def open_database(settings: Settings) -> Database:
    """The database of these settings, connected. Raises DatabaseAway."""
    if settings.postgresql:
        from cloud.db.postgres import PostgreSQL

        return await PostgreSQL.connect(settings.database_url, settings.database_pool)
    from cloud.db.sqlite import SQLite

    return await SQLite.connect(settings.database_file)

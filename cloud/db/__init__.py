"""The database: one small interface over SQLite and PostgreSQL, and its one history of migrations."""

from cloud.db.database import AlreadyThere, Connection, Database, DatabaseAway, Row
from cloud.db.opening import open_database

__all__ = ["AlreadyThere", "Connection", "Database", "DatabaseAway", "Row", "open_database"]

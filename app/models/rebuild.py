"""The rollups made anew from the raw spans: after a recovery or a bulk load, and to check that they agree."""

from __future__ import annotations

import sqlite3

from app.models.day_marks import begin_marks, mark_days
from app.models.rollups import Tally
from app.models.spans_table import rows

# Nearly all spans lie within one hour: those are summed by SQL. The others, and times before 1970,
# where SQL's division rounds the other way, are cut by Python.
_LOCAL = "(start_ms + utc_offset_s * 1000)"
_PLAIN = f"""
    {_LOCAL} >= 0
    AND {_LOCAL} / 3600000 = (max(end_ms - 1, start_ms) + utc_offset_s * 1000) / 3600000
    AND (end_ms > start_ms OR switched = 1)
"""
_SUMS = """
    sum(iif(state = 0, end_ms - start_ms, 0)), sum(iif(state = 1, end_ms - start_ms, 0)), sum(switched)
"""
_DAILY = f"""
    INSERT INTO rollup_daily
    SELECT {_LOCAL} / 86400000, device_id, iif(state = 0, ifnull(project_id, 0), 0),
        iif(state = 0, ifnull(category_id, 0), 0), iif(state = 0, ifnull(application_id, 0), 0), {_SUMS}
    FROM activity_logs WHERE {_PLAIN} GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608  our own names only
_HOURLY = f"""
    INSERT INTO rollup_hourly
    SELECT {_LOCAL} / 3600000, device_id, iif(state = 0, ifnull(category_id, 0), 0), {_SUMS}
    FROM activity_logs WHERE {_PLAIN} GROUP BY 1, 2, 3
"""  # noqa: S608  our own names only


_CUT = f"NOT ({_PLAIN}) AND (end_ms > start_ms OR switched = 1)"


# The sums of some spans by hour and all keys, in memory; both tables are then made of these few rows.
_COUNTED = """
    CREATE TEMP TABLE IF NOT EXISTS counted
        (hour, device_id, project_id, category_id, application_id, active_ms, idle_ms, switches)
"""
_COUNT = f"""
    INSERT INTO counted
    SELECT {_LOCAL} / 3600000, device_id, iif(state = 0, ifnull(project_id, 0), 0),
        iif(state = 0, ifnull(category_id, 0), 0), iif(state = 0, ifnull(application_id, 0), 0), {_SUMS}
    FROM activity_logs WHERE {_PLAIN} AND id IN ({{0}}) GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608  our own names only
_ADD = """
    ON CONFLICT DO UPDATE SET active_ms = active_ms + excluded.active_ms,
        idle_ms = idle_ms + excluded.idle_ms, switches = switches + excluded.switches
"""
_SIGNED = "?1 * sum(active_ms), ?1 * sum(idle_ms), ?1 * sum(switches) FROM counted WHERE 1"
_ADD_DAILY = f"""
    INSERT INTO rollup_daily
    SELECT hour / 24, device_id, project_id, category_id, application_id, {_SIGNED}
    GROUP BY 1, 2, 3, 4, 5 {_ADD}
"""
_ADD_HOURLY = f"""
    INSERT INTO rollup_hourly SELECT hour, device_id, category_id, {_SIGNED} GROUP BY 1, 2, 3 {_ADD}
"""
_NOTHING_LEFT = "active_ms = 0 AND idle_ms = 0 AND switches = 0"


def count_many(connection: sqlite3.Connection, ids: str, sign: int) -> None:
    """Count (sign 1) or discount (-1) the spans whose ids the query `ids` gives, as they are now.

    Some seconds for a million. Belongs inside a transaction of the caller.
    """
    connection.execute(_COUNTED)
    connection.execute("DELETE FROM counted")
    connection.execute(_COUNT.format(ids))
    for statement in (_ADD_DAILY, _ADD_HOURLY):
        connection.execute(statement, (sign,))
    mark_days(connection, (row[0] for row in connection.execute("SELECT DISTINCT hour / 24 FROM counted")))
    tally = Tally()
    for row in rows(connection, f"{_CUT} AND id IN ({ids})", ()):
        row.count(tally, sign)
    tally.write(connection)
    for table in ("rollup_daily", "rollup_hourly"):
        connection.execute(f"DELETE FROM {table} WHERE {_NOTHING_LEFT}")  # noqa: S608


def rebuild(connection: sqlite3.Connection) -> None:
    """Empty both rollups and fill them again. Belongs inside a transaction of the caller."""
    connection.execute("DELETE FROM rollup_daily")
    connection.execute("DELETE FROM rollup_hourly")
    connection.execute(_DAILY)
    connection.execute(_HOURLY)
    tally = Tally()
    for row in rows(connection, _CUT, ()):
        row.count(tally)
    tally.write(connection, live=True)
    begin_marks(connection)


def agree(connection: sqlite3.Connection) -> bool:
    """Whether both rollups equal the sum of the raw spans; reads all of them, and changes nothing.

    The connection must be able to write: it does the sum inside a transaction that it takes back.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = [connection.execute(query).fetchall() for query in _CONTENT]
        rebuild(connection)
        return before == [connection.execute(query).fetchall() for query in _CONTENT]
    finally:
        connection.execute("ROLLBACK")


_CONTENT = (
    "SELECT * FROM rollup_daily ORDER BY day, device_id, project_id, category_id, application_id",
    "SELECT * FROM rollup_hourly ORDER BY hour, device_id, category_id",
)

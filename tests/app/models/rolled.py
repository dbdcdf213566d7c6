"""The rollups computed the plain way, to hold against what the journal keeps."""

from __future__ import annotations

import sqlite3
from collections import defaultdict

HOUR = 3_600_000


def expected(connection: sqlite3.Connection):
    """(daily, hourly) as dicts from key to (active ms, idle ms, switches), from the raw rows alone."""
    daily, hourly = defaultdict(lambda: [0, 0, 0]), defaultdict(lambda: [0, 0, 0])
    rows = connection.execute(
        "SELECT start_ms, end_ms, utc_offset_s, state, switched, device_id, project_id, category_id, "
        "application_id FROM activity_logs"
    )
    for start, end, offset, state, switched, device, *things in rows:
        project, category, application = (0 if state else thing or 0 for thing in things)
        local_start, local_end = start + offset * 1000, end + offset * 1000
        for hour in range(local_start // HOUR, (local_end - 1) // HOUR + 1):
            ms = min(local_end, (hour + 1) * HOUR) - max(local_start, hour * HOUR)
            for cell in (
                daily[hour // 24, device, project, category, application],
                hourly[hour, device, category],
            ):
                cell[state] += ms
        if switched:
            hour = local_start // HOUR
            for cell in (
                daily[hour // 24, device, project, category, application],
                hourly[hour, device, category],
            ):
                cell[2] += 1
    return _plain(daily), _plain(hourly)


def stored(connection: sqlite3.Connection):
    """(daily, hourly) as they stand in the tables."""
    daily = {row[:5]: row[5:] for row in connection.execute("SELECT * FROM rollup_daily")}
    hourly = {row[:3]: row[3:] for row in connection.execute("SELECT * FROM rollup_hourly")}
    return daily, hourly


def _plain(cells):
    return {key: tuple(value) for key, value in cells.items() if any(value)}

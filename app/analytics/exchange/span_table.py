"""The recorded spans as a CSV table for a spreadsheet: local times, names, no ids."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

from app.analytics.exchange.export import Texts
from app.analytics.reports.written import harmless
from app.models.cipher import Cipher
from app.models.spans_table import first_id

_NO_END = (1 << 63) - 1
COLUMNS = ("start", "end", "seconds", "state", "application", "title", "url", "path", "project", "branch",
           "language", "category", "device", "note")  # fmt: skip


def is_table(file: BinaryIO) -> bool:
    """Whether a file begins like a table of ours; reads its first line."""
    return file.readline(1000).strip() == ",".join(COLUMNS).encode()


def csv_lines(
    connection: sqlite3.Connection,
    cipher: Cipher | None,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> Iterator[str]:
    """The table's lines in the order of time. Times are ISO 8601 with the offset at recording.

    Only spans that begin in [from, to), ms UTC; None has no bound.
    """
    low = 0 if from_ms is None else first_id(from_ms)
    high = _NO_END if to_ms is None else first_id(to_ms)
    texts = Texts(connection, cipher)
    yield _line(COLUMNS)
    for row in connection.execute(_QUERY, (low, high)):
        yield _line(_cells(row, texts))


def _cells(row: tuple[Any, ...], texts: Texts) -> Iterator[str]:
    start, end, offset, state, application, title, url, path, project, branch, *rest = row
    language, category, device, note = rest
    yield _moment(start, offset)
    yield _moment(end, offset)
    yield f"{(end - start) / 1000:.3f}"
    yield "idle" if state else "active"
    for cell in (application, texts.get(title), texts.get(url), texts.get(path), project, branch, language,
                 category, device, texts.get(note)):  # fmt: skip
        yield harmless(cell or "")


def _moment(ms: int, offset_s: int) -> str:
    zone = timezone(timedelta(seconds=offset_s))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    return moment.astimezone(zone).isoformat(timespec="milliseconds")


def _line(cells: Any) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


_QUERY = """
    SELECT s.start_ms, s.end_ms, s.utc_offset_s, s.state, a.name, s.title_id, s.url_id, s.path_id, p.name,
        b.name, l.name, c.name, d.name, s.note_id
    FROM activity_logs s JOIN devices d ON d.id = s.device_id
        LEFT JOIN applications a ON a.id = s.application_id LEFT JOIN projects p ON p.id = s.project_id
        LEFT JOIN branches b ON b.id = s.branch_id LEFT JOIN languages l ON l.id = s.language_id
        LEFT JOIN categories c ON c.id = s.category_id
    WHERE s.id >= ? AND s.id < ? ORDER BY s.id
"""

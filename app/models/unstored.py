"""Spans that the agent could not store before its end: kept in a file until its next start takes them in.

One line for each such end, sealed; without the key no text is in it. Whoever erases takes it in first, so
that nothing comes back from it.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from app.errors import KeyUnavailable
from app.models.cipher import Cipher
from app.models.database import tell_os
from app.models.exclusive import exclusive
from app.models.journal import Journal
from app.models.spans_table import first_id
from app.models.store import THIS_DEVICE
from app.models.values import Activity, Span, State

_SEALED, _PLAIN = b"S", b"P"


def save(path: Path, cipher: Cipher | None, spans: Sequence[Span]) -> None:
    """Add spans to the file. Raises `StorageError`."""
    line = _line(cipher, [_told(span if cipher else _without_texts(span)) for span in spans])
    with exclusive(_lock(path)):
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(fd, line)
                os.fsync(fd)
            finally:
                os.close(fd)
        except OSError as error:
            raise tell_os(error) from error


def waits(path: Path) -> bool:
    """Whether there is something to take in."""
    return path.exists()


def take_in(path: Path, journal: Journal) -> int:
    """Store what the file holds and remove it; returns how many spans that were. Raises `StorageError`.

    The file stays as it is while its key is not there.
    """
    if not waits(path):
        return 0
    with exclusive(_lock(path)):
        lines = _lines(path)
        if any(line.startswith(_SEALED) for line in lines) and journal.store.cipher is None:
            return 0
        spans = [span for line in lines for span in _spans(line, journal.store.cipher)]
        with journal.transaction():
            # Who was killed between storing and removing the file has stored them already.
            fresh = [span for span in spans if not _is_stored(journal, span)]
            for span in fresh:
                journal.append(span)
        path.unlink(missing_ok=True)
    return len(fresh)


def _lock(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise tell_os(error) from error


def _is_stored(journal: Journal, span: Span) -> bool:
    bounds = (first_id(span.start_ms), first_id(span.start_ms + 1), span.end_ms, THIS_DEVICE)
    return journal.store.connection.execute(_STORED, bounds).fetchone() is not None


def _line(cipher: Cipher | None, spans: list[dict[str, Any]]) -> bytes:
    text = json.dumps(spans)
    if cipher is None:
        return _PLAIN + text.encode() + b"\n"
    return _SEALED + base64.b64encode(cipher.seal(text)) + b"\n"


def _spans(line: bytes, cipher: Cipher | None) -> Iterator[Span]:
    """A line that is not whole, or of another key, holds none."""
    try:
        if line.startswith(_SEALED):
            assert cipher is not None
            text = cipher.open(base64.b64decode(line[1:], validate=True))
        else:
            text = line[1:].decode()
        yield from [_span(told) for told in json.loads(text)]
    except (ValueError, TypeError, KeyError, KeyUnavailable):
        return


def _told(span: Span) -> dict[str, Any]:
    return asdict(span)


def _span(told: dict[str, Any]) -> Span:
    given = told["activity"]
    activity = None if given is None else Activity(**given)
    start_ms, end_ms, offset_s = told["start_ms"], told["end_ms"], told["utc_offset_s"]
    return Span(start_ms, end_ms, offset_s, State(told["state"]), activity, told["switched"])


def _without_texts(span: Span) -> Span:
    if span.activity is None:
        return span
    return replace(span, activity=replace(span.activity, title=None, url=None, path=None))


_STORED = "SELECT 1 FROM activity_logs WHERE id >= ? AND id < ? AND end_ms = ? AND device_id = ?"

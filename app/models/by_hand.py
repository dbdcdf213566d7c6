"""Corrections that only a person makes: missed time, other bounds, spans made one, taken away, annotated.

Each is one transaction, or belongs to the one around it, and the rollups follow. What is active never
covers the same moment twice by a correction; idle time gives way to what the person says they did.
Everything raises `UsageError` in words when it cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from app.errors import KeyUnavailable, UsageError
from app.models.corrections import cut_out
from app.models.journal import Journal
from app.models.overlaps import Stretch, gaps, recorded
from app.models.ownership import require_own
from app.models.rollups import Tally
from app.models.spans_table import LONGEST_MS, Row, fetch, fetch_many, first_id, free_id, rows
from app.models.store import THIS_DEVICE, Store
from app.models.values import Activity, Recorded, Span, State

BY_HAND = "manual"
# Spans this near to each other are one after the other.
NEAR_MS = 60_000
# What is left between two spans is no missed time when it is shorter.
_SHORTEST_MS = 1_000
_CHUNK = 500


class TimeTaken(UsageError):
    """Activity is recorded in that time already; `stretches` tells when, in ms UTC."""

    def __init__(self, taken: Sequence[Row]) -> None:
        super().__init__(
            "Activity is recorded in that time already.",
            detail="Nothing was changed.",
            advice="Fill only the gaps, or choose another time.",
        )
        self.stretches = tuple(Stretch(row.start_ms, row.end_ms) for row in taken)


@dataclass(frozen=True, slots=True)
class Missed:
    """Time that was not recorded: [start, end) in ms UTC, with the offset from UTC where it was."""

    start_ms: int
    end_ms: int
    utc_offset_s: int
    application: str = BY_HAND
    project_id: int | None = None
    category_id: int | None = None
    note: str | None = field(default=None, repr=False)


def add(store: Store, missed: Missed, now_ms: int, *, fill_gaps: bool = False) -> list[int]:
    """Record missed time; returns the new spans' ids.

    Raises `TimeTaken` where activity is recorded, unless `fill_gaps`: then only what is free is filled.
    """
    whole = Stretch(missed.start_ms, missed.end_ms)
    _check_stretch(whole, now_ms)
    _check_key(store, missed.note)
    with store.transaction():
        taken = recorded(store.connection, whole, idle=False)
        if taken and not fill_gaps:
            raise TimeTaken(taken)
        pieces = [piece for piece in gaps(whole, taken) if piece.end_ms - piece.start_ms >= _SHORTEST_MS]
        if not pieces:
            raise TimeTaken(taken)
        for piece in pieces:
            _clear_idle(store, piece)
        return Journal(store).insert(_recorded(missed, piece) for piece in pieces)


def set_bounds(store: Store, span_id: int, start_ms: int, end_ms: int, now_ms: int) -> int:
    """Let a span begin and end at other moments; returns its id, which changes with its begin.

    Raises `TimeTaken` where it would cover other activity.
    """
    _check_stretch(Stretch(start_ms, end_ms), now_ms)
    with store.transaction():
        row = require(store, span_id)
        if (start_ms, end_ms) == (row.start_ms, row.end_ms):
            return span_id
        require_own(store.connection, row.device_id)
        for more in _beyond(row, start_ms, end_ms):
            found = recorded(store.connection, more, idle=False, device_id=row.device_id)
            taken = [other for other in found if other.id != span_id]
            if taken:
                raise TimeTaken(taken)
            _clear_idle(store, more, besides=row)
        return _move(store, row, start_ms, end_ms)


def merge(store: Store, span_ids: Iterable[int]) -> int:
    """Make spans that follow each other one, as the longest of them is; returns its id.

    Notes are kept one under the other. Nothing else may lie between them, and no gap over a minute.
    """
    with store.transaction():
        parts = sorted(_all(store, span_ids), key=lambda row: row.id)
        _check_mergeable(store, parts)
        require_own(store.connection, parts[0].device_id)
        first, longest = parts[0], max(parts, key=lambda row: row.end_ms - row.start_ms)
        end_ms = max(row.end_ms for row in parts)
        note = _notes(store, parts)
        tally = Tally()
        for row in parts:
            row.count(tally, -1)
        store.connection.execute(_LIKE, (longest.id, end_ms, first.id))
        if note is not None:
            store.connection.execute(
                "UPDATE activity_logs SET note_id = ? WHERE id = ?", (store.interning.text(note), first.id)
            )
        store.connection.executemany(
            "DELETE FROM activity_logs WHERE id = ?", [(row.id,) for row in parts[1:]]
        )
        require(store, first.id).count(tally)
        tally.write(store.connection)
    return first.id


def delete(store: Store, span_ids: Iterable[int]) -> int:
    """Take spans away; returns how many. Their texts stay, sealed, until the next sweep: so undo can be."""
    gone = 0
    rest = iter(span_ids)
    with store.transaction():
        while chunk := list(islice(rest, _CHUNK)):
            tally = Tally()
            found = fetch_many(store.connection, chunk)
            for row in found:
                row.count(tally, -1)
            store.connection.executemany(
                "DELETE FROM activity_logs WHERE id = ?", [(row.id,) for row in found]
            )
            tally.write(store.connection)
            gone += len(found)
    return gone


def annotate(store: Store, span_ids: Iterable[int], note: str | None) -> int:
    """Give spans a note of the person's words, or take it away (None or empty); returns how many."""
    note = (note or "").strip() or None
    _check_key(store, note)
    with store.transaction():
        text = store.interning.text(note)
        done = store.connection.executemany(
            "UPDATE activity_logs SET note_id = ? WHERE id = ?", [(text, span_id) for span_id in span_ids]
        )
    return done.rowcount


def require(store: Store, span_id: int) -> Row:
    """The span with this id. Raises `UsageError` when it is not there any more."""
    row = fetch(store.connection, span_id)
    if row is None:
        raise _gone()
    return row


def _all(store: Store, span_ids: Iterable[int]) -> list[Row]:
    wanted = sorted(set(span_ids))
    chunks = (wanted[at : at + _CHUNK] for at in range(0, len(wanted), _CHUNK))
    found = [row for chunk in chunks for row in fetch_many(store.connection, chunk)]
    if len(found) < len(wanted):
        raise _gone()
    return found


def _check_mergeable(store: Store, parts: list[Row]) -> None:
    if len(parts) < 2:
        raise UsageError("Choose two activities or more to make them one.")
    if len({(row.device_id, row.state, row.utc_offset_s) for row in parts}) > 1:
        raise UsageError("Only activities of one machine and time zone, and not idle time, can be made one.")
    if any(later.start_ms - earlier.end_ms > NEAR_MS for earlier, later in pairwise(parts)):
        raise UsageError("These activities do not follow each other; only neighbours can be made one.")
    end_ms = max(row.end_ms for row in parts)
    if end_ms - parts[0].start_ms > LONGEST_MS:
        raise UsageError("An activity lasts at most a day.")
    between = rows(
        store.connection,
        "id > ? AND id < ? AND end_ms > start_ms AND device_id = ?",
        (parts[0].id, first_id(end_ms), parts[0].device_id),
    )
    if {row.id for row in between} - {row.id for row in parts}:
        raise UsageError("Something else lies between these activities.")


def _notes(store: Store, parts: list[Row]) -> str | None:
    """All their notes; None when at most one has any, and `_LIKE` keeps it, or the key is locked."""
    found: list[str] = []
    for row in parts:
        note_id = store.connection.execute(
            "SELECT note_id FROM activity_logs WHERE id = ?", (row.id,)
        ).fetchone()[0]
        note = store.text(note_id)
        if note is not None and note not in found:
            found.append(note)
    return "\n".join(found) if found else None


def _beyond(row: Row, start_ms: int, end_ms: int) -> Iterator[Stretch]:
    """What a span with these bounds covers and did not before."""
    if end_ms <= row.start_ms or start_ms >= row.end_ms:
        yield Stretch(start_ms, end_ms)
        return
    if start_ms < row.start_ms:
        yield Stretch(start_ms, row.start_ms)
    if end_ms > row.end_ms:
        yield Stretch(row.end_ms, end_ms)


def _move(store: Store, row: Row, start_ms: int, end_ms: int) -> int:
    tally = Tally()
    row.count(tally, -1)
    span_id = row.id
    if start_ms == row.start_ms:
        store.connection.execute("UPDATE activity_logs SET end_ms = ? WHERE id = ?", (end_ms, span_id))
    else:
        span_id = free_id(store.connection, start_ms)
        store.connection.execute(_ELSEWHERE, (span_id, start_ms, end_ms, row.id))
        store.connection.execute("DELETE FROM activity_logs WHERE id = ?", (row.id,))
    replace(row, start_ms=start_ms, end_ms=end_ms).count(tally)
    tally.write(store.connection)
    return span_id


def _clear_idle(store: Store, stretch: Stretch, besides: Row | None = None) -> None:
    device = THIS_DEVICE if besides is None else besides.device_id
    found = recorded(store.connection, stretch, idle=True, device_id=device)
    idle = [row for row in found if besides is None or row.id != besides.id]
    cut_out(store, idle, stretch.start_ms, stretch.end_ms)


def _recorded(missed: Missed, piece: Stretch) -> Recorded:
    activity = Activity(
        missed.application.strip() or BY_HAND, project_id=missed.project_id, category_id=missed.category_id
    )
    span = Span(piece.start_ms, piece.end_ms, missed.utc_offset_s, State.ACTIVE, activity)
    return Recorded(span, assigned=True, note=(missed.note or "").strip() or None)


def _check_stretch(stretch: Stretch, now_ms: int) -> None:
    if not _SHORTEST_MS <= stretch.end_ms - stretch.start_ms <= LONGEST_MS:
        raise UsageError("An activity ends after it begins, and lasts at most a day.")
    if stretch.end_ms > now_ms:
        raise UsageError("This time has not come yet.")


def _check_key(store: Store, note: str | None) -> None:
    if note and store.cipher is None:
        raise KeyUnavailable(
            "A note cannot be kept while your data key is locked.",
            detail="Nothing was changed.",
            advice="`devpulse unlock` opens it.",
        )


def _gone() -> UsageError:
    return UsageError(
        "An activity is not there any more.", detail="Nothing was changed.", advice="Look at the day again."
    )


_LIKE = """
    UPDATE activity_logs SET end_ms = ?2, application_id = l.application_id, title_id = l.title_id,
        url_id = l.url_id, path_id = l.path_id, project_id = l.project_id, branch_id = l.branch_id,
        language_id = l.language_id, category_id = l.category_id, assigned = l.assigned, note_id = l.note_id
    FROM activity_logs l WHERE l.id = ?1 AND activity_logs.id = ?3
"""
_ELSEWHERE = """
    INSERT INTO activity_logs
        (id, device_id, start_ms, end_ms, utc_offset_s, state, switched, application_id, title_id,
         url_id, path_id, project_id, branch_id, language_id, category_id, assigned, note_id, import_id)
    SELECT ?1, device_id, ?2, ?3, utc_offset_s, state, switched, application_id, title_id,
         url_id, path_id, project_id, branch_id, language_id, category_id, assigned, note_id, import_id
    FROM activity_logs WHERE id = ?4
"""

"""Corrections of recorded activity, as a person makes them in the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from app.changes.named import category_name, project_name
from app.changes.workbench import Undo, Words, Workbench, counted
from app.errors import UsageError
from app.models import by_hand, corrections
from app.models.by_hand import Missed
from app.models.corrections import Keep


class SpanChanges:
    """Times are ms UTC, spans are named by their ids. Methods raise `UsageError` in words, `StorageError`.

    The span that the agent is just recording can be corrected as any other.
    """

    def __init__(self, bench: Workbench, now_ms: Callable[[], int]) -> None:
        self._bench = bench
        self._store = bench.store
        self._now = now_ms

    def reassign(
        self,
        span_ids: Iterable[int],
        *,
        project_id: int | Keep | None = Keep.KEEP,
        category_id: int | Keep | None = Keep.KEEP,
    ) -> Undo:
        """Give spans another project or category (None: none); rules do not change them again."""
        ids = _chosen(span_ids)

        def work() -> Words:
            project = None if project_id in (None, Keep.KEEP) else project_name(self._store, project_id)
            category = None if category_id in (None, Keep.KEEP) else category_name(self._store, category_id)
            count = corrections.reassign(
                self._store, ids, project_id=project_id, category_id=category_id, by_hand=True
            )
            what = _moved(project_id, category_id)
            return counted(
                count, f"1 activity {what}", f"{{count}} activities {what}",
                project=project or "", category=category or "",
            )  # fmt: skip

        return self._bench.change(work, spans=True)

    def split(self, span_id: int, at_ms: int) -> Undo:
        """Cut a span in two at a moment inside it; `made` holds the second's id."""

        def work() -> Words:
            row = by_hand.require(self._store, span_id)
            if not row.start_ms < at_ms < row.end_ms:
                raise UsageError("An activity is split at a moment inside it.")
            corrections.split(self._store, span_id, at_ms)
            return Words("1 activity split in two")

        return self._bench.change(work, spans=True)

    def merge(self, span_ids: Iterable[int]) -> Undo:
        """Make neighbours one span, as the longest of them is; the first's id stays."""
        ids = _chosen(span_ids)

        def work() -> Words:
            by_hand.merge(self._store, ids)
            return Words("{count} activities made one", {"count": len(set(ids))})

        return self._bench.change(work, spans=True)

    def annotate(self, span_ids: Iterable[int], note: str | None) -> Undo:
        """Give spans a note, or take it away (None)."""
        ids = _chosen(span_ids)

        def work() -> Words:
            count = by_hand.annotate(self._store, ids, note)
            if note:
                return counted(count, "Note added to 1 activity", "Note added to {count} activities")
            return counted(count, "Note taken from 1 activity", "Note taken from {count} activities")

        return self._bench.change(work, spans=True)

    def add(self, missed: Missed, *, fill_gaps: bool = False) -> Undo:
        """Record missed time. Raises `TimeTaken` (a `UsageError` with `.stretches`) where activity is
        recorded already, unless `fill_gaps`. Idle time there gives way. `made` holds the new ids."""

        def work() -> Words:
            if missed.project_id is not None:
                project_name(self._store, missed.project_id)
            if missed.category_id is not None:
                category_name(self._store, missed.category_id)
            made = by_hand.add(self._store, missed, self._now(), fill_gaps=fill_gaps)
            return counted(len(made), "Missed time added", "Missed time added in {count} pieces")

        return self._bench.change(work, spans=True)

    def set_bounds(self, span_id: int, start_ms: int, end_ms: int) -> Undo:
        """Let a span begin and end at other moments. Its id changes with its begin: `made` holds the new one.

        Raises `TimeTaken` where it would cover other activity."""

        def work() -> Words:
            by_hand.set_bounds(self._store, span_id, start_ms, end_ms, self._now())
            return Words("Times of 1 activity changed")

        return self._bench.change(work, spans=True)

    def delete(self, span_ids: Iterable[int]) -> Undo:
        """Take spans away, as long as it can be undone; `app.changes.erasure` erases for good."""
        ids = _chosen(span_ids)

        def work() -> Words:
            count = by_hand.delete(self._store, ids)
            return counted(count, "1 activity deleted", "{count} activities deleted")

        return self._bench.change(work, spans=True)


def _chosen(span_ids: Iterable[int]) -> Sequence[int]:
    ids = list(span_ids)
    if not ids:
        raise UsageError("Choose an activity first.")
    return ids


def _moved(project_id: int | Keep | None, category_id: int | Keep | None) -> str:
    if category_id is Keep.KEEP:
        return "taken out of their project" if project_id is None else "moved to project {project}"
    if project_id is Keep.KEEP:
        return "taken out of their category" if category_id is None else "moved to category {category}"
    return "moved to project {project} and category {category}"

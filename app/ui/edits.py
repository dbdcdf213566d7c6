"""Changes of stored data as pages make them: `app.changes`, told in a toast, undone with Ctrl+Z."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.errors import ChangedSince, DevPulseError
from app.ui.background import Done, Progress
from app.ui.changes import Changes
from app.ui.freshness import Topic
from app.ui.labelled import category_name
from app.ui.library import Library
from app.ui.words import tr

if TYPE_CHECKING:
    from app.changes.editing import Editing
    from app.changes.workbench import Undo

_LONGEST_NAME = 120
# The places of a sentence about a category that hold the name of one.
_CATEGORIES = frozenset({"category", "before", "target"})
_TOPICS: Mapping[str, frozenset[Topic]] = {
    "activity_logs": frozenset({Topic.ACTIVITY}),
    "projects": frozenset({Topic.PROJECTS}),
    "project_roots": frozenset({Topic.PROJECTS}),
    "categories": frozenset({Topic.CATEGORIES}),
    "rules": frozenset({Topic.RULES}),
    "goals": frozenset({Topic.GOALS}),
    "focus_sessions": frozenset({Topic.FOCUS}),
    "settings": frozenset({Topic.SETTINGS}),
}


class Edits:
    """`run` a change of `Editing`. The editing is opened at the first one, off the GUI thread."""

    def __init__(self, library: Library, changes: Changes) -> None:
        self._library = library
        self._changes = changes

    def run(
        self,
        change: Callable[[Editing], Undo],
        *,
        then: Callable[[], None] | None = None,
        failed: Callable[[DevPulseError], None] | None = None,
    ) -> None:
        """Make a change off the GUI thread; `then` once it is made. Without `failed` an error is a toast."""

        def work(_: Progress) -> Done:
            editing = self._library.editing
            return self._done(editing, change(editing))

        self._changes.run(work, then=None if then is None else lambda _: then(), failed=failed)

    def run_long(
        self,
        change: Callable[[Editing, Progress], Undo],
        *,
        then: Callable[[], None] | None = None,
        failed: Callable[[DevPulseError], None] | None = None,
    ) -> None:
        """The same for what takes seconds: the window shows how far it is, with a button to cancel."""

        def work(progress: Progress) -> Done:
            editing = self._library.editing
            return self._done(editing, change(editing, progress))

        self._changes.run(work, then=None if then is None else lambda _: then(), failed=failed, long=True)

    def _done(self, editing: Editing, undo: Undo) -> Done:
        """A change as the windows tell it and take it back."""
        topics = frozenset[Topic]().union(*(_TOPICS.get(table, frozenset()) for table in undo.touched))
        told = tr(undo.words.template, **_shown(undo.words.values))
        return Done(topics, told, undo=lambda: self._taken_back(editing, undo))

    def _taken_back(self, editing: Editing, undo: Undo) -> Done:
        # What could be taken back went with the connection: something was erased, or a backup restored.
        if editing is not self._library.editing:
            raise ChangedSince("This change cannot be undone any more.", detail="Nothing was changed.")
        return self._done(editing, editing.undo(undo))


def _shown(values: Mapping[str, object]) -> dict[str, object]:
    """Categories by the names the person knows them under."""
    if "category" not in values:
        return dict(values)
    return {
        key: category_name(str(value), _LONGEST_NAME) if key in _CATEGORIES else value
        for key, value in values.items()
    }

"""What the Timeline page knows: the day, what is selected in it, and the texts that were opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import chain

import numpy as np
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.analytics.day import DayView
from app.errors import DevPulseError
from app.ui.background import BackgroundQuery
from app.ui.charts.lanes_values import Selection
from app.ui.pages.timeline.recorded import Chosen, Recorded, chosen
from app.ui.pages.timeline.search import Found, found_of
from app.ui.services import Services
from app.ui.shell.times import local_now

# Rows come into sight one by one while a table scrolls: ask for their texts together.
_GATHER_MS = 30
# A title comes back again and again: of so many spans those that read differently are listed.
_MOST_SPANS = 400


class TimelineModel(QObject):
    """`day_changed(same)`: a day is there, `same` when it is the one before, grown or corrected.
    `texts_changed`: texts that were asked for are there."""

    day_changed = pyqtSignal(bool)
    selection_changed = pyqtSignal()
    texts_changed = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.day: date = self.today()
        self.recorded: Recorded | None = None
        self.selection = Selection()
        self._texts: dict[int, str | None] = {}
        self._wanted: set[int] = set()
        self._asking = BackgroundQuery(services.background, self)
        self._opening = BackgroundQuery(services.background, self)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(_GATHER_MS)
        self._gather.timeout.connect(self._open_wanted)

    def today(self) -> date:
        return local_now(self._services.clock).date()

    def now_ms(self) -> int:
        """Now, ms UTC."""
        return self._services.clock.now().wall_ms

    def show(self, day: date) -> None:
        """Show another day; what was selected is no more."""
        self.day = day
        self.select(Selection())
        self.refresh()

    def refresh(self) -> None:
        """Ask for the day anew; selection and zoom stay."""
        day, services = self.day, self._services
        self._asking.ask(
            lambda: services.questions.day(day), self._answered, failed=self._refused, key=("day", day)
        )

    def forget(self) -> None:
        """Nobody looks any more."""
        self._asking.forget()

    def select(self, selection: Selection) -> None:
        """Select; the same again changes nothing."""
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit()

    def chosen(self) -> Chosen | None:
        """The selected spans in one look."""
        return None if self.recorded is None else chosen(self.recorded, self.selection.ids)

    def text(self, text_id: int) -> str | None:
        """A title or note, if it is open already; else it is asked for, and `texts_changed` tells."""
        if not text_id:
            return None
        if text_id not in self._texts:
            self._wanted.add(text_id)
            if not self._gather.isActive():
                self._gather.start()
            return None
        return self._texts[text_id]

    def find(self, typed: str, cancelled: Callable[[], bool]) -> tuple[Found, ...]:
        """Activities that fit what was typed, the latest first; not for the GUI thread.

        Raises `UsageError` for what cannot be asked, `KeyUnavailable` while the key is locked.
        """
        from app.analytics.search_words import parse

        asked = parse(typed)
        if asked.empty:
            return ()
        runs = self._services.library.search.run(asked, limit=_MOST_SPANS, cancelled=cancelled)
        return found_of(chain.from_iterable(runs))

    def _answered(self, view: DayView) -> None:
        same = self.recorded is not None and self.recorded.view.day == view.day
        if same and self.recorded is not None and self.recorded.view is view:
            return
        self.recorded = Recorded(view)
        self._drop_others()
        there = self.recorded.ids[self.recorded.rows_of(self.selection.ids)].tolist()
        if len(there) != len(self.selection.ids):
            self.selection = self.selection.kept(there) if there else Selection()
        self.day_changed.emit(same)
        # What is selected may have grown or been corrected.
        self.selection_changed.emit()

    def _drop_others(self) -> None:
        """No text is kept that the day does not show: what is erased must be gone from here as well.

        One that could not be opened is asked for anew: the key may have come.
        """
        assert self.recorded is not None
        shown = {int(one) for field in ("title", "note") for one in np.unique(self.recorded.array[field])}
        self._texts = {key: text for key, text in self._texts.items() if key in shown and text is not None}

    def _refused(self, error: DevPulseError) -> None:
        self.failed.emit(error)

    def _open_wanted(self) -> None:
        wanted = frozenset(self._wanted)
        services = self._services
        self._opening.ask(
            lambda: {**dict.fromkeys(wanted), **services.questions.texts(wanted)},
            self._opened,
            failed=self._refused,
        )

    def _opened(self, texts: dict[int, str | None]) -> None:
        self._texts.update(texts)
        self._wanted.difference_update(texts)
        if self._wanted:
            self._gather.start()
        self.texts_changed.emit()

"""Pages on their way into the window: put together a part at a time, so that nothing else has to wait."""

# PyQt6's own stubs leave the type of every signal unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

from PyQt6 import sip
from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QWidget

from app.ui.background import BackgroundQuery
from app.ui.services import Services
from app.ui.shell.page import Page, PageEntry
from app.ui.theme.stylesheet import styled
from app.ui.widgets.page_body import PageHeader, page_column
from app.ui.words import tr

# Numbers that come later than this come into a page that is shown already.
_PATIENCE_MS = 300
_LOOK_MS = 5


@dataclass
class _Underway:
    page: Page
    parts: Iterator[None]


class Arrivals(QObject):
    """Brings one page at a time: the one wanted last. What was begun for another is kept.

    `ready(key)`: the page is put together. `answered(key)`: what it asked has been answered, or was too long.
    """

    ready = pyqtSignal(str)
    answered = pyqtSignal(str)

    def __init__(self, services: Services, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._services, self._stack = services, stack
        self._underway: dict[str, _Underway] = {}
        self._wanted: PageEntry | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self._looks = QTimer(self)
        self._looks.setInterval(_LOOK_MS)
        self._looks.timeout.connect(self._look)
        self._asking: Page | None = None
        self._patience = 0

    @property
    def wanted(self) -> str:
        """The key of the page that is under way, "" for none."""
        return "" if self._wanted is None else self._wanted.key

    def bring(self, entry: PageEntry) -> None:
        """Begin to bring this page; its module is read off the GUI thread."""
        self.stop()
        self._wanted = entry
        if entry.key in self._underway:
            self._timer.start()
        elif entry.loaded:
            self._loaded(entry)
        else:
            # In a thread of its own: those for questions may all be busy with long ones.
            Thread(target=self._load, args=(entry,), name="load-page", daemon=True).start()

    def announce(self, title: str) -> None:
        """Show the title where it will be until there is a page."""
        made = styled(QWidget(), role="page")
        page_column(made, PageHeader(title, " ")).addStretch(1)
        self._stack.addWidget(made)
        self._stack.setCurrentWidget(made)

    def stop(self) -> None:
        """Nobody waits for a page any more."""
        self._wanted = self._asking = None
        self._timer.stop()
        self._looks.stop()

    def take(self, entry: PageEntry) -> Page:
        """The whole page, at once, however long that takes."""
        underway = self._underway.pop(entry.key, None) or self._begin(entry)
        for _ in underway.parts:
            pass
        # A page that is no part of the window yet is not resized before it is whole.
        if self._stack.indexOf(underway.page) < 0:
            self._stack.addWidget(underway.page)
        return underway.page

    def await_answers(self, page: Page) -> None:
        """`answered` when none of the page's questions is open."""
        self._asking, self._patience = page, _PATIENCE_MS // _LOOK_MS
        self._looks.start()

    def _begin(self, entry: PageEntry) -> _Underway:
        page = entry.make(self._services)
        page.setAccessibleName(tr(entry.title))
        return _Underway(page, page.furnish())

    def _load(self, entry: PageEntry) -> None:
        try:
            entry.load()
        finally:
            self._services.background.call_in_gui(lambda: self._loaded(entry))

    def _loaded(self, entry: PageEntry) -> None:
        if sip.isdeleted(self) or entry is not self._wanted:
            return
        # A module that could not be imported says so again here, where faults are told.
        underway = self._underway[entry.key] = self._begin(entry)
        self._stack.addWidget(underway.page)
        self._timer.start()

    def _go_on(self) -> None:
        entry = self._wanted
        if entry is None:
            self._timer.stop()
            return
        underway = self._underway[entry.key]
        try:
            next(underway.parts)
        except StopIteration:
            self._timer.stop()
            self.ready.emit(entry.key)
        else:
            _polish(underway.page)

    def _look(self) -> None:
        page, self._patience = self._asking, self._patience - 1
        if page is None or self._wanted is None:
            self._looks.stop()
        elif self._patience <= 0 or not any(query.busy for query in page.findChildren(BackgroundQuery)):
            self._looks.stop()
            self.answered.emit(self._wanted.key)


def _polish(page: Page) -> None:
    """Let what is new in the page find out how it looks; it would do so all at once when it is shown."""
    for widget in page.findChildren(QWidget):
        if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.ensurePolished()

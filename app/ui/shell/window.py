"""The main window: side bar, the page that is shown, notices, toasts, palette and shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QByteArray, QEvent, QRect, QSize, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.ui.freshness import EVERYTHING, Topic
from app.ui.painting import paint_later
from app.ui.services import Services
from app.ui.shell import everywhere
from app.ui.shell.arrivals import Arrivals
from app.ui.shell.notice import Notice, NoticeBar
from app.ui.shell.now_line import NowLine
from app.ui.shell.page import Command, Page, PageEntry
from app.ui.shell.palette import CommandPalette
from app.ui.shell.progress_bar import RunningBar
from app.ui.shell.side_bar import SideBar
from app.ui.shell.times import local_now
from app.ui.shell.toasts import Toast
from app.ui.sync.waiting import waiting_words
from app.ui.words import tr

_SMALLEST = QSize(960, 600)
_FIRST_SIZE = QSize(1280, 800)
# Below this width the side bar gives its room to the page.
_NARROW = 1000
# What a desktop puts around a window, and is not known before it is shown.
_FRAME = QSize(8, 40)


@dataclass
class _Built:
    page: Page
    stale: set[Topic]


class MainWindow(QMainWindow):
    """Builds a page when it is first shown. `closed()`: the person is done with the window."""

    closed = pyqtSignal()
    page_shown = pyqtSignal(str)

    def __init__(
        self,
        services: Services,
        entries: Sequence[PageEntry],
    ) -> None:
        super().__init__()
        self._services = services
        self._entries = {entry.key: entry for entry in entries}
        self._built: dict[str, _Built] = {}
        self._shown = ""
        self._shortcuts: list[QShortcut] = []
        self._retired: list[QWidget] = []
        self._where: Mapping[str, str] | None = None
        self.setWindowTitle("DevPulse")
        self.setMinimumSize(_SMALLEST)
        self.resize(_FIRST_SIZE)
        self._furnish()
        self._bind_keys()
        services.freshness.changed.connect(self._changed)
        services.sync.changed.connect(self._mark_sync)

    @property
    def shown(self) -> str:
        """The key of the page that is shown, "" before the first."""
        return self._shown

    @property
    def coming(self) -> str:
        """The key of the page that is being put together, "" for none."""
        return self._arrivals.wanted

    def lead_to(self, key: str, where: Mapping[str, str] | None = None) -> None:
        """Show a page as soon as it is there; one that is new is put together without holding anything up.

        Until then the page before it stays. An unknown key leads to the first page.
        """
        entry = self._entry(key)
        if entry.key in self._built:
            self.open(entry.key, where)
            return
        self._where = where
        self._side_bar.show_chosen(entry.key)
        if not self._shown:
            self._arrivals.announce(tr(entry.title))
        self._arrivals.bring(entry)

    def open(self, key: str, where: Mapping[str, str] | None = None) -> None:
        """Show a page now, at a certain thing if one is named. An unknown key shows the first page."""
        entry = self._entry(key)
        self._arrivals.stop()
        built = self._built.get(entry.key) or self._build(entry)
        if entry.key != self._shown:
            if self._shown in self._built:
                self._built[self._shown].page.left()
            self._shown = entry.key
            self._services.theme.finish(built.page)
            paint_later(self._stack)
            self._stack.setCurrentWidget(built.page)
            self._side_bar.show_chosen(entry.key)
            self._bind_page(built.page)
        self.setWindowTitle(f"{tr(entry.title)} — DevPulse")
        self._refresh(built)
        if where:
            built.page.go(where)
        self.page_shown.emit(entry.key)

    def show_notice(self, notice: Notice | None) -> None:
        """Say something above the page until it is no longer true."""
        self._notice.show_notice(notice)

    def rebuild(self) -> None:
        """Make everything anew: the language has changed."""
        shown, self._shown = self._shown or self.coming, ""
        for built in self._built.values():
            built.page.left()
        self._built.clear()
        old = self.takeCentralWidget()
        if old is not None:
            # Its pages hear from services that live on; they are out of sight, and seldom made anew.
            self._retired.append(old)
        self._furnish()
        self.open(shown)

    def geometry_text(self) -> str:
        """Size and place, for the next time."""
        return bytes(self.saveGeometry().toBase64().data()).decode("ascii")

    def restore(self, text: str) -> None:
        """Take size and place of the last time, else one that fits the screen."""
        screen = self.screen()
        free = None if screen is None else screen.availableGeometry()
        if free is not None:
            # A screen at 150 % may be smaller than the smallest window.
            self.setMinimumSize(_SMALLEST.boundedTo(free.size() - _FRAME))
        if text and self.restoreGeometry(QByteArray.fromBase64(text.encode("ascii", "ignore"))):
            return
        if free is not None:
            self.setGeometry(first_place(free))

    def open_palette(self) -> None:
        """Offer all commands."""
        self._palette.open(self._all_commands())

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._services.freshness.watch(on=True)
        # Nothing stands out before the person has pressed a key.
        self.setFocus()
        if self._shown:
            self._refresh(self._built[self._shown])

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self._services.freshness.watch(on=False)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if self._shown:
            self._built[self._shown].page.left()
        super().closeEvent(event)
        self.closed.emit()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        self._fold()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.WindowStateChange:
            self._services.freshness.watch(on=not self.isMinimized())

    def _furnish(self) -> None:
        services = self._services
        now = NowLine(services.theme, services.agent, lambda: local_now(services.clock))
        listed = [entry for entry in self._entries.values() if entry.listed]
        self._side_bar = SideBar(listed, services.theme, services.icons, now)
        self._fold()
        self._mark_sync()
        self._side_bar.chosen.connect(self.lead_to)
        now.clicked.connect(lambda: self.lead_to("today"))
        self._notice = NoticeBar()
        self._stack = QStackedWidget()
        self._arrivals = Arrivals(services, self._stack)
        self._arrivals.ready.connect(self._furnished)
        self._arrivals.answered.connect(self._arrived)
        central = QWidget()
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._notice)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side_bar)
        row.addLayout(right, 1)
        self.setCentralWidget(central)
        changes = services.changes
        self._toast = Toast(central, services.icons, changes.undo)
        changes.told.connect(self._toast.tell)
        changes.failed.connect(self._toast.refuse)
        self._running = RunningBar(central)
        changes.running.connect(self._running.follow)
        self._palette = CommandPalette(central, services.icons)

    def _fold(self) -> None:
        self._side_bar.fold(narrow=self.width() < _NARROW)

    def _bind_keys(self) -> None:
        for place, entry in enumerate(self._entries.values(), 1):
            if place <= 9 and entry.listed:
                self._shortcut(f"Ctrl+{place}", lambda key=entry.key: self.lead_to(key))
        self._shortcut("Ctrl+K", self.open_palette)
        self._shortcut("Ctrl+Z", self._services.changes.undo)
        self._shortcut("Ctrl+Shift+Z", self._services.changes.redo)
        self._shortcut("Ctrl+,", lambda: self.lead_to("settings"))
        self._shortcut("F6", lambda: self._side_bar.focus_chosen())
        self._shortcut("Ctrl+W", self.close)
        self._shortcut("F5", self._refresh_all)

    def _shortcut(self, keys: str, run: Callable[[], object]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(run)
        return shortcut

    def _bind_page(self, page: Page) -> None:
        """A page's shortcuts hold while it is shown."""
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts = [self._shortcut(c.shortcut, c.run) for c in page.commands() if c.shortcut]

    def _entry(self, key: str) -> PageEntry:
        return self._entries.get(key) or next(iter(self._entries.values()))

    def _build(self, entry: PageEntry) -> _Built:
        built = self._built[entry.key] = _Built(self._arrivals.take(entry), set(EVERYTHING))
        return built

    def _furnished(self, key: str) -> None:
        """The page that comes is whole. It asks before it is seen, so as not to appear without numbers."""
        built = self._build(self._entry(key))
        if self._where:
            self._arrived(key)
        else:
            self._refresh(built)
            self._arrivals.await_answers(built.page)

    def _arrived(self, key: str) -> None:
        where, self._where = self._where, None
        self.open(key, where)

    def _changed(self, topics: frozenset[Topic]) -> None:
        for key, built in self._built.items():
            built.stale |= topics
            if key == self._shown and self.isVisible() and not self.isMinimized():
                self._refresh(built)

    def _mark_sync(self) -> None:
        status = self._services.sync.status
        self._side_bar.show_waiting("sync", waiting_words(status.conflicts, len(status.alarms)))

    def _refresh(self, built: _Built) -> None:
        stale = built.stale & built.page.topics
        built.stale = set()
        if stale:
            built.page.refresh(frozenset(stale))

    def _refresh_all(self) -> None:
        self._services.freshness.tell(EVERYTHING)

    def _all_commands(self) -> list[Command]:
        pages = [
            Command(
                tr("Go to {page}", page=tr(entry.title)),
                lambda key=entry.key: self.lead_to(key),
                icon=entry.icon,
                shortcut=f"Ctrl+{place}" if place <= 9 and entry.listed else "",
            )
            for place, entry in enumerate(self._entries.values(), 1)
        ]
        own = list(self._built[self._shown].page.commands()) if self._shown else []
        changes = self._services.changes
        undo = [Command(tr("Undo"), changes.undo, icon="undo-2", shortcut="Ctrl+Z")]
        redo = [Command(tr("Redo"), changes.redo, icon="redo-2", shortcut="Ctrl+Shift+Z")]
        return [
            *own,
            *pages,
            *everywhere.commands(self._services, lambda: self),
            *(undo if changes.undoable else ()),
            *(redo if changes.redoable else ()),
        ]


def first_place(free: QRect) -> QRect:
    """Where a window stands first: in the middle of a screen's free part, and no larger than it."""
    room = free.size() - _FRAME
    place = QRect(free.topLeft(), _FIRST_SIZE.boundedTo(room))
    place.moveCenter(free.center())
    place.moveTop(max(place.top(), free.top() + _FRAME.height() * 3 // 4))
    return place

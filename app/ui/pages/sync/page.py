"""Sync: signed out, what it is and the ways in; signed in, how it stands and what asks the person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import ClassVar

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui.freshness import Topic
from app.ui.pages.sync.account_card import AccountCard, SyncSettingsCard
from app.ui.pages.sync.alarms_card import AlarmsCard
from app.ui.pages.sync.conflicts_card import ConflictsCard
from app.ui.pages.sync.machines_card import MachinesCard
from app.ui.pages.sync.signed_out import SignedOut
from app.ui.pages.sync.status_card import StatusCard
from app.ui.services import Services
from app.ui.shell.page import Command, Page
from app.ui.widgets.page_body import PageHeader, scrolling_column
from app.ui.words import tr

# "4 minutes ago" goes on; what it costs is a few labels.
_TICK_MS = 30_000
_WIDEST = 1_200


def build(services: Services) -> Page:
    """The page."""
    return SyncPage(services)


class SyncPage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset({Topic.PROJECTS, Topic.SETTINGS})

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._asked = False
        self._header = PageHeader(tr("Sync"))
        self._column = scrolling_column(self, self._header, widest=_WIDEST)
        self._stack = QStackedWidget()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._show)

    def furnish(self) -> Iterator[None]:
        services = self._services
        self._out = SignedOut(services)
        yield
        self._alarms, self._status = AlarmsCard(services), StatusCard(services)
        self._conflicts = ConflictsCard(services)
        yield
        self._machines, self._account = MachinesCard(services), AccountCard(services)
        yield
        self._when = SyncSettingsCard(services)
        yield
        self._stack.addWidget(self._out)
        self._stack.addWidget(self._signed_in())
        yield
        self._column.addWidget(self._stack)
        self._column.addStretch(1)
        services.sync.changed.connect(self._show)
        services.sync.signed_in_changed.connect(self._signed)
        self._show()

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        self._tick.start()
        if self._services.sync.signed_in:
            self._conflicts.ask()
            if Topic.SETTINGS in changed or not self._asked:
                self._asked = True
                self._machines.ask()
        self._show()

    def left(self) -> None:
        self._tick.stop()
        self._conflicts.forget()
        self._machines.forget()

    def go(self, where: Mapping[str, str]) -> None:
        if where.get("show") == "conflict":
            self._conflicts.open_first()

    def commands(self) -> Sequence[Command]:
        if not self._services.sync.signed_in:
            return (
                Command(tr("Make an account…"), self._out.sign_up, icon="user"),
                Command(tr("Pair this machine…"), self._out.pair, icon="link"),
                Command(tr("Sign in…"), self._out.sign_in, icon="log-in"),
            )
        return (Command(tr("Add a machine…"), self._machines.add, icon="plus"),)

    def _signed_in(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._alarms.hide()
        column.addWidget(self._alarms)
        row = QHBoxLayout()
        row.setSpacing(16)
        left, right = QVBoxLayout(), QVBoxLayout()
        for part in (left, right):
            part.setSpacing(16)
        left.addWidget(self._status)
        left.addWidget(self._conflicts)
        left.addWidget(self._account)
        left.addStretch(1)
        right.addWidget(self._machines)
        right.addWidget(self._when)
        right.addStretch(1)
        row.addLayout(left, 5)
        row.addLayout(right, 4)
        column.addLayout(row)
        return made

    def _signed(self, signed_in: bool) -> None:
        self._asked = False
        self._show()
        if signed_in and self.isVisible():
            self.refresh(self.topics)

    def _show(self) -> None:
        sync = self._services.sync
        self._stack.setCurrentIndex(int(sync.signed_in))
        self._header.say(
            tr("Your machines, one truth; sealed on the way and at rest.")
            if sync.signed_in
            else tr("Several machines, one truth. Nothing leaves this machine unless you make an account.")
        )
        if sync.signed_in:
            self._alarms.show_now()
            self._status.show_now()
            self._account.show_now()

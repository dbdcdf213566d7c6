"""Welcome: one step at a time, with Back, Skip and Next."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import ClassVar

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout

from app.ui.freshness import Topic
from app.ui.pages.welcome.desktop import DesktopStep
from app.ui.pages.welcome.history import HistoryStep
from app.ui.pages.welcome.projects import ProjectsStep
from app.ui.pages.welcome.promise import PromiseStep
from app.ui.pages.welcome.start import StartStep
from app.ui.pages.welcome.step import Step
from app.ui.services import Services
from app.ui.shell.page import Page
from app.ui.theme.stylesheet import styled
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.widgets.page_body import scrolling
from app.ui.words import tr

_WIDTH, _HEIGHT = 720, 560
# On a low screen the card is lower, and keeps this from the edges of the page.
_LOWEST, _EDGE = 440, 12


def build(services: Services) -> Page:
    """The page."""
    return WelcomePage(services)


class WelcomePage(Page):
    topics: ClassVar[frozenset[Topic]] = frozenset()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._steps: list[Step] = []
        self._where = label("", "overline")
        self._stack = QStackedWidget()

    def furnish(self) -> Iterator[None]:
        card = self._card = Card(padding=32)
        card.setFixedSize(_WIDTH, _HEIGHT)
        card.body.addWidget(self._where)
        steps, area = scrolling(margin=0)
        steps.addWidget(styled(self._stack, role="plain"))
        card.body.addWidget(area, 1)
        card.body.addLayout(self._foot())
        column = QVBoxLayout(self)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        for make in (PromiseStep, DesktopStep, ProjectsStep, HistoryStep, StartStep):
            yield
            step = make(self._services)
            self._steps.append(step)
            self._stack.addWidget(step)
        self._go_to(0)

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        """What the steps show follows the settings and the agent by itself."""

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        # The way on stays in sight on a low screen.
        self._card.setFixedHeight(min(_HEIGHT, max(_LOWEST, self.height() - 2 * _EDGE)))

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        # Enter leads on; the window takes the focus to itself when it is shown.
        QTimer.singleShot(0, self._next.setFocus)

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._skip = styled(QPushButton(tr("Skip the rest")), kind="ghost")
        self._skip.clicked.connect(self._end)
        self._back = QPushButton(tr("Back"))
        self._back.clicked.connect(lambda: self._go_to(self._stack.currentIndex() - 1))
        self._next = styled(QPushButton(), kind="primary")
        self._next.setDefault(True)
        self._next.clicked.connect(self._go_on)
        row.addWidget(self._skip)
        row.addStretch(1)
        row.addWidget(self._back)
        row.addWidget(self._next)
        return row

    def _go_on(self) -> None:
        if self._stack.currentIndex() == len(self._steps) - 1:
            self._end()
        else:
            self._go_to(self._stack.currentIndex() + 1)

    def _go_to(self, place: int) -> None:
        last = place == len(self._steps) - 1
        self._stack.setCurrentIndex(place)
        self._where.setText(tr("Step {number} of {count}", number=place + 1, count=len(self._steps)))
        self._back.setVisible(place > 0)
        self._skip.setVisible(not last)
        self._next.setText(tr("Start") if last else tr("Next"))
        self._steps[place].entered()
        self._next.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self) -> None:
        # A disk that refuses only means that this page is shown again.
        with suppress(OSError):
            self._services.paths.welcomed.touch()
        self._services.navigator.open("today")

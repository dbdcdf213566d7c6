"""The first step: what is recorded, and what never is."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.pages.welcome.step import Step
from app.ui.services import Services
from app.ui.widgets.labels import label
from app.ui.words import tr


class PromiseStep(Step):
    def __init__(self, services: Services) -> None:
        super().__init__(
            tr("Where your working time goes, for your eyes only"),
            tr("DevPulse records on this machine, and only there. There is no account, and nothing leaves it "
               "unless you say so."),
        )  # fmt: skip
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(_column(services, tr("What is recorded"), _recorded(), "check", "success"), 1)
        row.addWidget(_column(services, tr("What never is"), _never(), "x", "danger"), 1)
        self.body.addLayout(row)


def _recorded() -> tuple[str, ...]:
    return (
        tr("The application in front, for how long, and when you were away"),
        tr("The title of its window, after your rules; you can switch titles off"),
        tr("The project, branch and language it belongs to"),
        tr("Of a web address the site only"),
        tr("Focus sessions, and corrections you make"),
    )


def _never() -> tuple[str, ...]:
    return (
        tr("Keys, mouse movements, the clipboard, screenshots"),
        tr("The content of windows, files and pages"),
        tr("Private browser windows, password managers, and what you exclude"),
        tr("Titles of chats and mail; secrets and addresses in other titles"),
        tr("Anything while paused or in private mode"),
    )


def _column(services: Services, title: str, lines: Sequence[str], icon: str, color: str) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    column.addWidget(label(title, "strong"))
    for line in lines:
        row = QHBoxLayout()
        row.setSpacing(8)
        mark = QLabel()
        mark.setPixmap(services.icons.pixmap(icon, 16, color, made.devicePixelRatioF()))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(line, wrap=True), 1)
        column.addLayout(row)
    column.addStretch(1)
    return made

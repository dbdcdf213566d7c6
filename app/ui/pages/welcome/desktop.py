"""The second step: what works on this desktop, as the agent finds it now."""

from __future__ import annotations

from typing import Any, cast

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.pages.welcome.step import Step
from app.ui.said import said
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.labels import label
from app.ui.widgets.page_body import scrolling
from app.ui.words import tr

_AGAIN_MS = 2_000
_LOOKS = {"ok": ("circle-check", "success"), "limited": ("triangle-alert", "warning")}
_MISSING = ("circle-x", "danger")


class DesktopStep(Step):
    """Asks again while it is shown: a permission that was given in the meantime shows."""

    def __init__(self, services: Services) -> None:
        super().__init__(
            tr("What works on this desktop"),
            tr(
                "DevPulse looks at what your desktop tells programs. What does not work here says what to do."
            ),
        )
        self._services = services
        self._list, area = scrolling(margin=0)
        self._list.setSpacing(12)
        area.setMinimumHeight(270)
        self.body.addWidget(area)
        again = QHBoxLayout()
        again.addWidget(button(services.icons, tr("Look again"), self._ask, icon="refresh-cw"))
        again.addStretch(1)
        self.body.addLayout(again)
        self._shown: object = None
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._ask)

    def entered(self) -> None:
        self._ask()
        self._timer.start()

    def _ask(self) -> None:
        if not self.isVisible() and self._shown is not None:
            self._timer.stop()
            return
        self._services.agent.request("doctor", then=self._heard, failed=lambda _: self._show([_away()]))

    def _heard(self, answer: dict[str, Any]) -> None:
        self._show(cast("list[dict[str, str]]", answer.get("checks", [])))

    def _show(self, checks: list[dict[str, str]]) -> None:
        if checks == self._shown:
            return
        self._shown = checks
        while (taken := self._list.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for check in checks:
            self._list.addWidget(self._line(check))
        self._list.addStretch(1)

    def _line(self, check: dict[str, str]) -> QWidget:
        icon, color = _LOOKS.get(check["state"], _MISSING)
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(12)
        mark = QLabel()
        mark.setPixmap(self._services.icons.pixmap(icon, 18, color, self.devicePixelRatioF()))
        mark.setAccessibleName(
            {"ok": tr("works"), "limited": tr("limited")}.get(check["state"], tr("missing"))
        )
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(_names().get(check["name"], check["name"]), "strong"))
        words.addWidget(label(said(check["detail"]), "muted", wrap=True))
        if check.get("advice") and check["state"] != "ok":
            words.addWidget(label(said(check["advice"]), wrap=True))
        row.addLayout(words, 1)
        return made


def _names() -> dict[str, str]:
    return {
        "windows": tr("Windows and titles"),
        "input": tr("When you are away"),
        "session": tr("Lock and sleep"),
        "presence without input": tr("Calls and films"),
        "tray": tr("Tray icon"),
        "key": tr("The key to your titles"),
        "display": tr("Display"),
        "recording": tr("Recording"),
    }


def _away() -> dict[str, str]:
    return {
        "name": "recording",
        "state": "missing",
        "detail": tr("The agent does not run yet."),
        "advice": tr("It starts by itself; this takes a moment."),
    }

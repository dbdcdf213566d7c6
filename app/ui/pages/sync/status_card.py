"""How syncing stands: whether it works, when it last did, how far it is, what is waiting."""

from __future__ import annotations

from datetime import datetime

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout

from app.errors import DevPulseError, ServiceAway, from_json
from app.ui.said import said
from app.ui.services import Services
from app.ui.shell.times import local_now
from app.ui.sync.told import ago
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.words import number, tr

_ICON = 28


class StatusCard(Card):
    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.setAccessibleName(tr("How syncing stands"))
        self._icon = QLabel()
        self._headline = label("", "title", wrap=True)
        self._more = label("", "muted", wrap=True)
        self._now = button(services.icons, tr("Sync now"), services.sync.sync_now, icon="refresh-cw")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        row = QHBoxLayout()
        row.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._headline)
        words.addWidget(self._more)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._now, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.body.addWidget(self._bar)
        services.theme.changed.connect(self._redraw)
        self.show_now()

    def show_now(self) -> None:
        """Bring it to what is known now."""
        sync = self._services.sync
        now = local_now(self._services.clock)
        icon, color, headline, lines = _words(self._services, now)
        self._icon.setPixmap(self._services.icons.pixmap(icon, _ICON, color, self.devicePixelRatioF()))
        self._headline.setText(headline)
        self._more.setText("\n".join(line for line in lines if line))
        share = sync.share
        self._now.setEnabled(share is None)
        self._bar.setVisible(share is not None)
        if share is not None:
            self._bar.setRange(0, 0 if share < 0 else 1000)
            self._bar.setValue(max(0, round(share * 1000)))

    def _redraw(self, _: object) -> None:
        self.show_now()


def _words(services: Services, now: datetime) -> tuple[str, str, str, tuple[str, ...]]:
    """Icon, its colour, headline, lines."""
    sync = services.sync
    status = sync.status
    last = (
        tr("Last synced: {moment}.", moment=ago(status.last_success_ms, now))
        if status.last_success_ms
        else ""
    )
    waiting = _waiting(status.waiting)
    if sync.share is not None:
        first = "" if status.last_success_ms else tr("The first time takes a while; you can go on working.")
        return "refresh-cw", "accent", tr("Syncing…"), (first, last, waiting)
    error = sync.error or (from_json(dict(status.problem)) if status.problem else None)
    if error is not None:
        return _failed(error, last, waiting)
    if services.settings.text("sync.when") == "never":
        return "circle-alert", "warning", tr("Syncing is switched off"), (last, waiting)
    if not status.last_success_ms:
        return "clock", "text_muted", tr("Not synced yet"), (waiting,)
    live = tr("Changes from your other machines come at once.") if sync.listening else ""
    if status.waiting:
        return "clock", "text_muted", waiting.rstrip("."), (last, live)
    return "circle-check", "success", tr("Everything is synced"), (last, live)


def _failed(error: DevPulseError, last: str, waiting: str) -> tuple[str, str, str, tuple[str, ...]]:
    away = isinstance(error, ServiceAway)
    more = " ".join(said(part) for part in (error.detail, error.advice) if part)
    icon, color = ("wifi-off", "warning") if away else ("circle-alert", "danger")
    return icon, color, said(error.title), (more, " ".join(part for part in (last, waiting) if part))


def _waiting(count: int) -> str:
    if not count:
        return ""
    return (
        tr("1 change waits to be sent.")
        if count == 1
        else tr("{count} changes wait to be sent.", count=number(count))
    )

"""The tray icon: it shows the agent's status and takes the person's quick actions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtDBus import QDBusConnection
from PyQt6.QtGui import QCursor, QIcon
from PyQt6.QtWidgets import QMenu, QSystemTrayIcon

from app.paths import resources
from app.ui.tray.content import TrayActions, entries
from app.ui.tray.host import TrayHost
from app.ui.tray.menu import Menu, escaped_for_panel, escaped_for_qt
from app.ui.tray.view import Look, Status, look

logger = logging.getLogger(__name__)

_SIZES = (16, 22, 24, 32, 48, 64)
# Long enough for a person who opens the menu twice in a row.
_SETTLED_MS = 2000


def _local_now() -> datetime:
    return datetime.now().astimezone()


class Tray(QObject):
    """Lives as long as the agent, whether there is a panel or not; it is shown wherever one appears.

    `presets_min`: lengths offered for a focus session. `open_window(page)`: shows the
    windows, "" at the last page; without it there is no such entry, and a click on the icon opens the menu.
    `after_menu` is called a little after the menu was closed, when its memory can be handed back.
    """

    def __init__(
        self,
        parent: QObject | None,
        actions: TrayActions,
        *,
        presets_min: Sequence[int],
        open_window: Callable[[str], None] | None = None,
        after_menu: Callable[[], None] | None = None,
        icons: Path | None = None,
        bus: QDBusConnection | None = None,
        now: Callable[[], datetime] = _local_now,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._presets = tuple(presets_min)
        self._open_window = open_window
        self._icons = icons or resources() / "icons" / "tray"
        self._now = now
        self._status: Status = {"state": "starting"}
        self._look: Look | None = None
        self._icon: QSystemTrayIcon | None = None
        self._by_panel: bool | None = None
        self._widget = QMenu()
        self._menu = Menu(self._widget, escaped_for_qt)
        self._widget.aboutToShow.connect(self._refresh_menu)
        self._widget.aboutToHide.connect(self._hidden)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        if after_menu is not None:
            self._settled.timeout.connect(after_menu)
        self._host = TrayHost(self._host_changed, bus=bus, parent=self)
        self._host.start()

    @property
    def available(self) -> bool:
        """Whether a panel shows the icon now."""
        return bool(self._icon) and QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def kind(self) -> str:
        """How it is shown, for `devpulse doctor`: `status-notifier`, `xembed` or `none`."""
        if not self.available:
            return "none"
        return "status-notifier" if self._by_panel else "xembed"

    def show(self, status: Status) -> None:
        """Show this status from now on. Cheap when nothing that can be seen has changed."""
        self._status = status
        self._refresh_icon()
        self._refresh_menu()

    def offer(self, presets_min: Sequence[int]) -> None:
        """Offer other lengths for a focus session."""
        self._presets = tuple(presets_min)
        self._refresh_menu()

    def message(self, title: str, text: str) -> None:
        """Show a notification beside the icon, for desktops without a notification service."""
        if self._icon is not None:
            self._icon.showMessage(title, text, QIcon(), 10_000)

    def close(self) -> None:
        """Take the icon away."""
        self._drop_icon()
        self._widget.hide()

    def _host_changed(self, by_panel: bool) -> None:
        # Qt decides how an icon is shown when it is made, and never again.
        if by_panel == self._by_panel:
            return
        self._by_panel = by_panel
        self._drop_icon()
        self._menu.escape_with(escaped_for_panel if by_panel else escaped_for_qt)
        self._refresh_menu()
        icon = QSystemTrayIcon(self)
        icon.setContextMenu(self._widget)
        icon.activated.connect(self._activated)
        self._icon = icon
        self._look = None
        self._refresh_icon()
        icon.show()
        logger.info("tray icon made for %s", "StatusNotifier" if by_panel else "XEmbed")

    def _drop_icon(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _refresh_icon(self) -> None:
        if self._icon is None:
            return
        before, fresh = self._look, look(self._status, self._now())
        if before is None or before.icon != fresh.icon:
            self._icon.setIcon(self._loaded(fresh.icon))
        if before is None or before.tooltip != fresh.tooltip:
            self._icon.setToolTip(fresh.tooltip)
        self._look = fresh

    def _refresh_menu(self) -> None:
        self._menu.show(
            entries(
                self._status,
                self._actions,
                now=self._now(),
                presets_min=self._presets,
                open_window=self._open_window,
            )
        )

    def _loaded(self, name: str) -> QIcon:
        icon = QIcon()
        for size in _SIZES:
            icon.addFile(str(self._icons / f"{name}-{size}.png"))
        return icon

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Trigger:
            return
        if self._open_window is not None:
            self._open_window("")
        else:
            self._widget.popup(QCursor.pos())

    def _hidden(self) -> None:
        # Lines that came or went while it was open are put in place once it is closed.
        QTimer.singleShot(0, self._refresh_menu)
        self._settled.start()

"""What the service, or a machine, must not do and did: shown until the person has read it."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from app.errors import DevPulseError
from app.ui.services import Services
from app.ui.shell.times import local_now
from app.ui.sync.facts import Alarm
from app.ui.sync.told import ago, alarm_words
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import button
from app.ui.widgets.labels import label
from app.ui.words import tr


class AlarmsCard(QFrame):
    def __init__(self, services: Services) -> None:
        super().__init__()
        styled(self, role="card", kind="danger")
        self.setAccessibleName(tr("Alarms"))
        self._services = services
        self._shown: tuple[Alarm, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        foot = QHBoxLayout()
        self._button = button(services.icons, tr("I have read this"), self._read, icon="check")
        foot.addStretch(1)
        foot.addWidget(self._button)
        column.addLayout(self._list)
        column.addLayout(foot)

    def show_now(self) -> None:
        """Bring it to what is known now; it is hidden where there is nothing."""
        alarms = self._services.sync.status.alarms
        if alarms == self._shown:
            return
        self._shown = alarms
        self._button.setEnabled(True)
        while (taken := self._list.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for alarm in alarms:
            self._list.addWidget(self._row(alarm))
        self.setVisible(bool(alarms))

    def _row(self, alarm: Alarm) -> QFrame:
        made = styled(QFrame(), role="plain")
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        picture = QLabel()
        picture.setPixmap(
            self._services.icons.pixmap("triangle-alert", 20, "danger", self.devicePixelRatioF())
        )
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        title, more = alarm_words(alarm)
        words.addWidget(label(title, "strong", wrap=True))
        words.addWidget(label(more, wrap=True))
        words.addWidget(label(ago(alarm.at_ms, local_now(self._services.clock)), "caption"))
        row.addLayout(words, 1)
        return made

    def _read(self) -> None:
        self._button.setEnabled(False)
        running = self._services.sync.program.run(("sync", "--read-alarms"))
        running.finished.connect(self._was_read)
        running.failed.connect(self._failed)

    def _was_read(self, _: object) -> None:
        # Until now nothing was exchanged with the service.
        self._services.sync.ask_status()
        self._services.sync.sync_now()

    def _failed(self, error: DevPulseError) -> None:
        self._button.setEnabled(True)
        self._services.changes.failed.emit(error)

"""About: the version, the licence, and where DevPulse keeps its files."""

from __future__ import annotations

import sys

from PyQt6.QtCore import PYQT_VERSION_STR, QT_VERSION_STR, QUrl
from PyQt6.QtGui import QDesktopServices

from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.form import FormRow
from app.ui.widgets.labels import ElidedLabel, label, separator
from app.ui.words import tr
from app.version import __version__


class AboutCard(Card):
    """What a person needs to tell when they ask for help, and what they may do with the program."""

    def __init__(self, services: Services) -> None:
        super().__init__(tr("About"))
        self.body.setSpacing(0)
        python = ".".join(str(part) for part in sys.version_info[:3])
        versions = f"DevPulse {__version__} · Python {python} · Qt {QT_VERSION_STR} · PyQt {PYQT_VERSION_STR}"
        for title, words in (
            (tr("Version"), versions),
            (tr("Licence"), tr("Free software: GPL-3.0-or-later. Icons by Lucide (ISC).")),
        ):
            self.body.addWidget(separator())
            self.body.addWidget(FormRow(title, words, label("")))
        for title, folder in (
            (tr("Your data"), services.paths.data),
            (tr("Your settings"), services.paths.config),
            (tr("Logs"), services.paths.logs),
        ):
            self.body.addWidget(separator())
            opener = button(
                services.icons,
                tr("Open the folder"),
                lambda folder=folder: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))),
                icon="folder-open",
            )
            opener.setAccessibleName(tr("Open the folder: {what}", what=title))
            row = FormRow(title, "", opener)
            row.title.setToolTip(str(folder))
            place = ElidedLabel(str(folder), "caption")
            self.body.addWidget(row)
            self.body.addWidget(place)
            self.body.addSpacing(8)

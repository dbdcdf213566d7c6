"""The Emergency Kit before the person's eyes: to print, to save, and then to be gone.

Nothing of it is written anywhere by itself; the document is emptied when the dialog closes.
"""

from __future__ import annotations

import os
from pathlib import Path

from PyQt6.QtCore import QBuffer, QIODevice, QMarginsF, QSize, Qt
from PyQt6.QtGui import QHideEvent, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PyQt6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QTextBrowser, QWidget

from app.errors import StorageError
from app.models.database import tell_os
from app.sync.crypto.emergency_kit import EmergencyKit
from app.ui.services import Services
from app.ui.sync.kit import kit_html
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import button
from app.ui.widgets.dialog import Dialog
from app.ui.words import tr

_WIDTH, _PAPER_HIGH = 700, 470


class KitDialog(Dialog):
    """`fresh`: its words are shown for the only time, so closing it takes one mark more."""

    def __init__(self, services: Services, parent: QWidget, kit: EmergencyKit, *, fresh: bool) -> None:
        words = (
            tr("This is the only time the recovery words are shown. Print the page, or save it where nobody "
               "else can read it.")
            if kit.words
            else tr("The recovery words are not on it: they were shown once, and are kept nowhere.")
        )  # fmt: skip
        super().__init__(parent, tr("Emergency Kit"), accept=tr("Done"), words=words, width=_WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._services = services
        self._kit: EmergencyKit | None = kit
        self._paper = _Paper()
        styled(self._paper, role="paper")
        self._paper.setAccessibleName(tr("Emergency Kit"))
        self._paper.setOpenLinks(False)
        self._paper.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._paper.document().setDocumentMargin(24)  # type: ignore[union-attr]
        self._paper.setHtml(kit_html(kit))
        row = QHBoxLayout()
        row.setSpacing(8)
        icons = services.icons
        row.addWidget(button(icons, tr("Print…"), self._print, icon="file-text"))
        row.addWidget(button(icons, tr("Save as PDF…"), self._save_pdf, icon="download"))
        row.addWidget(button(icons, tr("Save as HTML…"), self._save_html, icon="code"))
        row.addStretch(1)
        self._kept = QCheckBox(tr("I have put it away"))
        self.body.addWidget(self._paper, 1)
        self.body.addLayout(row)
        if fresh:
            self.body.addWidget(self._kept)
            self._kept.toggled.connect(self.accept_button.setEnabled)
            self.accept_button.setEnabled(False)
            self.cancel_button.hide()
        else:
            self._kept.hide()
            self.cancel_button.hide()
        self._fresh = fresh
        self._paper.setFocus()

    def reject(self) -> None:
        """Escape closes it only when nothing would be lost."""
        if not self._fresh or self._kept.isChecked():
            super().reject()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self._kit = None
        self._paper.setHtml("")
        super().hideEvent(event)

    def _print(self) -> None:
        from PyQt6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(tr("Emergency Kit"))
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def print_it() -> None:
            document = self._document()
            document.print(printer)

        dialog.accepted.connect(print_it)
        dialog.open()

    def _save_pdf(self) -> None:
        self._ask_where(tr("PDF (*.pdf)"), ".pdf", lambda file: self._write(file, as_pdf(self._document())))

    def _save_html(self) -> None:
        def write(file: Path) -> None:
            if self._kit is not None:
                self._write(file, kit_html(self._kit).encode())

        self._ask_where(tr("HTML (*.html)"), ".html", write)

    def _ask_where(self, kind: str, ending: str, write: object) -> None:
        dialog = QFileDialog(self, tr("Emergency Kit"), str(self._services.home))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([kind])
        dialog.setDefaultSuffix(ending.removeprefix("."))
        dialog.selectFile(f"devpulse-emergency-kit{ending}")
        dialog.fileSelected.connect(lambda name: write(Path(name)))  # type: ignore[operator]
        dialog.open()

    def _write(self, file: Path, content: bytes) -> None:
        """A page is some kilobytes: written at once, for its owner only."""
        try:
            write_private(file, content)
        except StorageError as error:
            self._services.changes.failed.emit(error)

    def _document(self) -> QTextDocument:
        document = QTextDocument(self)
        if self._kit is not None:
            document.setHtml(kit_html(self._kit))
        return document


class _Paper(QTextBrowser):
    """A sheet; smaller where the screen is."""

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _PAPER_HIGH)


def as_pdf(document: QTextDocument) -> bytes:
    """The document on pages of A4."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("DevPulse")
    writer.setResolution(300)
    # A document that is printed keeps two centimetres free itself.
    size = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    document.print(writer)
    buffer.close()
    return bytes(buffer.data().data())


def write_private(file: Path, content: bytes) -> None:
    """Write a file that only its owner can read. Raises `StorageError`."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            os.fchmod(target.fileno(), 0o600)
            target.write(content)
    except OSError as error:
        raise tell_os(error) from error

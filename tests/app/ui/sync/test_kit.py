from __future__ import annotations

import stat
from pathlib import Path

import pytest
from PyQt6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from app.errors import StorageError
from app.sync.crypto.emergency_kit import EmergencyKit
from app.ui.sync.kit import kit_html
from app.ui.sync.kit_dialog import as_pdf, write_private

KIT = EmergencyKit(
    server="https://pulse.example.org",
    account="0b6f0b6f-0b6f-4b6f-8b6f-0b6f0b6f0b6f",
    email="ada@example.org",
    secret_key="D1-000G-40R4-0M30-E209-185G-R38E-1WQX",
    words=" ".join(["zebra"] * 24),
    made_on="2026-11-27",
)


def test_the_kit_is_one_page_with_all_that_is_needed(qtbot: QtBot) -> None:
    document = QTextDocument()
    document.setHtml(kit_html(KIT))
    text = document.toPlainText()
    assert KIT.secret_key in text
    assert text.count("zebra") == 24
    pdf = as_pdf(document)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == 1


def test_a_saved_kit_is_its_owners_alone_also_where_a_file_was(tmp_path: Path) -> None:
    file = tmp_path / "kit.html"
    file.write_text("before")
    file.chmod(0o644)
    write_private(file, b"after")
    assert file.read_bytes() == b"after"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(StorageError):
        write_private(tmp_path / "no" / "folder", b"")

"""The import dialog: what would come is told first, then it comes in, is cancelled, or is taken back."""

from __future__ import annotations

import json
from pathlib import Path

from PyQt6.QtWidgets import QLabel

from app.ui.importing.dialog import ImportDialog
from app.ui.importing.work import ImportWork
from tests.app.importing.exports import windows
from tests.app.ui.pages.live_home import Home, home, new_home

__all__ = ["home", "new_home"]


def export(folder: Path, count: int, *, broken: bool = False) -> Path:
    bucket = windows([(n * 60, 60, "Code", f"file-{n % 50}.py") for n in range(count)])
    text = json.dumps({"buckets": {bucket["id"]: bucket}})
    file = folder / "export.json"
    file.write_text(text[:-20] if broken else text)
    return file


def shown(dialog: ImportDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel))


def stored(home: Home) -> int:
    return home.rows("SELECT count(*) FROM activity_logs")[0][0]


def test_what_would_come_is_told_taken_in_and_taken_back(home: Home, tmp_path: Path) -> None:
    services, window = home.windows.services, home.windows.window
    dialog = ImportDialog(services, window, export(tmp_path, 30))
    assert not dialog.accept_button.isEnabled()
    dialog.open()
    home.settle()
    assert "ActivityWatch: 30 m on one day." in shown(dialog)
    assert "30 activities" in shown(dialog)
    assert stored(home) == 0
    dialog.accept()
    home.settle()
    assert stored(home) == 30
    services.changes.undo()
    home.settle()
    assert stored(home) == 0


def test_a_file_that_ends_early_is_refused_with_line_and_reason(home: Home, tmp_path: Path) -> None:
    dialog = ImportDialog(home.windows.services, home.windows.window, export(tmp_path, 5, broken=True))
    dialog.open()
    home.settle()
    assert "Line 1 cannot be imported" in shown(dialog)
    assert not dialog.accept_button.isEnabled()
    dialog.reject()


def test_a_cancelled_import_leaves_nothing(home: Home, tmp_path: Path) -> None:
    services = home.windows.services
    command = services.changes.run(ImportWork(services).take_in(export(tmp_path, 20_000)), long=True)
    assert command is not None
    told: list[str] = []
    command.progressed.connect(lambda _share, words: told.append(words))
    command.cancelled.connect(lambda: told.append("cancelled"))
    home.until(lambda: bool(told))
    command.cancel()
    home.until(lambda: "cancelled" in told)
    home.settle()
    assert told[0] == "Reading…"
    assert stored(home) == 0
    assert not services.changes.undoable

"""The menu of a chart: save it, copy it, or read its numbers."""

# PyQt6's own stubs leave the type of every slot unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtWidgets import QFileDialog, QMenu

from app.ui.charts.numbers import NumbersWindow
from app.ui.charts.picture import saved
from app.ui.charts.saving import Format, write
from app.ui.charts.sheet import Sheet
from app.ui.words import tr

Ask = Callable[[Sheet, Format], None]


def build_menu(chart: Sheet) -> QMenu:
    """The menu; saving asks where, and tells when that fails."""
    menu = QMenu(chart)
    if chart.is_empty:
        menu.addAction(tr("Nothing to save yet")).setEnabled(False)  # pyright: ignore[reportOptionalMemberAccess]
        return menu
    for form, text in (
        (Format.PNG, tr("Save as picture (PNG)…")),
        (Format.SVG, tr("Save as drawing (SVG)…")),
        (Format.CSV, tr("Save the numbers (CSV)…")),
    ):
        _add(menu, text, lambda form=form: ask_and_save(chart, form))
    menu.addSeparator()
    _add(menu, tr("Copy picture"), lambda: copy(chart))
    _add(menu, tr("Show as table"), lambda: NumbersWindow.of(chart).show())
    return menu


def open_menu(chart: Sheet, place: QPoint) -> None:
    """Open the menu at a place of the screen."""
    menu = build_menu(chart)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)


def ask_and_save(chart: Sheet, form: Format) -> None:
    """Ask where to, without blocking, and save there."""
    filters = {
        Format.PNG: tr("Pictures (*.png)"),
        Format.SVG: tr("Drawings (*.svg)"),
        Format.CSV: tr("Tables (*.csv)"),
    }
    content = saved(chart, form)  # as it is now, whatever changes while the person chooses a folder
    dialog = QFileDialog(chart, tr("Save chart"), f"{file_name(chart)}.{form}", filters[form])
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(form.value)
    dialog.fileSelected.connect(partial(_chosen, chart, content))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _chosen(chart: Sheet, content: bytes, path: str) -> None:
    save_to(chart, Path(path), content)


def save_to(chart: Sheet, path: Path, content: bytes) -> None:
    """Write; a failure is told through `chart.trouble`."""
    try:
        write(path, content)
    except OSError as error:
        chart.trouble.emit(
            tr("The chart could not be saved: {reason}. Nothing was written; try another folder.",
               reason=error.strerror or tr("unknown")),
        )  # fmt: skip


def copy(chart: Sheet) -> None:
    """The picture onto the clipboard."""
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setImage(QImage.fromData(saved(chart, Format.PNG)))


def file_name(chart: Sheet) -> str:
    """A name for the file that says what it holds, without its ending."""
    words = f"{chart.name} {chart.caption}".strip()
    return "".join(c if c.isalnum() or c in " -_" else "-" for c in words)[:80].strip() or "chart"


def _add(menu: QMenu, text: str, do: Callable[[], None]) -> None:
    action = menu.addAction(text)
    assert action is not None
    action.triggered.connect(lambda _checked=False: do())

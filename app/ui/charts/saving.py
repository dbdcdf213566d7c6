"""A chart as a file: PNG, SVG, or the numbers drawn as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile

from PyQt6.QtCore import QBuffer, QIODevice, QRect, QSize
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtSvg import QSvgGenerator

from app.ui.charts.values import Cell, Table

# A picture is for print and for screens finer than this one.
_FINER = 2.0

Paint = Callable[[QPainter], None]


class Format(StrEnum):
    PNG = "png"
    SVG = "svg"
    CSV = "csv"


def png(size: QSize, background: QColor, paint: Paint, ratio: float = _FINER) -> bytes:
    """`paint` on an image of `size` logical pixels, `ratio` device pixels each."""
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(background)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(out, "PNG")
    return out.data().data()


def svg(size: QSize, background: QColor, title: str, paint: Paint) -> bytes:
    """`paint` as vectors; texts stay texts."""
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(out)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRect(0, 0, size.width(), size.height()), background)
    paint(painter)
    painter.end()
    return out.data().data()


def csv_text(table: Table) -> str:
    """The table as RFC 4180 CSV, numbers with a point; a name never starts a formula in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return out.getvalue()


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    text = str(value)
    return (
        f"'{text}" if isinstance(value, str) and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    )


def write(path: Path, content: bytes) -> None:
    """Put `content` in place in one step, for its owner only. Raises OSError; then nothing is changed."""
    with NamedTemporaryFile(dir=path.parent, prefix=".devpulse-", delete=False) as file:
        kept = Path(file.name)
        try:
            file.write(content)
            file.flush()
            kept.replace(path)
        except OSError:
            kept.unlink(missing_ok=True)
            raise

"""A report as PDF: vectors, selectable text, page numbers. Needs a `QGuiApplication`, on any platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from PyQt6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PyQt6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)

from app.analytics.reports.composition import Composed, Section, Table
from app.analytics.reports.drawing import INK, QUIET, RULE, Box, Drawing, Line, Shape, Words

# A page of A4 in px at 96 to the inch; painted in tenths of them.
_WIDTH, _HEIGHT = 793.7, 1122.5
_SIDE, _TOP, _BOTTOM = 60.0, 62.0, 78.0
_INNER = _WIDTH - 2 * _SIDE
_TENTHS = 10
_CHART, _BESIDE = 0.44, 28.0
_MOST_LINES = 3
_SIZE_OF_ROWS = 11.5
_FAMILIES = ["Inter", "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Sans Serif"]


def as_pdf(report: Composed) -> bytes:
    """The whole file."""
    pages = _Setting(report).pages()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(report.title)
    writer.setCreator("DevPulse")
    writer.setResolution(96 * _TENTHS)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    painter = QPainter(writer)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, shapes in enumerate(pages):
        if number:
            writer.newPage()
        for shape in (*shapes, *_foot(number + 1, len(pages), report.title)):
            _paint(painter, shape)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def as_pdf_in_a_command(report: Composed) -> bytes:
    """The same where no application of Qt's exists yet; it needs no display."""
    application = QGuiApplication.instance() or QGuiApplication(["devpulse", "-platform", "offscreen"])
    try:
        return as_pdf(report)
    finally:
        del application


def _foot(number: int, of: int, title: str) -> Iterator[Shape]:
    y = _HEIGHT - 40
    yield Line(_SIDE, y - 16, _WIDTH - _SIDE, y - 16)
    yield Words(_SIDE, y, _elided(title, _INNER - 120, 10), 10)
    yield Words(_WIDTH - _SIDE, y, f"Page {number} of {of}", 10, QUIET, "end")


class _Setting:
    """Sets a report on pages, from top to bottom."""

    def __init__(self, report: Composed) -> None:
        self._report = report
        self._pages: list[list[Shape]] = [[]]
        self._y = _TOP

    def pages(self) -> list[list[Shape]]:
        """The shapes of each page, at their places."""
        report = self._report
        self._text(report.title, 24, INK, bold=True, most=4)
        for line in report.meta:
            self._text(line, 12.5, QUIET)
        self._y += 18
        if report.empty:
            self._text("Nothing was recorded in this time.", 12.5, INK)
        else:
            self._figures()
            for section in report.sections:
                self._section(section)
        self._room(40)
        self._y += 10
        self._text(report.note, 10, QUIET)
        return self._pages

    def _add(self, shape: Shape) -> None:
        self._pages[-1].append(shape)

    def _left(self) -> float:
        return _HEIGHT - _BOTTOM - self._y

    def _room(self, height: float) -> None:
        """Go to the next page where this one has no room for that height."""
        if self._left() < height and self._pages[-1]:
            self._pages.append([])
            self._y = _TOP

    def _text(self, text: str, size: float, color: str, *, bold: bool = False, most: int = 3) -> None:
        for line in _lines(text, _INNER, size, bold=bold, most=most):
            self._room(size * 1.4)
            self._y += size * 1.4
            self._add(Words(_SIDE, self._y - size * 0.35, line, size, color, bold=bold))

    def _figures(self) -> None:
        figures = self._report.figures
        width = (_INNER - 12 * (len(figures) - 1)) / max(1, len(figures))
        for place, figure in enumerate(figures):
            x = _SIDE + place * (width + 12)
            self._add(Box(x, self._y, width, 62, "#f4f6f9", radius=6))
            self._add(Words(x + 14, self._y + 28, figure.value, 18, INK, bold=True))
            self._add(Words(x + 14, self._y + 47, _elided(figure.meaning, width - 22, 10.5), 10.5))
        self._y += 62 + 14

    def _section(self, section: Section) -> None:
        rows = _Rows(section.table, _INNER * (1 - _CHART) - _BESIDE if section.beside else _INNER)
        chart_width = _INNER * _CHART if section.beside else _INNER
        chart = sum(_height(drawing, chart_width) + 8 for drawing in section.drawings)
        beside = section.beside and max(chart, rows.height) <= _HEIGHT - _TOP - _BOTTOM - 50
        if section.beside and not beside:
            rows, chart_width = _Rows(section.table, _INNER), _INNER * 0.6
            chart = sum(_height(drawing, chart_width) + 8 for drawing in section.drawings)
        self._room(46 + (max(chart, rows.height) if beside else chart + 60))
        self._y += 22
        self._text(section.heading, 15, INK, bold=True)
        self._y += 8
        top = self._y
        for drawing in section.drawings:
            self._draw(drawing, _SIDE, chart_width)
        if beside:
            below = self._y
            self._y = top - 5
            self._table(rows, _SIDE + chart_width + _BESIDE)
            self._y = max(self._y, below)
        else:
            self._y += 4
            self._table(rows, _SIDE)

    def _draw(self, drawing: Drawing, x: float, width: float) -> None:
        scale = width / drawing.width
        for shape in drawing.shapes:
            self._add(_moved(shape, x, self._y, scale))
        self._y += drawing.height * scale + 8

    def _table(self, rows: _Rows, x: float) -> None:
        self._line(rows, rows.head, x, QUIET, size=10.5)
        for row in rows.body:
            if self._left() < row.height:
                self._room(row.height)
                self._line(rows, rows.head, x, QUIET, size=10.5)
            self._line(rows, row, x, INK)
        if rows.foot is not None:
            self._room(rows.foot.height)
            self._line(rows, rows.foot, x, INK, bold=True)

    def _line(
        self, rows: _Rows, row: _Row, x: float, color: str, *, size: float = _SIZE_OF_ROWS, bold: bool = False
    ) -> None:
        for column, lines in enumerate(row.cells):
            start, width = rows.places[column]
            number = column in rows.table.numbers
            for n, line in enumerate(lines):
                at = x + start + (width if number else 0)
                y = self._y + 14 + n * 14.5
                self._add(Words(at, y, line, size, color, "end" if number else "start", bold))
        self._y += row.height
        self._add(Line(x, self._y, x + rows.width, self._y))


class _Row:
    """A row's cells, each as its lines."""

    def __init__(self, cells: Sequence[Sequence[str]]) -> None:
        self.cells = cells
        self.height = max((len(lines) for lines in cells), default=1) * 14.5 + 6


class _Rows:
    """A table measured for a width: numbers as wide as they need, the rest for the texts."""

    def __init__(self, table: Table, width: float) -> None:
        self.table = table
        self.width = width
        self.places = self._placed()
        self.head = self._row(table.headings, 10.5)
        self.body = [self._row(cells, _SIZE_OF_ROWS) for cells in table.rows]
        self.foot = self._row(table.sums, _SIZE_OF_ROWS, bold=True) if table.sums else None
        parts = [self.head, *self.body, *([self.foot] if self.foot else [])]
        self.height = sum(part.height for part in parts)

    def _placed(self) -> list[tuple[float, float]]:
        table = self.table
        count = len(table.headings)
        texts = [n for n in range(count) if n not in table.numbers]
        widths = [0.0] * count
        for n in table.numbers:
            cells = [row[n] for row in (table.headings, *table.rows, *([table.sums] if table.sums else []))]
            widths[n] = max(_width(cell, _SIZE_OF_ROWS, bold=True) for cell in cells)
        rest = self.width - sum(widths) - 14 * (count - 1)
        if len(texts) > 1:
            # What comes first takes what it needs, so that the words behind it have room.
            needs = max(_width(row[0], _SIZE_OF_ROWS) for row in (table.headings, *table.rows))
            widths[texts[0]] = min(needs + 4, rest * 0.4)
            rest -= widths[texts[0]]
            texts = texts[1:]
        for n in texts:
            widths[n] = rest / len(texts)
        starts = [sum(widths[:n]) + 14 * n for n in range(count)]
        return list(zip(starts, widths, strict=True))

    def _row(self, cells: Sequence[str], size: float, *, bold: bool = False) -> _Row:
        return _Row(
            [
                [cell] if n in self.table.numbers else _lines(cell, self.places[n][1], size, bold=bold)
                for n, cell in enumerate(cells)
            ]
        )


def _font(size: float, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setFamilies(_FAMILIES)
    font.setPixelSize(round(size * _TENTHS))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _width(text: str, size: float, *, bold: bool = False) -> float:
    return QFontMetricsF(_font(size, bold=bold)).horizontalAdvance(text) / _TENTHS


def _elided(text: str, width: float, size: float, *, bold: bool = False) -> str:
    metrics = QFontMetricsF(_font(size, bold=bold))
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width * _TENTHS)


def _lines(text: str, width: float, size: float, *, bold: bool = False, most: int = _MOST_LINES) -> list[str]:
    """The text broken into lines of that width, the last of them shortened."""
    layout = QTextLayout(text, _font(size, bold=bold))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    found: list[str] = []
    start = 0
    while len(found) < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width * _TENTHS)
        start = line.textStart()
        found.append(text[start : start + line.textLength()].strip())
    rest = text[start:].strip() if found else ""
    layout.endLayout()
    if found and rest != found[-1]:
        found[-1] = _elided(rest, width, size, bold=bold)
    return found or [""]


def _height(drawing: Drawing, width: float) -> float:
    return drawing.height * width / drawing.width


def _moved(shape: Shape, x: float, y: float, scale: float) -> Shape:
    if isinstance(shape, Box):
        return replace(
            shape,
            x=x + shape.x * scale,
            y=y + shape.y * scale,
            width=shape.width * scale,
            height=shape.height * scale,
            radius=shape.radius * scale,
        )
    if isinstance(shape, Line):
        return Line(
            x + shape.x1 * scale,
            y + shape.y1 * scale,
            x + shape.x2 * scale,
            y + shape.y2 * scale,
            shape.color,
        )
    return replace(shape, x=x + shape.x * scale, y=y + shape.y * scale, size=shape.size * scale)


def _paint(painter: QPainter, shape: Shape) -> None:
    if isinstance(shape, Box):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shape.fill))
        rect = QRectF(shape.x * _TENTHS, shape.y * _TENTHS, shape.width * _TENTHS, shape.height * _TENTHS)
        painter.drawRoundedRect(rect, shape.radius * _TENTHS, shape.radius * _TENTHS)
    elif isinstance(shape, Line):
        painter.setPen(QPen(QColor(shape.color or RULE), 0.8 * _TENTHS))
        painter.drawLine(
            QPointF(shape.x1 * _TENTHS, shape.y1 * _TENTHS), QPointF(shape.x2 * _TENTHS, shape.y2 * _TENTHS)
        )
    else:
        painter.setFont(_font(shape.size, bold=shape.bold))
        painter.setPen(QColor(shape.color))
        width = _width(shape.text, shape.size, bold=shape.bold)
        before = {"start": 0.0, "middle": width / 2, "end": width}[shape.anchor]
        painter.drawText(QPointF((shape.x - before) * _TENTHS, shape.y * _TENTHS), shape.text)

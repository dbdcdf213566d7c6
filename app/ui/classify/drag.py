"""Recorded activities on the way from a list to a category. Only their ids travel, never a title."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QDrag, QPainter, QPixmap
from PyQt6.QtWidgets import QWidget

from app.ui.charts.counted import activities
from app.ui.theme.tokens import Tokens

MIME = "application/x-devpulse-activities"


def carried(ids: Iterable[int]) -> QMimeData:
    """The ids of spans as a drag takes them along."""
    mime = QMimeData()
    mime.setData(MIME, " ".join(str(identity) for identity in ids).encode("ascii"))
    return mime


def brought(mime: QMimeData | None) -> tuple[int, ...]:
    """The ids that a drag brings; () for anything else."""
    if mime is None or not mime.hasFormat(MIME):
        return ()
    words = bytes(mime.data(MIME).data()).decode("ascii", "replace").split()
    return tuple(int(word) for word in words if word.isdecimal())


def drag(source: QWidget, mime: QMimeData, tokens: Tokens) -> None:
    """Let a person drag these activities; returns when they are let go.

    A small sign goes along beside the pointer: the rows themselves would hide what they are dropped on.
    """
    count = len(brought(mime))
    if not count:
        return
    words = activities(count)
    under_way = QDrag(source)
    under_way.setMimeData(mime)
    under_way.setPixmap(_sign(words, source, tokens))
    under_way.setHotSpot(QPoint(-12, -8))
    under_way.exec(Qt.DropAction.CopyAction)


def _sign(words: str, source: QWidget, tokens: Tokens) -> QPixmap:
    metrics, ratio = source.fontMetrics(), source.devicePixelRatioF()
    size = QSize(metrics.horizontalAdvance(words) + 24, metrics.height() + 12)
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(source.font())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.colors.accent))
    area = QRectF(0, 0, size.width(), size.height())
    painter.drawRoundedRect(area, size.height() / 2, size.height() / 2)
    painter.setPen(QColor(tokens.colors.on_accent))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return picture

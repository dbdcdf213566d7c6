"""Recorded activities on the way from a list to a category. Only their ids travel, never a title."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import QMimeData

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

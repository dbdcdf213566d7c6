"""Layout now, paint in the next round of the event loop: two shorter stretches instead of one."""

from __future__ import annotations

from PyQt6 import sip
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QWidget


def paint_later(widget: QWidget) -> None:
    """Leave on the screen what `widget` shows; when the event loop has come round, paint what it became."""
    widget.setUpdatesEnabled(False)

    def paint() -> None:
        if not sip.isdeleted(widget):
            widget.setUpdatesEnabled(True)

    QTimer.singleShot(0, paint)

"""Labels by their role, and durations that do not jump."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QLabel, QSizePolicy

from app.durations import told, told_in_minutes
from app.ui.theme.palette import tabular
from app.ui.theme.stylesheet import styled


def label(text: str = "", role: str = "", *, wrap: bool = False, kind: str = "") -> QLabel:
    """A label of plain text; `role` as in app/ui/theme/stylesheet.py."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return styled(made, role=role, kind=kind)


def separator(*, vertical: bool = False) -> QFrame:
    """A hairline."""
    return styled(QFrame(), role="separator", kind="vertical" if vertical else "")


class ElidedLabel(QLabel):
    """One line that ends in `…` where it does not fit; the whole text is its tool tip."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        styled(self, role=role)
        self.tell(text)

    def tell(self, text: str) -> None:
        """Show this text."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        line = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(24, self.width()))
        self.setText(line)
        self.setToolTip(self._whole if line != self._whole else "")


class DurationLabel(QLabel):
    """A length of time with figures of one width. `seconds_too`: below a minute too."""

    def __init__(self, seconds: float = 0, role: str = "", *, seconds_too: bool = False) -> None:
        super().__init__()
        self._seconds_too = seconds_too
        self.setFont(tabular(self.font()))
        styled(self, role=role)
        self.tell(seconds)

    def tell(self, seconds: float) -> None:
        """Show this length."""
        self.setText(told(seconds) if self._seconds_too else told_in_minutes(seconds))

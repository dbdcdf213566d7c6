"""The look in force: light, dark or as the system, and who is told when it changes."""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication, QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication

from app.ui.theme.palette import font, palette
from app.ui.theme.stylesheet import stylesheet
from app.ui.theme.tokens import DARK, LIGHT, Tokens


class Theme(QObject):
    """Dresses the application. `wish`: light, dark or system; `system_dark`: what the desktop says."""

    changed = pyqtSignal(object)  # Tokens

    def __init__(
        self,
        application: QCoreApplication,
        *,
        wish: str = "system",
        system_dark: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        assert isinstance(application, QApplication)
        self._application = application
        self._wish = wish
        self._system_dark = system_dark
        self._tokens = self._chosen()
        # The one built-in style that a stylesheet dresses the same on every system.
        application.setStyle("Fusion")
        self._dress()

    @property
    def tokens(self) -> Tokens:
        """The tokens in force."""
        return self._tokens

    def wish(self, wish: str) -> None:
        """The person chose light, dark or system."""
        self._wish = wish
        self._refresh()

    def system(self, *, dark: bool) -> None:
        """The desktop changed its mind."""
        self._system_dark = dark
        self._refresh()

    def _chosen(self) -> Tokens:
        dark = self._system_dark if self._wish == "system" else self._wish == "dark"
        return DARK if dark else LIGHT

    def _refresh(self) -> None:
        tokens = self._chosen()
        if tokens is not self._tokens:
            self._tokens = tokens
            self._dress()
            self.changed.emit(tokens)

    def _dress(self) -> None:
        self._application.setPalette(palette(self._tokens))
        self._application.setFont(font(self._tokens))
        self._application.setStyleSheet(stylesheet(self._tokens))

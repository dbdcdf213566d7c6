"""The look in force: light, dark or as the system, and who is told when it changes."""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication, QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget

from app.ui.theme.dressing import Dressing
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
        self._dressing = Dressing(application, self)
        # The one built-in style that a stylesheet dresses the same on every system.
        application.setStyle("Fusion")
        application.setPalette(palette(self._tokens))
        application.setFont(font(self._tokens))
        application.setStyleSheet(stylesheet(self._tokens))

    @property
    def tokens(self) -> Tokens:
        """The tokens in force."""
        return self._tokens

    def finish(self, root: QWidget) -> None:
        """Let `root` wear the look in force before it is seen, if it has just changed."""
        self._dressing.finish(root)

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
            self._application.setPalette(palette(tokens))
            self._dressing.put_on(stylesheet(tokens))
            self.changed.emit(tokens)

"""Settings that the windows' process itself obeys: look, language, start with the system."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

from app import autostart
from app.errors import DevPulseError
from app.paths import Paths
from app.ui.settings_store import SettingsStore
from app.ui.theme.theme import Theme
from app.ui.translation import Translation


class Preferences(QObject):
    """`language_changed()`: everything that was built in another language is to be built anew.

    `failed(error)`: what could not be obeyed.
    """

    def __init__(
        self,
        settings: SettingsStore,
        paths: Paths,
        theme: Theme,
        translation: Translation,
        *,
        language_changed: Callable[[], None],
        failed: Callable[[DevPulseError], None],
    ) -> None:
        super().__init__()
        self._settings = settings
        self._paths = paths
        self._theme = theme
        self._translation = translation
        self._language_changed = language_changed
        self._failed = failed
        settings.changed.connect(self._changed)

    def _changed(self, keys: frozenset[str]) -> None:
        if "appearance.theme" in keys:
            self._theme.wish(self._settings.now.text("appearance.theme"))
        if "general.start_with_system" in keys:
            try:
                autostart.apply(self._settings.now.switch("general.start_with_system"), self._paths)
            except DevPulseError as error:
                self._failed(error)
        if "appearance.language" in keys and self._translation.use(
            self._settings.now.text("appearance.language")
        ):
            self._language_changed()

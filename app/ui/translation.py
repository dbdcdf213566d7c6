"""The person's language, read from `resources/translations` without compiled files.

A language is a folder of JSON files, each an object from source text to translation; together they are
one table.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from PyQt6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.paths import resources
from app.ui.sentences import Sentences
from app.ui.words import CONTEXT, SAID

# What the floors below the windows say; they put their values in themselves.
SAID_FILE = "said.json"

logger = logging.getLogger(__name__)


class Translation:
    """What is installed in `application` now; English needs nothing."""

    def __init__(self, application: QCoreApplication, folder: Path | None = None) -> None:
        self._application = application
        self._folder = folder or resources() / "translations"
        self._installed: list[QTranslator] = []
        self.language = "en"

    def use(self, wish: str) -> bool:
        """Speak this language ("system": the desktop's, as far as it is known). Whether anything changed."""
        language = self._known(QLocale.system().name()[:2] if wish == "system" else wish)
        if language == self.language:
            return False
        self.language = language
        while self._installed:
            self._application.removeTranslator(self._installed.pop())
        if language != "en":
            self._install(_qt_own(language))
            self._install(_Table(load(self._folder / language), load(self._folder / language, SAID_FILE)))
        QLocale.setDefault(QLocale.system() if wish == "system" else QLocale(language))
        return True

    def _install(self, translator: QTranslator) -> None:
        self._application.installTranslator(translator)
        self._installed.append(translator)

    def _known(self, language: str) -> str:
        return language if (self._folder / language).is_dir() else "en"


def load(folder: Path, files: str = "*.json") -> dict[str, str]:
    """One language's table. A file that cannot be read is left out: its texts stay English."""
    table: dict[str, str] = {}
    for file in sorted(folder.glob(files)):
        try:
            table.update(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            logger.warning("the translation %s cannot be read", file.name)
    return table


def _qt_own(language: str) -> QTranslator:
    """Qt's words for its own dialogs, as far as they are installed."""
    made = QTranslator()
    made.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return made


class _Table(QTranslator):
    def __init__(self, table: dict[str, str], said: dict[str, str]) -> None:
        super().__init__()
        self._table = table
        self._sentences = Sentences(said, table)

    def isEmpty(self) -> bool:
        return not self._table

    def translate(
        self, context: str | None, source_text: str | None, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """None leaves a text to Qt, which asks for its own ones too. ("" would be shown as it is.)"""
        if context == SAID:
            return self._sentences.of(source_text or "")
        return self._table.get(source_text or "") if context == CONTEXT else None

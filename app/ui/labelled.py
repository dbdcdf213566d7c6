"""What a project, category or application is called and coloured on the screen."""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication

from app.analytics.labels import By, Label
from app.ui.charts.values import Series
from app.ui.theme.tokens import Tokens
from app.ui.words import CONTEXT, name, tr

# What DevPulse brings along is stored under its English name on every machine, and shown translated.
SEEDED = "category:"


def name_of(label: Label, by: By) -> str:
    """Its name; for none and for the rest the words that say so."""
    if label.id < 0:
        return tr("Everything else")
    if label.name:
        return category_name(label.name) if by is By.CATEGORY else name(label.name)
    if by is By.PROJECT:
        return tr("No project")
    return tr("Uncategorised") if by is By.CATEGORY else tr("Unknown application")


def category_name(stored: str, longest: int = 48) -> str:
    """A category's name as it is shown: one that came with DevPulse in the person's language."""
    source = SEEDED + stored
    shown = QCoreApplication.translate(CONTEXT, source)
    return name(stored if shown == source else shown, longest)


def color_of(label: Label, tokens: Tokens) -> str:
    """Its own colour, `#rrggbb`; a grey for none and for the rest."""
    return label.color or tokens.categories[-1]


def series_of(label: Label, by: By, tokens: Tokens) -> Series:
    """It as a chart takes it; the key is its id."""
    return Series(label.id, name_of(label, by), color_of(label, tokens))

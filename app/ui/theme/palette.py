"""Tokens as Qt's palette and font, for what the stylesheet does not reach."""

from __future__ import annotations

from PyQt6.QtGui import QColor, QFont, QFontDatabase, QPalette

from app.ui.theme.tokens import Tokens

# Where the desktop names no font of its own, Qt takes the first that fontconfig knows: these read better.
_FAMILIES = ("Inter", "Adwaita Sans", "Cantarell", "Noto Sans", "Ubuntu", "Segoe UI")
_NAMELESS = ("Sans Serif", "Sans", "DejaVu Sans", "")

_R = QPalette.ColorRole


def palette(tokens: Tokens) -> QPalette:
    """The palette of these tokens."""
    c = tokens.colors
    made = QPalette()
    for role, color in (
        (_R.Window, c.window),
        (_R.WindowText, c.text),
        (_R.Base, c.surface),
        (_R.AlternateBase, c.sunken),
        (_R.Text, c.text),
        (_R.Button, c.surface),
        (_R.ButtonText, c.text),
        (_R.BrightText, c.on_accent),
        (_R.ToolTipBase, c.raised),
        (_R.ToolTipText, c.text),
        (_R.PlaceholderText, c.text_faint),
        (_R.Highlight, c.accent),
        (_R.HighlightedText, c.on_accent),
        (_R.Link, c.accent),
        (_R.LinkVisited, c.accent),
        (_R.Accent, c.accent),
        (_R.Light, c.raised),
        (_R.Midlight, c.hover),
        (_R.Mid, c.border),
        (_R.Dark, c.border_strong),
        (_R.Shadow, c.shadow),
    ):
        made.setColor(role, QColor(color))
    for role in (_R.WindowText, _R.Text, _R.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.text_faint))
    return made


def font(tokens: Tokens) -> QFont:
    """The application's font: the desktop's own, or the first good one where it names none."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if made.family() in _NAMELESS:
        installed = set(QFontDatabase.families())
        made.setFamilies([*(name for name in _FAMILIES if name in installed), made.family()])
    made.setPixelSize(tokens.letters.body)
    return made


def sized(base: QFont, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """`base` in another size and weight."""
    made = QFont(base)
    made.setPixelSize(pixels)
    made.setWeight(weight)
    return made


def tabular(base: QFont) -> QFont:
    """`base` with figures of one width, so that durations stand in columns and do not jump."""
    made = QFont(base)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
